"""What a colleague opens from a letter that was passed on: in whose name it was sent, and how to answer as oneself."""

from flask import render_template, request, session, url_for
from werkzeug.wrappers import Response

from portal.accounts import link_pages
from portal.accounts.models import Person
from portal.accounts.roles import EMPLOYERS
from portal.employers import passing_on, service
from portal.employers.blueprint import employers
from portal.employers.passing_on import ColleagueAnswer, PassedOn
from portal.foundation import fields
from portal.foundation.access import anyone, opens_to, viewer
from portal.foundation.database import db
from portal.foundation.forms import Form, Press
from portal.foundation.words import language, lazy


class ColleagueForm(Form[ColleagueAnswer]):
    answers = ColleagueAnswer
    first_name = fields.text(lazy("First name"), max=80, autocomplete="given-name")
    last_name = fields.text(lazy("Last name"), max=80, autocomplete="family-name")
    email = fields.text(
        lazy("Your e-mail address at work"), kind="email", max=254, autocomplete="email",
        hint=lazy("We send one letter to confirm it."),
    )  # fmt: skip


@employers.route("/colleague/<token>", methods=["GET", "POST"])
@opens_to(anyone)
def passed_on(token: str) -> str | Response:
    """A light sign-up. Nothing of what the letter is about stands here."""
    passed = passing_on.behind(link_pages.find(passing_on.PURPOSE, token))
    link_pages.meet_in(passed.addressee.language)
    if passed.employer.organisation_id in viewer().organisations(*EMPLOYERS):
        return _colleague(passed)
    form = ColleagueForm.from_request()
    if form.accepted():
        service.count_sign_up(form.answer().email, request.remote_addr or "")
        passing_on.sign_up(passing_on.behind(link_pages.find(passing_on.PURPOSE, token)), form.answer(), language())
        answer = form.go(url_for(".colleague_sent"))
        session["next"] = passed.way
        return answer
    return render_template("employers/passed_on.html", form=form, passed=passed, here=False)


def _colleague(passed: PassedOn) -> str | Response:
    """Somebody of the same team, signed in: one press takes the question over."""
    press = Press.from_request()
    me = viewer().me
    if passed.way and press.accepted():
        if me != passed.addressee.id:
            passing_on.takes_over(passed, db.session.get_one(Person, me))
        return press.go(passed.way)
    return render_template("employers/passed_on.html", form=press, passed=passed, here=True)


@employers.get("/colleague/sent")
@opens_to(anyone)
def colleague_sent() -> str:
    return render_template("employers/colleague_sent.html")
