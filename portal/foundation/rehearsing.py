"""A deed can be rehearsed: it is done up to its commit, what would leave is shown, and all of it is undone.

Only a form that says so (`rehearses`) is: whoever sends it may read every letter that it causes. So what is shown and what
is then sent come from the same steps, and a refusal shows beforehand too. The room of letters says how they are shown.
"""

from collections.abc import Callable
from typing import Any

from flask import abort, request
from werkzeug.wrappers import Response

from portal.foundation.database import db

# The name of the button beside a deed's own, and what it says: show the letters first, or back to what was chosen.
BUTTON, READ, BACK = "letters", "read", "back"

Show = Callable[[Any], str]
_shows: list[Show] = []


def shown_by(show: Show) -> None:
    """Register how a form's letters are shown; it undoes the transaction that they stand in."""
    _shows[:] = [show]


def wanted() -> bool:
    """Whether the letters are to be read before anything is done."""
    return request.form.get(BUTTON) == READ


def came_back(form: Any) -> bool:
    """Whether somebody read them and goes back to change something: then nothing is done, and nothing is amiss."""
    return bool(form.rehearses) and request.form.get(BUTTON) == BACK


def show(form: Any) -> Response:
    """The letters of what was just done, and nothing done. Of a form that does not say so nobody reads a letter."""
    if not form.rehearses:
        db.session.rollback()
        abort(400)
    return Response(_shows[0](form), mimetype="text/html")
