"""Another calendar of a worker's: its hours count in the search, nothing else of it is kept, and only the job worker calls."""

import io
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from werkzeug.datastructures import FileStorage

from portal.accounts import service as accounts
from portal.accounts.roles import Role
from portal.agenda import busy, busy_worker, commitments, holds, queries
from portal.agenda.models import BusySource, BusySpan, BusyState, HoldKind
from portal.agenda.windows import Span
from portal.foundation import clock, jobs
from portal.foundation.database import db
from portal.tasks.models import Task
from tests.agenda.calendar_server import Server, serving
from tests.agenda.test_busy_reading import a_calendar
from tests.factories import a_person, a_programme
from tests.interviews.factories import NOW, a_confirmed, again, an_interest, slots_of

pytestmark = pytest.mark.usefixtures("app")
DENTIST = a_calendar(
    "DTSTART:20261117T080000Z\nDTEND:20261117T110000Z", "DTSTART:20261119T080000Z\nDURATION:PT1H\nRRULE:FREQ=WEEKLY"
)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving(tmp_path_factory.mktemp("tls")) as one:
        yield one


@pytest.fixture
def now() -> Iterator[Any]:
    with time_machine.travel(NOW, tick=False) as at:
        yield at


def a_worker(**about: Any) -> Any:
    return a_person(role=Role.PROJECT_WORKER, programme=a_programme(), **about)


def look(server: Server, **other: Any) -> int:
    return busy_worker.look(server.fetcher(**other))


def subscribed(person: Any, server: Server, path: str = "/my.ics") -> BusySource:
    source = busy.subscribe(person.id, server.url(path))
    db.session.commit()
    return source


def again_(source: BusySource) -> BusySource:
    db.session.expire_all()
    return db.session.get_one(BusySource, source.id)


def spans(source: BusySource) -> list[tuple[datetime, datetime]]:
    rows = db.session.execute(
        sa.select(BusySpan.starts_at, BusySpan.ends_at)
        .where(BusySpan.source_id == source.id)
        .order_by(BusySpan.starts_at)
    )
    return [(row[0], row[1]) for row in rows]


def open_tasks(person: Any) -> list[str]:
    waiting = sa.select(Task.kind).where(Task.owner_id == person.id, Task.closed_at.is_(None))
    return sorted(db.session.scalars(waiting.where(Task.kind.startswith("agenda."))))


def test_only_the_hours_are_kept(server: Server, now: Any) -> None:
    lien = a_worker()
    server.gives("/my.ics", DENTIST)
    source = subscribed(lien, server)
    assert look(server) == 1
    kept = spans(again_(source))
    assert kept[0] == (datetime.fromisoformat("2026-11-17T08:00Z"), datetime.fromisoformat("2026-11-17T11:00Z"))
    assert len(kept) == 1 + 26
    columns = {column.name for column in BusySpan.__table__.columns}
    assert columns == {"id", "created_at", "source_id", "starts_at", "ends_at"}
    raw = db.session.execute(sa.text("SELECT * FROM busy_source")).mappings().one()
    assert "my.ics" not in str(dict(raw)) and "Dentist" not in str(dict(raw))


@pytest.mark.engine
def test_they_count_in_the_search_for_a_moment_as_an_absence_does(server: Server, now: Any) -> None:
    case = an_interest(permission=False)
    before = {slot.start for slot in slots_of(case)[1]}
    tuesday = datetime.fromisoformat("2026-11-17T09:00Z")
    assert tuesday + timedelta(days=2) in before
    server.gives("/my.ics", a_calendar("DTSTART;VALUE=DATE:20261119\nDTEND;VALUE=DATE:20261120"))
    subscribed(case.worker, server)
    look(server)
    after = {slot.start for slot in slots_of(case)[1]}
    assert after < before and not {one for one in after if clock.local(one).date() == date(2026, 11, 19)}
    first, last = clock.midnight(date(2026, 11, 16)), clock.midnight(date(2026, 11, 30))
    party = f"person:{case.worker.id}"
    whole_day = Span(clock.midnight(date(2026, 11, 19)), clock.midnight(date(2026, 11, 20)))
    assert queries.busy([case.worker.id], [], first, last)[party] == [whole_day]
    assert [one.span for one in commitments.of([case.worker.id], [], first, last)[party]] == [whole_day]
    assert queries.busy([case.contact.id], [], first, last) == {}


