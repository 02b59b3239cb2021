"""Sit-days as the team lives them: planning the next free hour, missing it, the sheet on paper, typing it in afterwards."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from flask import Flask

from portal.agenda import holds, sit_days
from portal.agenda.models import Hold, HoldKind, SitDay, SitDayRule
from portal.agenda.windows import Span
from portal.candidates.models import Candidate, Screening
from portal.foundation import clock
from portal.foundation.database import db
from portal.journal.models import Entry
from portal.programmes.models import Site
from portal.tasks.models import Task
from tests.candidates.factories import (
    DRAFT,
    a_booked_screening,
    a_candidate,
    a_coordinator,
    a_partner,
    a_place,
    a_referral,
    a_rule,
    a_worker,
)

TUESDAY = date(2026, 12, 1)


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The clock of these tests: the Monday before, unless a test says another moment."""

    def be(moment: datetime) -> None:
        monkeypatch.setattr(clock, "now", lambda: moment)

    be(datetime(2026, 11, 30, 7, tzinfo=UTC))
    return be


def _planned() -> Screening:
    return db.session.query(Screening).filter_by(missed=False, done_on=None).one()


# --- Rules, through the pages ------------------------------------------------------------------------------------


def test_a_rule_is_made_and_changed_through_its_pages(app: Flask, visitors: Any) -> None:
    place = a_place()
    site = f"{place.programme.key}.{place.site.key}"
    worker = a_worker()
    lien = visitors(worker)
    form = lien.open("/sit-days").follow("Add days that come back")
    page = form.send("Keep", site=site, first_on="2026-12-01", every_weeks="2", starts="09:00", slots="3")
    page.says("The sit-days are laid out", "Tuesday 1 December 2026", "3 hours free", "free")
    listed = lien.open("/sit-days/rules").says("Every other Tuesday at 09:00", "3 of 60 minutes", "Lien")
    a_booked_screening(worker, a_candidate(worker))
    change = listed.follow("Change")
    asked = change.send("Keep", starts="13:00")
    assert asked.status == 409
    asked.says("1 talk is planned at hours that go away. It will be booked again.")
    assert db.session.query(SitDayRule).one().starts == time(9)
    asked.send("Go on, and book these talks again").says("Kept: the sit-days from tomorrow on follow it.")
    db.session.expire_all()
    assert db.session.query(SitDayRule).one().starts == time(13)
    lien.open("/").says("Book the screening with Karim").follow("Choose a moment").says("does not go on")


def test_a_date_is_called_off_moved_and_taken_up_again(app: Flask, visitors: Any) -> None:
    worker = a_worker()
    rule = a_rule(worker, first_on=TUESDAY)
    lien = visitors(worker)
    day = lien.open("/sit-days").follow("Open this sit-day").follow("Call off or move this day")
    day.send("Go on", what="move").says("Say to which date it moves.")
    day.send("Go on", what="move", moved_to="2026-12-03").says("The sit-day moves to Thursday 3 December 2026.")
    page = lien.open(f"/sit-days/rules/{rule.key}").says("moved to Thursday 3 December 2026")
    page.send("It goes on after all").says("This date goes on after all.")
    lien.open("/sit-days").says("Tuesday 1 December 2026").lacks("Thursday 3 December 2026")


def test_nobody_of_another_programme_finds_a_rule_or_a_day(app: Flask, visitors: Any) -> None:
    from tests.factories import a_programme

    rule = a_rule(a_worker(), first_on=TUESDAY)
    day = db.session.query(SitDay).first()
    assert day is not None
    other = visitors(a_worker("Elke", a_programme("Elders")))
    for path in (
        f"/sit-days/rules/{rule.key}",
        f"/sit-days/{day.key}",
        f"/sit-days/{day.key}/off",
        f"/sit-days/{day.key}/sheet",
    ):
        other.open(path, status=404)
    visitors(a_partner()).open("/sit-days", status=403)


# --- Planning ----------------------------------------------------------------------------------------------------


def test_the_next_free_hour_is_chosen_already_and_one_button_plans_it(app: Flask, visitors: Any) -> None:
    worker = a_worker()
    a_rule(worker, first_on=TUESDAY, slots=2)
    first, second = a_candidate(worker), a_candidate(worker)
    lien = visitors(worker)
    page = lien.open(f"/people/{first.key}/screening").says("Tuesday 1 December 2026, 09:00", "Another moment")
    page.send("Plan this moment").says("The screening is planned")
    page = lien.open(f"/people/{second.key}/screening").says("Tuesday 1 December 2026, 10:00")
    other = page.tree.xpath("//input[@type='radio']/@value")[0]
    page.send("Plan the chosen moment", slot=other).says("Tuesday 8 December 2026 at 09:00")


