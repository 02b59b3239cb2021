"""Whose hours the search for a moment counts: any worker allowed for this programme and this province, a contact by site,
a candidate by what the case notes, and that last one without any employer ever reading it."""

import re
from collections.abc import Iterator
from datetime import date, time
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine

from portal.agenda import feed, hours, queries
from portal.agenda.hours import KeptFor, Weekly
from portal.agenda.slots import find_slots
from portal.agenda.travel import place_of
from portal.candidates.models import WorkConstraints
from portal.foundation import clock
from portal.foundation.database import db
from portal.interviews.states import Mode
from portal.organisations.models import Workplace
from tests.interviews.factories import (
    NOW,
    a_company,
    a_confirmed,
    a_coordinator,
    a_requested,
    a_worker,
    an_interest,
    slots_of,
)

pytestmark = pytest.mark.usefixtures("app")
EAST, WEST, LIEGE = "40000", "30000", "60000"
TUE = 1


@pytest.fixture(autouse=True)
def now() -> Iterator[Any]:
    with time_machine.travel(NOW, tick=False) as at:
        yield at


def every_day(person: Any, starts: int = 8, ends: int = 18, **kept: Any) -> None:
    for weekday in range(5):
        hours.add(person.id, Weekly(weekday, time(starts), time(ends), KeptFor(**kept)))
    db.session.commit()


def companions(case: Any, mode: Mode = Mode.AT_COMPANY) -> set[int]:
    """Who is free at some moment of the coming weeks: each is asked alone, so that nobody hides behind a colleague."""
    from dataclasses import replace

    question = slots_of(case, mode)[0].question
    return {one.id for one in question.companions if find_slots(replace(question, companions=[one])).slots}


@pytest.mark.engine
def test_case_24_a_worker_goes_along_where_that_worker_s_hours_count(visitors: Any) -> None:
    case = an_interest(permission=False)  # in Ghent
    here, far = a_worker("Karim"), a_worker("Omar")
    every_day(here, regions=[EAST, WEST])
    every_day(far, regions=[LIEGE])
    assert companions(case) == {case.worker.id, here.id}
    page = visitors(case.worker).open(f"/interviews/plan/{case.interest.key}")
    page.lacks("Omar")


def test_case_24_hours_of_another_programme_do_not_count() -> None:
    from tests.factories import a_programme

    case = an_interest(permission=False)
    karim = a_worker("Karim")
    every_day(karim, programmes=[a_programme("Doorstart Brugge").id])
    assert companions(case) == {case.worker.id}
    every_day(karim, programmes=[case.programme.id])
    assert companions(case) == {case.worker.id, karim.id}


def test_where_the_candidate_is_met_the_province_of_that_place_counts() -> None:
    case = an_interest(permission=False, postcode="4000")  # met in Liège, the company in Ghent
    karim = a_worker("Karim")
    every_day(karim, regions=[LIEGE])
    assert karim.id not in companions(case)
    assert karim.id in companions(case, Mode.INSIDE)
    assert karim.id in companions(case, Mode.VIDEO), "by video every province is as near"


def test_somebody_else_goes_along_only_where_that_one_s_hours_count(visitors: Any, post: Any) -> None:
    interview = a_confirmed(an_interest(permission=False))
    here, far = a_worker("Karim"), a_worker("Omar")
    every_day(here, regions=[EAST])
    every_day(far, regions=[LIEGE])
    visitors(a_coordinator()).open(f"/interviews/{interview.key}/companion").says("Karim").lacks("Omar")


@pytest.mark.engine
def test_the_way_is_counted_from_where_the_worker_leaves() -> None:
    case = an_interest(permission=False)
    every_day(case.worker)
    before = slots_of(case)[0].question.companions[0]
    hours.leave_from(case.worker.id, "9000")
    db.session.commit()
    found, slots = slots_of(case)
    assert before.base == place_of("9700")
    assert found.question.companions[0].base == place_of("9000")
    assert slots[0].companion_span.start > slots[0].candidate_span.start, "the candidate comes from further away"


def test_whoever_ended_all_hours_has_office_hours_again_as_the_page_says(visitors: Any) -> None:
    case = an_interest(permission=False)
    hours.add(case.worker.id, Weekly(TUE, time(9), time(11)))
    db.session.commit()
    page = visitors(case.worker).open("/agenda/hours")
    page.send("Weghalen").says("rekenen we op kantooruren")
    assert {clock.local(slot.start).weekday() for slot in slots_of(case)[1]} == set(range(5))


def test_a_contact_receives_at_this_site_when_it_said_so_for_this_site() -> None:
    company = a_company()
    employer, contact, vacancy = company
    winkel = Workplace(
        organisation_id=employer.organisation_id, name="Winkel", street="Markt 1", postcode="9300", municipality="Aalst"
    )
    db.session.add(winkel)
    db.session.flush()
    case = an_interest(company=company, permission=False)
    days = lambda: {clock.local(slot.start).weekday() for slot in slots_of(case)[1]}  # noqa: E731
    hours.add(contact.id, Weekly(TUE, time(8), time(18), KeptFor(workplaces=[winkel.id])))
    db.session.commit()
    assert days() == set(range(5)), "nothing was said of the depot"
    hours.add(contact.id, Weekly(3, time(8), time(18), KeptFor(workplaces=[vacancy.workplace_id])))
    db.session.commit()
    assert days() == {3}


