"""What the team finds: for a vacancy its people, grouped by how well they fit, and for a person the open vacancies.

An order without a score: by group, the reader's own people first, then by a number that says nothing. Pages are read by
their last row (keyset), never by counting.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

import sqlalchemy as sa
from flask import request, url_for
from sqlalchemy.orm import contains_eager, joinedload

from portal.accounts.roles import STAFF
from portal.candidates import handles
from portal.competences.models import Certificate
from portal.employers.models import Employer, Vacancy, VacancyCompetence
from portal.employers.needs import Needs
from portal.employers.states import VacancyState
from portal.foundation import edges
from portal.foundation.access import Viewer
from portal.foundation.database import db
from portal.foundation.errors import NotFound
from portal.foundation.lists import Page
from portal.foundation.words import language
from portal.showcase.blind import Work
from portal.showcase.cards import people_out
from portal.showcase.matching import fit, limit, missing
from portal.showcase.models import Interest, KeptFrom, ListChoice, Listing, Opening, Profile
from portal.showcase.queries import out
from portal.showcase.states import Fit

T = TypeVar("T")
SIZE = 25
# "almost": people whom one must-have keeps out; they stand apart, because no score rejects anybody.
GROUPS = (Fit.STRONG.value, Fit.GOOD.value, Fit.PARTIAL.value, "almost", "far")


@dataclass(frozen=True)
class Candidate:
    """Somebody of the pool for one vacancy: what the last batch released, and what the team decided."""

    profile_id: int
    profile_key: str
    candidate_id: int
    own: bool
    work: Work
    choice: str
    asked: bool


@dataclass(frozen=True)
class Match:
    who: Candidate
    group: str
    missing: tuple[str, ...]


def vacancy_for_staff(viewer: Viewer, key: str) -> Vacancy:
    """A vacancy of the viewer's programme with all that matching and a call need, in one query. Raises NotFound."""
    found = db.session.scalars(
        sa.select(Vacancy)
        .join(Employer, Employer.id == Vacancy.employer_id)
        .options(
            contains_eager(Vacancy.employer).joinedload(Employer.organisation),
            joinedload(Vacancy.contact), joinedload(Vacancy.occupation), joinedload(Vacancy.workplace),
            joinedload(Vacancy.competences).joinedload(VacancyCompetence.competence),
        )
        .where(Vacancy.key == key, Employer.programme_id.in_(viewer.programmes(*STAFF)))
    ).unique().first()  # fmt: skip
    if found is None:
        raise NotFound()
    return found


def pool(viewer: Viewer, vacancy: Vacancy) -> list[Candidate]:
    """Everybody whose profile is out in the vacancy's programme, with what was decided for this vacancy, in one query."""
    own = Profile.candidate_id.in_(handles.cases_of_worker(viewer.me))
    rows = db.session.execute(
        sa.select(Profile.id, Profile.key, Profile.candidate_id, own, Profile.published, ListChoice.added, KeptFrom.id, Interest.id)
        .outerjoin(ListChoice, sa.and_(ListChoice.profile_id == Profile.id, ListChoice.vacancy_id == vacancy.id, _stands()))
        .outerjoin(
            KeptFrom,
            sa.and_(KeptFrom.candidate_id == Profile.candidate_id, KeptFrom.employer_id == vacancy.employer_id),
        )
        .outerjoin(
            Interest, sa.and_(Interest.candidate_id == Profile.candidate_id, Interest.vacancy_id == vacancy.id)
        )
        .where(Profile.programme_id == vacancy.employer.programme_id, out())
    )  # fmt: skip
    return [
        Candidate(number, key, candidate_id, bool(mine), Work.read(kept["work"]), _choice(added, away), asked is not None)
        for number, key, candidate_id, mine, kept, added, away, asked in rows
    ]  # fmt: skip


def _stands() -> sa.ColumnElement[bool]:
    return ListChoice.ended_at.is_(None)


def _choice(added: bool | None, kept: int | None) -> str:
    if kept is not None:
        return "kept"
    return "" if added is None else ("added" if added else "removed")


def works(programme_id: int) -> dict[int, Work]:
    """The coded part of everybody whose profile is out in a programme, by candidate."""
    return {one.candidate_id: one.work for one in people_out(programme_id)}


