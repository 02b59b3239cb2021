"""Pausing, coming back and leaving, on a page of its own; and the answer to "would you like to become an ambassador?"."""

from flask import render_template, request, url_for
from werkzeug.wrappers import Response

from portal.ambassadors import asking, queries, resting
from portal.ambassadors.blueprint import ambassadors
from portal.ambassadors.forms import STAND, WITHDRAW, LeaveForm, PauseForm
from portal.ambassadors.invitation_views import back_with_refusal
from portal.ambassadors.models import Ambassador, AmbassadorState
from portal.ambassadors.policy import ambassador as is_ambassador
from portal.ambassadors.policy import employer_admin
from portal.employers.policy import may_write
from portal.foundation.access import opens_to, viewer
from portal.foundation.errors import NotFound
from portal.foundation.forms import Form, Press
from portal.foundation.words import _, date_long


@ambassadors.get("/network/rest")
@opens_to(is_ambassador)
def rest() -> str:
    """Two ways: a pause until a day, or leaving. Each says what happens before anything does."""
    return _page(_mine(), PauseForm.from_request(), LeaveForm.from_request(letters=STAND))


@ambassadors.route("/network/pause", methods=["GET", "POST"])
@opens_to(is_ambassador)
def pause() -> str | Response:
    mine = _mine()
    form = PauseForm.from_request()
    if form.accepted():
        until = form.answer().until
        resting.pause(mine, until)
        return form.go(url_for(".index"), _("You are paused until %(day)s.", day=date_long(until)))
    return _page(mine, form, LeaveForm(formdata=None))


@ambassadors.route("/network/leave", methods=["GET", "POST"])
@opens_to(is_ambassador)
def leave() -> str | Response:
    mine = _mine()
    form = LeaveForm.from_request()
    if form.accepted():
        answer = form.answer()
        resting.leave(mine, withdraw_sent=answer.letters == WITHDRAW, because=answer.because)
        return form.go(url_for("site.home"), _("Your company is an ambassador no longer. Thank you for what you did."))
    return _page(mine, PauseForm(formdata=None), form)


def _mine() -> Ambassador:
    return queries.ambassador_of(viewer(), *queries.WERE)


def _page(mine: Ambassador, pausing: Form[object], leaving: Form[object]) -> str:
    return render_template(
        "ambassadors/rest.html", ambassador=mine, pausing=pausing, leaving=leaving, waiting=resting.waiting(mine),
        is_paused=mine.state is AmbassadorState.PAUSED, failed=pausing if pausing.errors else leaving,
    )  # fmt: skip


@ambassadors.post("/network/back")
@opens_to(is_ambassador)
def come_back() -> Response:
    mine = _mine()
    press = Press.from_request()
    if press.accepted():
        resting.come_back(mine)
        return press.go(url_for(".index"), _("Welcome back. Your company is an ambassador again."))
    return back_with_refusal(press, url_for(".index"))


@ambassadors.post("/network/not-now")
@opens_to(employer_admin)
def not_now() -> Response:
    """An admin answers the question with "later" or "no": it is not asked again."""
    company, _ambassador = queries.company_of(viewer())
    if not may_write(viewer(), company):
        raise NotFound()
    press = Press.from_request()
    if press.accepted():
        said = asking.NO if request.form.get("said") == asking.NO else asking.LATER
        asking.answer(company, said)
        return press.go(url_for(".index"), _("Your answer is kept. You can still sign whenever you like."))
    return back_with_refusal(press, url_for(".index"))
