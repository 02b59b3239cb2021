"""What the pages of one interview begin and end with."""

from flask import request, url_for
from werkzeug.wrappers import Response

from portal.foundation import refusals
from portal.foundation.access import viewer
from portal.interviews import queries
from portal.interviews.models import Interview


def load(key: str) -> Interview:
    """The interview as the team may work on it, kept from everybody else where the request acts. Raises NotFound."""
    return queries.staff_interview(viewer(), key, lock=request.method == "POST")


def back(key: str) -> Response:
    return refusals.see_other(url_for(".show", key=key))
