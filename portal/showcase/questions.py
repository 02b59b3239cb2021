"""What an employer asks about an opened profile, and the worker's answer: checked like every text that leaves the team.

The asker learns nothing from the check: a question is kept as it was typed, whatever the check finds in it. Its words reach
colleagues of the asker only when the worker says so.
"""

from dataclasses import asdict, dataclass
from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager

from portal.accounts import service as accounts
from portal.accounts.models import Person
from portal.accounts.roles import Role
from portal.candidates import handles
from portal.candidates.handles import Handle, handle
from portal.employers.models import Employer, Vacancy
from portal.foundation import acting, clock
from portal.foundation.access import Viewer
from portal.foundation.database import db, is_reading
from portal.foundation.errors import DomainError, NotFound
from portal.foundation.words import lazy
from portal.journal import service as journal
from portal.outbox import service as outbox
from portal.showcase import queries
from portal.showcase.checking import Found, look_at
from portal.showcase.employer_queries import Opened
from portal.showcase.matching import limit
from portal.showcase.models import Listing, Question
from portal.showcase.states import QuestionState
from portal.tasks import service as tasks

_Q = QuestionState
# What a question had better not ask: an answer would tell about the past, or about who somebody is.
PERSONAL = {
    "offence", "detention", "site", "origin", "family", "religion", "health", "age", "birth_date", "gender", "name",
    "nickname", "initials", "place", "address", "postcode", "phone", "email", "url",
}  # fmt: skip


class TooManyAsked(DomainError):
    sentence = lazy(
        "Your company has asked the most questions that one vacancy allows in seven days. Call your project worker."
    )
    field = "text"
    status = 429


class NothingSaid(DomainError):
    sentence = lazy("Write your answer, or choose a ready text.")
    field = "text"


class NoReadyText(DomainError):
    sentence = lazy("Choose the ready text that the company reads.")
    field = "because"


class OpenWords(DomainError):
    sentence = lazy(
        "The check found something in what the company would read. Change the words, or keep them and say so."
    )
    field = "text"
    status = 409


@dataclass(frozen=True)
class Reply:
    """What the worker decided. `because`: the code of a ready text; `keep`: marks of findings that were looked at."""

    declined: bool
    text: str = ""
    language: str = "nl"
    shown: bool = False
    because: str = ""
    keep: frozenset[str] = frozenset()


def ask(found: Opened, person_id: int, text: str) -> Question:
    """A contact asks about a profile that this contact opened. Raises TooManyAsked."""
    listing = found.listing
    # Whoever asks for the same vacancy queues here, so that the count holds at any load.
    db.session.execute(sa.select(Vacancy.id).where(Vacancy.id == listing.vacancy_id).with_for_update())
    if _asked_this_week(listing.vacancy_id) >= int(limit("questions_a_week")):
        raise TooManyAsked()
    question = Question(
        listing_id=listing.id, vacancy_id=listing.vacancy_id, person_id=person_id, text=text,
        candidate_id=listing.profile.candidate_id, language=listing.profile.language,
    )  # fmt: skip
    with acting.as_(None):
        question.findings = [asdict(one) for one in look_at(question.candidate_id, "question", text, question.language)]
    db.session.add(question)
    journal.note("question.asked", question, vacancy=listing.vacancy_id)
    _give_to_worker(question, listing.vacancy)
    return question


def _asked_this_week(vacancy_id: int) -> int:
    since = clock.now() - timedelta(days=7)
    counted = sa.select(sa.func.count()).where(Question.vacancy_id == vacancy_id, Question.created_at > since)
    return db.session.scalar(counted) or 0


def _give_to_worker(question: Question, vacancy: Vacancy) -> None:
    case = handle(question.candidate_id)
    db.session.flush()
    tasks.open_task(
        "showcase.answer_question", question, due=clock.today() + timedelta(days=int(limit("answer_within_days"))),
        at=("showcase.question", {"key": question.key}), owner_id=case.worker_id,
        role=None if case.worker_id else Role.PROJECT_WORKER, programme_id=case.programme_id, about=case.id,
        company=vacancy.employer.organisation.name,
    )  # fmt: skip


