"""My hours: those that come back every week, a day more, a day less, from when they change, and from where I leave."""

from typing import Any

from flask import render_template, request, url_for
from werkzeug.wrappers import Response

from portal.accounts.policy import staff
from portal.accounts.roles import STAFF
from portal.agenda import hours, queries, service
from portal.agenda.blueprint import agenda, has_agenda
from portal.agenda.forms import WEEKDAYS, ChangeForm, DepartureForm, OnceForm, SkipForm, WindowAnswer, WindowForm
from portal.agenda.models import Availability
from portal.foundation import clock, fields, refusals
from portal.foundation.access import opens_to, viewer
from portal.foundation.errors import NotFound
from portal.foundation.forms import Press
from portal.foundation.words import _
from portal.organisations.places import provinces


@agenda.route("/agenda/hours", methods=["GET", "POST"])
@opens_to(has_agenda)
def availability() -> str | Response:
    """When I can have interviews: weekly windows, and days on which I am away."""
    form, names = _asked(WindowForm.from_request())
    if form.accepted():
        hours.add(viewer().me, _given(form.answer()))
        return form.go(url_for(".availability"), _("These hours now come back every week."))
    windows = queries.windows_of(viewer().me)
    return render_template(
        "agenda/availability.html", form=form, weekly=[one for one in windows if not one.once],
        once=[one for one in windows if one.once], weekdays=dict(WEEKDAYS), only_for={one.id: _kept(one, names) for one in windows},
        exceptions=queries.exceptions_of(windows), absences=queries.absences_of(viewer().me), is_staff=viewer().has(*STAFF),
        departure=queries.departure_of(viewer().me) if viewer().has(*STAFF) else "",
    )  # fmt: skip


def _asked(form: Any) -> tuple[Any, dict[str, dict[str, str]]]:
    """The form with what this person's hours may be kept for, and how each of those is called."""
    who = viewer()
    works = who.has(*STAFF)
    names = {
        "programmes": _named(queries.programmes_of(who)) if len(set(who.programmes(*STAFF))) > 1 else {},
        "regions": provinces() if works else {},
        "workplaces": {} if works else _named(queries.workplaces_of(who)),
    }
    for field, choices in names.items():
        fields.offer(form[field], choices.items())
    return form, names


def _named(rows: dict[int, str]) -> dict[str, str]:
    return {str(number): name for number, name in rows.items()}


def _given(answer: WindowAnswer) -> hours.Weekly:
    kept = hours.KeptFor(
        [int(one) for one in answer.programmes], answer.regions, [int(one) for one in answer.workplaces]
    )
    return hours.Weekly(int(answer.weekday), answer.starts, answer.ends, kept)


def _kept(row: Availability, names: dict[str, dict[str, str]]) -> list[str]:
    """For what these hours count, in words; nothing for everything."""
    kept: dict[str, list[Any]] = {"programmes": row.programmes, "regions": row.regions, "workplaces": row.workplaces}
    return [names[what].get(str(code), str(code)) for what, codes in kept.items() for code in codes]


@agenda.route("/agenda/hours/<int:number>/change", methods=["GET", "POST"])
@opens_to(has_agenda)
def change_window(number: int) -> str | Response:
    """Other hours from a day on; what was, stays."""
    window = _mine(number)
    form, _names = _asked(ChangeForm.from_request(**_now(window)))
    if form.accepted():
        answer = form.answer()
        hours.change(window, _given(answer), answer.since)
        return form.go(url_for(".availability"), _("Your hours are changed. What was planned stays."))
    return render_template("agenda/change_hours.html", form=form, window=window, weekdays=dict(WEEKDAYS))


def _now(window: Availability) -> dict[str, Any]:
    return {
        "weekday": str(window.weekday), "starts": window.starts, "ends": window.ends, "regions": window.regions,
        "programmes": [str(one) for one in window.programmes], "workplaces": [str(one) for one in window.workplaces],
        "since": max(clock.today(), window.valid_from or clock.today()),
    }  # fmt: skip


@agenda.post("/agenda/hours/<int:number>/end")
@opens_to(has_agenda)
def end_window(number: int) -> Response:
    window, press = _mine(number), Press.from_request()
    if press.accepted():
        service.end_window(window)
        return press.go(url_for(".availability"), _("These hours no longer come back."))
    return refusals.see_other(url_for(".availability"))


@agenda.route("/agenda/hours/<int:number>/skip", methods=["GET", "POST"])
@opens_to(has_agenda)
def skip(number: int) -> str | Response:
    """Leave out one date; the other weeks stay."""
    window = _mine(number)
    form = SkipForm.from_request()
    if form.accepted():
        service.skip(window, form.answer().day)
        return form.go(url_for(".availability"), _("That day is left out."))
    return render_template(
        "agenda/skip.html", form=form, window=window, weekdays=dict(WEEKDAYS),
        left_out=queries.exceptions_of([window]).get(window.id, []),
    )  # fmt: skip


@agenda.post("/agenda/hours/<int:number>/put-back")
@opens_to(has_agenda)
def put_back(number: int) -> Response:
    """A day that was left out comes back."""
    window, press = _mine(number), Press.from_request()
    if press.accepted():
        left_out = queries.exceptions_of([window]).get(window.id, [])
        day = next((one for one in left_out if one.isoformat() == request.form.get("day")), None)
        if day is None:
            raise NotFound()
        hours.put_back(window, day)
        return press.go(url_for(".availability"), _("That day is back."))
    return refusals.see_other(url_for(".availability"))


@agenda.route("/agenda/hours/once", methods=["GET", "POST"])
@opens_to(has_agenda)
def once() -> str | Response:
    """Hours on one day, on top of the weekly ones."""
    form = OnceForm.from_request()
    if form.accepted():
        answer = form.answer()
        hours.add_once(viewer().me, answer.day, answer.starts, answer.ends)
        return form.go(url_for(".availability"), _("These hours are added, for that day only."))
    return render_template("agenda/once.html", form=form)


@agenda.route("/agenda/departure", methods=["GET", "POST"])
@opens_to(staff)
def departure() -> str | Response:
    """From where I leave for a talk: only the way is counted with it."""
    form = DepartureForm.from_request(postcode=queries.departure_of(viewer().me))
    if form.accepted():
        hours.leave_from(viewer().me, form.answer().postcode)
        return form.go(url_for(".availability"), _("Kept. The way to the next talks is counted from there."))
    return render_template("agenda/departure.html", form=form)


def _mine(number: int) -> Availability:
    window = queries.window_of(viewer().me, number)
    if window is None:
        raise NotFound()
    return window
