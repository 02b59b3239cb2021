"""What the foundation gives to every page and every error."""

from dataclasses import dataclass
from typing import Any

from flask import Flask, current_app

from portal.foundation import clock, crypto, host, jobs, once, words
from portal.foundation.access import viewer
from portal.foundation.database import db
from portal.foundation.kept import kept, url_for
from portal.foundation.security import csp_nonce
from portal.foundation.views import error_pages


@dataclass(frozen=True)
class Tongue:
    """A language in the switch."""

    code: str
    name: str
    current: bool


_TONGUES = {
    here: tuple(Tongue(code, name, code == here) for code, name in words.LANGUAGES.items()) for here in words.LANGUAGES
}


def install(app: Flask) -> None:
    error_pages(app)
    app.context_processor(_for_every_page)
    app.jinja_env.globals.update(
        csp_nonce=csp_nonce, kept=kept, once_key=crypto.token, url_for=url_for, _=words.in_template
    )
    for name in ("date_long", "date_medium", "date_short", "month_year", "time_short", "moment", "pick"):
        app.jinja_env.filters[name] = getattr(words, name)
    host.named_by(app, lambda: "Doorstart")


def _for_every_page() -> dict[str, Any]:
    who, tongue = viewer(), words.language()
    return {
        "viewer": who if who.is_authenticated else None,
        "page_language": tongue,
        "languages": _TONGUES[tongue],
        "demo": current_app.extensions["doorstart"].demo,
        "operator_name": host.operator_name(),
        "today": clock.today(),
    }


def _forget_old_forms() -> None:
    once.purge()
    db.session.commit()


jobs.each_night["foundation.forget"] = _forget_old_forms
