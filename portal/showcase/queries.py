"""Reading profiles for the people who make them, and the words that pages need."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from portal.accounts.roles import STAFF, Role
from portal.candidates import handles
from portal.candidates.handles import Handle
from portal.competences.models import Certificate, Competence, Occupation, Sector
from portal.employers.models import Employer, Vacancy, VacancyCompetence
from portal.foundation.access import Viewer
from portal.foundation.database import db, is_reading
from portal.foundation.errors import NotFound
from portal.foundation.words import language
from portal.programmes.models import Programme
from portal.showcase.blind import Words, Work
from portal.showcase.models import Interest, Profile, Sentence
from portal.showcase.states import ProfileState

HIDDEN = (ProfileState.WITHDRAWN, ProfileState.ARCHIVED)


def profile_of(candidate_id: int) -> Profile | None:
    return db.session.scalar(sa.select(Profile).where(Profile.candidate_id == candidate_id))


def sentences_of(profile: Profile) -> Sequence[Sentence]:
    return db.session.scalars(
        sa.select(Sentence).where(Sentence.profile_id == profile.id).order_by(Sentence.position, Sentence.id)
    ).all()


def own_case(viewer: Viewer, key: str) -> Handle:
    """A case of the viewer's own caseload: only its worker writes. Raises NotFound."""
    found = handles.of_staff(viewer, key)
    if found.worker_id != viewer.person_id:
        raise NotFound()
    return found


@dataclass(frozen=True)
class Draft:
    """A profile as its worker has it on the desk: the row, its sentences, and the competences that they may be about."""

    profile: Profile | None
    sentences: tuple[Sentence, ...]
    competences: tuple[Competence, ...]

    def sentence(self, kind: Any, competence_id: int | None = None) -> Sentence | None:
        return next((s for s in self.sentences if s.kind == kind and s.competence_id == competence_id), None)


def draft_of(candidate_id: int, competence_ids: Collection[int]) -> Draft:
    """The profile of somebody with these competences, in one query."""
    one_at_a_time(Profile.candidate_id == candidate_id)
    rows = db.session.execute(
        sa.select(Competence, Profile, Sentence)
        .select_from(Competence)
        .outerjoin(Profile, Profile.candidate_id == candidate_id)
        .outerjoin(Sentence, Sentence.profile_id == Profile.id)
        .where(Competence.id.in_(list(competence_ids)))
        .order_by(Competence.sector_id.is_(None), Competence.id, Sentence.position)
    ).all()
    profile = rows[0][1] if rows else None
    sentences = dict.fromkeys(row[2] for row in rows if row[2] is not None)
    return Draft(profile, tuple(sentences), tuple(dict.fromkeys(row[0] for row in rows)))


@dataclass(frozen=True)
class Reading:
    """A profile before its second reader: each sentence with the competence that it is about."""

    profile: Profile
    lines: tuple[tuple[Sentence, Competence | None], ...]


def one_at_a_time(which: sa.ColumnElement[bool]) -> None:
    """Who writes a profile and who approves its words wait for each other: nobody approves what changes under the hand."""
    if not is_reading():
        db.session.execute(sa.select(Profile.id).where(which).with_for_update())


def reading_of(viewer: Viewer, key: str) -> Reading:
    """A profile of the viewer's programme with its sentences, in one query. Raises NotFound."""
    one_at_a_time(Profile.key == key)
    rows = db.session.execute(
        sa.select(Profile, Sentence, Competence)
        .select_from(Profile)
        .outerjoin(Sentence, Sentence.profile_id == Profile.id)
        .outerjoin(Competence, Competence.id == Sentence.competence_id)
        .where(Profile.key == key, Profile.programme_id.in_(viewer.programmes(*STAFF)))
        .order_by(Sentence.position, Sentence.id)
    ).all()
    if not rows:
        raise NotFound()
    return Reading(rows[0][0], tuple((row[1], row[2]) for row in rows if row[1] is not None))


@dataclass(frozen=True)
class Beside:
    """A profile among those that are out in its programme: what a preview needs to say how many share what it shows."""

    profile: Profile
    sentences: tuple[Sentence, ...]
    k: int
    others: dict[int, Work]