def test_the_own_worker_comes_before_a_colleague_who_is_there_the_same_day(app: Flask) -> None:
    lien, jonas = a_worker(), a_worker("Jonas")
    a_rule(lien, jonas, first_on=TUESDAY, slots=2)
    place = a_place()
    own = a_booked_screening(jonas, a_candidate(jonas))
    slots = sit_days.free(place.programme_id, place.site_id, prefer=jonas.id)
    assert own.worker_id in (lien.id, jonas.id)
    assert slots[0].sit_day.worker_id == jonas.id
    assert slots[0].sit_day.day == TUESDAY


def test_both_are_held_and_the_way_from_another_place_is_the_workers_time_too(app: Flask) -> None:
    worker = a_worker()
    far = Site(
        kind="prison", code="brugge", nl="Brugge", fr="Bruges", en="Bruges", postcode="8200", municipality="Brugge"
    )
    db.session.add(far)
    a_rule(worker, first_on=TUESDAY, slots=4)
    morning = Span(clock.at(TUESDAY, time(7, 30)), clock.at(TUESDAY, time(8, 30)))
    holds.take(far, HoldKind.VISIT, morning, [holds.Party(holds.person(worker.id), morning, "8200")])
    db.session.commit()
    screening = a_booked_screening(worker, a_candidate(worker))
    held = {one.party: one for one in holds.of(screening)}
    mine, theirs = held[f"person:{worker.id}"], held[f"candidate:{screening.candidate_id}"]
    # From Bruges (8:30) to Oudenaarde takes over an hour: nine o'clock is too early, ten is not.
    assert clock.local(mine.starts_at).time() == time(10)
    assert timedelta(minutes=30) < mine.starts_at - mine.blocked_from <= timedelta(minutes=90)
    assert (theirs.blocked_from, theirs.blocked_until) == (theirs.starts_at, theirs.ends_at)
    following = a_booked_screening(worker, a_candidate(worker))
    held = {one.party: one for one in holds.of(following)}
    after = held[f"person:{worker.id}"]
    assert after.blocked_from == after.starts_at == mine.ends_at
    assert db.session.query(Hold).filter_by(party=f"person:{worker.id}").count() == 3


# --- Missed ------------------------------------------------------------------------------------------------------


def test_a_missed_talk_is_booked_again_with_one_button_and_the_second_time_is_said(app: Flask, visitors: Any) -> None:
    worker = a_worker()
    partner = a_partner()
    a_rule(worker, first_on=TUESDAY)
    candidate = a_candidate(worker, referral=a_referral(partner))
    lien = visitors(worker)
    lien.open(f"/people/{candidate.key}/screening").send("Plan this moment")
    page = lien.open(f"/screenings/{_planned().key}/talents").send("The talk did not take place")
    page.says("The last screening did not take place")
    assert db.session.query(Task).filter_by(kind="candidates.plan_screening", closed_at=None).count() == 1
    page.send("Plan this moment").says("The screening is planned")
    assert db.session.query(Task).filter_by(kind="candidates.plan_screening", closed_at=None).count() == 0
    page = lien.open(f"/screenings/{_planned().key}/talents").send("The talk did not take place")
    page.says("2 talks in a row did not take place")
    visitors(partner).open("/referrals").lacks("in a row", "did not take place", "did not come")


# --- The sheet, and typing it in ---------------------------------------------------------------------------------


def _three_people(worker: Any) -> list[Candidate]:
    a_rule(worker, first_on=TUESDAY)
    found = []
    for language in ("nl", "fr", "en"):
        candidate = a_candidate(worker)
        candidate.language = language
        a_booked_screening(worker, candidate)
        found.append(candidate)
    db.session.commit()
    return found


def test_the_sheet_has_a_form_for_each_in_their_own_language_and_the_order_of_the_screens(
    app: Flask, visitors: Any
) -> None:
    worker = a_worker()
    people = _three_people(worker)
    lien = visitors(worker)
    sheet = lien.open("/sit-days").follow("Sheet of the day")
    sheet.says("destroy it once it is typed in", "Karim")
    pages = sheet.tree.xpath("//section[@class='paper-page']")
    assert [one.get("lang") for one in pages] == ["nl", "fr", "en"]
    titles = [" ".join(one.text_content().split()).partition(" · ")[0] for one in pages[2].xpath(".//h3")]
    assert titles == [
        "1. Talents and wishes", "2. Competences", "3. Work that fits", "4. What must be in order", "5. What work must reckon with",
    ]  # fmt: skip
    asked = pages[2].text_content()
    order = [
        "What are you good at?",
        "Which work do you look for?",
        "What do you want",
        "How long did you do this work?",
        "Regime",
    ]
    assert [asked.index(one) for one in order] == sorted(asked.index(one) for one in order)
    printed = db.session.query(Entry).filter_by(action="screening.sheet_printed")
    assert {one.about for one in printed} == {one.id for one in people}


