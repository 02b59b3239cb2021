"""A worker's people by what is next and how long it has waited; nobody is forgotten, and the coordinator sees the team."""

import re
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine

from portal.accounts.models import Person
from portal.accounts.roles import Role
from portal.accounts.service import seat
from portal.agenda.models import SitDay
from portal.candidates import queries, service, silence
from portal.candidates.models import Candidate, Contact, Referral, Screening
from portal.candidates.states import Channel
from portal.foundation import acting, clock
from portal.foundation.database import db
from portal.programmes.models import Programme
from portal.tasks import service as tasks
from portal.tasks.models import Task
from portal.trajectories import service as trajectories
from tests.candidates.factories import a_booked_screening, a_candidate, a_coordinator, a_sit_day, a_worker
from tests.factories import a_programme

pytestmark = pytest.mark.usefixtures("app", "post")


def _waits(candidate: Candidate, *, due: int, since: int = 0) -> None:
    """One thing waits in this case: due in so many days, opened so many days ago."""
    _idle(candidate)
    service.wait_for_planning(candidate)
    db.session.flush()
    db.session.execute(
        sa.update(Task)
        .where(Task.about == candidate.id, Task.closed_at.is_(None))
        .values(due=clock.today() + timedelta(days=due), created_at=clock.now() - timedelta(days=since))
    )
    db.session.commit()


def _idle(candidate: Candidate) -> None:
    tasks.close(None, candidate)
    db.session.commit()


def _order(page: Any) -> list[str]:
    return [key for key in re.findall(r'<th scope="row"[^>]*><a href="/people/([\w-]{12})"', page.html)]


def test_what_is_next_comes_first_and_who_has_nothing_planned_before_everybody(visitors: Any) -> None:
    worker = a_worker()
    later, soon, late, idle = (a_candidate(worker, first_name=name) for name in ("Later", "Soon", "Late", "Idle"))
    _waits(later, due=9, since=2)
    _waits(soon, due=1)
    _waits(late, due=-3, since=6)
    _idle(idle)
    page = visitors(worker).open("/people")
    assert _order(page) == [idle.key, late.key, soon.key, later.key]
    page.says(
        "Nothing planned",
        "By what is next",
        "Plan the screening with Late",
        "waits 6 days",
        "overdue since",
        "waits 2 days",
        "since today",
    )


def test_overdue_is_said_by_a_word_and_a_sign(visitors: Any) -> None:
    worker = a_worker()
    _waits(a_candidate(worker, first_name="Late"), due=-1)
    page = visitors(worker).open("/people")
    late = page.tree.xpath("//*[contains(@class, 'tag bad')]")
    assert len(late) == 1
    assert "overdue" in late[0].text_content()
    assert late[0].xpath(".//*[local-name()='svg']")


def test_the_parts_are_links_with_their_counts(visitors: Any) -> None:
    worker, colleague = a_worker(), a_worker("Jonas")
    a_candidate(worker), a_candidate(worker)
    sat = a_candidate(colleague, first_name="Amina")
    a_booked_screening(worker, sat)
    over = a_candidate(worker, first_name="Over")
    _end(over)
    page = visitors(worker).open("/people").says("Mine (2)", "In my sit-days (1)", "Ended (1)").lacks("Over")
    page.follow("In my sit-days").says("Amina")
    page.follow("Ended").says("Over").lacks("Nothing planned")


def _end(candidate: Candidate) -> None:
    way = trajectories.of(candidate.id)
    with acting.as_(None):
        trajectories.close(way, "moved")
    db.session.commit()


def test_a_coordinator_sees_each_workers_load_and_first_the_cases_without_a_worker(visitors: Any) -> None:
    programme = a_programme()
    db.session.get_one(Programme, programme.id).caseload = 2
    lien, jonas, gone = a_worker("Lien"), a_worker("Jonas"), a_worker("Weg")
    for _ in range(3):
        a_candidate(lien)
    left = a_candidate(gone, first_name="Amina")
    gone.deactivated_at = clock.now()
    db.session.commit()
    page = visitors(a_coordinator()).open("/people")
    page.says("1 case has no worker.", "Lien Claes", "3 of 2", "too many", "Jonas Claes", "0 of 2", "The team (4)")
    page.follow("Jonas Claes").says("No people yet")
    assert len(_order(page.follow("Lien Claes"))) == 3
    page.follow("Divide the cases").says("Amina")
    assert left.worker_id == gone.id
    assert jonas.id != lien.id


