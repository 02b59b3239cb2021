"""A decision and a no of the candidate at one moment, and two answers of a company: real processes, on both engines."""

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask

from portal import create_app
from portal.config import Settings
from portal.foundation.database import db
from portal.foundation.errors import DomainError
from portal.interviews import answers, cards, outcome, queries
from portal.interviews.states import DecisionState
from tests import forks
from tests.interviews.factories import a_confirmed, again, all_there, an_interest
from tests.interviews.test_outcome import given

pytestmark = pytest.mark.engine
D = DecisionState


def _act(settings: Settings, what: str, interview_id: int, person_id: int, ready: Any, said: Any) -> None:
    app = create_app(settings)
    with app.app_context():
        ready.wait()
        try:
            row = queries.whole([interview_id], lock=True)[0]
            if what == "steps_out":
                answers.steps_out(row, ["other_job"])
            elif what == "rejects":
                outcome.decide(row, person_id, D.REJECTED, ["skills"])
            else:
                outcome.decide(row, person_id, D.OFFER, [])
            db.session.commit()
            said.put((what, "done"))
        except DomainError as error:
            db.session.rollback()
            said.put((what, f"refused {error.status}"))
        db.session.remove()
        db.engine.dispose()


@pytest.mark.parametrize("both", [("rejects", "offers"), ("rejects", "steps_out"), ("offers", "offers")])
def test_of_two_answers_at_one_moment_one_counts_and_the_other_is_told(portal: Flask, both: tuple[str, str]) -> None:
    with portal.app_context():
        case = an_interest(permission=False)
        interview = a_confirmed(case)
        with time_machine.travel(interview.starts_at + timedelta(hours=1), tick=False):
            all_there(again(interview))
            cards.score(again(interview), case.contact.id, given())
            db.session.commit()
        number, person = interview.id, case.contact.id
        db.session.remove()
        db.engine.dispose()
        ready, said = forks.own.Barrier(len(both), timeout=120), forks.own.Queue()
        settings = portal.extensions["doorstart"]
        running = [forks.own.Process(target=_act, args=(settings, what, number, person, ready, said)) for what in both]
        for process in running:
            process.start()
        heard = [said.get(timeout=120) for _ in both]
        for process in running:
            process.join(60)
        assert Counter(answer for _what, answer in heard) == {"done": 1, "refused 409": 1}
        won = next(what for what, answer in heard if answer == "done")
        decision = queries.whole([number])[0].decision
        assert decision is not None
        assert decision.state is {"rejects": D.REJECTED, "offers": D.OFFER, "steps_out": D.DECLINED}[won]
