"""A press says for which moment it was pressed: where that changed in the meantime nothing is done, and the page says so."""

from typing import Any

from flask import render_template, request
from wtforms import HiddenField

from portal.foundation import refusals
from portal.foundation.forms import Form, Press
from portal.interviews import letters, steps
from portal.interviews.models import Interview
from portal.interviews.rules import Late


class MomentPress(Press):
    """One button about the moment that its page showed."""

    rehearses = True
    revision = HiddenField()


def check(interview: Interview, seen: Any) -> None:
    """Raises Late when the interview is no longer the one that somebody saw, or does not go on."""
    if not interview.open or str(seen) != str(interview.revision):
        raise Late()


def is_late(interview: Interview, form: Any) -> bool:
    """Whether this very press came too late: the row is locked, so nobody changes it meanwhile."""
    return request.method == "POST" and (not interview.open or str(form.revision.data) != str(interview.revision))


def page(interview: Interview, form: Form[Any]) -> str:
    """Nothing was done; where it stands now. The sentence of a press stands above the page already."""
    refusals.status(Late.status)
    return render_template(
        "interviews/late.html", interview=interview, company=letters.company_of(interview), sentence="" if isinstance(form, Press) else Late.sentence,
        standing=steps.standing(interview, employer=False),
    )  # fmt: skip
