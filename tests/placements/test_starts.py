"""From an accepted offer to a recorded start, and to the end of a job."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine

from portal.accounts.roles import Role
from portal.candidates import consents
from portal.candidates.states import Purpose
from portal.foundation import clock
from portal.foundation.database import db
from portal.foundation.options import load
from portal.foundation.signals import offer_accepted, placement_ended, placement_started
from portal.foundation.states import WrongState
from portal.placements import guards, service
from portal.placements.answers import EndAnswer
from portal.placements.models import PLACEMENT, Placement, PlacementState
from portal.programmes import employment
from portal.tasks.models import Task
from portal.trajectories.models import TrajectoryState
from portal.trajectories.service import of
from tests.factories import a_person
from tests.placements.factories import Cast, a_cast, a_placement, a_start, an_interview

pytestmark = pytest.mark.usefixtures("app")
MONDAY = "2026-09-21 08:00:00+00:00"


@pytest.fixture(autouse=True)
def _on_monday() -> Any:
    with time_machine.travel(MONDAY, tick=False):
        yield


@contextmanager
def heard(signal: Any) -> Iterator[list[int]]:
    """The ids of the rows that a signal was sent about."""
    ids: list[int] = []

    def listen(row: Any) -> None:
        ids.append(row.id)

    with signal.connected_to(listen):
        yield ids


def fill(visitor: Any, placement: Placement, button: str = "Start vastleggen", **more: Any) -> Any:
    values = {"starts_on": "2026-09-28", "form": "fixed_term", "hours_week": "32", **more}
    return visitor.open(f"/placements/{placement.key}/prepare").send(button, **values)


def test_an_accepted_offer_opens_a_start_to_prepare(visitors: Any) -> None:
    cast = a_cast()
    interview = an_interview(cast)
    offer_accepted.send(interview)
    offer_accepted.send(interview)
    db.session.commit()
    placement = db.session.scalars(sa.select(Placement)).one()
    assert (placement.state, placement.hours_week, placement.form) == ("preparing", 32, "fixed_term")
    assert of(placement.candidate_id).state == TrajectoryState.STARTING
    task = db.session.scalars(sa.select(Task).where(Task.kind == "placements.prepare")).one()
    assert (task.owner_id, task.due) == (cast.worker.id, date(2026, 9, 23))
    visitors(cast.worker).open(task.address).says("Nog te regelen", "Bakkersgast")


def test_a_draft_is_kept_and_the_start_recorded(visitors: Any) -> None:
    cast = a_cast()
    placement = a_placement(cast, date(2026, 10, 5))
    lien = visitors(cast.worker)
    page = fill(lien, placement, "Ontwerp bewaren", supervisor="Greet", aftercare_consent=True)
    page.says("Het ontwerp is bewaard")
    db.session.refresh(placement)
    assert (placement.state, placement.starts_on, placement.supervisor) == ("preparing", date(2026, 9, 28), "Greet")
    assert consents.standing(placement.candidate_id, Purpose.AFTERCARE) is not None
    with heard(placement_started) as started:
        page = fill(lien, placement, vdab_registered_on="2026-09-20")
    assert page.path == f"/aftercare/{placement.key}"
    db.session.refresh(placement)
    assert placement.state == PlacementState.STARTED
    assert of(placement.candidate_id).state == TrajectoryState.IN_AFTERCARE
    assert started == [placement.id]
    assert lien.open(f"/placements/{placement.key}").path == f"/aftercare/{placement.key}"


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("contract_ends_on", "2026-09-28", "Het contract kan niet eindigen voor de eerste dag"),
        ("right_to_work_until", "2026-09-27", "Op de eerste dag is het recht om te werken al voorbij"),
        ("starts_on", "2026-12-24", "Leg de start vast vanaf een maand voor de eerste dag"),
        ("starts_on", "2026-02-30", "Deze datum bestaat niet"),
        ("starts_on", "0202-09-28", "Geef een eerste dag tussen"),
        ("hours_week", "0", "Geef een getal van 1 tot 60"),
    ],
)
def test_impossible_dates_are_refused_beside_the_field(visitors: Any, field: str, value: str, says: str) -> None:
    cast = a_cast()
    placement = a_placement(cast, date(2026, 10, 5))
    page = fill(visitors(cast.worker), placement, **{field: value, "supervisor": "Greet van de oven"})
    assert page.status == 422
    assert "Greet van de oven" in page.html, "what was typed is lost"
    page.says(says)
    db.session.refresh(placement)
    assert (placement.state, placement.supervisor) == ("preparing", "")


def test_a_justice_assistant_needs_the_persons_yes(visitors: Any) -> None:
    cast = a_cast()
    assistant = a_person("assistent@example.org", role=Role.JUSTICE_ASSISTANT, first_name="Mia")
    placement = a_placement(cast, date(2026, 9, 28))
    lien = visitors(cast.worker)
    fill(lien, placement, justice_assistant=assistant.key).says("is niet akkoord met contact")
    fill(lien, placement, "Ontwerp bewaren", justice_assistant=assistant.key, justice_consent=True)
    db.session.refresh(placement)
    assert placement.justice_assistant_id == assistant.id


def test_each_missing_guard_warns_and_says_what_helps() -> None:
    cast = a_cast()
    placement = a_placement(cast, date(2026, 9, 28))

    def codes(**more: bool) -> set[str]:
        said = {"schedule_needs_yes": False, "consent": True, **more}
        asks = employment.asks(cast.employer.programme_id, placement.form)
        return {guard.code for guard in guards.missing(placement, asks=asks, **said)}

    assert codes() == {
        "vdab",
        "premium",
        "right_to_work",
        "contract_end",
        "supervisor",
        "buddy",
        "transport",
        "workwear",
    }
    assert "schedule" in codes(schedule_needs_yes=True)
    assert "aftercare_consent" in codes(consent=False)
    placement.form = "internship"
    assert "insurance" in codes()
    placement.right_to_work_until = date(2027, 1, 1)
    assert "right_to_work_ends" in codes()
    placement.right_to_work_until = date(2026, 9, 27)
    assert {"right_to_work_start", "right_to_work_ends"} & codes() == {"right_to_work_start"}
    placement.vdab_registered_on = date(2026, 9, 29)
    assert "vdab_late" in codes() and "vdab" not in codes()
    assert all(str(guard.title) and str(guard.todo) for guard in guards.GUARDS.values())


def test_a_start_that_does_not_come_sends_the_person_back_to_searching(visitors: Any) -> None:
    cast = a_cast()
    placement = a_placement(cast, date(2026, 9, 28))
    visitors(cast.worker).open(f"/placements/{placement.key}/fell-through").send(reason="transport", by="employee")
    db.session.refresh(placement)
    assert (placement.state, placement.ended_because, placement.ended_by) == ("fell_through", "transport", "employee")
    assert of(placement.candidate_id).state == TrajectoryState.SEARCHING


def test_a_job_ends_with_a_reason_and_the_search_goes_on(visitors: Any) -> None:
    cast = a_cast()
    placement = a_start(cast)
    lien = visitors(cast.worker)
    page = lien.open(f"/placements/{placement.key}/end").send(ended_on="2026-09-01", reason="other_job", by="employee")
    assert page.status == 422
    with heard(placement_ended) as ended:
        lien.open(f"/placements/{placement.key}/end").send(ended_on="2026-09-21", reason="other_job", by="employee")
    db.session.refresh(placement)
    assert (placement.state, placement.ended_because, placement.ended_by) == ("ended", "other_job", "employee")
    assert of(placement.candidate_id).state == TrajectoryState.SEARCHING
    assert ended == [placement.id]
    lien.open(f"/aftercare/{placement.key}").says("Een andere job")


@pytest.mark.engine
def test_days_make_a_placement_sustained_and_a_trajectory_completed() -> None:
    placement = a_start(a_cast(), date(2026, 9, 21))
    start = placement.starts_on
    for days, state in ((6, "started"), (7, "ongoing"), (90, "ongoing"), (91, "sustained_13"), (181, "sustained_13"), (182, "sustained_26")):  # fmt: skip
        service.advance(placement, start + timedelta(days=days))
        assert placement.state == state, days
    assert not service.advance(placement, start + timedelta(days=300))
    assert of(placement.candidate_id).state == TrajectoryState.COMPLETED
    service.end(placement, EndAnswer(clock.today(), "other_job", "employee"))
    assert of(placement.candidate_id).state == TrajectoryState.COMPLETED


@pytest.mark.parametrize("old", list(PlacementState))
@pytest.mark.parametrize("new", list(PlacementState))
def test_only_the_table_moves_a_placement(old: PlacementState, new: PlacementState) -> None:
    placement = Placement(state=old)
    assert placement.may_move_to(new) is (new in PLACEMENT.table[old])
    if not placement.may_move_to(new):
        with pytest.raises(WrongState):
            placement.move_to(new)
    assert PLACEMENT.reachable_from(PlacementState.PREPARING) == set(PlacementState)


def test_a_start_opens_to_its_own_worker_only(visitors: Any) -> None:
    placement = a_placement(a_cast(), date(2026, 9, 28))
    other = visitors(a_person("karim@example.org", role=Role.PROJECT_WORKER))
    for path in ("", "/prepare", "/fell-through", "/end"):
        other.open(f"/placements/{placement.key}{path}", status=404)
    coordinator = visitors(a_person("coordinator@example.org", role=Role.COORDINATOR))
    assert coordinator.open(f"/placements/{placement.key}").path == f"/aftercare/{placement.key}"
    coordinator.open(f"/placements/{placement.key}/prepare", status=403)


def test_preparing_costs_at_most_eight_queries(visitors: Any) -> None:
    cast: Cast = a_cast()
    page = visitors(cast.worker).open(f"/placements/{a_placement(cast, date(2026, 9, 28)).key}/prepare")
    assert len(page.queries) <= 8, page.queries


def test_the_lists_speak_three_languages() -> None:
    lists = load("placements", "lists")
    for name in lists["audience"]:
        assert all(set(entry["label"]) == {"nl", "fr", "en"} and all(entry["label"].values()) for entry in lists[name])
        assert len({entry["code"] for entry in lists[name]}) == len(lists[name])
