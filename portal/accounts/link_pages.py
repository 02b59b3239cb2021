"""What the pages around a personal link share: finding it, the square on a sheet, the language in which its reader is met."""

import segno
from flask import g, render_template, request

from portal.accounts import links
from portal.accounts.models import PersonalLink
from portal.foundation import once, refusals
from portal.foundation.forms import AlreadyDone
from portal.foundation.words import LANGUAGES


def square(link: PersonalLink) -> str:
    """The link's address as a square that a telephone reads: an SVG for a sheet."""
    return str(segno.make(links.url_of(link), micro=False).svg_inline(scale=4, border=1))


def find(purpose: str, token: str) -> PersonalLink:
    """The open link behind an address. A form that was sent by it already goes where the first sending led. Raises NoSuchLink."""
    try:
        return links.find(purpose, token)
    except links.NoSuchLink:
        go_on()
        raise


def go_on() -> None:
    """Where a link is closed because this very form was sent before (a double click), raises AlreadyDone: it goes where that led."""
    before = once.led_to(request.form.get("once", "")) if request.method == "POST" else None
    if before is not None:
        raise AlreadyDone(before) from None


def closed(template: str) -> tuple[str, int]:
    """The same page for a link that is wrong, expired, closed or of another purpose; a double click goes on."""
    go_on()
    refusals.take()
    return render_template(template), 410


def meet_in(code: str) -> None:
    """Whoever comes by a link is met in its own language, until another one is chosen on the page."""
    chosen = {request.args.get("language"), request.cookies.get("language"), g.get("own_language")}
    if chosen.isdisjoint(LANGUAGES):
        g.own_language = code
