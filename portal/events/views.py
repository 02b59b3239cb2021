"""Events as staff keep them; `company_views` is what companies see and answer."""

from typing import Any

from flask import render_template, request, url_for
from werkzeug.wrappers import Response

from portal.accounts.roles import STAFF
from portal.events import company_views, planning, queries, seat_views, seats, shown
from portal.events.blueprint import events
from portal.events.forms import CancelForm, EventForm
from portal.events.models import Event
from portal.events.policy import both, staff
from portal.events.rules import rule
from portal.events.states import EventState, SeatState
from portal.foundation import clock, refusals
from portal.foundation.access import opens_to, viewer
from portal.foundation.forms import Press
from portal.foundation.words import _

blueprints = (events,)


@events.get("/events")
@opens_to(both)
def index() -> str:
    """The events to come, and those that were; a company reads its own."""
    if not viewer().has(*STAFF):
        return company_views.index()
    past = request.args.get("past") == "1"
    return render_template("events/index.html", listed=queries.of_staff(viewer(), past=past), past=past, shown=shown)


@events.route("/events/new", methods=["GET", "POST"])
@opens_to(staff)
def new() -> str | Response:
    programmes = viewer().programmes(*STAFF)
    form = EventForm.from_request(kind="company_visit", seats=rule("most_companies")).offering(
        queries.places(programmes)
    )
    if form.accepted():
        event = planning.plan(programmes[0], viewer().me, form.answer())
        return form.go(url_for(".show", key=event.key), _("It stands in your agenda. Invite companies now."))
    return render_template("events/form.html", form=form, event=None)


@events.get("/events/<key>")
@opens_to(both)
def show(key: str) -> str:
    if not viewer().has(*STAFF):
        return company_views.page(key)
    event = queries.for_staff(viewer(), key)
    everybody = queries.seats(event)
    coming = [one for one in everybody if one.state in (SeatState.COMING, SeatState.CAME)]
    return render_template(
        "events/show.html", event=event, seats=everybody, coming=len(coming), people=sum(one.people for one in coming),
        shown=shown, begun=event.starts_at <= clock.now(), stands=event.state in (EventState.DRAFT, EventState.ANNOUNCED),
        mine=event.organiser_id == viewer().me, follow_up=[one for one in coming if one.state is SeatState.CAME],
    )  # fmt: skip


@events.route("/events/<key>/change", methods=["GET", "POST"])
@opens_to(staff)
def change(key: str) -> str | Response:
    event = _load(key)
    form = EventForm.from_request(**_start(event)).offering(queries.places(viewer().programmes(*STAFF)))
    if form.accepted():
        planning.change(event, form.answer())
        return form.go(url_for(".show", key=key), _("Changed. Whoever has to know gets a letter."))
    seats.still_to_come(event)
    return render_template("events/form.html", form=form, event=event)


def _start(event: Event) -> dict[str, Any]:
    starts, ends = clock.local(event.starts_at), clock.local(event.ends_at)
    place = f"site:{event.site.key}" if event.site else f"workplace:{event.workplace.key}" if event.workplace else ""
    same = {
        name: getattr(event, name)
        for name in ("title", "words", "bring", "street", "postcode", "municipality", "seats", "answer_by", "open")
    }
    return {
        **same, "kind": event.kind.value, "day": starts.date(), "starts": starts.time(), "ends": ends.time(), "place": place,
    }  # fmt: skip


@events.route("/events/<key>/cancel", methods=["GET", "POST"])
@opens_to(staff)
def cancel(key: str) -> str | Response:
    event = _load(key)
    form = CancelForm.from_request()
    if form.accepted():
        planning.cancel(event, form.answer().reason)
        return form.go(url_for(".show", key=key), _("Called off. Everybody who was invited gets a letter."))
    seats.still_to_come(event)
    return render_template("events/cancel.html", form=form, event=event)


@events.post("/events/<key>/take-over")
@opens_to(staff)
def take_over(key: str) -> Response:
    event = _load(key)
    press = Press.from_request()
    if press.accepted():
        planning.take_over(event, viewer().me)
        return press.go(url_for(".show", key=key), _("You organise it from here. It stands in your agenda."))
    return refusals.see_other(url_for(".show", key=key))


@events.get("/events/<key>/list")
@opens_to(staff)
def attendants(key: str) -> str:
    """Who comes, on paper: for the door, the gate and the visitors' book."""
    event = queries.for_staff(viewer(), key)
    coming = [one for one in queries.seats(event) if one.state in (SeatState.COMING, SeatState.CAME)]
    return render_template(
        "events/list.html", event=event, seats=coming, shown=shown, people=sum(one.people for one in coming)
    )


def _load(key: str) -> Event:
    return queries.for_staff(viewer(), key, lock=request.method == "POST")


__all__ = ["blueprints", "company_views", "seat_views"]
