"""Signing up: the number first, where a register can fill in the rest; then the form; then the same page for everybody."""

from typing import Any

from flask import render_template, request, url_for
from sqlalchemy.exc import IntegrityError
from werkzeug.wrappers import Response

from portal.answers import library
from portal.employers import service, signing, worries
from portal.employers.answers import SignUpAnswer
from portal.employers.blueprint import employers
from portal.employers.forms import SignUpForm
from portal.employers.number_form import NumberForm
from portal.foundation.access import anyone, opens_to
from portal.foundation.database import db
from portal.foundation.errors import DomainError
from portal.foundation.forms import Form
from portal.foundation.options import load, options
from portal.foundation.words import language
from portal.organisations import numbers, register_lookup


@employers.route("/sign-up", methods=["GET", "POST"])
@opens_to(anyone)
def sign_up() -> str | Response:
    """With a register: the number, then the form with what the register says. Without one, the form at once."""
    typed = request.args.get("number", "")[:40]
    if request.method == "GET" and not typed and register_lookup.loaded():
        return _number_page(NumberForm(formdata=None))
    known: dict[str, Any] = {}
    if typed:
        try:
            known = _from_register(numbers.of_country(request.args.get("country", "")[:2] or "BE", typed))
        except DomainError as error:
            if request.method == "GET":
                return _refused(typed, error)
    form = SignUpForm.from_request(**known)
    if form.accepted():
        return signed_up_with(form)
    return render_template(
        "employers/sign_up.html", form=form, page=_words(), filled=bool(known.get("name")),
        asked_first=bool(known), number=numbers.shown(known.get("number")), wonders=worries.near("signup"),
    )  # fmt: skip


def from_address() -> dict[str, Any]:
    """For the pages of an ambassador's letter or code: what the number in the address fills in, and nothing for a wrong one."""
    typed = request.args.get("number", "")[:40]
    try:
        return _from_register(typed) if typed and request.method == "GET" else {}
    except DomainError:
        return {"number": typed}


def asks_number(form: SignUpForm) -> bool:
    """Whether those pages offer to fill in the rest by number: no number was given yet, and there is a register."""
    return request.method == "GET" and not form.number.data and register_lookup.loaded()


def _from_register(typed: str) -> dict[str, Any]:
    """What the form begins with. What the register does not have is left to type. Raises NotACompanyNumber."""
    number = numbers.compact(typed)
    found = register_lookup.find(number)
    start: dict[str, Any] = {"number": numbers.shown(number)}
    if found is not None:
        start |= {"name": found.name, "section": found.section, "street": found.street}
        start |= {"postcode": found.postcode[:4], "municipality": found.municipality}
    return start


def _number_page(form: NumberForm) -> str:
    return render_template("employers/sign_up_number.html", form=form, page=_words())


def _refused(typed: str, error: DomainError) -> str:
    form = NumberForm(formdata=None, number=typed, country=request.args.get("country", "BE"))
    form.refuse(error.sentence, "number", error.status)
    return _number_page(form)


def _words() -> Any:
    return load("site", "texts")["page"]["signup"]


def signed_up_with(form: Form[SignUpAnswer], invitation_id: int | None = None) -> Response:
    """The last two beats of signing up, for this page and for those that an ambassador's letter or code opens."""
    answer = form.answer()
    service.count_sign_up(answer.email, request.remote_addr or "")
    try:
        signing.sign_up(answer, language(), invitation_id)
    except IntegrityError:
        # Somebody was first with this address or number, perhaps this very form: then it is known by now.
        db.session.rollback()
        if form.accepted():
            signing.sign_up(answer, language(), invitation_id)
    return form.go(url_for("employers.signed_up", concern=list(answer.concerns)))


@employers.get("/sign-up/sent")
@opens_to(anyone)
def signed_up() -> str:
    """What happens next, the same for everybody, and an answer to what was ticked."""
    concerns = options("employers", "concerns")
    asked = [concerns[code].data["answer"] for code in request.args.getlist("concern") if code in concerns]
    return render_template("employers/signed_up.html", answers=library.answers_to(asked))
