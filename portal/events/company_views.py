"""What a company sees of an event, and how it answers: on its own page, or by the link of its letter without an account."""

from flask import render_template, request, url_for
from werkzeug.wrappers import Response

from portal.accounts import links
from portal.accounts.models import Person
from portal.employers.queries import employer_of
from portal.events import letters, queries, seats, shown
from portal.events.blueprint import events
from portal.events.forms import YES, SeatForm
from portal.events.models import Event, EventSeat
from portal.events.policy import company
from portal.events.states import EventState, SeatState
from portal.foundation import clock
from portal.foundation.access import anyone, opens_to, viewer
from portal.foundation.database import db
from portal.foundation.errors import NotFound
from portal.foundation.words import _


def index() -> str:
    listed = queries.of_company(employer_of(viewer()))
    now = clock.now()
    return render_template(
        "events/mine.html", shown=shown, coming=[one for one in listed if one.event.ends_at >= now],
        past=[one for one in reversed(listed) if one.event.ends_at < now and one.seat is not None],
    )  # fmt: skip


def page(key: str) -> str:
    event, seat = queries.for_company(employer_of(viewer()), key)
    return _page(event, seat, SeatForm.from_request(**_start(seat)))


def _page(event: Event, seat: EventSeat | None, form: SeatForm) -> str:
    return render_template("events/company.html", event=event, seat=seat, form=form, shown=shown, open=_open(event))


def _open(event: Event) -> bool:
    """Whether an answer still counts."""
    return event.state is EventState.ANNOUNCED and event.starts_at > clock.now()


def _start(seat: EventSeat | None) -> dict[str, str]:
    if seat is None:
        return {"people": "1"}
    said = {SeatState.COMING: "yes", SeatState.WAITING: "yes", SeatState.DECLINED: "no"}.get(seat.state, "")
    return {"people": str(seat.people), "names": seat.names, "comes": said}


@events.post("/events/<key>/answer")
@opens_to(company)
def answer_here(key: str) -> str | Response:
    """A company answers, or asks for a seat at an event that is open to all."""
    employer = employer_of(viewer())
    event, seat = queries.for_company(employer, key)
    form = SeatForm.from_request(**_start(seat))
    if form.accepted():
        event = queries.by_id(event.id, lock=True)
        seat = queries.seat_of(event, employer.id) or seats.ask(
            event, employer, db.session.get_one(Person, viewer().me)
        )
        return form.go(url_for(".show", key=key), _taken(event, seat, form))
    return _page(event, seat, form)


@events.route("/visit/<token>", methods=["GET", "POST"])
@opens_to(anyone)
def answer(token: str) -> str | Response:
    """The link of the letter: it shows, and its button answers. It can be answered anew until the event begins."""
    link = links.find(letters.PURPOSE, token, lock=request.method == "POST")
    row = db.session.get(EventSeat, link.subject_id)
    if row is None:
        raise NotFound()
    event = queries.by_id(row.event_id, lock=request.method == "POST")
    seat = queries.seat_of(event, row.employer_id)
    if seat is None or link.reader != f"person:{seat.person_id}" or not queries.still_speaks(seat.id):
        raise links.NoSuchLink()
    form = SeatForm.from_request(**_start(seat))
    if form.accepted():
        said = _taken(event, seat, form)
        links.use(link)
        return form.go(url_for(".answer", token=token), said)
    return render_template(
        "events/answer.html", event=event, seat=seat, form=form, shown=shown, open=_open(event), token=token
    )


def _taken(event: Event, seat: EventSeat, form: SeatForm) -> str:
    said = form.answer()
    if said.comes != YES:
        seats.stays_away(event, seat)
        return _("Thank you for saying so. Another company gets your seat.")
    if seats.comes(event, seat, people=said.people, names=said.names) is SeatState.WAITING:
        return _("All seats are taken. You stand on the waiting list: as soon as a seat comes free you get a letter.")
    return _("You come. The appointment for your calendar is on its way by letter.")
