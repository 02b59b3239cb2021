"""After the start: another first day, papers renewed, a start that failed and the call that follows."""

from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine

from portal.aftercare import nightly
from portal.aftercare.models import CheckIn
from portal.foundation.database import db
from portal.journal.models import Entry
from portal.placements import running, service
from portal.placements.answers import EndAnswer
from portal.placements.models import Placement, PlacementState
from portal.programmes import queries as programmes
from portal.programmes import templates
from portal.programmes.models import TemplateKind
from portal.tasks.models import Task
from portal.trajectories.models import TrajectoryState
from portal.trajectories.service import of
from tests.placements.factories import a_cast, a_placement, a_start

pytestmark = pytest.mark.usefixtures("app")


@pytest.fixture(autouse=True)
def at() -> Any:
    with time_machine.travel("2026-09-21 08:00:00+00:00", tick=False) as traveller:
        yield traveller


def the(placement: Placement, moment: str, voice: str = "employer") -> CheckIn:
    wanted = (CheckIn.placement_id == placement.id, CheckIn.moment == moment, CheckIn.voice == voice)
    return db.session.scalars(sa.select(CheckIn).where(*wanted)).one()


def task(kind: str) -> Task | None:
    return db.session.scalar(sa.select(Task).where(Task.kind == kind, Task.closed_at.is_(None)))


def blocks(*codes: str) -> None:
    """A coordinator's own template: these guards stop a start."""
    cast_programme = db.session.scalars(sa.select(Placement.trajectory_id)).first()
    assert cast_programme is not None
    programme_id = of(db.session.scalars(sa.select(Placement.candidate_id)).first() or 0).programme_id
    body = programmes.template(programme_id, TemplateKind.AFTERCARE_PLAN)
    new = {**body, "start_blockers": list(codes)}
    templates.write(programme_id, TemplateKind.AFTERCARE_PLAN, new, because="Zo werken wij", based_on=body["version"])
    db.session.commit()


def test_a_guard_warns_and_stops_the_start_only_where_the_programme_says_so(visitors: Any) -> None:
    cast = a_cast()
    first, second = a_placement(cast, date(2026, 9, 28)), a_placement(cast, date(2026, 9, 28))
    first.right_to_work_until = date(2026, 9, 1)
    second.vdab_registered_on = date(2026, 10, 1)
    blocks("vdab_late")
    page = visitors(cast.worker).open(f"/placements/{first.key}/prepare")
    page.says("Het recht om te werken stopt voor de eerste dag")
    service.record_start(first)
    with pytest.raises(service.StillMissing) as refused:
        service.record_start(second)
    assert refused.value.field == "vdab_registered_on"
    assert (first.state, second.state) == (PlacementState.STARTED, PlacementState.PREPARING)


def test_a_first_day_is_corrected_with_a_reason_and_the_plan_moves_along(visitors: Any, at: Any) -> None:
    cast = a_cast()
    placement = a_start(cast, date(2026, 9, 21))
    moved = the(placement, "week3", "employee")
    moved.due = date(2026, 10, 14)
    db.session.commit()
    lien = visitors(cast.worker)
    page = lien.open(f"/placements/{placement.key}/first-day").send(
        starts_on="2026-09-28", reason="Een week later begonnen"
    )
    page.says("De eerste dag is verbeterd")
    db.session.refresh(placement)
    assert placement.starts_on == date(2026, 9, 28)
    assert the(placement, "week2").due == date(2026, 10, 12)
    assert the(placement, "week26").due == date(2027, 3, 30), "Easter Monday moves it on"
    assert (moved.due, moved.planned_for) == (date(2026, 10, 14), date(2026, 10, 19)), "moved singly, it stays"
    assert the(placement, "before_start").state == "planned", "three days before the start is still to come after all"
    note = db.session.scalars(sa.select(Entry).where(Entry.action == "placement.start_corrected")).one()
    assert (note.details or {})["old"] == "2026-09-21" and note.reason == "Een week later begonnen"
    lien.open(f"/placements/{placement.key}/first-day").send(starts_on="2026-09-28", reason="Nog eens").says(
        "die er al staat"
    )


def test_a_first_day_is_corrected_also_after_the_job_ended_and_after_26_weeks(visitors: Any, at: Any) -> None:
    """The figures count from it, so a wrong day is not kept for ever."""
    cast = a_cast()
    ended = a_start(cast, date(2026, 9, 21))
    at.move_to("2026-11-20 08:00:00+00:00")
    service.end(ended, EndAnswer(date(2026, 11, 18), "job_does_not_fit", "employee"))
    db.session.commit()
    lien = visitors(cast.worker)
    page = lien.open(f"/aftercare/{ended.key}").follow("Eerste dag verbeteren")
    page.send(starts_on="2026-11-19", reason="Verkeerd genoteerd").says("De job eindigde voor die dag")
    page.send(starts_on="2026-09-28", reason="Verkeerd genoteerd").says("De eerste dag is verbeterd")
    db.session.refresh(ended)
    assert (ended.state, ended.starts_on) == (PlacementState.ENDED, date(2026, 9, 28))
    assert {the(ended, moment).state for moment in ("week13", "week26")} == {"skipped"}, "the company is asked no more"

    whole = a_start(a_cast(cast.worker, "Garage Zon"), date(2026, 11, 20))
    at.move_to("2027-06-01 08:00:00+00:00")
    service.advance(whole, date(2027, 6, 1))
    assert whole.state == PlacementState.SUSTAINED_26
    running.correct_start(whole, date(2026, 11, 23), "Op een maandag")
    assert (whole.state, whole.starts_on) == (PlacementState.SUSTAINED_26, date(2026, 11, 23))
    with pytest.raises(running.Completed):
        running.correct_start(whole, date(2027, 1, 4), "Veel later")


