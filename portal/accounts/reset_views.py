"""For whoever lost the second step: an administrator, or the coordinator of the own programme, takes it away with a reason.
And where companies must have one too."""

from flask import render_template, request, url_for
from werkzeug.wrappers import Response

from portal.accounts import second, ways
from portal.accounts import second_queries as queries
from portal.accounts.blueprint import accounts
from portal.accounts.models import Person
from portal.accounts.policy import administrator
from portal.accounts.roles import LABELS, Role
from portal.accounts.second_forms import DemandForm, ResetForm
from portal.foundation import fields
from portal.foundation.access import opens_to, role_policy, viewer
from portal.foundation.database import db
from portal.foundation.words import _
from portal.programmes import service as programmes

may_reset = role_policy("administrator or coordinator", Role.ADMINISTRATOR, Role.COORDINATOR)


@accounts.get("/accounts/second")
@opens_to(may_reset)
def second_list() -> str:
    """Who has which second step: an administrator sees everybody, a coordinator the own programmes."""
    name = request.args.get("q", "").strip()[:80]
    page = queries.people(viewer(), name)
    seats = queries.seats_of([one.id for one in page.items])
    own = ways.of_all([one.id for one in page.items])
    return render_template("accounts/second_list.html", page=page, seats=seats, ways=own, q=name, roles=LABELS)


@accounts.route("/accounts/<key>/second/reset", methods=["GET", "POST"])
@opens_to(may_reset)
def reset_second(key: str) -> str | Response:
    person = queries.person_of(viewer(), key)
    form = ResetForm.from_request()
    if form.accepted():
        second.reset(person, reason=form.answer().reason, by=db.session.get_one(Person, viewer().me))
        return form.go(url_for(".second_list"), _("The second step is taken away; both of you have a letter."))
    return render_template("accounts/reset_second.html", form=form, person=person, ways=ways.of(person.id))


@accounts.route("/accounts/second/rules", methods=["GET", "POST"])
@opens_to(administrator)
def second_rules() -> str | Response:
    """In which programmes a company's contacts need a second step too."""
    every = queries.programmes()
    form = DemandForm.from_request(programmes=[one.key for one in every if one.employers_second_step])
    fields.offer(form.programmes, [(one.key, one.name) for one in every])
    if form.accepted():
        for one in every:
            programmes.demand_second_step(one, one.key in form.answer().programmes)
        return form.go(url_for(".second_rules"), _("Kept."))
    return render_template("accounts/second_rules.html", form=form)
