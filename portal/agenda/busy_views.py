"""Adding another calendar of mine, having it looked at again, and removing it."""

from flask import render_template, url_for
from werkzeug.wrappers import Response

from portal.agenda import busy
from portal.agenda.blueprint import agenda, has_agenda
from portal.agenda.busy_forms import AddressForm, FileForm
from portal.agenda.models import BusySource
from portal.foundation import refusals
from portal.foundation.access import opens_to, viewer
from portal.foundation.errors import NotFound
from portal.foundation.forms import Press
from portal.foundation.words import _


@agenda.route("/agenda/calendars/address", methods=["GET", "POST"])
@opens_to(has_agenda)
def add_address() -> str | Response:
    """Subscribe to a calendar: its hours count as taken, and are looked at each hour."""
    form = AddressForm.from_request()
    if form.accepted():
        busy.subscribe(viewer().me, form.answer().address)
        return form.go(url_for(".calendars"), _("We look at this calendar within a few minutes, and then every hour."))
    form.address.data = busy.without_password(form.address.data or "")
    return render_template("agenda/calendar_address.html", form=form)


@agenda.route("/agenda/calendars/file", methods=["GET", "POST"])
@opens_to(has_agenda)
def add_file() -> str | Response:
    """Take in the hours of a file, once."""
    form = FileForm.from_request()
    if form.accepted():
        me = viewer().me
        busy.take_in(me, busy.hours_in(me, form.content()))
        return form.go(url_for(".calendars"), _("The hours of this file now count as taken."))
    return render_template("agenda/calendar_file.html", form=form)


@agenda.post("/agenda/calendars/<key>/look")
@opens_to(has_agenda)
def look_again(key: str) -> Response:
    source = _mine(key)
    press = Press.from_request()
    if press.accepted():
        busy.look_again(source)
        return press.go(url_for(".calendars"), _("We look again within a few minutes."))
    return refusals.see_other(url_for(".calendars"))


@agenda.post("/agenda/calendars/<key>/remove")
@opens_to(has_agenda)
def remove_calendar(key: str) -> Response:
    source = _mine(key)
    press = Press.from_request()
    if press.accepted():
        busy.forget(source)
        return press.go(url_for(".calendars"), _("This calendar and its hours are gone from here."))
    return refusals.see_other(url_for(".calendars"))


def _mine(key: str) -> BusySource:
    source = busy.source_of(viewer().me, key)
    if source is None:
        raise NotFound()
    return source