def test_what_was_asked_too_early_is_taken_back(at: Any, post: Any) -> None:
    cast = a_cast()
    placement = a_start(cast, date(2026, 9, 21))
    at.move_to("2026-10-05 00:20:00+00:00")
    nightly.daily()
    db.session.commit()
    assert placement.state == PlacementState.ONGOING and the(placement, "week2").state == "due"
    running.correct_start(placement, date(2026, 9, 30), "Anders genoteerd")
    db.session.commit()
    week2 = the(placement, "week2")
    assert (week2.state, week2.due, week2.asked_on) == ("planned", date(2026, 10, 14), None)
    assert str(placement.state) == "started", "five days at work: not a week yet"
    assert post.all() == [], "the letter that waited is taken back"
    assert task("aftercare.answer") is None
    at.move_to("2026-10-14 00:20:00+00:00")
    nightly.daily()
    db.session.commit()
    assert len(post.to(cast.contact.email, "aftercare/form")) == 1


def test_a_right_to_work_that_ends_is_a_task_until_it_is_renewed(visitors: Any, at: Any) -> None:
    cast = a_cast()
    placement = a_start(cast, date(2026, 9, 21))
    placement.right_to_work_until = date(2026, 12, 1)
    db.session.commit()
    running.watch_papers(date(2026, 10, 1))
    assert task("placements.right_to_work") is None
    running.watch_papers(date(2026, 10, 5))
    db.session.commit()
    found = task("placements.right_to_work")
    assert found is not None and found.owner_id == cast.worker.id and found.due == date(2026, 10, 7)
    at.move_to("2026-10-06 08:00:00+00:00")
    visitors(cast.worker).open(found.address).send(right_to_work_until="2027-12-01").says("bijgewerkt")
    db.session.refresh(placement)
    assert placement.right_to_work_until == date(2027, 12, 1) and task("placements.right_to_work") is None


@pytest.mark.parametrize("how", ["fell-through", "end"])
def test_after_a_start_that_fails_the_company_is_called_and_may_get_somebody_else(visitors: Any, how: str) -> None:
    cast = a_cast()
    lien = visitors(cast.worker)
    if how == "end":
        placement = a_start(cast)
        lien.open(f"/placements/{placement.key}/end").send(
            ended_on="2026-09-21", reason="job_does_not_fit", by="together"
        )
    else:
        placement = a_placement(cast, date(2026, 9, 28))
        placement.supervisor = "Greet"
        db.session.commit()
        lien.open(f"/placements/{placement.key}/fell-through").send(reason="schedule", by="employer")
    db.session.refresh(placement)
    assert of(placement.candidate_id).state == TrajectoryState.SEARCHING, "the same day"
    assert placement.ended_because and placement.ended_by, "why, and by whom"
    assert how == "end" or placement.supervisor == "Greet", "nothing that was prepared is lost"
    call = task("placements.call_employer")
    assert call is not None and (call.owner_id, call.due) == (cast.worker.id, date(2026, 9, 23))
    assert "Karim" not in str(call.words)
    page = lien.open(call.address)
    page.says("Bakkerij Soetaert", "Wie besliste het?")
    page.send(wants="yes", note="Ze willen volgende week verder.").says("Kijk wie bij deze job past")
    assert task("placements.call_employer") is None
    another = task("placements.another")
    assert another is not None and another.due == date(2026, 9, 23)
    lien.open(another.address)
    lien.open(f"/aftercare/{placement.key}").says("Het bedrijf is gebeld", "Ja, graag iemand anders")


def test_a_company_that_says_later_is_called_again(visitors: Any) -> None:
    cast = a_cast()
    placement = a_placement(cast, date(2026, 9, 28))
    service.fall_through(placement, "transport", "employee")
    db.session.commit()
    visitors(cast.worker).open(f"/placements/{placement.key}/call").send(wants="later", note="Na de verbouwing.")
    again = task("placements.call_employer")
    assert again is not None and again.due == date(2026, 10, 5)
    assert task("placements.another") is None


def test_what_colleagues_hear_is_the_candidates_choice_on_the_companys_page(visitors: Any) -> None:
    cast = a_cast()
    placement = a_start(cast)
    greet = visitors(cast.contact)
    for choice, says in (
        ("none", "Niemand anders op het werk"),
        ("who", "Je collega kiest wie"),
        ("what", "Ik leer het vak opnieuw"),
    ):
        placement.disclosure, placement.disclosure_words = choice, "Ik leer het vak opnieuw."
        db.session.commit()
        page = greet.open("/aftercare")
        page.says(says)
        assert choice == "what" or "Ik leer het vak" not in page.text
        assert "Karim" not in page.text and len(page.queries) <= 8
