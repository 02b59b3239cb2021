"""The private feed: a secret address for a calendar program, with the reader's own appointments and nobody's name."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from icalendar import Calendar

from portal.accounts import service as accounts
from portal.accounts.models import Membership, Person, PersonalLink
from portal.accounts.roles import Role
from portal.agenda import feed, feed_views
from portal.foundation import acting, clock
from portal.foundation.database import db
from portal.interviews import service
from portal.interviews.states import Mode
from tests.candidates.factories import a_booked_screening, a_candidate, a_worker
from tests.factories import a_person, a_programme
from tests.interviews.factories import CANARY, NOW, a_confirmed, a_requested, again, an_interest, slots_of
from tests.placements.factories import a_cast, a_start
from tests.visitor import Visitor

pytestmark = pytest.mark.usefixtures("app")


@pytest.fixture(autouse=True)
def now() -> Iterator[Any]:
    with time_machine.travel(NOW, tick=False) as at:
        yield at


def made(person: Person) -> str:
    feed.make(person)
    db.session.commit()
    return path_of(person)


def path_of(person: Person) -> str:
    address = feed.address_of(person)
    assert address.endswith(".ics")
    return "/calendar/" + address.rpartition("/calendar/")[2]


def events(visitor: Visitor, path: str) -> list[Any]:
    page = visitor._ask(lambda: visitor.client.get(path))
    assert page.status == 200, page.html[:300]
    assert page.response.headers["Content-Type"] == "text/calendar; charset=utf-8"
    return list(Calendar.from_ical(page.html).walk("VEVENT"))


def test_a_person_makes_renews_and_stops_the_address(visitor: Visitor, visitors: Any) -> None:
    an = a_person(role=Role.PROJECT_WORKER, programme=a_programme())
    browser = visitors(an)
    browser.open("/agenda").follow("Mijn agenda’s").send("Maak mijn agenda-adres").says(
        "Geef dit adres aan je agendaprogramma"
    )
    first = path_of(an)
    browser.open("/agenda/calendars").says(first)
    assert events(visitor, first) == []
    browser.open("/agenda/calendars").send("Maak een nieuw adres")
    second = path_of(an)
    assert second != first and visitor.client.get(first).status_code == 404
    assert events(visitor, second) == []
    browser.open("/agenda/calendars").send("Stop dit adres").says("Maak mijn agenda-adres").lacks(second)
    assert visitor.client.get(second).status_code == 404


def test_a_wrong_an_old_and_a_closed_address_say_the_same(visitor: Visitor) -> None:
    an, bea = (a_person(role=Role.PROJECT_WORKER, programme=a_programme()) for _ in range(2))
    old, open_one = made(an), made(bea)
    feed.revoke(an)
    db.session.commit()
    number, _, proof = open_one.removeprefix("/calendar/").removesuffix(".ics").partition("-")
    wrong = [
        f"/calendar/{number}-{'0' * len(proof)}.ics",
        f"/calendar/999-{proof}.ics",
        "/calendar/x.ics",
        f"/calendar/{number}-.ics",
    ]
    answers = {visitor.client.get(path).get_data(as_text=True) for path in (old, *wrong)}
    assert {visitor.client.get(path).status_code for path in (old, *wrong)} == {404}
    nonce_free = {_without_nonce(one) for one in answers}
    assert len(nonce_free) == 1


def _without_nonce(html: str) -> str:
    import re

    return re.sub(r'(nonce|value|content)="[^"]*"', "", html)


def test_a_stolen_database_gives_no_address() -> None:
    an = a_person(role=Role.PROJECT_WORKER, programme=a_programme())
    proof = made(an).removesuffix(".ics").partition("-")[2]
    for table in db.metadata.sorted_tables:
        for row in db.session.execute(sa.text(f'SELECT * FROM "{table.name}"')).mappings():
            assert proof not in str(dict(row)), table.name


def test_an_interview_reads_as_in_its_letter_and_is_the_same_event(visitor: Visitor, post: Any) -> None:
    interview = a_confirmed(an_interest(permission=False))
    for person in (interview.contact, interview.companion):
        [letter] = [one for one in post.to(person.email) if one.calendar is not None]
        [sent] = Calendar.from_ical(letter.calendar["ics"]).walk("VEVENT")
        [shown] = events(visitor, made(person))
        for name in ("UID", "SEQUENCE", "SUMMARY", "LOCATION", "DESCRIPTION", "DTSTART", "DTEND", "STATUS"):
            assert str(shown.get(name)) == str(sent.get(name)), name
            assert shown.decoded(name) == sent.decoded(name)
        text = shown.to_ical().decode()
        assert CANARY not in text and "Kwartelslag" not in text
        assert "ATTENDEE" not in text and "ORGANIZER" not in text


def test_before_confirmation_it_is_tentative_and_says_no_place(visitor: Visitor, post: Any) -> None:
    case = an_interest(permission=True)
    a_requested(case)
    db.session.commit()
    for person in (case.contact, case.worker):
        page = visitor.client.get(made(db.session.get_one(Person, person.id)))
        text = page.get_data(as_text=True)
        [event] = Calendar.from_ical(text).walk("VEVENT")
        assert event["STATUS"] == "TENTATIVE" and "LOCATION" not in event
        assert "Oudenaarde" not in text and "evangenis" not in text and CANARY not in text


def test_inside_a_prison_is_never_a_place_in_a_calendar(visitor: Visitor, post: Any) -> None:
    interview = a_confirmed(an_interest(permission=False))
    contact, interview.mode = interview.contact, Mode.INSIDE
    db.session.commit()
    text = visitor.client.get(made(contact)).get_data(as_text=True)
    assert "Oudenaarde" not in text and "evangenis" not in text and "prison" not in text.lower()


def test_a_move_counts_on_and_a_cancellation_takes_it_away(visitor: Visitor, post: Any) -> None:
    case = an_interest(permission=False)
    interview = a_confirmed(case)
    path = made(interview.contact)
    [before] = events(visitor, path)
    with acting.as_(interview.worker_id, "project_worker"):
        service.move(again(interview), slots_of(case, interview=again(interview))[1][3])
    db.session.commit()
    [after] = events(visitor, path)
    assert after["UID"] == before["UID"] and after["SEQUENCE"] > before["SEQUENCE"]
    assert after.decoded("DTSTART") != before.decoded("DTSTART")
    with acting.as_(interview.worker_id, "project_worker"):
        service.cancel(again(interview), "employer")
    db.session.commit()
    assert events(visitor, path) == []


def test_who_else_takes_no_part_finds_nothing(visitor: Visitor, post: Any) -> None:
    a_confirmed(an_interest(permission=False))
    stranger = a_person(role=Role.PROJECT_WORKER, programme=a_programme())
    assert events(visitor, made(stranger)) == []


@pytest.mark.parametrize("gone", ["closed", "left"])
def test_who_left_has_no_feed_from_the_next_request_on(visitor: Visitor, post: Any, now: Any, gone: str) -> None:
    contact = a_confirmed(an_interest(permission=False)).contact
    path = made(contact)
    assert len(events(visitor, path)) == 1
    now.shift(timedelta(days=1))
    if gone == "closed":
        accounts.deactivate(contact)
    else:
        seat = db.session.scalars(sa.select(Membership).where(Membership.person_id == contact.id)).one()
        seat.until = clock.today() - timedelta(days=1)
    db.session.commit()
    assert visitor.client.get(path).status_code == 404


def test_check_ins_stand_above_their_day_and_say_about_nobody(visitor: Visitor, post: Any) -> None:
    placement = a_start(a_cast())
    worker, contact = (db.session.get_one(Person, number) for number in (placement.worker_id, placement.contact_id))
    mine, theirs = events(visitor, made(worker)), events(visitor, made(contact))
    assert len(mine) > len(theirs) > 3
    for event in [*mine, *theirs]:
        assert event["TRANSP"] == "TRANSPARENT" and not hasattr(event.decoded("DTSTART"), "hour")
        assert CANARY not in event.to_ical().decode()
    assert len({str(one["UID"]) for one in mine}) == len(mine)
    assert {str(one["UID"]) for one in mine} == {str(one["UID"]) for one in events(visitor, path_of(worker))}
    assert any("bezoek" in str(one["SUMMARY"]) for one in mine)
    assert all("formulier" in str(one["SUMMARY"]) or "Opvolgmoment" in str(one["SUMMARY"]) for one in theirs)


def test_it_speaks_its_readers_language_and_is_kept_nowhere(visitor: Visitor, post: Any) -> None:
    interview = a_confirmed(an_interest(permission=False))
    interview.contact.language = "fr"
    path = made(interview.contact)
    answer = visitor.client.get(path)
    assert "Entretien" in answer.get_data(as_text=True)
    assert answer.headers["Cache-Control"] == "no-store" and "Set-Cookie" not in answer.headers
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.engine
def test_it_is_asked_for_now_and_then_and_not_without_end(visitor: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feed_views, "MOST_A_QUARTER", 3)
    path = made(a_person(role=Role.PROJECT_WORKER, programme=a_programme()))
    codes = [visitor.client.get(path).status_code for _ in range(5)]
    assert codes == [200, 200, 200, 429, 429]
    assert int(visitor.client.get(path).headers["Retry-After"]) > 0
    monkeypatch.setattr(feed_views, "MOST_FROM_ONE_PLACE", 1)
    assert visitor.client.get("/calendar/x.ics").status_code == 429


def test_the_feed_asks_the_database_no_more_for_many(visitor: Visitor, post: Any) -> None:
    first = an_interest(permission=False)
    a_confirmed(first)
    path = made(first.contact)
    visitor.client.get(path)  # the first asking of an hour is noted
    one = visitor._ask(lambda: visitor.client.get(path))
    for n in range(4):
        case = an_interest(first.worker, company=(first.employer, first.contact, first.vacancy), permission=False)
        a_confirmed(case, slot=n + 1)
    more = visitor._ask(lambda: visitor.client.get(path))
    assert len(list(Calendar.from_ical(more.html).walk("VEVENT"))) == 5
    assert len(one.queries) == len(more.queries) <= 8, "\n".join(more.queries)


def test_a_link_of_another_kind_opens_no_feed(visitor: Visitor, post: Any) -> None:
    an = a_person(role=Role.PROJECT_WORKER, programme=a_programme())
    from portal.accounts import links

    other = links.make("password", an, reader=f"person:{an.id}", expires=clock.days_from_now(1))
    db.session.commit()
    assert visitor.client.get(f"/calendar/{links.token_of(other)}.ics").status_code == 404
    assert db.session.scalar(sa.select(sa.func.count(PersonalLink.id))) == 1


def test_a_worker_finds_sit_days_and_screenings_by_place_and_hour(visitor: Visitor, post: Any) -> None:
    worker, colleague = a_worker(), a_worker("Karim")
    screening = a_booked_screening(worker, a_candidate(worker, first_name=CANARY, last_name="Haddad"))
    db.session.commit()
    shown = events(visitor, made(worker))
    assert {str(one["SUMMARY"]).partition(" at ")[0] for one in shown} == {"Sit-day", "Screening"}
    assert any(one.decoded("DTSTART") == screening.starts_at for one in shown)
    text = "".join(one.to_ical().decode() for one in shown)
    assert CANARY not in text and "Haddad" not in text and "ATTENDEE" not in text
    assert events(visitor, made(colleague)) == []


@pytest.mark.engine
def test_an_address_that_is_asked_for_lives_on_and_one_that_nobody_asks_for_stops(
    visitor: Visitor, visitors: Any, now: Any
) -> None:
    an = a_person(role=Role.PROJECT_WORKER, programme=a_programme())
    path = made(an)
    visitors(an).open("/agenda/calendars").says("Nog geen enkel agendaprogramma vroeg ernaar", "16 november 2027")
    for _month in range(14):
        now.shift(timedelta(days=30))
        assert visitor.client.get(path).status_code == 200
    visitors(an).open("/agenda/calendars").says("Laatst opgehaald op 10 januari 2028 om 10.00")
    now.shift(timedelta(days=366))
    assert visitor.client.get(path).status_code == 404
    visitors(an).open("/agenda/calendars").says("Maak mijn agenda-adres").lacks(path)


def test_that_it_was_asked_for_is_noted_once_an_hour(visitor: Visitor, now: Any) -> None:
    path = made(a_person(role=Role.PROJECT_WORKER, programme=a_programme()))
    first, second = (visitor._ask(lambda: visitor.client.get(path)) for _ in range(2))
    assert len(second.queries) == len(first.queries) - 2 <= 8, "\n".join(second.queries)
    now.shift(timedelta(minutes=61))
    assert len(visitor._ask(lambda: visitor.client.get(path)).queries) == len(first.queries)