def test_an_appointment_that_stands_is_never_refused_or_moved_but_somebody_looks(
    server: Server, now: Any, post: Any
) -> None:
    interview = a_confirmed(an_interest(permission=False))
    begins, ends = (one.strftime("%Y%m%dT%H%M%SZ") for one in (interview.starts_at, interview.ends_at))
    before = (interview.state, interview.starts_at, interview.sequence)
    server.gives("/my.ics", a_calendar(f"DTSTART:{begins}\nDURATION:PT3H"))
    lien = interview.companion
    subscribed(lien, server)
    look(server)
    interview = again(interview)
    assert (interview.state, interview.starts_at, interview.sequence) == before
    assert open_tasks(lien) == ["agenda.overlap"]
    now.shift(timedelta(hours=1))
    server.gives("/my.ics", a_calendar(f"UID:copy\nDTSTART:{begins}\nDTEND:{ends}"))
    look(server)
    assert open_tasks(lien) == [], "the same hours are a copy of the appointment"


def test_an_appointment_that_comes_later_is_compared_too_though_the_calendar_has_not_changed(
    server: Server, now: Any
) -> None:
    lien = a_worker()
    server.gives("/my.ics", DENTIST, ETag='"one"')
    source = subscribed(lien, server)
    look(server)
    assert open_tasks(lien) == []
    taken = Span(datetime.fromisoformat("2026-11-17T10:00Z"), datetime.fromisoformat("2026-11-17T12:00Z"))
    holds.take(again_(source), HoldKind.VISIT, taken, [holds.Party(holds.person(lien.id), taken)])
    db.session.commit()
    now.shift(timedelta(hours=1))
    server.gives("/my.ics", b"", 304)
    look(server)
    assert open_tasks(lien) == ["agenda.overlap"]


def test_what_came_from_here_does_not_stand_in_its_own_way(server: Server, now: Any, post: Any) -> None:
    interview = a_confirmed(an_interest(permission=False))
    begins = interview.starts_at.strftime("%Y%m%dT%H%M%SZ")
    server.gives("/my.ics", a_calendar(f"UID:{interview.uid}\nDTSTART:{begins}\nDURATION:PT2H"))
    source = subscribed(interview.companion, server)
    look(server)
    assert again_(source).state is BusyState.READ and spans(source) == []


def test_each_is_looked_at_once_an_hour_and_wholly_once_a_day(server: Server, now: Any) -> None:
    server.gives("/my.ics", DENTIST, ETag='"one"')
    source = subscribed(a_worker(), server)
    assert [look(server), look(server)] == [1, 0]
    now.shift(timedelta(hours=1))
    server.gives("/my.ics", b"", 304)
    assert look(server) == 1 and server.asked[-1][1]["If-None-Match"] == '"one"'
    assert again_(source).state is BusyState.READ and len(spans(source)) == 27
    now.shift(timedelta(hours=20))
    server.gives("/my.ics", DENTIST, ETag='"one"')
    look(server)
    assert "If-None-Match" not in server.asked[-1][1]


def test_two_workers_do_not_look_at_the_same_one(server: Server, now: Any) -> None:
    source = subscribed(a_worker(), server)
    assert busy.claim(source.id, clock.now()) is not None
    db.session.commit()
    assert busy.claim(source.id, clock.now()) is None
    db.session.rollback()


def test_no_page_calls_an_address(server: Server, visitors: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_given: Any, **_more: Any) -> None:
        raise AssertionError("a page called out")

    monkeypatch.setattr("portal.agenda.fetching.Fetcher.fetch", never)
    browser = visitors(a_worker())
    page = browser.open("/agenda/calendars/address").send(
        "Voeg deze agenda toe", address=f"webcal://cal.example.org/secret-{1}.ics"
    )
    page.says("cal.example.org", "nog niet bekeken").lacks("secret-1")
    page.send("Bekijk opnieuw")
    assert jobs.each_minute["agenda.other_calendars"] is busy_worker.look


