"""The feed's own address, and the page on which people keep it: with the other calendars that take their hours."""

from flask import render_template, request, url_for
from werkzeug.wrappers import Response

from portal.accounts import throttle
from portal.accounts.models import Person
from portal.agenda import busy, feed
from portal.agenda.blueprint import agenda, has_agenda
from portal.foundation import refusals
from portal.foundation.access import anyone, opens_to, viewer
from portal.foundation.database import db
from portal.foundation.errors import NotFound
from portal.foundation.forms import Press
from portal.foundation.words import _

# A calendar program asks every few minutes at most; a whole office may ask from one address.
MOST_A_QUARTER = 30
MOST_FROM_ONE_PLACE = 600


@agenda.get("/calendar/<token>.ics")
@opens_to(anyone)
def calendar(token: str) -> Response:
    """My appointments, for a calendar program. A wrong, an old and a closed address say the same."""
    place = request.remote_addr or ""
    if not throttle.all_within(("calendar", place, MOST_FROM_ONE_PLACE), ("calendar of", token, MOST_A_QUARTER)):
        return Response("", 429, {"Retry-After": str(throttle.QUARTER)}, content_type="text/plain; charset=utf-8")
    found = feed.reader_of(token)
    if found is None or not has_agenda.allows(found.viewer):
        raise NotFound()
    content = feed.calendar_for(found)
    feed.fetched(found)
    answer = Response(content, content_type="text/calendar; charset=utf-8")
    answer.headers["Content-Disposition"] = 'inline; filename="doorstart.ics"'
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer


@agenda.get("/agenda/calendars")
@opens_to(has_agenda)
def calendars() -> str:
    """My feed, and the calendars of mine that are busy elsewhere."""
    standing = feed.standing_of(_me())
    address = standing.address if standing is not None else ""
    for_a_program = f"webcal://{address.partition('://')[2]}"
    return render_template(
        "agenda/calendars.html", address=address, feed=standing, subscribe_url=for_a_program,
        sources=busy.overview_of(viewer().me), most=busy.MOST_SOURCES, weeks=busy.HORIZON.days // 7,
    )  # fmt: skip


@agenda.post("/agenda/calendars/feed")
@opens_to(has_agenda)
def make_feed() -> Response:
    press = Press.from_request()
    if press.accepted():
        feed.make(_me())
        return press.go(url_for(".calendars"), _("Your calendar address is ready. Only you may have it."))
    return refusals.see_other(url_for(".calendars"))


@agenda.post("/agenda/calendars/feed/revoke")
@opens_to(has_agenda)
def revoke_feed() -> Response:
    press = Press.from_request()
    if press.accepted():
        feed.revoke(_me())
        return press.go(url_for(".calendars"), _("The address no longer works."))
    return refusals.see_other(url_for(".calendars"))


def _me() -> Person:
    return db.session.get_one(Person, viewer().me)
