"""What search engines read: which address is which language's, which pages there are, and which are nobody's to keep.

A page has one address for whoever comes (x-default, in the reader's own language) and one for each language.
"""

from dataclasses import dataclass
from typing import Any

from flask import current_app, request
from markupsafe import escape
from werkzeug.wrappers import Response

from portal.foundation import indexed
from portal.foundation.access import anyone, opens_to
from portal.foundation.addresses import address_of
from portal.foundation.words import LANGUAGES
from portal.site.blueprint import site

NO = "noindex, nofollow"


@dataclass(frozen=True)
class Address:
    """The same page in one language."""

    code: str
    url: str


def addresses(endpoint: str, values: dict[str, Any]) -> list[Address]:
    """The page in each language, and for whoever comes without one."""
    found = [Address(code, address_of(endpoint, **values, language=code)) for code in LANGUAGES]
    return [*found, Address("x-default", address_of(endpoint, **values))]


def of_this_page() -> dict[str, Any]:
    """For the head of a public page: its own address and those of its languages; nothing for any other page."""
    if not indexed.is_indexed(request.endpoint) or request.endpoint is None:
        return {"canonical": None, "alternates": ()}
    values = dict(request.view_args or {})
    asked = request.args.get("language")
    own = {**values, "language": asked} if asked in LANGUAGES else values
    return {"canonical": address_of(request.endpoint, **own), "alternates": addresses(request.endpoint, values)}


def may_be_kept() -> bool:
    """A demo's people are invented: no search engine shall find them."""
    return bool(current_app.extensions["doorstart"].mode != "demo")


def mark(response: Response) -> Response:
    """Whatever is not a public page is nobody's to keep: a personal link that leaked stays out of every index."""
    endpoint = request.endpoint or ""
    if endpoint == "static" or endpoint.endswith(".static"):
        return response
    if not may_be_kept() or response.status_code != 200 or not indexed.is_indexed(endpoint):
        response.headers.setdefault("X-Robots-Tag", NO)
    else:
        response.headers.add("Vary", "Accept-Language, Cookie")
    return response


@site.get("/robots.txt")
@opens_to(anyone)
def robots() -> Response:
    """Everybody may look; what may not be kept says so itself. A demo asks everybody to stay away."""
    rules = f"Allow: /\nSitemap: {address_of('site.sitemap')}" if may_be_kept() else "Disallow: /"
    return Response(f"User-agent: *\n{rules}\n", content_type="text/plain; charset=utf-8")


@site.get("/sitemap.xml")
@opens_to(anyone)
def sitemap() -> Response:
    """Every public page in every language, each with its other languages."""
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:xhtml="http://www.w3.org/1999/xhtml">',
    ]
    for endpoint, values in indexed.addresses() if may_be_kept() else ():
        lines += _entries(addresses(endpoint, values))
    return Response("\n".join([*lines, "</urlset>", ""]), content_type="application/xml; charset=utf-8")


def _entries(found: list[Address]) -> list[str]:
    others = "".join(f'<xhtml:link rel="alternate" hreflang="{one.code}" href="{escape(one.url)}"/>' for one in found)
    return [f"<url><loc>{escape(one.url)}</loc>{others}</url>" for one in found]
