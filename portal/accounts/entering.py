"""The last beat of every way in: another cookie, the way on, and what this browser is known by."""

from flask import current_app, request, session, url_for
from flask_login import login_user
from werkzeug.wrappers import Response

from portal.accounts import browsers, queries
from portal.accounts.models import Person
from portal.foundation import crypto, refusals
from portal.foundation.access import Viewer
from portal.foundation.database import db


def browser() -> str:
    return browsers.called(request.headers.get("User-Agent", ""))


def enter(person: Person, token: str, *, told: bool = True) -> Response:
    """Rotate the cookie, keep where the person was going, and let this browser be known to the account. `told`: by letter.

    What somebody else left behind on a shared computer, going or typing, is not for this person.
    """
    before = queries.held_by(session.get("_user_id") or "")
    went, typed = (session.get("next"), session.get("typed")) if before in {None, person.id} else (None, None)
    known = {*session.get("known", []), crypto.mark("browser", person.email)}
    db.session.flush()
    seen = queries.viewer_of(token)
    whole = seen is not None and seen.half is None
    word = browsers.meet(person, request.cookies.get(_cookie(), ""), browser=browser()) if whole and told else ""
    flashes = session.get("_flashes")
    session.clear()
    db.session.commit()
    login_user(seen)
    session["known"] = sorted(known)[:8]
    kept = {"typed": typed, "_flashes": flashes, "next": None if whole else went}
    session.update({name: value for name, value in kept.items() if value})
    answer = refusals.see_other(_way_on(seen, went))
    if word:
        _remember(answer, word)
    return answer


def _way_on(seen: Viewer | None, went: str | None) -> str:
    if seen is None or seen.half is None:
        return refusals.local_path(went) or url_for("site.home")
    return url_for("accounts.second_steps") if seen.half.enrols else url_for("accounts.second_step")


def known(email: str) -> bool:
    """Whether this browser signed in to the account before, in this session."""
    return crypto.mark("browser", email.lower()) in session.get("known", [])


def _cookie() -> str:
    return "__Host-doorstart-browser" if current_app.extensions["doorstart"].secure else "doorstart-browser"


def _remember(answer: Response, word: str) -> None:
    answer.set_cookie(
        _cookie(), word, max_age=int(browsers.COOKIE_LIVES.total_seconds()), httponly=True, samesite="Lax", path="/",
        secure=current_app.extensions["doorstart"].secure,
    )  # fmt: skip
