"""Texts and dates in the reader's language: Dutch first, French and English complete.

Source texts in code and templates are English; each room keeps its catalogues in portal/<room>/translations.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time
from functools import cache, lru_cache
from typing import Any

from babel import Locale
from flask import g, has_request_context, request
from flask_babel import Babel, force_locale, format_date, get_locale, get_translations, ngettext
from flask_babel.speaklater import LazyString
from jinja2 import pass_eval_context
from jinja2.nodes import EvalContext
from markupsafe import Markup

from portal.foundation import clock

LANGUAGES = {"nl": "Nederlands", "fr": "Français", "en": "English"}
DEFAULT = "nl"

babel = Babel()


def _locale() -> Locale | None:
    """What get_locale() says; a page asks a hundred times, so where it is already known it is taken from beside the request."""
    try:
        beside = g._get_current_object()
    except RuntimeError:
        return None
    known = getattr(getattr(beside, "_flask_babel", None), "babel_locale", None)
    return known or get_locale()


def said(text: str) -> str:
    """A text of the catalogues in the language being written; outside a page and a letter as it stands."""
    found = _locale()
    return text if found is None else _said(found.language, text)


@lru_cache(maxsize=16_384)
def _said(_code: str, text: str) -> str:
    """Looked up once per process and language: a page says a hundred texts, and its catalogues do not change under it."""
    return str(get_translations().ugettext(text))


def _(text: str, **values: Any) -> str:
    found = said(text)
    return found % values if values else found


def lazy(text: str, **values: Any) -> LazyString:
    """A text that is put into words where it is shown: each label of a page is looked up as cheaply as the page's own texts."""
    return LazyString(_, text, **values)


_n = ngettext


@pass_eval_context
def in_template(context: EvalContext, text: str, /, **values: Any) -> str:
    """A text in a page: as a template's own words it is markup, into which values go escaped."""
    found = said(text)
    if context.autoescape:
        found = Markup(found)  # nosec B704: a text of our own catalogues
    return found % values if values or "%" in found else found


def language() -> str:
    """The language of the text that is being written now: nl, fr or en."""
    found = _locale()
    return found.language if found is not None and found.language in LANGUAGES else DEFAULT


def choose_language() -> str:
    """Of a request: the person's own, else the one in the address or the cookie, else the browser's, else Dutch."""
    if not has_request_context():
        return DEFAULT
    own = getattr(g, "own_language", None)
    wished = (own, request.args.get("language"), request.cookies.get("language"))
    for code in wished:
        if code in LANGUAGES:
            return str(code)
    return request.accept_languages.best_match(list(LANGUAGES)) or DEFAULT


@contextmanager
def speaking(code: str) -> Iterator[None]:
    """Write in somebody else's language for the length of a block (letters, sheets)."""
    with force_locale(code if code in LANGUAGES else DEFAULT):
        yield


def date_long(day: date) -> str:
    """dinsdag 15 december 2026"""
    return format_date(_plain(day), format="EEEE d MMMM y", rebase=False)


def date_medium(day: date) -> str:
    """15 december 2026"""
    return format_date(_plain(day), format="d MMMM y", rebase=False)


def month_year(day: date) -> str:
    """december 2026"""
    return format_date(_plain(day), format="MMMM y", rebase=False)


def date_short(day: date) -> str:
    """di 15/12"""
    return format_date(_plain(day), format="EEE d/MM", rebase=False)


def time_short(moment: datetime | time) -> str:
    """11.00 in Dutch, 11:00 elsewhere, on the venue's wall clock."""
    hour = clock.local(moment) if isinstance(moment, datetime) else moment
    return f"{hour:%H.%M}" if language() == "nl" else f"{hour:%H:%M}"


def moment(when: datetime) -> str:
    """dinsdag 15 december 2026, 11.00"""
    return f"{date_long(when.date() if when.tzinfo is None else clock.local(when).date())}, {time_short(when)}"


def _plain(day: date) -> date:
    return clock.local(day).date() if isinstance(day, datetime) else day


def pick(texts: dict[str, Any], code: str | None = None) -> Any:
    """One of three texts, or lists of texts, kept as data: {"nl": …, "fr": …, "en": …}."""
    code = code or language()
    found = texts.get(code) or texts[DEFAULT]
    if code != "fr":
        return found
    return held_together(found) if isinstance(found, str) else [held_together(one) for one in found]


@cache
def held_together(text: str) -> str:
    """French puts a space inside « » and before ? ! : ;. A line must not break there, so that space is a hard one."""
    for mark in "?!:;»":
        text = text.replace(f" {mark}", f"\N{NO-BREAK SPACE}{mark}")
    return text.replace("« ", "«\N{NO-BREAK SPACE}")


def lower_first(text: str) -> str:
    """A label from a list that goes on inside a sentence."""
    return text[:1].lower() + text[1:]


class Spoken:
    """A row or entry with a text per language: `.label` reads it in the language being written."""

    nl: Any
    fr: Any
    en: Any

    @property
    def label(self) -> str:
        return str(getattr(self, language()))
