"""What a change at the company's side leaves to the worker: the job went to another client, the company was blocked, or
somebody left its team."""

from typing import Any

import sqlalchemy as sa

from portal.foundation import clock
from portal.foundation.database import db
from portal.foundation.errors import Conflict, DomainError, NotFound
from portal.foundation.words import date_short, lazy
from portal.interviews import clients, contacts, people, queries, reveals
from portal.interviews.letters import company_of
from portal.interviews.models import Decision, Interview
from portal.interviews.states import DecisionState, InterviewState
from portal.journal import service as journal
from portal.tasks import service as tasks
from portal.tasks.models import Task

_OVER = (InterviewState.HELD, InterviewState.CANCELLED)
_D = DecisionState
_UNDECIDED = (_D.PENDING, _D.SECOND_TALK, _D.TRIAL, _D.TRYING, _D.OFFER)

KINDS: dict[str, tuple[Any, Any, Any]] = {
    "other_client": (
        lazy("The job at %(company)s is for another client now"),
        lazy("Call off the interview of %(day)s, ask the candidate anew, and plan one with the new client."),
        lazy("Look at the interview"),
    ),
    "company_blocked": (
        lazy("%(company)s is blocked, and an interview stands"),
        lazy("Call off the interview of %(day)s, or move it to another company."),
        lazy("Look at the interview"),
    ),
    "contact_left": (
        lazy("Somebody left %(company)s who had an interview"),
        lazy("A colleague takes over, but not at this moment: the interview of %(day)s needs another one."),
        lazy("Look at the interview"),
    ),
}


def moved(vacancy: Any) -> None:
    """The job is at another place: the names of interviews for the old client close, and each planned one has a task."""
    rows = sa.select(Interview.id).where(
        Interview.vacancy_id == vacancy.id, Interview.workplace_id != vacancy.workplace_id
    )
    for interview in queries.whole(db.session.scalars(rows).all(), lock=True):
        if clients.whom(interview) is None:
            reveals.end(interview, clock.now())
            if interview.state not in _OVER:
                ask(interview, "other_client")


def blocked(employer: Any) -> None:
    """Each interview that stands with a blocked company becomes its worker's task. Its own pages are closed by now."""
    rows = sa.select(Interview.id).where(Interview.employer_id == employer.id, Interview.state.not_in(_OVER))
    for interview in queries.whole(db.session.scalars(rows).all(), lock=True):
        ask(interview, "company_blocked")


def unblocked(employer: Any) -> None:
    rows = sa.select(Interview.id).where(Interview.employer_id == employer.id, Interview.state.not_in(_OVER))
    for interview in queries.whole(db.session.scalars(rows).all()):
        tasks.close("interviews.company_blocked", interview, "unblocked")


class SomebodyIsExpected(Conflict):
    sentence = lazy(
        "Interviews are planned at this address. Ask your project worker to move them first, or add the new place as a site."
    )
    field = "street"


def nobody_expected(place: Any) -> None:
    """Raises SomebodyIsExpected: an invitation tells the address that is left."""
    there = sa.select(Interview.id).where(
        Interview.workplace_id == place.id, Interview.state.not_in(_OVER), Interview.starts_at > clock.now()
    )
    if db.session.scalar(there.limit(1)) is not None:
        raise SomebodyIsExpected()


def still_going() -> sa.Select[Any]:
    """The companies with an interview to come, or one that waits for a decision: nobody calls those silent."""
    undecided = sa.and_(Interview.state == InterviewState.HELD, Decision.state.in_(_UNDECIDED))
    return (
        sa.select(Interview.employer_id)
        .outerjoin(Decision, Decision.interview_id == Interview.id)
        .where(sa.or_(Interview.state.not_in(_OVER), undecided))
    )


def handed_over(employer: Any, person: Any, successor: Any) -> None:
    """Somebody left the company's team: a colleague has the interviews from now on, or where that one is not free then,
    the worker chooses another moment."""
    mine = (Interview.employer_id == employer.id, Interview.contact_id == person.id)
    planned = sa.select(Interview.id).where(*mine, Interview.state.not_in(_OVER))
    for interview in queries.whole(db.session.scalars(planned).all(), lock=True):
        if not _takes_over(interview, successor):
            ask(interview, "contact_left")
        tasks.give(interview, old_owner=person.id, new_owner=successor.id)
    waits = sa.select(Interview).join(Decision, Decision.interview_id == Interview.id)
    for interview in db.session.scalars(waits.where(*mine, Decision.state.in_(_UNDECIDED))).all():
        interview.contact_id = successor.id
        tasks.give(interview, old_owner=person.id, new_owner=successor.id)
        journal.note("interview.contact_changed", interview, before=person.id, contact=successor.id)


def expected(employer_id: int) -> sa.Select[int]:
    """Who has interviews of a company that are still to come, but for those that its worker was asked to settle."""
    asked = sa.exists().where(
        Task.kind == "interviews.contact_left", Task.subject_kind == Interview.__tablename__,
        Task.subject_id == Interview.id, Task.closed_at.is_(None),
    )  # fmt: skip
    return sa.select(Interview.contact_id).where(
        Interview.employer_id == employer_id, Interview.state.not_in(_OVER), ~asked,
        sa.or_(Interview.starts_at.is_(None), Interview.starts_at > clock.now()),
    )  # fmt: skip


def _takes_over(interview: Interview, successor: Any) -> bool:
    if interview.begun or interview.starts_at is None:
        return False
    span = contacts.free(interview, [successor]).get(successor.id)
    if span is None:
        return False
    try:
        with db.session.begin_nested():
            people.change_contact(interview, successor, span)
    except (DomainError, NotFound):
        return False
    return True


def ask(interview: Interview, kind: str) -> None:
    day = date_short(clock.local(interview.starts_at).date()) if interview.starts_at is not None else "–"
    tasks.open_task(
        f"interviews.{kind}", interview, owner_id=interview.worker_id, about=interview.candidate_id, due=clock.today(),
        at=("interviews.show", {"key": interview.key}), company=company_of(interview), day=day,
    )  # fmt: skip
