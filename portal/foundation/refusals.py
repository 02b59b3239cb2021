"""A broken rule comes back to the page where it was made, with what was typed.

The view is run a second time on fresh rows, with the refusal at hand: its form then says no, shows the sentence
beside the field, and the answer carries the right status. A view without a form sends the person back with a message.
"""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

from flask import current_app, flash, g, make_response, redirect, request, session, url_for
from sqlalchemy.exc import IntegrityError, OperationalError
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RoutingException
from werkzeug.wrappers import Response

from portal.foundation.database import db
from portal.foundation.errors import DomainError
from portal.foundation.states import WrongState


def answering(view: Callable[[], Any]) -> Any:
    """The view's answer, or the answer to the rule that it broke."""
    try:
        return _with_status(view())
    except DomainError as error:
        if request.method in {"GET", "HEAD"}:
            raise
        return _again(view, error)
    except IntegrityError as error:
        # Two did at the same moment what may be done once, and the database let the first one: that is no mistake of ours.
        if request.method in {"GET", "HEAD"} or "unique" not in str(error.orig).lower():
            raise
        return _again(view, WrongState())
    except OperationalError as error:
        # PostgreSQL ended a deadlock by undoing one of the two deeds, by its number: this one may be tried again.
        if request.method in {"GET", "HEAD"} or getattr(error.orig, "sqlstate", None) != "40P01":
            raise
        return _again(view, WrongState())


def _again(view: Callable[[], Any], error: DomainError) -> Any:
    db.session.rollback()
    db.session.expunge_all()
    g.refusal = error
    try:
        answer = view()
        if g.get("refusal") is None:
            if isinstance(answer, Response) and 300 <= answer.status_code < 400:
                _say_once(str(error.sentence))
            return _with_status(answer)
    except DomainError:
        pass
    db.session.rollback()
    flash(str(error.sentence), "bad")
    return redirect(local_path(request.form.get("back")) or page_above(), code=303)


def _say_once(sentence: str) -> None:
    """A button has no page of its own: its sentence goes along to where it leads, unless it is on its way already."""
    if ("bad", sentence) not in session.get("_flashes", []):
        flash(sentence, "bad")


def take() -> DomainError | None:
    """The refusal that waits to be shown, once."""
    found: DomainError | None = g.pop("refusal", None)
    return found


def status(code: int) -> None:
    """The status that the page of this request answers with (a refused form)."""
    g.page_status = code


def _with_status(answer: Any) -> Any:
    code = g.pop("page_status", None)
    if code is None:
        return answer
    response = make_response(answer)
    if response.status_code == 200:
        response.status_code = code
    return response


def local_path(target: str | None) -> str | None:
    """A path on this site, or None: redirects never leave the house."""
    if not target or not target.startswith("/") or target.startswith("//") or "\\" in target:
        return None
    return None if any(ord(c) < 32 for c in target) else target


def page_above() -> str:
    """Where a button stood: a POST-only address has no page of its own, so the nearest page above it in the path tree."""
    addresses, path = current_app.url_map.bind(request.host), request.path
    while path := path.rstrip("/").rpartition("/")[0]:
        with suppress(HTTPException, RoutingException):
            addresses.match(path, method="GET")
            return path
    return url_for("site.home")


def see_other(url: str) -> Response:
    return redirect(url, code=303)
