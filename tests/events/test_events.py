"""A few companies visit together: asked, seated in turn, told of every change, called afterwards (issue 6, visits and events)."""

from datetime import time, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from icalendar import Calendar

from portal.agenda.models import Hold, HoldCell
from portal.employers.states import EmployerState
from portal.events import nightly, planning, queries, seats
from portal.events.models import Event, EventSeat
from portal.events.rules import Over, TooFewSeats
from portal.events.states import EventState, SeatState
from portal.foundation.database import db
from portal.journal.models import Entry
from portal.programmes.models import ProgrammeSite, Site, SiteKind
from portal.tasks.models import Task
from tests.events.factories import NOW, THURSDAY, a_company, a_worker, again, an_event, asked, said
from tests.factories import a_programme

pytestmark = [pytest.mark.usefixtures("app"), pytest.mark.engine]
_S = SeatState


@pytest.fixture
def at() -> Any:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


def states(event: Event) -> list[str]:
    return sorted(f"{one.employer.organisation.name}: {one.state}" for one in queries.seats(again(event)))


def kinds() -> set[str]:
    db.session.expire_all()
    return set(db.session.scalars(sa.select(Task.kind).where(Task.closed_at.is_(None), Task.kind.like("events.%"))))


def test_a_worker_plans_a_visit_and_its_time_is_held(visitors: Any, at: Any) -> None:
    lien = visitors(a_worker())
    page = lien.open("/events").says("Er is geen bezoek gepland").follow("Plan een bezoek")
    filled = {
        "title": "Kijken bij Joos", "words": "Een rondgang.", "day": "2026-12-10", "starts": "10:00", "ends": "11:30",
        "street": "Kaai 4", "postcode": "9000", "municipality": "gent", "seats": "6",
    }  # fmt: skip
    shown = page.send("Plan het", **filled).says("Kijken bij Joos", "Nog niemand is uitgenodigd", "Kaai 4")
    assert shown.path.startswith("/events/")
    again_ = lien.open("/events/new").send("Plan het", **filled)
    assert again_.status == 409
    again_.says("De organisator heeft op dat uur iets anders")
    lien.open("/events").says("Kijken bij Joos", "0 van 6", "Gent")
    lien.open("/agenda?day=2026-12-10").says("Kijken bij Joos")
    lien.open("/agenda/day?day=2026-12-10").says("Kijken bij Joos", "De lijst van wie komt")


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"ends": "09:00"}, "Het einde komt voor het begin"),
        ({"day": "2026-11-02"}, "Dit moment is voorbij"),
        ({"postcode": "", "municipality": "", "street": ""}, "Zeg waar het is"),
        ({"answer_by": "2026-12-24"}, "Kies een laatste dag"),
        ({"seats": "99"}, "Geef een getal van 1 tot 30"),
        ({"postcode": "9000", "municipality": "Luik"}, "Gent"),
    ],
)
def test_what_cannot_be_is_said_beside_its_field(visitors: Any, at: Any, wrong: dict[str, str], sentence: str) -> None:
    page = visitors(a_worker()).open("/events/new")
    filled = {
        "title": "Bezoek", "words": "Kijken.", "day": "2026-12-10", "starts": "10:00", "ends": "11:30", "street": "Kaai 4",
        "postcode": "9000", "municipality": "Gent", "seats": "6",
    }  # fmt: skip
    answer = page.send("Plan het", **{**filled, **wrong})
    assert answer.status == 422
    answer.says(sentence)
    assert answer.tree.xpath("//input[@name='title']/@value") == ["Bezoek"]


def test_the_letters_can_be_read_before_they_leave(visitors: Any, post: Any, at: Any) -> None:
    worker = a_worker()
    event = an_event(worker)
    company, _an = a_company("Bakkerij Verlinden")
    page = visitors(worker).open(f"/events/{event.key}/invite")
    read = page.send("Lees eerst de brieven", companies=[company.key])
    read.says("Kom je mee? Bezoek aan de bakkerij")
    assert post.all() == [] and db.session.scalar(sa.select(sa.func.count(EventSeat.id))) == 0