def test_a_sheet_holds_only_the_people_whom_the_reader_meets(app: Flask, visitors: Any) -> None:
    lien, jonas = a_worker(), a_worker("Jonas")
    a_rule(lien, jonas, first_on=TUESDAY, slots=1)
    for worker in (lien, jonas):
        a_booked_screening(worker, a_candidate(worker))
    day = db.session.query(SitDay).filter_by(worker_id=lien.id, day=TUESDAY).one()
    mine = visitors(lien).open(f"/sit-days/{day.key}/sheet")
    assert len(mine.tree.xpath("//section[@class='paper-page']")) == 1
    everybody = visitors(a_coordinator()).open(f"/sit-days/{day.key}/sheet")
    assert len(everybody.tree.xpath("//section[@class='paper-page']")) == 2
    visitors(a_worker("Elke")).open(f"/sit-days/{day.key}/sheet", status=404)


def test_what_was_written_is_typed_in_person_after_person(app: Flask, visitors: Any, today: Any, post: Any) -> None:
    worker = a_worker()
    _three_people(worker)
    today(datetime(2026, 12, 1, 15, tzinfo=UTC))
    lien = visitors(worker)
    walk = lien.open("/sit-days").follow("Open this sit-day").follow("Type in what was written").says("0 of 3 people")
    first, second, _third = db.session.query(Screening).order_by(Screening.starts_at)
    step = walk.follow("Type in:")
    assert step.path == f"/screenings/{first.key}/talents"
    first.draft = DRAFT
    db.session.commit()
    walk = lien.open(f"/screenings/{first.key}/check").send("Finish the screening")
    walk.says("1 of 3 people", "typed in", "still on paper")
    assert walk.follow("Type in:").path == f"/screenings/{second.key}/talents"
    booking = walk.send("Did not come").says("The last screening did not take place")
    booking.send("Plan this moment").says("2 of 3 people", "did not take place")


def test_the_pages_cost_eight_queries_at_most_and_the_same_for_one_and_for_a_full_day(
    app: Flask, visitors: Any, today: Any
) -> None:
    worker = a_worker()
    rule = a_rule(worker, first_on=TUESDAY)
    a_booked_screening(worker, a_candidate(worker))
    day = db.session.query(SitDay).filter_by(day=TUESDAY).one()
    waiting, late = a_candidate(worker), a_candidate(worker)
    missed = a_booked_screening(worker, late)
    lien = visitors(worker)
    lien.open(f"/screenings/{missed.key}/talents").send("The talk did not take place")
    paths = [f"/sit-days/{day.key}{page}" for page in ("", "/sheet", "/typing", "/off")]
    paths += ["/sit-days", "/sit-days/rules", f"/sit-days/rules/{rule.key}", "/sit-days/rules/new", "/sit-days/new"]
    paths += [f"/people/{waiting.key}/screening", f"/people/{late.key}/screening"]
    today(datetime(2026, 12, 1, 7, tzinfo=UTC))
    one = {path: lien.open(path).queries for path in paths}
    for path, queries in one.items():
        assert len(queries) <= 8, "\n".join([path, *queries])
    for _ in range(2):
        a_booked_screening(worker, a_candidate(worker))
    many = {path: lien.open(path).queries for path in paths}
    assert {path: len(some) for path, some in many.items()} == {path: len(some) for path, some in one.items()}


def test_the_day_shows_who_comes_to_whom_and_what_became_of_it_in_words(app: Flask, visitors: Any) -> None:
    lien, jonas = a_worker(), a_worker("Jonas")
    a_rule(lien, jonas, first_on=TUESDAY, slots=2)
    a_booked_screening(lien, a_candidate(lien))
    page = (
        visitors(lien)
        .open("/sit-days")
        .says("1 talk planned, 1 hour free", "0 talks planned, 2 hours free", "taken", "free")
    )
    page.lacks("Karim")
    page.follow("Open this sit-day").says("Karim", "Open the form", "Jonas Claes", "free")
    visitors(jonas).open("/sit-days").follow("Open this sit-day").says("taken").lacks("Karim")
