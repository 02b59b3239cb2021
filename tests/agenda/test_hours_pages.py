"""Hours that people keep up: for a province or a site, changed without the past, a day more or less, half days away."""

from collections.abc import Iterator
from datetime import date, time, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine

from portal.accounts.roles import Role
from portal.agenda import hours, queries
from portal.agenda.hours import KeptFor, Weekly
from portal.agenda.models import Absence, Availability, Departure
from portal.agenda.service import Past
from portal.foundation import acting, clock
from portal.foundation.database import db
from portal.journal.models import Entry
from tests.factories import a_person, a_programme
from tests.interviews.factories import NOW, a_company

pytestmark = pytest.mark.usefixtures("app")
EAST, WEST = "40000", "30000"


@pytest.fixture(autouse=True)
def now() -> Iterator[Any]:
    with time_machine.travel(NOW, tick=False) as at:
        yield at


def a_worker(name: str = "Lien", **about: Any) -> Any:
    return a_person(role=Role.PROJECT_WORKER, first_name=name, programme=a_programme(), **about)


def days_of(person: Any, first: date, weeks: int = 4) -> list[date]:
    windows = queries.hours_of_person(person.id).windows
    return sorted(day for one in windows for day in one.days(first, first + timedelta(weeks=weeks)))


def test_a_worker_keeps_hours_for_a_province_and_sees_it_said(visitors: Any) -> None:
    lien = a_worker()
    page = visitors(lien).open("/agenda/hours").lacks("Enkel voor deze programma")
    page = page.send("Voeg deze uren toe", weekday="1", starts="09:00", ends="12:30", regions=[EAST, WEST])
    page.says("Enkel: West-Vlaanderen, Oost-Vlaanderen")
    [kept] = queries.hours_of_person(lien.id).open
    assert (kept.regions, kept.programmes) == ({EAST, WEST}, frozenset())


def test_who_works_in_two_programmes_says_for_which(visitors: Any) -> None:
    lien = a_worker()
    from portal.accounts import service as accounts

    other = a_programme("Werkbuddy’s Aalst")
    accounts.seat(lien, Role.PROJECT_WORKER, programme_id=other.id)
    db.session.commit()
    page = visitors(lien).open("/agenda/hours")
    page.send("Voeg deze uren toe", weekday="1", starts="09:00", ends="12:30", programmes=[str(other.id)]).says("Aalst")
    assert queries.hours_of_person(lien.id).open[0].programmes == {other.id}


def test_nobody_keeps_hours_for_a_programme_or_a_site_of_others(visitors: Any) -> None:
    _employer, contact, _vacancy = a_company()
    other, _contact, strange = a_company("Bakkerij Elders")
    page = visitors(contact).open("/agenda/hours").lacks("Bakkerij Elders")
    form = [*page.form("Voeg deze uren toe").form_values(), ("workplaces", str(strange.workplace_id))]
    refused = page.visitor.post("/agenda/hours", [*form, ("starts", "09:00"), ("ends", "12:00")])
    assert refused.status == 422
    assert other.id and db.session.scalar(sa.select(sa.func.count(Availability.id))) == 0


@pytest.mark.engine
def test_a_series_changes_from_a_day_on_and_the_weeks_before_stay(visitors: Any, now: Any) -> None:
    lien = a_worker()
    row = hours.add(lien.id, Weekly(1, time(9), time(12)))
    db.session.commit()
    first = clock.today()
    now.shift(timedelta(days=14))
    browser = visitors(lien)
    page = browser.open("/agenda/hours").follow("Pas deze uren aan")
    page.send("Bewaar de nieuwe uren", since="2026-12-15", weekday="3", starts="13:00", ends="16:00")
    old, new = db.session.scalars(sa.select(Availability).order_by(Availability.id))
    assert (old.id, old.valid_until, old.weekday, old.starts) == (row.id, date(2026, 12, 14), 1, time(9))
    assert (new.valid_from, new.weekday, new.starts) == (date(2026, 12, 15), 3, time(13))
    assert days_of(lien, first, 5) == [
        date(2026, 11, 17), date(2026, 11, 24), date(2026, 12, 1), date(2026, 12, 8), date(2026, 12, 17),
    ]  # fmt: skip
    browser.open("/agenda/hours").says("Tot ma 14/12", "Vanaf di 15/12")


