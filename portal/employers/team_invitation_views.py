"""A colleague is asked into the team, and answers by the link of a letter."""

from typing import Any

from flask import render_template, url_for
from werkzeug.wrappers import Response

from portal.accounts import link_pages, links, speaking
from portal.accounts.models import Person, PersonalLink
from portal.employers import policy, queries, service, team_invitations
from portal.employers.blueprint import employers
from portal.employers.forms import InviteForm
from portal.employers.join_models import TeamInvitation
from portal.employers.models import Employer
from portal.employers.team_forms import JoinTeamForm
from portal.employers.team_roles import ROLES
from portal.foundation import refusals
from portal.foundation.access import anyone, opens_to, viewer
from portal.foundation.forms import Form, Press
from portal.foundation.words import _, language


@employers.route("/company/team/new", methods=["GET", "POST"])
@opens_to(policy.employer_admin)
def invite() -> str | Response:
    employer = queries.written_by(viewer())
    form = InviteForm.from_request()
    if form.accepted():
        # Counting begins a new transaction, so what was loaded before it is loaded again.
        service.count_invitation(employer.id, form.answer().email)
        employer = queries.written_by(viewer())
        team_invitations.invite(employer, form.answer(), language())
        return form.go(url_for(".team"), _("A letter is on its way. Your colleague answers yes or no."))
    return render_template("employers/invite.html", employer=employer, form=form)


@employers.post("/company/team/invitations/<key>/again")
@opens_to(policy.employer_admin)
def invite_again(key: str) -> Response:
    employer, press = queries.written_by(viewer()), Press.from_request()
    if press.accepted():
        invitation = team_invitations.of_company(employer, key)
        service.count_invitation(employer.id, invitation.email)
        employer = queries.written_by(viewer())
        team_invitations.again(employer, team_invitations.of_company(employer, key))
        return press.go(url_for(".team"), _("The letter goes out once more, with a new link."))
    return refusals.see_other(url_for(".team"))


@employers.post("/company/team/invitations/<key>/withdraw")
@opens_to(policy.employer_admin)
def withdraw_invitation(key: str) -> Response:
    employer, press = queries.written_by(viewer()), Press.from_request()
    if press.accepted():
        team_invitations.withdraw(team_invitations.of_company(employer, key))
        return press.go(url_for(".team"), _("The invitation is withdrawn. Its link no longer works."))
    return refusals.see_other(url_for(".team"))


def _asked(token: str) -> tuple[PersonalLink, TeamInvitation, Employer]:
    link = link_pages.find(team_invitations.PURPOSE, token)
    invitation, employer = team_invitations.behind(link)
    link_pages.meet_in(invitation.language)
    return link, invitation, employer


@employers.route("/team/<token>", methods=["GET", "POST"])
@opens_to(anyone)
def join_team(token: str) -> str | Response:
    """Who asks, for which company, and what the colleague will read; who has an account only says yes."""
    link, invitation, employer = _asked(token)
    known = team_invitations.account_of(invitation)
    form: Form[Any] = (
        Press.from_request()
        if known
        else JoinTeamForm.from_request(first_name=invitation.first_name, last_name=invitation.last_name)
    )
    if form.accepted():
        links.use(link)
        return _joined(form, employer, team_invitations.accept(employer, invitation, None if known else form.answer()))
    return render_template(
        "employers/join_team.html",
        form=form, invitation=invitation, employer=employer, known=known, token=token,
        also=team_invitations.signed_up_by(invitation), may=ROLES[invitation.role],
    )  # fmt: skip


def _joined(form: Form[Any], employer: Employer, person: Person) -> Response:
    if viewer().person_id == person.id:
        speaking.choose(employer.organisation_id)
        return form.go(url_for(".company"), _("You are in the team of %(company)s now.", company=employer.name))
    return form.go(
        url_for("accounts.sign_in"), _("You are in the team of %(company)s now. Sign in.", company=employer.name)
    )


@employers.post("/team/<token>/no")
@opens_to(anyone)
def decline_team(token: str) -> Response:
    link, invitation, _employer = _asked(token)
    press = Press.from_request()
    if press.accepted():
        team_invitations.decline(invitation, link)
        return press.go(url_for("site.home"), _("Thank you for answering. Nothing changes for you."))
    return refusals.see_other(url_for(".join_team", token=token))