@pytest.mark.engine
def test_a_single_day_of_a_contact_is_offered_and_a_day_left_out_is_not() -> None:
    from portal.agenda import service

    case = an_interest(permission=False)
    row = hours.add(case.contact.id, Weekly(TUE, time(8), time(18)))
    db.session.flush()
    service.skip(row, date(2026, 11, 24))
    hours.add_once(case.contact.id, date(2026, 11, 26), time(8), time(18))
    db.session.commit()
    days = {clock.local(slot.start).date() for slot in slots_of(case)[1]}
    assert date(2026, 11, 26) in days and date(2026, 12, 3) not in days
    assert date(2026, 11, 24) not in days and date(2026, 12, 1) in days


def constrain(case: Any, days: list[str], outside: str) -> None:
    row = db.session.scalars(sa.select(WorkConstraints).where(WorkConstraints.candidate_id == case.candidate.id)).one()
    row.answers = {"regime": "exit_permit", "days": days, "outside_hours": outside}
    db.session.commit()


@pytest.mark.parametrize(("noted", "offered"), [(["thu"], False), (["thu", "sat"], True)])
def test_a_single_day_of_the_others_is_offered_only_where_the_candidate_can(noted: list[str], offered: bool) -> None:
    """Also when the company itself asked for that day: its wish never goes before what the case notes."""
    from portal.agenda.windows import Span
    from portal.interviews import planning
    from tests.interviews.factories import _loaded, handle

    case, saturday = an_interest(permission=False), date(2026, 11, 28)
    constrain(case, noted, "whole_day")
    for person in (case.worker, case.contact):
        hours.add_once(person.id, saturday, time(8), time(18))
    db.session.commit()
    assert (saturday in {clock.local(slot.start).date() for slot in slots_of(case)[1]}) is offered
    wish = [Span(clock.at(saturday, time(8)), clock.at(saturday, time(18)))]
    found = planning.search(
        _loaded(case).vacancy, case.contact.id, handle(case.candidate.id), Mode.AT_COMPANY, preferred=wish
    )
    assert (saturday in {clock.local(slot.start).date() for slot in find_slots(found.question).slots}) is offered


def test_every_way_to_a_moment_counts_the_days_that_the_case_notes(visitors: Any, post: Any) -> None:
    case = an_interest(permission=False)
    constrain(case, ["thu"], "morning")
    slots = slots_of(case)[1]
    assert {clock.local(slot.start).weekday() for slot in slots} == {3}
    assert all(clock.local(slot.candidate_span.end).time() <= time(13) for slot in slots)
    worker = visitors(case.worker)
    offered = worker.open(f"/interviews/plan/{case.interest.key}?view=list")
    assert all(_thursday(value) for value in _offered(offered))
    interview = a_requested(case)
    db.session.commit()
    moved = worker.open(f"/interviews/{interview.key}/move?view=list")
    assert _offered(moved) and all(_thursday(value) for value in _offered(moved))


def _offered(page: Any) -> list[str]:
    return [str(one) for one in page.tree.xpath("//input[@name='slot']/@value")]


def _thursday(value: str) -> bool:
    return date.fromisoformat(f"{value[:4]}-{value[4:6]}-{value[6:8]}").weekday() == 3


PATHS = ("/interviews", "/interviews/week?day=2026-11-16", "/agenda?day=2026-11-16", "/agenda/hours", "/vacancies", "/")


def _bytes(browser: Any, paths: list[str]) -> list[str]:
    """What an employer's browser gets, without what is new on each page (nonce, tokens)."""
    fresh = re.compile(
        r'nonce="[^"]*"|name="(csrf_token|once)"[^>]*value="[^"]*"|value="[^"]*"[^>]*name="(csrf_token|once)"'
    )
    return [fresh.sub("", browser.open(path).html) for path in paths]


def test_no_employer_reads_or_is_ordered_by_the_days_that_a_candidate_can(
    visitors: Any, visitor: Any, post: Any
) -> None:
    """Two talks of two people at one company: whatever their cases note, every byte that the company gets is the same."""
    company, worker = a_company(), a_worker()
    first, second = (an_interest(worker, company=company, permission=False) for _ in range(2))
    talks = [a_confirmed(first), a_requested(second, slot=1)]
    feed.make(first.contact)
    db.session.commit()
    browser = visitors(first.contact)
    paths = [*PATHS, *(f"/interviews/{talk.key}" for talk in talks)]
    calendar = "/calendar/" + feed.address_of(first.contact).rpartition("/calendar/")[2]

    def seen() -> list[str]:
        letters = [one.subject + one.text + str(one.calendar) for one in post.to(first.contact.email)]
        return [*_bytes(browser, paths), visitor.client.get(calendar).get_data(as_text=True), *letters]

    before = seen()
    constrain(first, ["thu"], "morning")
    constrain(second, ["mon", "tue"], "afternoon")
    for was, now_is in zip(before, seen(), strict=True):
        assert was == now_is


def test_finding_a_moment_asks_the_database_no_more_for_thirty_workers(visitors: Any) -> None:
    case = an_interest(permission=False)
    browser = visitors(case.worker)
    one = browser.open(f"/interviews/plan/{case.interest.key}")
    for n in range(29):
        other = a_worker(f"Kees{n}")
        every_day(other, regions=[EAST])
        hours.leave_from(other.id, "9000")
    db.session.commit()
    many = browser.open(f"/interviews/plan/{case.interest.key}")
    assert len(one.queries) == len(many.queries) <= 8, "\n".join(many.queries)
    assert len(queries.hours_of(case.programme.id, case.contact.id)) == 31
