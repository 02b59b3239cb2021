"""Demo only: every letter that left, as its reader sees it."""

from http import HTTPStatus

import sqlalchemy as sa
from flask import Blueprint, Response, abort, render_template, request
from flask.sansio.blueprints import BlueprintSetupState

from portal.foundation import lists
from portal.foundation.access import in_demo, opens_to
from portal.foundation.database import db
from portal.foundation.security import LETTER_POLICY
from portal.outbox.models import ShownLetter

outbox = Blueprint("outbox", __name__)
blueprints = (outbox,)


@opens_to(in_demo)
def mailbox() -> str:
    """The letters of everybody, newest first; `to` narrows them to one address."""
    statement = sa.select(ShownLetter)
    wanted = request.args.get("to", "").strip()[:254]
    if wanted:
        statement = statement.where(ShownLetter.address == wanted.lower())
    letters = lists.page(statement, ShownLetter.id, newest_first=True)
    return render_template("outbox/mailbox.html", letters=letters, wanted=wanted)


@opens_to(in_demo)
def letter(number: int) -> str:
    found = db.session.get(ShownLetter, number) or abort(HTTPStatus.NOT_FOUND)
    return render_template("outbox/letter.html", letter=found)


@opens_to(in_demo)
def as_read(number: int) -> Response:
    """The letter itself, at an address of its own, where nothing runs and nothing is fetched."""
    found = db.session.get(ShownLetter, number) or abort(HTTPStatus.NOT_FOUND)
    return Response(found.html, headers={"Content-Security-Policy": LETTER_POLICY})


@outbox.record
def _in_demo_only(state: BlueprintSetupState) -> None:
    """Outside demo mode these pages are not closed: they do not exist."""
    if state.app.extensions["doorstart"].demo:
        state.add_url_rule("/_mail", "mailbox", mailbox)
        state.add_url_rule("/_mail/<int:number>", "letter", letter)
        state.add_url_rule("/_mail/<int:number>/as-read", "as_read", as_read)