def test_a_series_cannot_change_in_the_past() -> None:
    row = hours.add(a_worker().id, Weekly(1, time(9), time(12)))
    db.session.flush()
    with pytest.raises(Past) as refused:
        hours.change(row, Weekly(2, time(9), time(12)), clock.today() - timedelta(days=1))
    assert refused.value.field == "since"


def test_a_date_that_was_left_out_stays_out_after_a_change_of_hours() -> None:
    from portal.agenda import service

    lien = a_worker()
    row = hours.add(lien.id, Weekly(1, time(9), time(12)))
    db.session.flush()
    service.skip(row, date(2026, 11, 24))
    service.skip(row, date(2026, 12, 8))
    db.session.flush()
    hours.change(row, Weekly(1, time(10), time(12), KeptFor(regions=[EAST])), date(2026, 12, 1))
    db.session.commit()
    assert days_of(lien, clock.today(), 4) == [date(2026, 11, 17), date(2026, 12, 1)]


@pytest.mark.engine
def test_a_day_that_was_left_out_is_put_back(visitors: Any) -> None:
    lien = a_worker()
    row = hours.add(lien.id, Weekly(1, time(9), time(12)))
    db.session.commit()
    browser = visitors(lien)
    browser.open(f"/agenda/hours/{row.id}/skip").send("Laat deze dag vallen", day="2026-11-24")
    assert date(2026, 11, 24) not in days_of(lien, clock.today())
    browser.open(f"/agenda/hours/{row.id}/skip").says("Al weggelaten").send("Zet deze dag terug").says("telt weer mee")
    assert date(2026, 11, 24) in days_of(lien, clock.today())


def test_a_single_day_comes_on_top_and_does_not_come_back(visitors: Any) -> None:
    lien = a_worker()
    page = visitors(lien).open("/agenda/hours").follow("Voeg één dag toe")
    page.send("Voeg deze dag toe", day="2026-11-15", starts="10:00", ends="12:00").says("Die dag is voorbij")
    page.send("Voeg deze dag toe", day="2026-11-21", starts="10:00", ends="12:00").says(
        "za 21/11", "enkel voor die dag"
    )
    assert days_of(lien, clock.today()) == [date(2026, 11, 21)]


@pytest.mark.parametrize(
    ("parts", "starts", "ends"),
    [
        ({}, (18, 0, 0), (21, 0, 0)),
        ({"first_part": "afternoon"}, (18, 12, 30), (21, 0, 0)),
        ({"last_part": "morning"}, (18, 0, 0), (20, 12, 30)),
        ({"begins_at": "10:00", "ends_at": "11:00"}, (18, 10, 0), (20, 11, 0)),
    ],
)
def test_an_absence_is_whole_days_half_ones_or_hours(
    visitors: Any, parts: dict[str, str], starts: tuple[int, ...], ends: tuple[int, ...]
) -> None:
    page = visitors(a_worker()).open("/agenda/away")
    page.send("Noteer mijn afwezigheid", begins_on="2026-11-18", ends_on="2026-11-20", **parts)
    [absence] = db.session.scalars(sa.select(Absence))
    for moment, (day, hour, minute) in ((absence.starts_at, starts), (absence.ends_at, ends)):
        here = clock.local(moment)
        assert (here.day, here.hour, here.minute) == (day, hour, minute)


def test_a_coordinator_notes_that_a_colleague_is_ill_and_the_journal_says_who(visitors: Any) -> None:
    karim, hilde = a_worker("Karim"), a_person(role=Role.COORDINATOR, programme=a_programme())
    page = visitors(hilde).open("/agenda/team").follow("Karim Claes is afwezig")
    page = page.send("Noteer de afwezigheid", begins_on="2026-11-18", ends_on="2026-11-18", sudden=True)
    page.says("wo 18/11")
    [absence] = db.session.scalars(sa.select(Absence))
    assert (absence.person_id, absence.sudden) == (karim.id, True)
    [entry] = db.session.scalars(sa.select(Entry).where(Entry.action == "absence.entered_for_colleague"))
    assert (entry.actor_id, entry.details) == (hilde.id, {"person": karim.id})
    page.send("Intrekken").lacks("wo 18/11")
    assert db.session.scalar(sa.select(Absence)) is None


