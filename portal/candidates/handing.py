"""Who has a case: given by the coordinator, or handed to a colleague who says yes. What is open in it goes along."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from portal.accounts.models import Person
from portal.accounts.queries import holders
from portal.accounts.roles import Role
from portal.accounts.service import recipient
from portal.agenda import service as agenda
from portal.agenda.models import Hold, HoldKind
from portal.candidates.models import Candidate, Handover
from portal.candidates.states import HandoverState
from portal.foundation import clock
from portal.foundation.access import Viewer
from portal.foundation.database import db, is_reading
from portal.foundation.errors import Conflict, DomainError, NotFound
from portal.foundation.options import load
from portal.foundation.signals import case_given
from portal.foundation.words import lazy
from portal.journal import service as journal
from portal.outbox import service as outbox
from portal.tasks import service as tasks

TASK = "candidates.handover"


class ElsewhereAtWork(DomainError):
    sentence = lazy("This worker does not work in the programme of every case that you chose. Choose somebody else.")
    field = "worker"


class AlreadyAsked(Conflict):
    sentence = lazy("A colleague has been asked already. Wait for the answer, or take the question back first.")


# --- Giving ---


def give(candidate: Candidate, worker: Person) -> None:
    """The case, and what is open in it, is this worker's from the next request on. Raises ElsewhereAtWork."""
    give_all([candidate], worker)


def give_all(cases: Sequence[Candidate], worker: Person) -> None:
    """Several cases at once. Raises ElsewhereAtWork before any of them moves."""
    programmes = {case.programme_id for case in cases}
    teams = {one: {p.id for p in holders(Role.PROJECT_WORKER, programme_id=one)} for one in programmes}
    if any(worker.id not in team for team in teams.values()):
        raise ElsewhereAtWork()
    for case in sorted(cases, key=lambda one: one.id):
        waiting = _asked(case.id)
        _give(case, worker, teams[case.programme_id])
        for one in waiting:
            _withdraw(one)


def _give(candidate: Candidate, worker: Person, team: set[int]) -> None:
    before, candidate.worker_id = candidate.worker_id, worker.id
    journal.note("candidate.allocated", candidate, old=before, new=worker.id)
    if before is None or before == worker.id:
        return
    db.session.flush()
    tasks.hand_over(candidate.id, old_owner=before, new_owner=worker.id, everything=before not in team)
    case_given.send(candidate, old=before, new=worker.id)
    _all_given(before, candidate.programme_id)


def _all_given(person_id: int, programme_id: int) -> None:
    """The last case of somebody who left has a worker: the coordinator's task is done."""
    left = sa.select(Candidate.id).where(Candidate.worker_id == person_id, Candidate.programme_id == programme_id)
    if db.session.scalar(left.limit(1)) is None:
        tasks.close("candidates.allocate", db.session.get_one(Person, person_id), "divided")


# --- Handing to a colleague ---


def propose(candidate: Candidate, *, giver: Person, receiver: Person, note: str) -> Handover:
    """Ask a colleague to take a case over. Raises AlreadyAsked, ElsewhereAtWork."""
    if _asked(candidate.id):
        raise AlreadyAsked()
    if receiver.id not in {one.id for one in holders(Role.PROJECT_WORKER, programme_id=candidate.programme_id)}:
        raise ElsewhereAtWork()
    asked = Handover(candidate_id=candidate.id, from_id=giver.id, to_id=receiver.id, note=note)
    db.session.add(asked)
    db.session.flush()
    journal.note("handover.proposed", asked, to=receiver.id)
    due = clock.today() + timedelta(days=int(load("candidates", "caseload")["handover_answer_days"]))
    tasks.open_task(
        TASK, asked, due=due, at=("candidates.handover", {"key": asked.key}), owner_id=receiver.id, about=candidate.id, who=giver.name,
    )  # fmt: skip
    return asked


def answer(asked: Handover, *, takes: bool, said: str) -> None:
    """The colleague says yes, and has the case; or no, and it stays. Who asked hears it by letter."""
    asked.move_to(HandoverState.ACCEPTED if takes else HandoverState.DECLINED)
    asked.answered_at, asked.answer = clock.now(), said or None
    tasks.close(TASK, asked, asked.state.value)
    if takes:
        give(asked.candidate, asked.receiver)
    url = (
        outbox.address_of("candidates.index")
        if takes
        else outbox.address_of("candidates.hand_over", key=asked.candidate.key)
    )
    outbox.leave(
        "candidates/handover", to=recipient(asked.proposer), about=asked,
        values={"first_name": asked.proposer.first_name, "who": asked.receiver.name, "takes": takes, "url": url},
    )  # fmt: skip


