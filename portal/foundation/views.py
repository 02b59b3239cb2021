"""The few pages that belong to no room: health, language, the component page, errors."""

from http import HTTPStatus
from typing import Any

import sqlalchemy as sa
from flask import Blueprint, Flask, abort, current_app, flash, g, jsonify, render_template, request, session, url_for
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, SecurityError, Unauthorized
from werkzeug.wrappers import Response

from portal.foundation import errors, forms, refusals
from portal.foundation.access import anyone, opens_to, viewer
from portal.foundation.database import db
from portal.foundation.logs import log
from portal.foundation.schema import at_head
from portal.foundation.words import LANGUAGES, _

foundation = Blueprint("foundation", __name__)
# The way back stands in the cookie, which a browser drops when it grows too long.
_LONGEST_NEXT = 500


@foundation.get("/healthz")
@opens_to(anyone)
def healthz() -> Response:
    """The process answers."""
    return jsonify(status="ok")


@foundation.get("/readyz")
@opens_to(anyone)
def readyz() -> tuple[Response, int]:
    """The process can work: the database answers and its tables are those of this code."""
    try:
        db.session.execute(sa.text("SELECT 1"))
        ready = at_head(db.session.connection())
    except sa.exc.SQLAlchemyError:
        ready = False
    return jsonify(status="ready" if ready else "not ready"), HTTPStatus.OK if ready else HTTPStatus.SERVICE_UNAVAILABLE


@foundation.post("/language")
@opens_to(anyone)
def language() -> Response:
    """Choose a language: a visitor's is kept in a cookie, a signed-in person's own is kept with the person."""
    chosen = request.form.get("language", "")
    if chosen not in LANGUAGES:
        abort(HTTPStatus.BAD_REQUEST)
    answer = refusals.see_other(refusals.local_path(request.form.get("next")) or url_for("site.home"))
    settings = current_app.extensions["doorstart"]
    answer.set_cookie("language", chosen, max_age=31_536_000, secure=settings.secure, httponly=True, samesite="Lax")
    keep = current_app.extensions.get("doorstart_keep_language")
    if keep is not None and viewer().is_authenticated:
        keep(viewer().me, chosen)
        db.session.commit()
    return answer


@foundation.get("/_style")
@opens_to(anyone)
def style() -> str:
    """Every component, live; in development and demo only."""
    if current_app.extensions["doorstart"].mode == "production":
        abort(HTTPStatus.NOT_FOUND)
    from portal.foundation.style_sample import sample_data, sample_form

    return render_template("style/index.html", form=sample_form(), sample=sample_data())


def error_pages(app: Flask) -> None:
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(errors.NotFound, lambda _e: _page(HTTPStatus.NOT_FOUND))
    app.register_error_handler(errors.DomainError, _broken_rule)
    app.register_error_handler(forms.AlreadyDone, _already_done)
    app.register_error_handler(CSRFError, _stale_form)
    app.register_error_handler(Unauthorized, _sign_in_first)
    app.register_error_handler(SecurityError, _unlisted_host)
    app.register_error_handler(Exception, _unexpected)


def _http_error(error: HTTPException) -> Any:
    if error.code is None or error.response is not None:
        return error
    answer = _page(HTTPStatus(error.code))
    if error.code == HTTPStatus.METHOD_NOT_ALLOWED:
        answer[2]["Allow"] = ", ".join(getattr(error, "valid_methods", None) or ())
    return answer


def _broken_rule(error: errors.DomainError) -> Any:
    return _page(HTTPStatus(error.status), str(error.sentence))


def _already_done(error: forms.AlreadyDone) -> Response:
    return refusals.see_other(error.url)


def _stale_form(_error: CSRFError) -> Any:
    """The form's token no longer fits this browser. A page of ours keeps what was typed; a stranger's gets nothing."""
    if request.headers.get("Origin", request.host_url.rstrip("/")) != request.host_url.rstrip("/"):
        return _page(HTTPStatus.BAD_REQUEST)
    if request.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin" or not request.form:
        return _page(HTTPStatus.BAD_REQUEST)
    forms.keep_what_was_typed()
    return _page(
        HTTPStatus.BAD_REQUEST,
        _("This page was open too long. What you typed was kept: open the page again."),
        request.path,
    )


def _unlisted_host(_error: SecurityError) -> tuple[str, int]:
    """Asked by a name that is not ours: no page of ours answers to it, and no address of ours can be written."""
    return "", HTTPStatus.BAD_REQUEST


def _sign_in_first(_error: Unauthorized) -> Response:
    """Nobody is signed in (any more): what was typed is kept, and the way leads back to the same page."""
    if request.method == "POST" and session.get("_user_id"):
        forms.keep_what_was_typed()
        flash(_("Your sign-in has ended. Sign in again: what you typed was kept."), "wait")
    rule = request.url_rule
    page = request.path if rule is not None and "GET" in (rule.methods or ()) else refusals.page_above()
    asked = f"{page}?{request.query_string.decode(errors='replace')}" if request.query_string else page
    session["next"] = asked if len(asked) <= _LONGEST_NEXT else page[:_LONGEST_NEXT]
    return refusals.see_other(url_for("accounts.sign_in"))


def _unexpected(error: Exception) -> Any:
    """A mistake of ours: logged by its kind, never with the data that caused it."""
    if current_app.config.get("PROPAGATE_EXCEPTIONS") or current_app.testing:
        raise error
    log.exception("unexpected", endpoint=request.endpoint, kind=type(error).__name__)
    db.session.rollback()
    return _page(HTTPStatus.INTERNAL_SERVER_ERROR)


def _page(status: HTTPStatus, sentence: str = "", again: str = "") -> tuple[str, int, dict[str, str]]:
    g.pop("page_status", None)
    title, text = _error_text(status)
    try:
        body = render_template("layout/error.html", title=title, text=sentence or text, status=int(status), again=again)
    except Exception:  # a page about an error must not fail: fall back to the bare sentence
        log.exception("error page failed", status=int(status))
        body = f"<!doctype html><title>{title}</title><h1>{title}</h1><p>{text}</p>"
    return body, int(status), {}


def _error_text(status: HTTPStatus) -> tuple[str, str]:
    texts = {
        400: (
            _("That did not work"),
            _("The form could not be read. Go back, open the page again and send it once more."),
        ),
        403: (
            _("This page is not for you"),
            _("Your account has no part in this. Ask your contact person if you think it should."),
        ),
        404: (
            _("Nothing here"),
            _("This page does not exist, or no longer. Look at the address, or start from the front page."),
        ),
        405: (
            _("That did not work"),
            _("This address answers to a button, not to a visit. Start from the front page."),
        ),
        409: (_("Somebody was first"), _("Something changed in the meantime. Look at where it stands now.")),
        410: (
            _("This link is no longer open"),
            _("It was used, has expired or was withdrawn. Ask for a new one: we send it again."),
        ),
        413: (_("Too large"), _("This is more than we can take at once. Make the file smaller and try again.")),
        429: (_("Too many tries"), _("Wait a quarter of an hour and try again, or ask for a new password.")),
        500: (
            _("Our mistake"),
            _("Something went wrong on our side. Nothing was changed. Try again, or call your contact person."),
        ),
        503: (_("Back in a moment"), _("We are busy for a moment. Try again in a minute.")),
    }
    return texts.get(int(status), texts[400])


blueprints = (foundation,)