def found_in(question: Question) -> list[Found]:
    """What the check found in the question's own words."""
    return [Found(**one) for one in question.findings or []]


def reply(question: Question, given: Reply) -> None:
    """Answer, or say that it is not shared. Raises OpenWords while something was found that nobody decided on."""
    if given.declined and not given.because:
        raise NoReadyText()
    if not given.declined and not given.text:
        raise NothingSaid()
    own = [] if given.declined else look_at(question.candidate_id, "answer", given.text, given.language)
    seen = [*own, *(found_in(question) if given.shown else [])]
    if any(one.mark not in given.keep for one in seen):
        raise OpenWords()
    question.kept_findings = [asdict(one) | {"by": acting.person_id()} for one in seen]
    for one in seen:
        journal.note("finding.kept", question, kind=one.kind, why=one.why)
    question.shown, question.language = given.shown, given.language
    question.answer = None if given.declined else given.text
    question.declined_because = given.because if given.declined else ""
    question.answered_by, question.answered_at = acting.person_id(), clock.now()
    question.move_to(_Q.DECLINED if given.declined else _Q.ANSWERED)
    tasks.close("showcase.answer_question", question)
    _tell_asker(question)


def _tell_asker(question: Question) -> None:
    """There is an answer; what it says stands behind the sign-in."""
    asker = db.session.get_one(Person, question.person_id)
    values = {
        "first_name": asker.first_name, "vacancy": question.vacancy.title,
        "url": outbox.address_of("showcase.profile", key=question.listing.key),
    }  # fmt: skip
    outbox.leave("showcase/question_answered", to=accounts.recipient(asker), values=values, about=question)


def end_open(candidate_id: int, *, employer_id: int | None = None, why: str = "withdrawn") -> None:
    """Nobody answers about somebody whose profile is withdrawn, or is kept from this company; it reads nothing of it."""
    waiting = sa.select(Question).where(Question.candidate_id == candidate_id, Question.state == _Q.ASKED)
    if employer_id is not None:
        theirs = sa.select(Vacancy.id).where(Vacancy.employer_id == employer_id)
        waiting = waiting.where(Question.vacancy_id.in_(theirs))
    for one in db.session.scalars(waiting.with_for_update()).all():
        one.declined_because = "not_shared"
        one.move_to(_Q.DECLINED, why)
        tasks.close("showcase.answer_question", one, why)


# --- Reading ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Said:
    """A question as one contact of the company reads it. `text`: "" where its words are not this reader's to see."""

    own: bool
    text: str
    state: QuestionState
    answer: str
    language: str
    because: str


def about(listing: Listing, reader: int) -> list[Said]:
    """What was asked about a listed profile: the reader's own questions, and what colleagues heard."""
    rows = db.session.scalars(sa.select(Question).where(Question.listing_id == listing.id).order_by(Question.id))
    return [_said(one, one.person_id == reader) for one in rows if one.person_id == reader or one.state != _Q.ASKED]


def _said(one: Question, own: bool) -> Said:
    return Said(
        own, one.text if own or one.shown else "", one.state, one.answer or "", one.language, one.declined_because
    )


def of_staff(viewer: Viewer, key: str) -> tuple[Question, Handle]:
    """A question about somebody of the viewer's caseload or programme, with the profile that it is about. Raises NotFound."""
    # Two answers, or an answer and a withdrawal, at once: the second waits, and then finds it settled.
    if not is_reading():
        db.session.execute(sa.select(Question.id).where(Question.key == key).with_for_update())
    found = db.session.scalar(
        sa.select(Question)
        .join(Question.listing)
        .join(Listing.profile)
        .join(Vacancy, Vacancy.id == Question.vacancy_id)
        .options(
            contains_eager(Question.listing).contains_eager(Listing.profile),
            contains_eager(Question.vacancy).joinedload(Vacancy.employer).joinedload(Employer.organisation),
        )
        .where(Question.key == key)
    )
    case = handles.handles([found.candidate_id]).get(found.candidate_id) if found is not None else None
    if found is None or case is None or not queries.minds(viewer, case):
        raise NotFound()
    return found, case
