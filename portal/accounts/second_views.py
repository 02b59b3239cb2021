"""One's own second step: what there is, and beginning one. At the first sign-in of staff and partners nothing else opens."""

from typing import Any

from flask import flash, render_template, request, url_for
from sqlalchemy.orm import joinedload
from werkzeug.wrappers import Response

from portal.accounts import authenticator, entering, passkeys, proving, queries, second, throttle, ways
from portal.accounts.blueprint import accounts
from portal.accounts.models import Factor, Passkey, Person, SheetKind, SignIn
from portal.accounts.second_forms import AppForm, NewKeyForm, PaperCodeForm
from portal.foundation import once, refusals
from portal.foundation.access import enrolling, opens_to, signed_in, viewer
from portal.foundation.database import db
from portal.foundation.errors import NotFound
from portal.foundation.forms import Form, Press
from portal.foundation.words import _


def _number() -> int:
    who = viewer()
    return who.half.person_id if who.half else who.me


def _me() -> Person:
    return db.session.get_one(Person, _number())


def _done(form: Form[Any], person: Person, factor: Factor, sentence: str) -> Response:
    """The last beat of a new way: where it is the first at signing in, its person is in, with a list for emergencies to make."""
    who = viewer()
    if who.half is None:
        second.end_without([person.id], but=who.sign_in_id)
        return form.go(url_for(".second_steps"), sentence)
    statement = joinedload(SignIn.person)
    half = db.session.get_one(SignIn, who.half.sign_in_id, options=[statement])
    second.end_without([person.id])
    second.passed(half, factor)
    once.remember(form.once.data or "", url_for("site.home"))
    flash(sentence, "good")
    if factor is not Factor.CODE:
        flash(
            _("Make codes for emergencies too, for the day on which you lose it: on the page of your account."), "info"
        )
    return entering.enter(person, second.renewed(half))


@accounts.get("/me/second")
@opens_to(enrolling)
def second_steps() -> str:
    """What stands beside the password, and what can be added."""
    person = _me()
    own = ways.of(person.id)
    return render_template(
        "accounts/second.html", person=person, ways=own, first=viewer().half is not None,
        demanded=ways.demanded(queries.current_memberships(person.id)),
    )  # fmt: skip


@accounts.route("/me/second/app", methods=["GET", "POST"])
@opens_to(enrolling)
def second_app() -> str | Response:
    """An app that makes codes: the square, and the first code."""
    if proving.due():
        return proving.first(".second_app")
    person = _me()
    form = AppForm.from_request(secret=authenticator.sealed_secret(person))
    if form.accepted():
        answer = form.answer()
        second.add_app(person, sealed=answer.secret, code=answer.code)
        return _done(form, person, Factor.APP, _("From now on your app gives the second step."))
    secret = authenticator.opened(form.secret.data, person)
    return render_template(
        "accounts/second_app.html", form=form, secret=secret, square=authenticator.square(secret, person)
    )


@accounts.post("/me/second/app/remove")
@opens_to(signed_in)
def remove_app() -> Response:
    if proving.due():
        return proving.first(".second_steps")
    press = Press.from_request()
    if press.accepted():
        second.remove_app(_me())
        return press.go(url_for(".second_steps"), _("The app is no longer asked for."))
    return refusals.see_other(url_for(".second_steps"))


@accounts.route("/me/second/passkey", methods=["GET", "POST"])
@opens_to(enrolling)
def second_key() -> str | Response:
    """A passkey of this device or telephone, or a hardware key."""
    if proving.due():
        return proving.first(".second_key")
    person = _me()
    question = passkeys.to_make(person, ways.of(person.id).passkeys)
    form = NewKeyForm.from_request(challenge=question.sealed)
    if form.accepted():
        answer = form.answer()
        second.add_passkey(person, name=answer.name, sealed=answer.challenge, answer=answer.credential)
        return _done(form, person, Factor.PASSKEY, _("The passkey is added."))
    # Each question is asked once: a page that comes back asks another one.
    form.challenge.data, form.credential.data = question.sealed, ""
    return render_template("accounts/second_key.html", form=form, question=question)


@accounts.post("/me/second/passkeys/<key>/remove")
@opens_to(signed_in)
def remove_key(key: str) -> Response:
    found = db.session.scalar(
        db.select(Passkey).where(Passkey.key == key, Passkey.person_id == viewer().me)
    )  # fmt: skip
    if found is None:
        raise NotFound()
    if proving.due():
        return proving.first(".second_steps")
    press = Press.from_request()
    if press.accepted():
        second.remove_passkey(_me(), found)
        return press.go(url_for(".second_steps"), _("The passkey is removed."))
    return refusals.see_other(url_for(".second_steps"))


@accounts.route("/me/second/printed", methods=["GET", "POST"])
@opens_to(enrolling)
def second_printed() -> str | Response:
    """A list on paper. It is shown once, by the press that makes it; a page that is opened again offers a new one."""
    if proving.due():
        return proving.first(".second_printed")
    person, press = _me(), Press.from_request()
    if press.accepted():
        made = second.new_codes(person, SheetKind.PRINTED)
        once.remember(press.once.data or "", url_for(".second_printed"))
        form = PaperCodeForm(formdata=None)
        return press.tell(render_template("accounts/code_sheet.html", person=person, codes=made, form=form))
    left = ways.of(person.id).printed
    return render_template("accounts/second_printed.html", left=left)


@accounts.route("/me/second/printed/first", methods=["GET", "POST"])
@opens_to(enrolling)
def second_printed_first() -> str | Response:
    """The first code of the new list, typed over: from then on the list counts, and the one before does not."""
    form = PaperCodeForm.from_request()
    if form.accepted():
        code, number = form.answer().code, _number()
        throttle.count("second", account=str(number), address=request.remote_addr or "")
        person = _me()
        second.add_codes(person, code)
        return _done(form, person, Factor.CODE, _("Your list counts from now on. Strike that code through."))
    return render_template("accounts/second_printed_first.html", form=form)


@accounts.post("/me/second/printed/remove")
@opens_to(signed_in)
def remove_printed() -> Response:
    if proving.due():
        return proving.first(".second_steps")
    press = Press.from_request()
    if press.accepted():
        second.remove_codes(_me())
        return press.go(url_for(".second_steps"), _("The list counts no more: destroy the paper."))
    return refusals.see_other(url_for(".second_steps"))


@accounts.route("/me/second/recovery", methods=["GET", "POST"])
@opens_to(signed_in)
def second_recovery() -> str | Response:
    """Ten codes for the day on which the other way is lost; shown once, by the press that makes them."""
    if proving.due():
        return proving.first(".second_recovery")
    person, press = _me(), Press.from_request()
    if press.accepted():
        made = second.new_codes(person, SheetKind.RECOVERY)
        once.remember(press.once.data or "", url_for(".second_recovery"))
        return press.tell(render_template("accounts/code_sheet.html", person=person, codes=made, form=None))
    return render_template("accounts/second_recovery.html", left=ways.of(person.id).recovery)