def test_a_company_answers_by_its_letter_without_an_account(visitors: Any, post: Any, at: Any) -> None:
    worker = a_worker()
    event = an_event(worker)
    company, an = a_company("Bakkerij Verlinden")
    visitors(worker).open(f"/events/{event.key}/invite").send("Verstuur", companies=[company.key]).says(
        "Er vertrekt één brief"
    )
    letter = post.last(an.email, "events/invitation")
    assert "Kaai 4" in letter.text and "Stevige schoenen" in letter.text
    somebody = visitors()
    page = somebody.open(letter.path("/visit/")).says("Bezoek aan de bakkerij", "Bakkerij Verlinden")
    assert states(event) == ["Bakkerij Verlinden: invited"], "a link shows"
    page.send("Verstuur het antwoord", comes="yes", people="2", names="An Verlinden en Jef Bogaert").says("Je komt.")
    assert states(event) == ["Bakkerij Verlinden: coming"]
    calendar = Calendar.from_ical(post.last(an.email, "events/seat").calendar["ics"])
    [entry] = calendar.walk("VEVENT")
    assert str(calendar["METHOD"]) == "REQUEST" and str(entry["SUMMARY"]) == "Bezoek aan de bakkerij"
    assert again(event).starts_at == entry.DTSTART
    visitors(worker).open(f"/events/{event.key}/list").says("An Verlinden en Jef Bogaert", "2")
    # The same letter takes it back.
    somebody.open(letter.path("/visit/")).send("Verstuur het antwoord", comes="no").says(
        "Bedankt om het te laten weten"
    )
    gone = Calendar.from_ical(post.last(an.email, "events/left").calendar["ics"])
    assert str(gone["METHOD"]) == "CANCEL" and str(gone.walk("VEVENT")[0]["UID"]) == str(entry["UID"])


def test_who_waits_longest_gets_the_seat_that_comes_free(visitors: Any, post: Any, at: Any) -> None:
    worker = a_worker()
    event = an_event(worker, seats=2)
    companies = [a_company(f"Bedrijf {name}") for name in ("Aerts", "Boon", "Coene", "Daems")]
    rows = asked(event, *[one for one, _ in companies])
    for (_employer, person), _row in zip(companies, rows, strict=True):
        at.shift(timedelta(minutes=1))
        visitors(person).open(f"/events/{event.key}").send("Verstuur het antwoord", comes="yes", people="1")
    assert states(event) == [
        "Bedrijf Aerts: coming", "Bedrijf Boon: coming", "Bedrijf Coene: waiting", "Bedrijf Daems: waiting",
    ]  # fmt: skip
    assert "wachtlijst" in post.last("coene@werk.example").subject
    visitors(companies[0][1]).open(f"/events/{event.key}").says("je komt").send("Verstuur het antwoord", comes="no")
    assert states(event)[0] == "Bedrijf Aerts: declined" and states(event)[2] == "Bedrijf Coene: coming"
    assert "Er kwam een plaats vrij" in post.last("coene@werk.example", "events/seat").text
    # More seats: the next one comes too.
    planning.change(queries.by_id(event.id, lock=True), said(seats=3))
    db.session.commit()
    assert states(event)[3] == "Bedrijf Daems: coming"
    with pytest.raises(TooFewSeats):
        planning.change(queries.by_id(event.id, lock=True), said(seats=2))


def test_a_move_reaches_everybody_in_step_and_a_call_off_clears_the_calendars(
    visitors: Any, post: Any, at: Any
) -> None:
    worker = a_worker()
    event = an_event(worker)
    comes, thinks = a_company("Bedrijf Aerts"), a_company("Bedrijf Boon", language="fr")
    asked(event, comes[0], thinks[0])
    visitors(comes[1]).open(f"/events/{event.key}").send("Verstuur het antwoord", comes="yes", people="1")
    page = visitors(worker).open(f"/events/{event.key}/change")
    page.send("Bewaar de wijzigingen", starts="14:00", ends="15:30", place="").says("Gewijzigd")
    newer = Calendar.from_ical(post.last(comes[1].email, "events/seat").calendar["ics"]).walk("VEVENT")[0]
    assert int(newer["SEQUENCE"]) == 1 and again(event).starts_at == newer.DTSTART
    assert "Modifié" in post.last(thinks[1].email, "events/changed").subject
    assert post.to(thinks[1].email, "events/invitation") == [], "the question of before is not sent any more"
    visitors(worker).open(f"/events/{event.key}/cancel").send(None, reason="De oven is stuk.")
    assert again(event).state is EventState.CANCELLED
    gone = post.last(comes[1].email, "events/cancelled")
    assert gone.calendar["method"] == "CANCEL" and "De oven is stuk." in gone.text
    assert post.last(thinks[1].email, "events/cancelled").calendar is None
    assert db.session.scalar(sa.select(sa.func.count(HoldCell.id))) == 0
    assert post.to(comes[1].email, "events/seat") == [], "no appointment for what is called off"
    with pytest.raises(Over):
        seats.comes(queries.by_id(event.id, lock=True), queries.seats(event)[0], people=1, names="")


