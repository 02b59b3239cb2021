"""Demo only: every letter that left, as its reader sees it."""

from http import HTTPStatus

import sqlalchemy as sa
from flask import Blueprint, Response, abort, current_app, render_template, request

from portal.foundation import lists
from portal.foundation.access import Policy, opens_to
from portal.foundation.database import db
from portal.foundation.security import LETTER_POLICY
from portal.outbox.models import ShownLetter

outbox = Blueprint("outbox", __name__)
blueprints = (outbox,)

in_demo = Policy("anyone, in demo mode", lambda who: bool(current_app.extensions["doorstart"].demo))


@outbox.get("/_mail")
@opens_to(in_demo)
def mailbox() -> str:
    """The letters of everybody, newest first; `to` narrows them to one address."""
    statement = sa.select(ShownLetter)
    wanted = request.args.get("to", "").strip()[:254]
    if wanted:
        statement = statement.where(ShownLetter.address == wanted.lower())
    letters = lists.page(statement, ShownLetter.id, newest_first=True)
    return render_template("outbox/mailbox.html", letters=letters, wanted=wanted)


@outbox.get("/_mail/<int:number>")
@opens_to(in_demo)
def letter(number: int) -> str:
    found = db.session.get(ShownLetter, number) or abort(HTTPStatus.NOT_FOUND)
    return render_template("outbox/letter.html", letter=found)


@outbox.get("/_mail/<int:number>/as-read")
@opens_to(in_demo)
def as_read(number: int) -> Response:
    """The letter itself, at an address of its own, where nothing runs and nothing is fetched."""
    found = db.session.get(ShownLetter, number) or abort(HTTPStatus.NOT_FOUND)
    return Response(found.html, headers={"Content-Security-Policy": LETTER_POLICY})