def matched(needs: Needs, who: Candidate) -> Match:
    lacks = tuple(missing(needs, who.work))
    return Match(who, group_of(needs, who.work, lacks), lacks)


def group_of(needs: Needs, work: Work, lacks: Sequence[str]) -> str:
    if not lacks:
        return fit(needs, work).value
    return "almost" if len(lacks) <= int(limit("almost")) else "far"


def for_vacancy(needs: Needs, people: Sequence[Candidate]) -> Page[Match]:
    """A page of those who meet the must-haves or miss one, and of those whom somebody added."""
    found = (matched(needs, one) for one in people)
    near = [one for one in found if one.group != "far" or one.who.choice == "added"]
    return sliced(near, lambda one: (GROUPS.index(one.group), not one.who.own, one.who.profile_id))


def sliced(items: Sequence[T], place: Callable[[T], tuple[int, ...]]) -> Page[T]:
    """The page of an in-memory list that the address asks for, by the place of the row at its edge, sealed."""
    ordered = sorted(items, key=place)
    after, before = _edge("after"), _edge("before")
    if after is not None:
        rest = [one for one in ordered if place(one) > after]
        here, more, back = rest[:SIZE], len(rest) > SIZE, len(rest) < len(ordered)
    elif before is not None:
        rest = [one for one in ordered if place(one) < before]
        here, more, back = rest[-SIZE:], len(rest) < len(ordered), len(rest) > SIZE
    else:
        here, more, back = ordered[:SIZE], len(ordered) > SIZE, False
    return Page(
        here,
        _url("after", place(here[-1])) if here and more else None,
        _url("before", place(here[0])) if here and back else None,
    )


def _url(direction: str, place: tuple[int, ...]) -> str:
    page_of = request.endpoint or ""
    return url_for(page_of, **{**(request.view_args or {}), direction: edges.sealed(page_of, *map(int, place))})


def _edge(direction: str) -> tuple[int, ...] | None:
    values = edges.opened(request.endpoint or "", request.args.get(direction))
    return None if values is None else tuple(values)


def certificate_names(codes: set[str]) -> dict[str, str]:
    tongue = language()
    found = sa.select(Certificate.code, getattr(Certificate, tongue)).where(Certificate.code.in_(sorted(codes)))
    return {code: text for code, text in db.session.execute(found)}


# --- The other way round: vacancies for a person ------------------------------------------------------------------


@dataclass(frozen=True)
class Offer:
    """An open vacancy for somebody, with what the team decided about the two. `profile_key`: "" until the profile is out."""

    vacancy: Vacancy
    choice: str
    profile_key: str


def offers(programme_id: int, candidate_id: int) -> list[Offer]:
    """The open vacancies of a programme, with what was decided for this person, in one query."""
    rows = db.session.execute(
        sa.select(Vacancy, ListChoice.added, KeptFrom.id, Profile.key)
        .join(Employer, Employer.id == Vacancy.employer_id)
        .outerjoin(Profile, sa.and_(Profile.candidate_id == candidate_id, out()))
        .outerjoin(ListChoice, sa.and_(ListChoice.vacancy_id == Vacancy.id, ListChoice.profile_id == Profile.id, _stands()))
        .outerjoin(KeptFrom, sa.and_(KeptFrom.employer_id == Employer.id, KeptFrom.candidate_id == candidate_id))
        .options(
            contains_eager(Vacancy.employer).joinedload(Employer.organisation), joinedload(Vacancy.workplace),
            joinedload(Vacancy.competences).joinedload(VacancyCompetence.competence),
        )
        .where(Vacancy.state == VacancyState.OPEN, Employer.programme_id == programme_id)
    ).unique()  # fmt: skip
    return [Offer(one, _choice(added, kept), profile or "") for one, added, kept, profile in rows]


def put_aside(candidate_id: int) -> Counter[str]:
    """The coded reasons with which employers put somebody's profile aside, and how often each was given."""
    rows = db.session.scalars(
        sa.select(Opening.not_fitting)
        .join(Listing, Listing.id == Opening.listing_id)
        .join(Profile, Profile.id == Listing.profile_id)
        .where(Profile.candidate_id == candidate_id)
    )
    return Counter(one for reasons in rows for one in reasons)