def test_only_a_coordinator_of_the_same_programme_does_so(visitors: Any) -> None:
    karim = a_worker("Karim")
    stranger = a_person(role=Role.COORDINATOR, programme=a_programme("Doorstart Brugge"))
    visitors(stranger).open(f"/agenda/team/{karim.key}/away", status=404)
    visitors(a_worker()).open(f"/agenda/team/{karim.key}/away", status=403)


@pytest.mark.engine
def test_from_where_somebody_leaves_is_sealed_and_can_go(visitors: Any) -> None:
    lien = a_worker()
    page = visitors(lien).open("/agenda/departure")
    page.send("Bewaar", postcode="0001").says("We kennen deze Belgische postcode niet")
    page.send("Bewaar", postcode="9300").says("postcode 9300")
    raw = db.session.execute(sa.text("SELECT postcode FROM departure")).scalar_one()
    assert "9300" not in str(raw)
    visitors(a_company()[1]).open("/agenda/departure", status=403)
    visitors(lien).open("/agenda/departure").send("Bewaar", postcode="")
    assert db.session.scalar(sa.select(Departure)) is None


def test_from_where_somebody_left_goes_with_the_worker() -> None:
    from portal.accounts import service as accounts

    lien, karim = a_worker(), a_worker("Karim")
    for person in (lien, karim):
        hours.leave_from(person.id, "9300")
    db.session.commit()
    accounts.deactivate(lien)
    db.session.commit()
    assert [one.person_id for one in db.session.scalars(sa.select(Departure))] == [karim.id]


@pytest.mark.engine
def test_a_contact_keeps_hours_by_site_and_reads_a_hint_until_then(visitors: Any) -> None:
    employer, contact, vacancy = a_company()
    from portal.organisations.models import Workplace

    winkel = Workplace(
        organisation_id=employer.organisation_id, name="Winkel", street="Markt 1", postcode="9300", municipality="Aalst"
    )
    db.session.add(winkel)
    db.session.commit()
    browser = visitors(contact)
    browser.open("/interviews/week").says("Je vulde nog geen uren in")
    page = browser.open("/agenda/hours").says("Je vulde nog geen uren in").lacks("provincies")
    page = page.send("Voeg deze uren toe", weekday="1", starts="09:00", ends="12:00", workplaces=[str(winkel.id)])
    page.says("Enkel: Winkel, Aalst").lacks("Je vulde nog geen uren in")
    browser.open("/interviews/week").lacks("Je vulde nog geen uren in")
    [kept] = queries.hours_of_person(contact.id).open
    assert kept.sites == {winkel.id} != {vacancy.workplace_id}


def test_a_contact_says_where_its_own_interviews_can_be_at_any_time(visitors: Any) -> None:
    _employer, contact, vacancy = a_company()
    other = a_company("Bakkerij Elders")[2]
    page = visitors(contact).open("/company/meeting")
    page.send("Bewaar", inside=[vacancy.key], video=[vacancy.key]).says("Vanaf nu zoeken we momenten")
    from portal.employers.models import Vacancy

    mine = db.session.get_one(Vacancy, vacancy.id)
    assert (mine.interview_inside, mine.interview_video) == (True, True)
    page = visitors(contact).open("/company/meeting")
    form = [*page.form().form_values(), ("inside", other.key)]
    assert page.visitor.post("/company/meeting", form).status == 422
    assert not db.session.get_one(Vacancy, other.id).interview_inside


def test_the_page_of_hours_asks_the_database_no_more_for_many(visitors: Any) -> None:
    lien = a_worker()
    browser = visitors(lien)
    with acting.as_(lien.id, "project_worker"):
        row = hours.add(lien.id, Weekly(1, time(9), time(12)))
        db.session.commit()
        one = browser.open("/agenda/hours")
        for n in range(30):
            hours.add(lien.id, Weekly(n % 5, time(9), time(12)))
            hours.add_once(lien.id, clock.today() + timedelta(days=n), time(18), time(19))
        db.session.commit()
    many = browser.open("/agenda/hours")
    assert len(one.queries) == len(many.queries) <= 8, "\n".join(many.queries)
    assert row.id
