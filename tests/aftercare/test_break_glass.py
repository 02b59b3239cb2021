"""Aftercare read by a colleague with a reason, and by whoever has the case from now on."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine

from portal.accounts.roles import Role
from portal.candidates import handing
from portal.candidates.models import Candidate
from portal.foundation import clock
from portal.foundation.database import db
from portal.interviews.models import Interview
from portal.placements.models import Placement
from tests.factories import a_person
from tests.placements.factories import a_cast, a_placement, an_interview

pytestmark = pytest.mark.usefixtures("app", "post")
WHY = "The employer calls: nobody came to work today, and the worker is ill."


def _case(placement: Placement) -> Candidate:
    return db.session.get_one(Candidate, placement.candidate_id)


def test_with_a_reason_a_colleague_reads_how_it_goes_and_nothing_else_of_it(visitors: Any) -> None:
    cast = a_cast()
    placement = a_placement(cast, clock.today())
    case = _case(placement)
    a_person(role=Role.COORDINATOR, first_name="Hilde")
    jonas_is = a_person(role=Role.PROJECT_WORKER, first_name="Jonas", language="en")
    jonas = visitors(jonas_is)
    jonas.open(f"/people/{case.key}/aftercare", status=404)
    jonas.open(f"/people/{case.key}/open").send("Open and tell the coordinator", reason=WHY)
    assert jonas.open(f"/people/{case.key}").link("Aftercare")
    page = jonas.open(f"/people/{case.key}/aftercare").says("for 60 more minutes", "What was agreed at the start")
    assert len(page.queries) <= 8, "\n".join(page.queries)
    for stranger in (f"/aftercare/{placement.key}", f"/placements/{placement.key}"):
        jonas.open(stranger, status=404)
    with time_machine.travel(clock.now() + timedelta(minutes=60), tick=False):
        visitors(jonas_is).open(f"/people/{case.key}/aftercare", status=404)


def test_the_start_and_the_interviews_follow_the_case_to_its_new_worker(visitors: Any) -> None:
    cast = a_cast()
    placement = a_placement(cast, clock.today())
    interview = an_interview(cast, _case(placement))
    new = a_person(role=Role.PROJECT_WORKER, first_name="Jonas", language="en")
    handing.give(_case(placement), new)
    db.session.commit()
    assert db.session.get_one(Placement, placement.id).worker_id == new.id
    assert db.session.get_one(Interview, interview.id).worker_id == new.id
    visitors(new).open(f"/people/{_case(placement).key}/aftercare").says("What was agreed at the start")
    before = visitors(cast.worker)
    before.open(f"/aftercare/{placement.key}", status=404)
    before.open(f"/people/{_case(placement).key}/aftercare", status=404)


def test_before_a_first_job_the_page_says_so(visitors: Any) -> None:
    from tests.candidates.factories import a_candidate, a_worker

    worker = a_worker()
    case = a_candidate(worker)
    visitors(worker).open(f"/people/{case.key}/aftercare").says("No job yet").follow("Back to the case")