def take_back(asked: Handover) -> None:
    """Whoever asked keeps the case after all."""
    _withdraw(asked)


def _withdraw(asked: Handover) -> None:
    asked.move_to(HandoverState.WITHDRAWN)
    asked.answered_at = clock.now()
    tasks.close(TASK, asked, "withdrawn")


def somebody_left(person: Person) -> None:
    """Nobody hands a case to, or answers, somebody who is gone."""
    statement = sa.select(Handover).where(
        Handover.state == HandoverState.PROPOSED, sa.or_(Handover.from_id == person.id, Handover.to_id == person.id)
    )
    for asked in db.session.scalars(statement).all():
        _withdraw(asked)


def _asked(candidate_id: int) -> Sequence[Handover]:
    statement = sa.select(Handover).where(
        Handover.candidate_id == candidate_id, Handover.state == HandoverState.PROPOSED
    )
    return db.session.scalars(statement.with_for_update()).all()


# --- Reading ---


def latest(candidate_id: int) -> Handover | None:
    """The last proposal about a case, with who was asked."""
    statement = (
        sa.select(Handover)
        .options(joinedload(Handover.receiver))
        .where(Handover.candidate_id == candidate_id)
        .order_by(Handover.id.desc())
        .limit(1)
    )
    return db.session.scalar(statement if is_reading() else statement.with_for_update(of=Handover))


def asked_of(viewer: Viewer, key: str) -> Handover:
    """A proposal for the colleague who was asked, while it waits and the colleague works there. Raises NotFound."""
    statement = (
        sa.select(Handover)
        .join(Candidate, Candidate.id == Handover.candidate_id)
        .options(
            joinedload(Handover.proposer), joinedload(Handover.receiver),
            joinedload(Handover.candidate).joinedload(Candidate.site), joinedload(Handover.candidate).joinedload(Candidate.programme),
        )
        .where(Handover.key == key, Handover.to_id == viewer.me, Handover.state == HandoverState.PROPOSED)
        .where(Candidate.programme_id.in_(viewer.programmes(Role.PROJECT_WORKER)))
    )  # fmt: skip
    # An answer while the question is taken back, or the case is given away: the second waits, and then finds it settled.
    found = db.session.scalar(statement if is_reading() else statement.with_for_update(of=Handover))
    if found is None:
        raise NotFound()
    return found


@dataclass(frozen=True)
class Booking:
    """A talk or visit that stands in the worker's agenda for this person, and what happens to it."""

    when: datetime
    title: str
    then: str


_THEN: dict[HoldKind, Any] = {
    HoldKind.INTERVIEW: lazy("%(name)s still goes along, until somebody else is chosen at the interview."),
    HoldKind.SCREENING: lazy("%(name)s still sits this day, and reads the case until a week after."),
    HoldKind.VISIT: lazy("%(name)s still goes, until it is moved."),
}
_TITLES: dict[HoldKind, Any] = {
    HoldKind.INTERVIEW: lazy("Interview"), HoldKind.SCREENING: lazy("Screening"), HoldKind.VISIT: lazy("Visit"),
}  # fmt: skip


def bookings(candidate_id: int, worker: Person) -> list[Booking]:
    """What the worker still goes to with this person: giving the case away changes none of it by itself."""
    theirs = sa.orm.aliased(Hold)
    with_them = sa.exists().where(
        theirs.subject_kind == Hold.subject_kind, theirs.subject_id == Hold.subject_id, theirs.party == f"candidate:{candidate_id}"
    )  # fmt: skip
    found = db.session.scalars(
        sa.select(Hold)
        .where(Hold.party == f"person:{worker.id}", Hold.ends_at > clock.now(), with_them)
        .order_by(Hold.starts_at)
        .limit(20)
    ).all()
    titles = agenda.described({(one.subject_kind, one.subject_id) for one in found})
    return [
        Booking(
            one.starts_at,
            titles[one.subject_kind, one.subject_id].title if (one.subject_kind, one.subject_id) in titles else str(_TITLES[one.kind]),
            str(_THEN[one.kind]) % {"name": worker.first_name},
        )
        for one in found
    ]  # fmt: skip
