"""The companies at an event, as staff keep them: whom to ask, who said what by phone, who came, what came of it."""

from flask import render_template, request, url_for
from werkzeug.wrappers import Response

from portal.employers import standings
from portal.events import queries, seats, shown
from portal.events.blueprint import events
from portal.events.forms import YES, AfterForm, CameForm, InviteForm, SeatForm
from portal.events.models import Event, EventSeat
from portal.events.policy import staff
from portal.events.states import SeatState
from portal.foundation import clock, fields, refusals
from portal.foundation.access import opens_to, viewer
from portal.foundation.errors import NotFound
from portal.foundation.forms import Press
from portal.foundation.words import _, _n


def _load(key: str) -> Event:
    return queries.for_staff(viewer(), key, lock=request.method == "POST")


@events.route("/events/<key>/invite", methods=["GET", "POST"])
@opens_to(staff)
def invite(key: str) -> str | Response:
    event = _load(key)
    found = {one.employer.key: one for one in queries.may_be_asked(event)}
    form = InviteForm.from_request()
    fields.offer(form.companies, [(key, _reads(one)) for key, one in found.items()])
    if form.accepted():
        chosen = [found[one].employer for one in form.answer().companies]
        seats.invite(event, chosen)
        said = _n("One letter leaves.", "%(num)s letters leave.", len(chosen))
        return form.go(url_for(".show", key=key), said)
    return render_template("events/invite.html", event=event, form=form, found=found, shown=shown)


def _reads(one: queries.Choice) -> str:
    name = one.employer.organisation.name
    return _("%(company)s, ambassador", company=name) if one.standing == standings.Standing.AMBASSADOR else name


@events.post("/events/<key>/announce")
@opens_to(staff)
def announce(key: str) -> Response:
    event = _load(key)
    press = Press.from_request()
    if press.accepted():
        seats.announce(event)
        return press.go(url_for(".show", key=key), _("Companies of the programme can ask for a seat now."))
    return refusals.see_other(url_for(".show", key=key))


@events.route("/events/<key>/companies/<seat>", methods=["GET", "POST"])
@opens_to(staff)
def said(key: str, seat: str) -> str | Response:
    """What a company said by phone, typed in for it."""
    event = _load(key)
    row = queries.seat(event, seat)
    form = SeatForm.from_request(people=str(row.people), names=row.names)
    if form.accepted():
        return form.go(url_for(".show", key=key), take(event, row, form))
    return render_template("events/said.html", event=event, seat=row, form=form, shown=shown)


def take(event: Event, row: EventSeat, form: SeatForm) -> str:
    """Keep an answer, whoever gave it; returns the sentence that says where it leads."""
    answer = form.answer()
    if answer.comes != YES:
        seats.stays_away(event, row)
        return _("Noted: this company does not come.")
    now = seats.comes(event, row, people=answer.people, names=answer.names)
    if now is SeatState.WAITING:
        return _("All seats are taken: the company stands on the waiting list, and hears when a seat comes free.")
    return _("Noted: this company comes. The appointment for the calendar is on its way by letter.")


@events.route("/events/<key>/came", methods=["GET", "POST"])
@opens_to(staff)
def came(key: str) -> str | Response:
    event = _load(key)
    everybody = queries.seats(event)
    there = [one.key for one in everybody if one.state in (SeatState.CAME, SeatState.COMING)]
    form = CameForm.from_request(came=there)
    fields.offer(form.came, [(one.key, one.employer.organisation.name) for one in everybody])
    if form.accepted():
        seats.note_who_came(event, form.answer().came)
        return form.go(url_for(".show", key=key), _("Noted. Whoever came stands among your tasks, to be called."))
    return render_template(
        "events/came.html", event=event, form=form, seats=everybody, begun=event.starts_at <= clock.now()
    )


@events.route("/events/<key>/companies/<seat>/after", methods=["GET", "POST"])
@opens_to(staff)
def after(key: str, seat: str) -> str | Response:
    """What came of it for one company."""
    event = _load(key)
    row = queries.seat(event, seat)
    if row.state is not SeatState.CAME:
        raise NotFound()
    form = AfterForm.from_request(outcome=row.outcome, note=row.outcome_note).offering()
    if form.accepted():
        answer = form.answer()
        seats.after(row, answer.outcome, answer.note or "")
        return form.go(url_for(".show", key=key), _("Noted."))
    return render_template("events/after.html", event=event, seat=row, form=form)
