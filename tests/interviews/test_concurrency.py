"""Nobody is booked twice, at any load: real processes on real databases, each with a portal of its own."""

from collections import Counter
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from portal.agenda.models import HoldCell
from portal.foundation.database import db
from portal.interviews.models import Interview
from portal.interviews.states import InterviewState
from portal.outbox.models import Letter
from tests import forks
from tests.interviews.factories import Case, a_candidate, a_company, a_requested, a_worker, an_interest, slots_of
from tests.interviews.processes import Wish, a_viewer, play

PROCESSES = 4
pytestmark = pytest.mark.engine


def _play(settings: Any, rounds: list[list[Wish]]) -> dict[str, Counter[str]]:
    """Each round's wishes at one moment, one in each process; what each round's processes said."""
    ready, said = forks.own.Barrier(PROCESSES, timeout=120), forks.own.Queue()
    running = [
        forks.own.Process(target=play, args=(settings, wishes, ready, said)) for wishes in zip(*rounds, strict=True)
    ]
    for process in running:
        process.start()
    heard = [said.get(timeout=180) for _ in range(PROCESSES * len(rounds))]
    for process in running:
        process.join(60)
    answers: dict[str, Counter[str]] = {}
    for name, answer in heard:
        answers.setdefault(name, Counter())[answer] += 1
    return answers


def _wishes(name: str, cases: list[Case], companions: list[int]) -> list[Wish]:
    """All want the first hour that is free for the first of them."""
    start = slots_of(cases[0])[1][0].start.isoformat()
    viewers = [a_viewer(case.worker.id, case.programme.id) for case in cases]
    return [Wish(name, viewers[n], case.interest.key, start, companions[n]) for n, case in enumerate(cases)]


def _sharing(person: str) -> list[Wish]:
    """As many wishes as processes, that share this one person and nobody else."""
    shared, company = a_worker("Shared"), a_company(f"Shared {person}")
    candidate = a_candidate(shared, permission=False)
    own = [a_worker(f"{person} {n}") for n in range(PROCESSES)]
    cases = [
        an_interest(
            shared if person in ("companion", "candidate") else own[n], name=f"{person} {n}", permission=False,
            company=company if person == "contact" else None, candidate=candidate if person == "candidate" else None,
        )
        for n in range(PROCESSES)
    ]  # fmt: skip
    return _wishes(person, cases, [shared.id if person == "companion" else one.id for one in own])


def test_cases_1_and_3_many_at_once_leave_exactly_one(portal: Flask) -> None:
    shared = ("companion", "contact", "candidate")
    with portal.app_context():
        rounds = [_sharing(person) for person in shared]
        case = an_interest(permission=False, name="Confirmed")
        requested = a_requested(case, slot=30)
        confirming = Wish("confirm", a_viewer(case.worker.id, case.programme.id), requested.key)
        before = Counter(db.session.scalars(sa.select(Letter.template)))
        db.session.commit()
        db.session.remove()
        db.engine.dispose()
    said = _play(portal.extensions["doorstart"], [*rounds, [confirming] * PROCESSES])
    for name in (*shared, "confirm"):
        assert said[name] == {"done": 1, "refused 409": PROCESSES - 1}, name
    with portal.app_context():
        assert db.session.scalar(sa.select(sa.func.count(Interview.id))) == 1 + len(shared)
        confirmed = sa.select(sa.func.count(Interview.id)).where(Interview.state == InterviewState.CONFIRMED)
        assert db.session.scalar(confirmed) == 1
        # Who lost left neither a letter nor a cell.
        left = Counter(db.session.scalars(sa.select(Letter.template))) - before
        assert left == {"interviews/proposed": len(shared), "interviews/invitation": 2}
        assert len(set(db.session.scalars(sa.select(HoldCell.hold_id)))) == 3 * (1 + len(shared))
        db.session.remove()
        db.engine.dispose()
