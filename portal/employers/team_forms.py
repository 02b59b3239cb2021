"""What is asked when somebody joins the team, is let in, gets another role, or leaves."""

from dataclasses import dataclass

from portal.accounts.forms import new_password
from portal.employers.team_invitations import JoinAnswer
from portal.employers.team_roles import role_field
from portal.foundation import fields
from portal.foundation.forms import Form
from portal.foundation.words import lazy


@dataclass(frozen=True)
class RoleAnswer:
    role: str


class RoleForm(Form[RoleAnswer]):
    answers = RoleAnswer
    role = role_field()


@dataclass(frozen=True)
class LeaveAnswer:
    successor: str
    becomes_admin: bool


class LeaveForm(Form[LeaveAnswer]):
    answers = LeaveAnswer
    successor = fields.select(
        lazy("Who takes over?"), hint=lazy("Vacancies, interviews and follow-up forms go to this colleague.")
    )
    becomes_admin = fields.tick(lazy("This colleague looks after the team from now on"))


class JoinTeamForm(Form[JoinAnswer]):
    answers = JoinAnswer
    first_name = fields.text(lazy("First name"), max=80, autocomplete="given-name")
    last_name = fields.text(lazy("Last name"), max=80, autocomplete="family-name")
    password = new_password()
