"""A form half typed: a worker who types along is called away, and goes on later. Only who types for somebody has a draft:
a personal link shows nobody what was filled in before."""

import json

from flask import request
from werkzeug.datastructures import MultiDict

from portal.aftercare.forms import CheckInForm
from portal.aftercare.models import CheckIn
from portal.foundation import crypto
from portal.journal import service as journal

_NOT_KEPT = {"csrf_token", "once", "draft"}
_LONGEST = 20_000


def keep(check_in: CheckIn, typed: MultiDict[str, str]) -> None:
    """Write down what was typed so far, right or wrong: it is looked at once it is sent."""
    kept = {name: values for name, values in typed.lists() if name not in _NOT_KEPT and any(values)}
    words = json.dumps(kept)
    if len(words) <= _LONGEST:
        check_in.draft = words
    journal.note("check_in.draft", check_in)


def opened(check_in: CheckIn, form: type[CheckInForm], *, mine: bool) -> CheckInForm:
    """The form as sent; fresh it starts with the draft, for whoever wrote it."""
    if request.method == "POST" or not mine or not check_in.draft:
        return form.from_request()
    kept = json.loads(check_in.draft)
    started = form(formdata=MultiDict((name, value) for name, values in kept.items() for value in values))
    started.once.data = crypto.token()
    return started
