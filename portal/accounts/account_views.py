"""One's own account: where it is signed in, another address, and showing again who it is."""

from flask import render_template, request, url_for
from werkzeug.wrappers import Response

from portal.accounts import address, link_pages, links, proving, service, throttle
from portal.accounts.blueprint import accounts
from portal.accounts.models import Person
from portal.accounts.second_forms import AddressForm, ProveForm
from portal.foundation import refusals
from portal.foundation.access import anyone, opens_to, signed_in, viewer
from portal.foundation.database import db
from portal.foundation.forms import Press
from portal.foundation.words import _


@accounts.route("/me/prove", methods=["GET", "POST"])
@opens_to(signed_in)
def prove() -> str | Response:
    """The password once more, before the account itself changes."""
    form = ProveForm.from_request()
    if form.accepted():
        throttle.count("prove", account=str(viewer().me), address=request.remote_addr or "")
        proving.prove(form.answer().password)
        return form.go(proving.then())
    return render_template("accounts/prove.html", form=form)


@accounts.post("/me/sign-ins/end-others")
@opens_to(signed_in)
def end_others() -> Response:
    """Sign out everywhere but here."""
    press = Press.from_request()
    if press.accepted():
        who = viewer()
        service.end_all_sign_ins(db.session.get_one(Person, who.me), but=who.sign_in_id or 0)
        return press.go(url_for(".me"), _("You are signed out everywhere else."))
    return refusals.see_other(url_for(".me"))


@accounts.route("/me/address", methods=["GET", "POST"])
@opens_to(signed_in)
def new_address() -> str | Response:
    """Ask for another address. What happens then is the same whether or not anybody has it."""
    if proving.due():
        return proving.first(".new_address")
    form = AddressForm.from_request()
    if form.accepted():
        throttle.count("address", account=str(viewer().me), address=request.remote_addr or "")
        address.ask(db.session.get_one(Person, viewer().me), form.answer().email)
        return form.go(url_for(".me"), _("Two letters are on their way: confirm with the one to your new address."))
    return render_template("accounts/new_address.html", form=form, person=db.session.get_one(Person, viewer().me))


@accounts.route("/address/<token>", methods=["GET", "POST"])
@opens_to(anyone)
def confirm_address(token: str) -> str | Response:
    """The new address answers: the link shows, the button changes."""
    link = link_pages.find("new-address", token)
    change, press = address.of(link.subject_id, lock=request.method == "POST"), Press.from_request()
    if press.accepted():
        links.use(link)
        address.confirm(change)
        return press.go(url_for(".sign_in"), _("Your new address counts from now on."))
    return render_template("accounts/confirm_address.html", change=change)


@accounts.route("/address/<token>/keep", methods=["GET", "POST"])
@opens_to(anyone)
def keep_address(token: str) -> str | Response:
    """ "This was not me", by the letter to the old address."""
    link = link_pages.find("keep-address", token)
    change, press = address.of(link.subject_id, lock=request.method == "POST"), Press.from_request()
    if press.accepted():
        links.use(link)
        address.keep_old(change)
        return press.go(url_for(".kept_address"))
    return render_template("accounts/keep_address.html", change=change)


@accounts.get("/address/kept")
@opens_to(anyone)
def kept_address() -> str:
    return render_template("accounts/kept_address.html")