def test_after_three_days_without_an_answer_the_hours_go_and_the_worker_is_asked(
    server: Server, now: Any, visitors: Any
) -> None:
    lien = a_worker()
    browser = visitors(lien)
    server.gives("/my.ics", DENTIST)
    source = subscribed(lien, server)
    look(server)
    server.gives("/my.ics", b"", 404)
    for hours in (1, 24, 46):
        now.shift(timedelta(hours=hours))
        look(server)
        assert again_(source).state is BusyState.STALE and len(spans(source)) >= 25
        assert open_tasks(lien) == []
    browser.become(lien).open("/agenda/calendars").says("niet bijgewerkt", "De server geeft deze agenda niet")
    now.shift(timedelta(hours=26))
    look(server)
    assert again_(source).state is BusyState.LOST and spans(source) == []
    assert open_tasks(lien) == ["agenda.calendar_lost"]
    browser.become(lien).open("/").says("calendar.example.org").lacks("my.ics")
    server.gives("/my.ics", DENTIST)
    now.shift(timedelta(hours=1))
    look(server)
    assert again_(source).state is BusyState.READ and open_tasks(lien) == [] and spans(source)


@pytest.mark.parametrize("target", ["http://calendar.example.org/a", "https://127.0.0.1/", "https://169.254.169.254/"])
def test_an_address_that_leads_inside_is_said_to_and_nothing_of_it_is_logged(
    server: Server, now: Any, target: str, capfd: pytest.CaptureFixture[str]
) -> None:
    server.gives("/my.ics", b"", 302, Location=target)
    source = subscribed(a_worker(), server)
    look(server)
    assert (again_(source).trouble, source.state) == ("refused_address", BusyState.WAITING)
    out = capfd.readouterr()
    assert "my.ics" not in out.out + out.err and "calendar.example.org" not in out.out + out.err


@pytest.mark.engine
def test_removed_while_the_line_is_open_it_is_nobodys(server: Server, now: Any) -> None:
    lien = a_worker()
    server.gives("/my.ics", DENTIST)
    source = subscribed(lien, server)

    def meanwhile(host: str, port: int) -> list[str]:
        with engine.begin() as other:
            other.execute(sa.delete(BusySource).where(BusySource.id == number))
        return ["127.0.0.1"]

    number, engine = source.id, db.engine
    look(server, resolve=meanwhile)
    assert db.session.scalar(sa.select(sa.func.count(BusySpan.id))) == 0


def test_nobody_elses_calendar_is_there_and_removing_forgets_all(server: Server, now: Any, visitors: Any) -> None:
    lien, karim = a_worker(), a_worker(first_name="Karim")
    server.gives("/my.ics", DENTIST)
    source = subscribed(lien, server)
    look(server)
    key = source.key
    stranger = visitors(karim)
    stranger.open("/agenda/calendars").lacks("calendar.example.org")
    form = stranger.open("/agenda/calendars").form("Maak mijn agenda-adres")
    token = dict(form.form_values())["csrf_token"]
    assert stranger.post(f"/agenda/calendars/{key}/remove", [("csrf_token", token), ("once", "x")]).status == 404
    visitors(lien).open("/agenda/calendars").says("calendar.example.org", "29 uur").send("Weghalen").says(
        "zijn hier weg"
    )
    assert db.session.scalar(sa.select(sa.func.count(BusySpan.id))) == 0
    assert db.session.scalar(sa.select(sa.func.count(BusySource.id))) == 0


