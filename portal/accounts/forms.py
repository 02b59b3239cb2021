from dataclasses import dataclass
from typing import Any

from wtforms import Field

from portal.accounts.roles import INVITED, LABELS, Role
from portal.foundation import fields
from portal.foundation.forms import Form
from portal.foundation.words import LANGUAGES, _, lazy


@dataclass(frozen=True)
class SignInAnswer:
    email: str
    password: str


class SignInForm(Form[SignInAnswer]):
    answers = SignInAnswer
    email = fields.text(lazy("E-mail"), kind="email", max=254, autocomplete="username")
    password = fields.password(lazy("Password"))


@dataclass(frozen=True)
class ForgottenAnswer:
    email: str


class ForgottenForm(Form[ForgottenAnswer]):
    answers = ForgottenAnswer
    email = fields.text(lazy("E-mail"), kind="email", max=254, autocomplete="username")


def new_password() -> Field:
    return fields.password(
        lazy("New password"),
        minimum=12,
        hint=lazy("At least 12 characters. A sentence works well."),
        autocomplete="new-password",
    )


@dataclass(frozen=True)
class PasswordAnswer:
    password: str


class PasswordForm(Form[PasswordAnswer]):
    answers = PasswordAnswer
    password = new_password()


@dataclass(frozen=True)
class InviteAnswer:
    """`programme` is a programme's key, empty for an administrator."""

    first_name: str
    last_name: str
    email: str
    language: str
    role: str
    programme: str


class InviteForm(Form[InviteAnswer]):
    answers = InviteAnswer
    first_name = fields.text(lazy("First name"), max=80)
    last_name = fields.text(lazy("Last name"), max=80)
    email = fields.text(lazy("E-mail"), kind="email", max=254)
    language = fields.one_of(lazy("Language of the letters"), LANGUAGES.items())
    role = fields.select(lazy("Role"))
    programme = fields.select(
        lazy("Programme"), required=False, hint=lazy("Everybody works in one programme; an administrator in none.")
    )

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        fields.offer(self.role, [(role.value, LABELS[role]) for role in INVITED], lazy("Choose a role"))

    def validate(self, extra_validators: Any = None) -> bool:
        """Which of the two is right hangs on the role, so the whole form is asked."""
        right = bool(super().validate(extra_validators))
        if self.role.data and (self.role.data != Role.ADMINISTRATOR) != bool(self.programme.data):
            self.refuse(_("Everybody works in one programme; an administrator in none."), "programme")
            return False
        return right
