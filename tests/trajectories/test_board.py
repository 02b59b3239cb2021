"""The board by week: a worker's own people, a coordinator's programmes, at the same cost for one person and for thirty."""

from datetime import timedelta
from typing import Any

import pytest

from portal.foundation import clock
from portal.foundation.database import db
from portal.trajectories import queries, service, waits
from portal.trajectories.models import Milestone
from tests.candidates.factories import a_candidate, a_coordinator, a_place, a_worker
from tests.factories import a_programme

pytestmark = pytest.mark.usefixtures("app")


def shift(candidate: Any, weeks: int) -> None:
    """Let somebody's way have begun so many weeks ago."""
    way, days = service.of(candidate.id), timedelta(weeks=weeks)
    way.accepted_on -= days
    for one in queries.milestones_of(way.id):
        one.due_from, one.due_until = one.due_from - days, one.due_until - days
    db.session.commit()


def test_everybody_stands_in_the_own_week_with_what_is_expected(visitors: Any) -> None:
    worker = a_worker()
    _first, second, third = (a_candidate(worker) for _n in range(3))
    shift(second, 3)
    shift(third, 14)
    page = visitors(worker).open("/board")
    page.says("Week 0", "Week 3", "After week 12", "still to come: Screening done", "late: Screening done", "now (14)")
    others = a_candidate(a_worker("Jonas"))
    page = visitors(worker).open("/board")
    assert page.html.count("/trajectories/") == 6, "each of three people in the table and in the list"
    page.lacks(service.of(others.id).key)
    page.follow(str(page.tree.xpath("//table//th/a")[0].text_content())).says("The twelve weeks of")  # type: ignore[union-attr]


def test_the_coordinator_sees_all_workers_and_chooses(visitors: Any) -> None:
    lien, jonas = a_worker(), a_worker("Jonas")
    late, waits_for, calm = a_candidate(lien), a_candidate(jonas), a_candidate(jonas)
    shift(late, 4)
    service.reach(waits_for.id, "leave_planned")
    waits.begin(waits_for.id, "interview:1")
    db.session.query(Milestone).filter_by(trajectory_id=service.of(calm.id).id, code="screening").update(
        {"deviation": "health", "deviated_on": clock.today()}
    )
    db.session.commit()
    keys = {name: service.of(one.id).key for name, one in (("late", late), ("paused", waits_for), ("deviated", calm))}
    griet = visitors(a_coordinator())
    griet.open("/board").says("Lien Claes", "Jonas Claes", "Change the flow")
    for what, key in keys.items():
        page = griet.open(f"/board?what={what}")
        assert key in page.html
        page.lacks(*[other for other in keys.values() if other != key])
    griet.open(f"/board?worker={jonas.key}").lacks(keys["late"])
    griet.open("/board?worker=nobody").says("Nobody of these people fits what you chose.")
    elsewhere = a_programme("Doorstart Aalst")
    visitors(a_coordinator(elsewhere)).open("/board").says("Nobody is in the twelve weeks").lacks(*keys.values())


def test_who_was_looked_back_on_or_has_ended_leaves_the_board(visitors: Any, post: Any) -> None:
    worker = a_worker()
    done, closed = a_candidate(worker), a_candidate(worker)
    service.reach(done.id, "review")
    service.close(service.of(closed.id), "training")
    db.session.commit()
    visitors(worker).open("/board").says("Nobody is in the twelve weeks")


@pytest.mark.engine
def test_the_board_and_a_line_cost_at_most_eight_queries_for_one_and_for_thirty(visitors: Any, engine: str) -> None:
    worker, place = a_worker(), a_place()
    griet = visitors(a_coordinator())
    lien = visitors(worker)
    costs: list[list[int]] = []
    for count in (1, 29):
        people = [a_candidate(worker, place=place) for _n in range(count)]
        way = service.of(people[0].id)
        pages = (lien.open("/board"), griet.open("/board"), lien.open(f"/trajectories/{way.key}"))
        costs.append([len(page.queries) for page in pages])
    assert costs[0] == costs[1]
    assert max(costs[0]) <= 8, costs
    board = lien.open("/board")
    assert board.html.count('class="table board"') == 1
    board.follow("Next").says("Board by week")
