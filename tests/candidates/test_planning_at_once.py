"""Two workers plan the same hour at the same moment: real processes, on both engines."""

from datetime import timedelta

import pytest
from flask import Flask

from portal.agenda.models import Hold
from portal.candidates.models import Screening
from portal.foundation import clock
from portal.foundation.database import db
from tests import forks
from tests.candidates.factories import a_candidate, a_rule, a_worker
from tests.candidates.planning import plan

pytestmark = pytest.mark.engine


def test_two_who_plan_the_same_hour_leave_exactly_one(portal: Flask) -> None:
    with portal.app_context():
        lien, jonas = a_worker(), a_worker("Jonas")
        a_rule(lien, first_on=clock.today() + timedelta(days=1), on_holidays=True)
        pairs = [(one.id, f"/people/{a_candidate(one).key}/screening") for one in (lien, jonas)]
        db.session.remove()
        db.engine.dispose()
    ready, said = forks.own.Barrier(2, timeout=60), forks.own.Queue()
    running = [
        forks.own.Process(target=plan, args=(portal.extensions["doorstart"], who, path, ready, said))
        for who, path in pairs
    ]
    for process in running:
        process.start()
    heard = sorted([said.get(timeout=90) for _ in running], key=lambda one: one[0])
    for process in running:
        process.join(60)
    assert [status for status, _ in heard] == [200, 409]
    assert "Somebody was first: this time has just been taken." in heard[1][1]
    with portal.app_context():
        assert db.session.query(Screening).count() == 1
        assert db.session.query(Hold).count() == 2
        db.session.remove()
        db.engine.dispose()
