"""What the pages around a personal link share: the square on a sheet, and the language in which its reader is met."""

import segno
from flask import g, request

from portal.accounts import links
from portal.accounts.models import PersonalLink
from portal.foundation.words import LANGUAGES


def square(link: PersonalLink) -> str:
    """The link's address as a square that a telephone reads: an SVG for a sheet."""
    return str(segno.make(links.url_of(link), micro=False).svg_inline(scale=4, border=1))


def meet_in(code: str) -> None:
    """Whoever comes by a link is met in its own language, until another one is chosen on the page."""
    chosen = {request.args.get("language"), request.cookies.get("language"), g.get("own_language")}
    if chosen.isdisjoint(LANGUAGES):
        g.own_language = code
