"""Showing again who it is, before changes to the account itself: an open page on a desk is not enough for those."""

from datetime import timedelta

from flask import current_app, session, url_for
from werkzeug.wrappers import Response

from portal.accounts import passwords
from portal.accounts.models import Person, SignIn
from portal.accounts.service import DoesNotFit
from portal.foundation import clock, refusals
from portal.foundation.access import viewer
from portal.foundation.database import db
from portal.foundation.words import lazy

COUNTS_FOR = timedelta(minutes=15)


class NotYours(DoesNotFit):
    sentence = lazy("This is not your password. Try again, or ask for a new one.")


def due() -> bool:
    """Whether it is longer than a quarter of an hour ago. The demo's people have no password to give."""
    who = viewer()
    if who.half is not None or current_app.extensions["doorstart"].demo:
        return False
    proved = db.session.get_one(SignIn, who.sign_in_id).proved_at
    return proved is None or clock.now() - proved > COUNTS_FOR


def first(endpoint: str) -> Response:
    """Ask first, and then lead to this page."""
    session["then"] = url_for(endpoint)
    return refusals.see_other(url_for("accounts.prove"))


def prove(password: str) -> None:
    """Raises NotYours."""
    who = viewer()
    person = db.session.get_one(Person, who.me)
    if not passwords.fits(person.password_hash, password):
        raise NotYours()
    db.session.get_one(SignIn, who.sign_in_id).proved_at = clock.now()


def then() -> str:
    return refusals.local_path(session.pop("then", None)) or url_for("accounts.me")
