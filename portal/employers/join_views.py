"""One page for whoever decides about somebody who asks to join, and one for a worker who sees that two are the same."""

from flask import render_template, url_for
from werkzeug.wrappers import Response

from portal.accounts.roles import EMPLOYERS, STAFF, Role
from portal.employers import duplicates, joining, policy, queries, shown
from portal.employers.blueprint import employers
from portal.employers.join_forms import SameForm
from portal.employers.join_states import JoinState
from portal.employers.team_forms import RoleForm
from portal.foundation import refusals
from portal.foundation.access import opens_to, viewer
from portal.foundation.forms import Press
from portal.foundation.words import _


@employers.route("/company/requests/<key>", methods=["GET", "POST"])
@opens_to(policy.of_company_or_staff)
def join_request(key: str) -> str | Response:
    """Who asks, and how it came; yes with what the colleague may do, or no in one press."""
    who = viewer()
    request, employer = joining.of_viewer(who, key)
    # An admin of another company is, here, the contact whose letter it was.
    only_contact = not policy.may_write(who, employer) and employer.programme_id not in who.programmes(*STAFF)
    form = RoleForm.from_request(role=Role.EMPLOYER_CONTACT.value)
    if only_contact:
        form.role.choices = form.role.choices[:1]
    if form.accepted():
        joining.accept(employer, request, Role(form.answer().role))
        return form.go(
            url_for(".join_request", key=key), _("%(name)s speaks for the company now.", name=request.person.name)
        )
    return render_template(
        "employers/join_request.html",
        asked=request, employer=employer, form=form, waits=request.state is JoinState.WAITING,
        joined=request.state is JoinState.JOINED, same_domain=duplicates.shares_domain(employer, request.person.email),
        back=url_for("employers.company") if who.has(*EMPLOYERS) else url_for("employers.show", key=employer.key),
    )  # fmt: skip


@employers.post("/company/requests/<key>/no")
@opens_to(policy.of_company_or_staff)
def refuse_join(key: str) -> Response:
    request, _employer = joining.of_viewer(viewer(), key)
    press = Press.from_request()
    if press.accepted():
        joining.refuse(request)
        return press.go(url_for(".join_request", key=key), _("Nobody joined. We tell the asker that it did not work."))
    return refusals.see_other(url_for(".join_request", key=key))


@employers.route("/companies/<key>/same-as/<other>", methods=["GET", "POST"])
@opens_to(policy.staff)
def same_as(key: str, other: str) -> str | Response:
    """Two sign-ups are one company: the newer stands still, its people go to the other one or ask to join it."""
    who = viewer()
    newer, stays = queries.of_staff(who, key), queries.of_staff(who, other)
    form = SameForm.from_request(how="ask")
    if form.accepted():
        duplicates.merge(newer, stays, ask=form.answer().how == "ask")
        return form.go(url_for(".show", key=stays.key), _("%(company)s is one company again.", company=stays.name))
    if not duplicates.may_merge(newer, stays):
        return refusals.see_other(url_for(".show", key=key))
    return render_template(
        "employers/same_as.html",
        form=form,
        newer=newer,
        stays=stays,
        team=queries.team(newer),
        stays_team=queries.team(stays),
        roles=shown.TEAM_ROLES,
    )
