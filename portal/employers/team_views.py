"""The team of a company: who is in it, which role, who leaves; and the quarterly look whether everybody still works there."""

from flask import render_template, url_for
from werkzeug.wrappers import Response

from portal.accounts.models import Membership
from portal.accounts.roles import Role
from portal.employers import policy, queries, shown, team, team_invitations
from portal.employers.blueprint import employers
from portal.employers.models import Employer
from portal.employers.team_forms import LeaveForm, RoleForm
from portal.foundation import clock, fields, refusals
from portal.foundation.access import opens_to, viewer
from portal.foundation.forms import Press
from portal.foundation.words import _


@employers.get("/company/team", endpoint="team")
@opens_to(policy.employer)
def team_page() -> str:
    """Colleagues, with role, since when, and the month of the last visit."""
    who = viewer()
    employer = queries.employer_of(who)
    may_write, members = policy.may_write(who, employer), team.members(employer)
    return render_template(
        "employers/team.html", employer=employer, members=members, roles=shown.TEAM_ROLES,
        may_write=may_write, me=who.me, now=clock.now(), most_letters=team_invitations.MOST_LETTERS,
        invited=team_invitations.open_of(employer) if may_write else (),
        admins={one.person.id for one in members if one.seat.role is Role.EMPLOYER_ADMIN},
    )  # fmt: skip


def _seat(key: str) -> tuple[Employer, Membership]:
    employer = queries.written_by(viewer())
    return employer, team.seat_of(employer, key)


@employers.route("/company/team/<key>/role", methods=["GET", "POST"])
@opens_to(policy.employer_admin)
def change_role(key: str) -> str | Response:
    employer, seat = _seat(key)
    form = RoleForm.from_request(role=seat.role.value)
    if form.accepted():
        team.change_role(employer, seat, Role(form.answer().role))
        return form.go(url_for(".team"), _("Kept. It counts from the next page on."))
    return render_template("employers/role.html", employer=employer, person=seat.person, form=form)


@employers.route("/company/team/<key>/leave", methods=["GET", "POST"])
@opens_to(policy.employer_admin)
def leave_team(key: str) -> str | Response:
    """Somebody no longer works here: what this colleague holds goes to another, in one press."""
    employer, seat = _seat(key)
    form = LeaveForm.from_request()
    others = [one for one in team.members(employer) if one.seat.id != seat.id]
    fields.offer(form.successor, [(one.person.key, one.person.name) for one in others], _("Choose a colleague"))
    if form.accepted():
        given, itself = form.answer(), seat.person_id == viewer().me
        team.leave(employer, seat, successor=given.successor, becomes_admin=given.becomes_admin)
        gone = _("%(name)s is no longer in the team.", name=seat.person.name)
        return form.go(url_for("site.home") if itself else url_for(".team"), gone)
    last = seat.role is Role.EMPLOYER_ADMIN and not any(one.seat.role is Role.EMPLOYER_ADMIN for one in others)
    return render_template(
        "employers/leave_team.html", employer=employer, person=seat.person, form=form, alone=not others, last=last
    )


@employers.route("/company/team/check", methods=["GET", "POST"])
@opens_to(policy.employer_admin)
def check_team() -> str | Response:
    """Does everybody here still work with you? The letter's link shows the list; the button says yes."""
    who = viewer()
    employer = queries.written_by(who)
    press = Press.from_request()
    if press.accepted():
        team.everybody_here(employer)
        return press.go(url_for(".team"), _("Thank you. We ask again in three months."))
    if press.is_submitted():
        return refusals.see_other(url_for(".check_team"))
    return render_template(
        "employers/check_team.html",
        employer=employer,
        members=team.members(employer),
        roles=shown.TEAM_ROLES,
        me=who.me,
    )
