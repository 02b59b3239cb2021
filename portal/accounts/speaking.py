"""Who speaks for more than one company says which of them the pages are about, in this browser until the next sign-in."""

from flask import session

from portal.accounts import queries
from portal.foundation.access import Viewer

_CHOSEN = "speaks_for"


def viewer_here(token: str) -> Viewer | None:
    """Who holds the token; the seats of the company that was chosen here come first."""
    return queries.viewer_of(token, first=session.get(_CHOSEN))


def choose(organisation_id: int) -> None:
    session[_CHOSEN] = organisation_id