def beside(case: Handle) -> Beside | None:
    """The profile of a case, and the coded parts of the others, in one query; None before it is written."""
    rows = db.session.execute(
        sa.select(Profile, Programme.k, Sentence)
        .select_from(Profile)
        .join(Programme, Programme.id == Profile.programme_id)
        .outerjoin(Sentence, sa.and_(Sentence.profile_id == Profile.id, Profile.candidate_id == case.id))
        .where(Profile.programme_id == case.programme_id)
        .where(sa.or_(Profile.candidate_id == case.id, out()))
        .order_by(Profile.id, Sentence.position, Sentence.id)
    ).all()
    own = [row for row in rows if row[0].candidate_id == case.id]
    if not own:
        return None
    others = {row[0].id: Work.read(row[0].published["work"]) for row in rows if row[0].candidate_id != case.id}
    return Beside(own[0][0], tuple(row[2] for row in own if row[2] is not None), own[0][1], others)


def out(profile: Any = Profile) -> sa.ColumnElement[bool]:
    """Profiles that the last batch left in sight; `profile` is the table, or another name for it in a query."""
    return sa.and_(profile.published.is_not(None), profile.state.not_in(HIDDEN))


def vacancy_for_staff(viewer: Viewer, key: str) -> Vacancy:
    """A vacancy of the viewer's programme with what it asks. Raises NotFound."""
    found = db.session.scalar(
        sa.select(Vacancy)
        .join(Employer, Employer.id == Vacancy.employer_id)
        .options(
            contains_eager(Vacancy.employer).joinedload(Employer.organisation),
            joinedload(Vacancy.contact), joinedload(Vacancy.occupation),
            selectinload(Vacancy.competences).joinedload(VacancyCompetence.competence),
        )
        .where(Vacancy.key == key, Employer.programme_id.in_(viewer.programmes(*STAFF)))
    )  # fmt: skip
    if found is None:
        raise NotFound()
    return found


def interest_of_staff(viewer: Viewer, key: str) -> tuple[Interest, Handle]:
    """An interest in somebody of the viewer's caseload or programme. Raises NotFound."""
    found = db.session.scalar(
        sa.select(Interest)
        .join(Vacancy, Vacancy.id == Interest.vacancy_id)
        .join(Employer, Employer.id == Vacancy.employer_id)
        .options(
            contains_eager(Interest.vacancy).options(
                contains_eager(Vacancy.employer).joinedload(Employer.organisation),
                joinedload(Vacancy.contact), joinedload(Vacancy.workplace), joinedload(Vacancy.occupation),
            )
        )
        .where(Interest.key == key)
    )  # fmt: skip
    case = handles.handles([found.candidate_id]).get(found.candidate_id) if found is not None else None
    if found is None or case is None or not minds(viewer, case):
        raise NotFound()
    return found, case


def minds(viewer: Viewer, case: Handle) -> bool:
    """Whether the viewer speaks for this person: the own worker, or who coordinates the programme."""
    own = case.worker_id == viewer.person_id and case.programme_id in viewer.programmes(Role.PROJECT_WORKER)
    return own or case.programme_id in viewer.programmes(Role.COORDINATOR)


# --- The catalogue's words, in one query ---


def words(work: Work) -> Words:
    """The names of the competences, certificates and occupation of a profile, in the language being written."""
    tongue = language()
    found = db.session.execute(
        sa.union_all(
            _named("competence", Competence, tongue, Competence.id.in_(list(work.skills))),
            _named("certificate", Certificate, tongue, Certificate.code.in_(work.certificates)),
            _named("occupation", Occupation, tongue, Occupation.code == work.occupation),
            _named("sector", Sector, tongue, sa.true()),
        )
    ).all()
    by_kind: dict[str, dict[Any, str]] = {"competence": {}, "certificate": {}, "occupation": {}, "sector": {}}
    for kind, number, code, text in found:
        by_kind[kind][number if kind == "competence" else code] = text
    return Words(by_kind["competence"], by_kind["certificate"], by_kind["occupation"], by_kind["sector"])


def _named(kind: str, model: Any, tongue: str, where: sa.ColumnElement[bool]) -> sa.Select[Any]:
    return sa.select(sa.literal(kind), model.id, model.code, getattr(model, tongue)).where(where)


def sector_words() -> dict[str, str]:
    tongue = language()
    return {code: text for code, text in db.session.execute(sa.select(Sector.code, getattr(Sector, tongue)))}
