"""The second step at signing in: after the password a code or a passkey, or a passkey instead of both."""

from flask import flash, render_template, request, url_for
from sqlalchemy.orm import joinedload
from werkzeug.exceptions import Unauthorized
from werkzeug.wrappers import Response

from portal.accounts import codes, entering, passkeys, second, throttle, ways
from portal.accounts.blueprint import accounts
from portal.accounts.models import Factor, SheetKind, SignIn
from portal.accounts.second_forms import CodeForm, ShownKeyForm
from portal.foundation import refusals
from portal.foundation.access import anyone, halfway, opens_to, viewer
from portal.foundation.database import db
from portal.foundation.words import _n

# From one address in a quarter of an hour: an office behind one address signs in by it too.
MOST_TRIES = 40


@accounts.post("/sign-in/passkey")
@opens_to(anyone)
def by_passkey() -> Response:
    """Sign in without a password. Any wrong answer gets the same words."""
    form = ShownKeyForm.from_request()
    if form.accepted():
        answer = form.answer()
        if not throttle.within("passkey", request.remote_addr or "", MOST_TRIES):
            raise throttle.TooManyTries()
        person, token = second.by_passkey(
            sealed=answer.challenge, answer=answer.credential, browser=entering.browser()
        )  # fmt: skip
        return entering.enter(person, token)
    return _back(form, url_for(".sign_in"))


@accounts.route("/sign-in/second", methods=["GET", "POST"])
@opens_to(halfway)
def second_step() -> str | Response:
    """A code of the app or of a list."""
    if viewer().half is None:
        return refusals.see_other(url_for("site.home"))
    form = CodeForm.from_request()
    if form.accepted():
        code = form.answer().code
        half = _counted()
        kind = second.pass_by_code(half, code)
        if kind is not None:
            _say_what_is_left(half.person_id, kind)
        return entering.enter(half.person, second.renewed(half))
    half = _half()
    own = ways.of(half.person_id)
    question = passkeys.to_show(half.person_id, own.passkeys)
    key = ShownKeyForm(formdata=None, challenge=question.sealed)
    return render_template("accounts/second_step.html", form=form, ways=own, key_form=key, question=question)


@accounts.post("/sign-in/second/passkey")
@opens_to(halfway)
def second_passkey() -> Response:
    """A passkey after the password."""
    if viewer().half is None:
        return refusals.see_other(url_for("site.home"))
    form = ShownKeyForm.from_request()
    if form.accepted():
        answer = form.answer()
        half = _counted()
        passkeys.shown(sealed=answer.challenge, answer=answer.credential, person_id=half.person_id)
        second.passed(half, Factor.PASSKEY)
        return entering.enter(half.person, second.renewed(half))
    return _back(form, url_for(".second_step"))


def _counted() -> SignIn:
    """Half a sign-in, one more try of whose second step was counted."""
    who = viewer().half
    if who is None:
        raise Unauthorized()
    throttle.count("second", account=str(who.person_id), address=request.remote_addr or "")
    return _half()


def _half() -> SignIn:
    who = viewer().half
    if who is None:
        raise Unauthorized()
    return db.session.get_one(SignIn, who.sign_in_id, options=[joinedload(SignIn.person)])


def _say_what_is_left(person_id: int, kind: SheetKind) -> None:
    own = ways.of(person_id)
    left = (own.printed if kind is SheetKind.PRINTED else own.recovery) or 0
    words = _n("%(num)d code is left on your list.", "%(num)d codes are left on your list.", left)
    flash(words, "wait" if left <= codes.FEW else "info")


def _back(form: ShownKeyForm, url: str) -> Response:
    """Without a script nothing was filled in, and the other ways are on the page."""
    if form.errors and request.method == "POST":
        flash(str(passkeys.NotThisKey.sentence), "bad")
    return refusals.see_other(url)
