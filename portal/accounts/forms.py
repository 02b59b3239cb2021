from dataclasses import dataclass

from portal.foundation import fields
from portal.foundation.forms import Form
from portal.foundation.words import lazy


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


@dataclass(frozen=True)
class PasswordAnswer:
    password: str


class PasswordForm(Form[PasswordAnswer]):
    answers = PasswordAnswer
    password = fields.password(
        lazy("New password"),
        minimum=12,
        hint=lazy("At least 12 characters. A sentence works well."),
        autocomplete="new-password",
    )