def test_another_place_reaches_letters_calendars_and_the_agenda(visitors: Any, post: Any, at: Any) -> None:
    worker = a_worker()
    site = Site(
        kind=SiteKind.PRISON, code="hier", nl="Gevangenis van Oudenaarde", fr="Prison d’Audenarde", en="Oudenaarde prison", postcode="9700",
        municipality="Oudenaarde",
    )  # fmt: skip
    db.session.add(site)
    db.session.flush()
    db.session.add(ProgrammeSite(programme_id=a_programme().id, site_id=site.id))
    event = an_event(worker)
    aerts, thinks = a_company("Bedrijf Aerts", language="fr"), a_company("Bedrijf Boon")
    asked(event, aerts[0], thinks[0])
    visitors(aerts[1]).open(f"/events/{event.key}").send("Envoyer", comes="yes", people="1")
    page = visitors(worker).open(f"/events/{event.key}/change")
    page.send("Bewaar de wijzigingen", place=f"site:{site.key}").says("Gewijzigd", "Gevangenis van Oudenaarde")
    newer = post.last(aerts[1].email, "events/seat")
    assert "Prison d’Audenarde" in newer.text and "Kaai 4" not in newer.text
    told = Calendar.from_ical(newer.calendar["ics"]).walk("VEVENT")[0]
    assert "Audenarde" in str(told["LOCATION"])
    assert "Oudenaarde" in post.last(thinks[1].email, "events/changed").text
    assert set(db.session.scalars(sa.select(Hold.postcode))) == {"9700"}
    # And back to an address: nothing of the site is left.
    page = visitors(worker).open(f"/events/{event.key}/change")
    page.send("Bewaar de wijzigingen", place="", street="Dok 7", postcode="9000", municipality="Gent")
    assert "Dok 7" in post.last(aerts[1].email, "events/seat").text
    assert "Audenarde" not in post.last(aerts[1].email, "events/seat").text


def test_after_the_visit_each_company_that_came_is_called(visitors: Any, post: Any, at: Any) -> None:
    worker = a_worker()
    event = an_event(worker)
    came, missed, _no = a_company("Bedrijf Aerts"), a_company("Bedrijf Boon"), a_company("Bedrijf Coene")
    rows = asked(event, came[0], missed[0], _no[0])
    for one in (came, missed):
        visitors(one[1]).open(f"/events/{event.key}").send("Verstuur het antwoord", comes="yes", people="1")
    at.move_to("2026-12-10 12:00:00+00:00")
    nightly.run()
    assert kinds() == {"events.note_who_came"}
    lien = visitors(worker)
    page = lien.open(f"/events/{event.key}").follow("Noteer wie er was")
    page.send("Noteer wie er was", came=[rows[0].key]).says("Genoteerd", "nog te bellen")
    assert states(event) == ["Bedrijf Aerts: came", "Bedrijf Boon: stayed_away", "Bedrijf Coene: invited"]
    assert kinds() == {"events.follow_up"}
    task = db.session.scalars(sa.select(Task).where(Task.kind == "events.follow_up", Task.closed_at.is_(None))).one()
    assert task.due.isoformat() == "2026-12-17", "five working days"
    lien.open(task.address).send("Noteer het", outcome="vacancy", note="Zoekt twee inpakkers.").says(
        "Schrijft een vacature"
    )
    assert kinds() == set()
    assert db.session.scalar(sa.select(sa.func.count(Entry.id)).where(Entry.action == "event.followed_up")) == 1
    # The company itself reads that it was there, and nothing of the note.
    visitors(came[1]).open(f"/events/{event.key}").says("je was erbij").lacks("inpakkers", "Bedrijf Boon")