def test_a_file_is_read_once_and_not_kept(now: Any, visitors: Any) -> None:
    lien = a_worker()
    browser = visitors(lien)
    page = browser.open("/agenda/calendars/file")

    def send(content: bytes, name: str = "private.ics") -> Any:
        values = dict(page.form("Lees dit bestand").form_values())
        given = FileStorage(io.BytesIO(content), name, content_type="text/calendar")
        return browser.post("/agenda/calendars/file", [*values.items(), ("file", given)])

    refused = send(b"<html>no calendar</html>")
    assert refused.status == 422
    refused.says("kan niet als agenda gelezen worden")
    assert send(b"BEGIN:VCALENDAR" + b"x" * 1_000_000).status == 422
    send(DENTIST).says("Een bestand, één keer gelezen", "29 uur").lacks("Dentist", "private.ics")
    assert db.session.scalars(sa.select(BusySource.next_look_at)).all() == [None]


@pytest.mark.parametrize(
    "address",
    [
        "http://example.org/a.ics",
        "file:///etc/passwd",
        "https://me:pw@example.org/a.ics",
        "example.org/a.ics",
        "javascript:alert(1)",
    ],
)
def test_what_cannot_be_fetched_is_refused_where_it_is_typed(visitors: Any, address: str) -> None:
    page = visitors(a_worker()).open("/agenda/calendars/address").send("Voeg deze agenda toe", address=address)
    assert page.status == 422
    page.says("Dit is geen adres dat we kunnen ophalen").lacks("me:pw")
    assert (
        not address.startswith("https://me:pw@")
        or page.tree.xpath("//input[@name='address']")[0].get("value") == "https://example.org/a.ics"
    )


def test_five_calendars_is_the_most(now: Any, visitors: Any) -> None:
    lien = a_worker()
    for n in range(5):
        busy.subscribe(lien.id, f"https://example.org/{n}.ics")
        db.session.commit()
    page = (
        visitors(lien)
        .open("/agenda/calendars/address")
        .send("Voeg deze agenda toe", address="https://example.org/6.ics")
    )
    assert page.status == 422
    page.says("Vijf andere agenda")


def test_the_page_asks_the_database_no_more_for_many(now: Any, visitors: Any) -> None:
    lien = a_worker()
    browser = visitors(lien)
    none = len(browser.open("/agenda/calendars").queries)
    for n in range(5):
        source = busy.take_in(
            lien.id,
            [Span(clock.now() + timedelta(hours=k), clock.now() + timedelta(hours=k + 1)) for k in range(0, 90, 3)],
        )
        source.trouble = "" if n else "too_slow"
    db.session.commit()
    page = browser.open("/agenda/calendars")
    assert none == len(page.queries) <= 8


def test_who_left_is_not_looked_at_and_forgotten_in_the_night(server: Server, now: Any) -> None:
    lien = a_worker()
    subscribed(lien, server)
    accounts.deactivate(lien)
    db.session.commit()
    assert look(server) == 0
    busy_worker.nightly()
    assert db.session.scalar(sa.select(sa.func.count(BusySource.id))) == 0


def test_hours_that_are_over_are_forgotten_in_the_night(server: Server, now: Any) -> None:
    server.gives("/my.ics", DENTIST)
    source = subscribed(a_worker(), server)
    look(server)
    now.shift(timedelta(days=9))
    busy_worker.nightly()
    assert min(start for start, _ in spans(source)) > clock.now() - timedelta(days=2)


@pytest.mark.engine
def test_the_whole_round_on_either_engine(server: Server, now: Any) -> None:
    case = an_interest(permission=False)
    server.gives("/my.ics", DENTIST)
    source = subscribed(case.worker, server)
    assert look(server) == 1 and len(spans(source)) == 27
    subject = db.session.get_one(BusySource, source.id)
    held = Span(datetime.fromisoformat("2026-11-26T08:30Z"), datetime.fromisoformat("2026-11-26T09:30Z"))
    holds.take(subject, HoldKind.VISIT, held, [holds.Party(holds.person(case.worker.id), held)])
    db.session.commit()
    now.shift(timedelta(hours=1))
    look(server)
    assert "agenda.overlap" in open_tasks(case.worker)
    busy.forget(again_(source))
    db.session.commit()
    assert open_tasks(case.worker) == [] and spans(source) == []