def test_another_programmes_people_are_in_no_part(visitors: Any) -> None:
    elsewhere = a_programme("Doorstart Antwerpen")
    there = a_candidate(a_worker(programme=elsewhere), programme=elsewhere, first_name="Amina")
    coordinator = visitors(a_coordinator())
    for part in ("team", "ended", "mine", "sits"):
        coordinator.open(f"/people?part={part}").lacks("Amina", there.key)


@pytest.mark.parametrize("part", ["mine", "sits", "team", "ended"])
def test_a_part_costs_at_most_eight_queries_for_one_person_and_for_thirty(part: str, visitors: Any) -> None:
    both = a_worker()
    seat(both, Role.COORDINATOR, programme_id=a_programme().id)
    db.session.commit()
    griet = visitors(both)
    costs = []
    for number in (1, 29):
        for _ in range(number):
            one = a_candidate(both)
            if part == "sits":
                _sit(both, one)
            if part == "ended":
                _end(one)
        griet.open("/people")
        costs.append(griet.open(f"/people?part={part}").queries)
    assert len(costs[0]) == len(costs[1]) <= 8, "\n".join(costs[1])


def _sit(worker: Person, candidate: Candidate) -> None:
    """A talk that stands in the worker's sit-days, without taking anybody's time."""
    day = db.session.query(SitDay).first() or a_sit_day(worker, in_days=40)
    referral = queries.latest_referral(candidate.id)
    db.session.add(
        Screening(
            candidate_id=candidate.id, referral_id=referral.id, sit_day_id=day.id, worker_id=worker.id, starts_at=clock.now()
        )
    )  # fmt: skip
    db.session.commit()


def test_nobody_is_lost_between_two_pages(visitors: Any) -> None:
    worker = a_worker()
    keys = set()
    for number in range(30):
        one = a_candidate(worker)
        keys.add(one.key)
        if number % 3:
            _waits(one, due=number % 4)
        else:
            _idle(one)
    first = visitors(worker).open("/people")
    second = first.follow("Next")
    assert len(_order(first)) == 25
    assert set(_order(first)) | set(_order(second)) == keys
    assert _order(second.follow("Previous")) == _order(first)


# --- Four weeks without a word with the PSD or VDAB ---


def _silent_for(candidate: Candidate, days: int) -> None:
    db.session.execute(
        sa.update(Referral)
        .where(Referral.candidate_id == candidate.id)
        .values(received_on=clock.today() - timedelta(days=days))
    )
    db.session.commit()


def _spoke(candidate: Candidate, whom: str, days_ago: int = 0) -> Contact:
    answer = service.ContactAnswer(whom, Channel.PHONE.value, clock.today() - timedelta(days=days_ago), "Gebeld.", "")
    with acting.as_(candidate.worker_id, "project_worker"):
        contact = service.log_contact(candidate, answer)
    db.session.commit()
    return contact


@pytest.mark.engine
@pytest.mark.parametrize(("days", "asked"), [(27, 0), (28, 1), (60, 1)])
def test_four_weeks_without_contact_are_a_task_of_the_worker(days: int, asked: int, visitors: Any) -> None:
    worker = a_worker()
    candidate = a_candidate(worker, first_name="Karim")
    _silent_for(candidate, days)
    assert silence.ask() == asked
    assert silence.ask() == 0
    db.session.commit()
    home = visitors(worker).open("/")
    (home.says if asked else home.lacks)("Speak with the PSD or VDAB about Karim")


def test_a_contact_with_psd_or_vdab_ends_it_and_with_the_family_does_not() -> None:
    candidate = a_candidate()
    _silent_for(candidate, 40)
    silence.ask()
    _spoke(candidate, "family")
    assert _open("candidates.silence") == 1
    _spoke(candidate, "vdab")
    assert _open("candidates.silence") == 0
    assert silence.ask() == 0
    with time_machine.travel(clock.now() + timedelta(days=28), tick=False):
        assert silence.ask() == 1


def _open(kind: str) -> int:
    return db.session.query(Task).filter_by(kind=kind, closed_at=None).count()


def test_nobody_is_asked_about_a_way_that_has_ended() -> None:
    candidate = a_candidate()
    _silent_for(candidate, 40)
    _end(candidate)
    assert silence.ask() == 0


def test_the_job_runs_at_night() -> None:
    from portal.foundation import jobs

    assert jobs.each_night["candidates.silence"] is silence.ask_tonight
    assert db.session.query(Person).count() == 0
