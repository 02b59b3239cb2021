"""Answers and settlements at one moment: exactly one of them wins, the others are told; real processes on both engines."""

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from portal.agenda.models import HoldCell
from portal.agenda.windows import is_workday
from portal.foundation import clock
from portal.foundation.database import db
from portal.foundation.signals import interest_accepted
from portal.interviews import planning, preferred, proposal_queries, proposals, settling
from portal.interviews.models import Interview, Proposal
from portal.interviews.preferred import Window
from portal.interviews.states import InterviewState, ProposalState
from portal.outbox.models import Letter
from portal.showcase.models import Interest
from portal.tasks.models import Task
from tests.interviews.at_once import Act
from tests.interviews.factories import Case, a_requested, a_worker, again, an_interest, slots_of
from tests.interviews.test_at_once import PROCESSES, _play, _viewer
from tests.interviews.test_other_people import _colleague

pytestmark = pytest.mark.engine


def _days(n: int) -> list[str]:
    """The first working days from three weeks on."""
    first = clock.today() + timedelta(days=21)
    return [day.isoformat() for day in (first + timedelta(days=k) for k in range(40)) if is_workday(day)][:n]


def _asked() -> tuple[Case, Proposal]:
    case = an_interest(permission=False)
    interest_accepted.send(case.interest)
    db.session.commit()
    return case, proposal_queries.one(Proposal.interest_id == case.interest.id)


def _whole_day(row: Proposal) -> Window:
    from datetime import date, time

    return Window(date.fromisoformat(_days(1)[0]), time(9), time(17))


def _to_settle() -> tuple[Case, str, list[str]]:
    """A company that gave a day, and four moments of it as four pages may have shown them."""
    case, row = _asked()
    row = proposals.answer(row, seen="asked", windows=[_whole_day(row)])
    db.session.commit()
    row = proposal_queries.one(Proposal.id == row.id)
    interest: Interest = row.interest
    from portal.agenda.slots import find_slots
    from portal.candidates.handles import handle
    from portal.interviews.states import Mode

    found = planning.search(
        interest.vacancy, case.contact.id, handle(case.candidate.id), Mode.AT_COMPANY,
        preferred=settling.spans_of(row),
    )  # fmt: skip
    slots = [one for one in find_slots(found.question).slots if planning.is_preferred(one, settling.spans_of(row))]
    return case, row.key, [planning.value_of(one, found.people[one.companion]) for one in slots[::4][:PROCESSES]]


def _count(row: type[Any], *where: Any) -> int:
    db.session.rollback()
    return db.session.scalar(sa.select(sa.func.count(row.id)).where(*where)) or 0


def test_case_17_four_answers_at_once_one_counts_and_the_others_are_told(portal: Flask) -> None:
    with portal.app_context():
        _case, row = _asked()
        said = _play(portal, [[Act("17", "answer", (row.key, day)) for day in _days(PROCESSES)]])
        assert said["17"] == {("answer", "done"): 1, ("answer", "Late"): PROCESSES - 1}
        assert _count(Proposal) == 1
        assert _count(Task, Task.kind == "interviews.settle", Task.closed_at.is_(None)) == 1
        assert len(preferred.read(db.session.scalars(sa.select(Proposal.windows)).one())) == 1


def test_case_17_four_new_answers_at_once_one_replaces_the_old_one(portal: Flask) -> None:
    with portal.app_context():
        _case, row = _asked()
        proposals.answer(row, seen="asked", windows=[_whole_day(row)])
        said = _play(portal, [[Act("17", "answer again", (row.key, day)) for day in _days(PROCESSES)]])
        assert said["17"] == {("answer again", "done"): 1, ("answer again", "Late"): PROCESSES - 1}
        assert _count(Proposal, Proposal.state == ProposalState.PREFERRED) == 1
        assert _count(Proposal) == 2


def test_four_settlements_at_once_hold_one_moment(portal: Flask) -> None:
    with portal.app_context():
        case, key, slots = _to_settle()
        assert len(set(slots)) == PROCESSES
        viewer = _viewer(case)
        said = _play(portal, [[Act("settle", "settle", (viewer, key, slot)) for slot in slots]])
        assert said["settle"] == {("settle", "done"): 1, ("settle", "Late"): PROCESSES - 1}
        assert _count(Interview) == 1
        assert _count(Proposal, Proposal.state == ProposalState.SETTLED) == 1
        letters = Counter(db.session.scalars(sa.select(Letter.template)))
        assert letters["interviews/proposed"] == 1


def test_a_new_answer_and_a_settlement_at_once_leave_one_of_the_two(portal: Flask) -> None:
    with portal.app_context():
        case, key, slots = _to_settle()
        acts = [Act("both", "settle", (_viewer(case), key, slots[0])), Act("both", "answer again", (key, _days(2)[1]))]
        said = _play(portal, [acts])["both"]
        done = [act for (act, answer), _n in said.items() if answer == "done"]
        late = [act for (act, answer), _n in said.items() if answer == "Late"]
        assert len(done) == len(late) == 1, said
        assert _count(Interview) == (done == ["settle"])
        assert _count(Proposal, Proposal.state == ProposalState.PREFERRED) == (done == ["answer again"])


def test_case_17_moving_and_confirming_at_once_only_one_press_was_for_this_moment(portal: Flask) -> None:
    with portal.app_context():
        case = an_interest(permission=False)
        interview = a_requested(case)
        db.session.commit()
        found, slots = slots_of(case, interview=interview)
        wished = [planning.value_of(one, found.people[one.companion]) for one in slots[20:24]]
        viewer, seen = _viewer(case), again(interview).revision
        acts = [Act("m", "move", (viewer, interview.key, seen, slot)) for slot in wished[:3]]
        said = _play(portal, [[*acts, Act("m", "confirm what was seen", (viewer, interview.key, seen))]])["m"]
        moved = sum(n for (act, answer), n in said.items() if (act, answer) == ("move", "done"))
        assert moved == 1, said
        state = db.session.scalars(sa.select(Interview.state)).one()
        confirmed = said[("confirm what was seen", "done")]
        # Confirmed first, then moved: it stays confirmed. Moved first: the confirmation was for another moment.
        assert confirmed + said[("confirm what was seen", "Late")] == 1
        assert (state is InterviewState.CONFIRMED) == bool(confirmed)
        assert _count(HoldCell) > 0


def test_case_16_two_contacts_and_a_colleague_at_once_one_change_is_made(portal: Flask) -> None:
    with portal.app_context():
        case, karim = an_interest(permission=False), a_worker("Karim")
        bert, carla = _colleague(case, "Bert").id, _colleague(case, "Carla").id
        interview = a_requested(case)
        db.session.commit()
        viewer, seen, colleague = _viewer(case), again(interview).revision, karim.id
        acts = [Act("16", "another contact", (viewer, interview.key, seen, one)) for one in (bert, carla)]
        said = _play(portal, [[*acts, Act("16", "take over", (viewer, interview.key, seen, colleague))]])["16"]
        done = sum(n for (_act, answer), n in said.items() if answer == "done")
        refused = sum(n for (_act, answer), n in said.items() if answer in {"Late", "NotFound"})
        assert (done, refused) == (1, 2), said
        assert _count(HoldCell) > 0
        assert db.session.scalars(sa.select(Interview.revision)).one() == seen + 1