def test_a_reminder_leaves_once_and_too_few_answers_are_somebodys_task(visitors: Any, post: Any, at: Any) -> None:
    worker = a_worker()
    event = an_event(worker)
    aerts = a_company("Bedrijf Aerts")
    asked(event, aerts[0])
    visitors(aerts[1]).open(f"/events/{event.key}").send("Verstuur het antwoord", comes="yes", people="1")
    found: dict[str, tuple[bool, int]] = {}
    for day in ("12-02", "12-03", "12-04", "12-07", "12-08", "12-09"):
        at.move_to(f"2026-{day}T02:15:00+00:00")
        nightly.run()
        nightly.run()
        found[day] = ("events.too_few" in kinds(), len(post.to(aerts[1].email, "events/reminder")))
    # Answers were asked until the 3rd, five working days before; the reminder comes two working days before.
    assert found == {
        "12-02": (False, 0), "12-03": (False, 0), "12-04": (True, 0), "12-07": (True, 0), "12-08": (True, 1), "12-09": (True, 1),
    }  # fmt: skip


def test_nobody_reads_an_event_that_is_not_theirs(visitors: Any, post: Any, at: Any) -> None:
    worker = a_worker()
    closed, everybody = (
        an_event(worker),
        an_event(worker, day=THURSDAY + timedelta(days=1), open=True, title="Open voormiddag"),
    )
    asker, stranger = a_company("Bedrijf Aerts"), a_company("Bedrijf Boon")
    far = a_company("Bedrijf Coene", programme=a_programme("Doorstart Luik"))
    asked(closed, asker[0])
    seats.announce(queries.by_id(everybody.id, lock=True))
    db.session.commit()
    visitors(asker[1]).open(f"/events/{closed.key}").lacks("Bedrijf Boon")
    visitors(stranger[1]).open(f"/events/{closed.key}", status=404)
    visitors(stranger[1]).open("/events").says("Open voormiddag").lacks("Bezoek aan de bakkerij")
    visitors(far[1]).open(f"/events/{everybody.key}", status=404)
    visitors(far[1]).open("/events").lacks("Open voormiddag")
    # An open one can be asked for; the seat is the company's own.
    visitors(stranger[1]).open(f"/events/{everybody.key}").send("Verstuur het antwoord", comes="yes", people="1").says(
        "Je komt"
    )
    elsewhere = visitors(a_worker("Karim", a_programme("Doorstart Luik")))
    for path in ("", "/change", "/invite", "/cancel", "/list", "/came"):
        elsewhere.open(f"/events/{closed.key}{path}", status=404)
    for path in ("/invite", "/list", "/came", "/change"):
        visitors(asker[1]).open(f"/events/{closed.key}{path}", status=403)


def test_a_blocked_company_gets_no_letter_and_a_draft_no_reader(visitors: Any, post: Any, at: Any) -> None:
    worker = a_worker()
    event = an_event(worker, open=True)
    company, person = a_company("Bedrijf Aerts")
    visitors(person).open(f"/events/{event.key}", status=404)
    asked(event, company)
    assert post.to(person.email, "events/invitation")
    company.state = EmployerState.BLOCKED
    db.session.commit()
    assert post.to(person.email, "events/invitation") == []


def test_a_colleague_takes_over_with_its_time(visitors: Any, post: Any, at: Any) -> None:
    event = an_event(a_worker())
    karim = a_worker("Karim")
    visitors(karim).open(f"/events/{event.key}").send("Ik organiseer het vanaf nu").says("Jij organiseert het vanaf nu")
    assert again(event).organiser_id == karim.id
    assert set(db.session.scalars(sa.select(HoldCell.party))) == {f"person:{karim.id}"}
    an_event(db.session.merge(event.organiser), title="Iets anders", starts=time(16), ends=time(17))


def test_a_list_costs_the_same_with_one_and_with_thirty_companies(visitors: Any, post: Any, at: Any) -> None:
    worker = a_worker()
    event = an_event(worker, seats=30)
    first = a_company("Bedrijf Nul")
    asked(event, first[0])
    lien, an = visitors(worker), visitors(first[1])
    pages = ["/events", f"/events/{event.key}", f"/events/{event.key}/invite", f"/events/{event.key}/list"]
    before = [len(lien.open(path).queries) for path in pages] + [len(an.open(path).queries) for path in pages[:2]]
    asked(event, *[a_company(f"Bedrijf N{number}")[0] for number in range(29)])
    for number in range(5):
        an_event(worker, day=THURSDAY + timedelta(days=7 + number))
    after = [len(lien.open(path).queries) for path in pages] + [len(an.open(path).queries) for path in pages[:2]]
    assert before == after and max(after) <= 8
