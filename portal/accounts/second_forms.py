"""What is asked around the second step and the account itself."""

from dataclasses import dataclass
from typing import Any

from flask import flash
from wtforms import HiddenField
from wtforms.validators import InputRequired, Length

from portal.foundation import fields
from portal.foundation.forms import Form
from portal.foundation.words import lazy

_LONGEST_ANSWER = 20_000


def _carried(longest: int) -> HiddenField:
    """What a script fills in, or what the page carries along."""
    return HiddenField(validators=[InputRequired(), Length(max=longest)])


@dataclass(frozen=True)
class CodeAnswer:
    code: str


class CodeForm(Form[CodeAnswer]):
    answers = CodeAnswer
    code = fields.text(
        lazy("Code"), max=20, autocomplete="one-time-code",
        hint=lazy("The six digits of your app, or the next code of your list."), render_kw={"autocapitalize": "characters"},
    )  # fmt: skip


@dataclass(frozen=True)
class PaperCodeAnswer:
    code: str


class PaperCodeForm(CodeForm):
    """For a list that was just printed: its first code shows that it lies there."""

    code = fields.text(
        lazy("The first code of your list"), max=20, autocomplete="off",
        hint=lazy("Type it to show that the list lies before you. Then strike it through."),
    )  # fmt: skip


@dataclass(frozen=True)
class AppAnswer:
    code: str
    secret: str


class AppForm(Form[AppAnswer]):
    answers = AppAnswer
    secret = _carried(400)
    code = fields.text(
        lazy("The six digits that the app shows"), max=20, autocomplete="one-time-code",
        render_kw={"inputmode": "numeric"},
    )  # fmt: skip


@dataclass(frozen=True)
class ShownKeyAnswer:
    challenge: str
    credential: str


class ShownKeyForm(Form[ShownKeyAnswer]):
    """A passkey is shown by a button: it has no page of its own, so a refusal waits for the page that it stands on."""

    answers = ShownKeyAnswer
    challenge = _carried(400)
    credential = _carried(_LONGEST_ANSWER)

    def refuse(self, sentence: Any, field: str | None = None, status: int = 422) -> None:
        flash(str(sentence), "bad")


@dataclass(frozen=True)
class NewKeyAnswer:
    name: str
    challenge: str
    credential: str


class NewKeyForm(Form[NewKeyAnswer]):
    answers = NewKeyAnswer
    challenge = _carried(400)
    credential = _carried(_LONGEST_ANSWER)
    name = fields.text(
        lazy("What do you call it?"), max=60, hint=lazy("So that you know it in the list later: my telephone, the key on my keyring.")
    )  # fmt: skip


@dataclass(frozen=True)
class ProveAnswer:
    password: str


class ProveForm(Form[ProveAnswer]):
    answers = ProveAnswer
    password = fields.password(lazy("Password"))


@dataclass(frozen=True)
class AddressAnswer:
    email: str


class AddressForm(Form[AddressAnswer]):
    answers = AddressAnswer
    email = fields.text(lazy("New e-mail address"), kind="email", max=254, autocomplete="email")


@dataclass(frozen=True)
class ResetAnswer:
    reason: str


class ResetForm(Form[ResetAnswer]):
    answers = ResetAnswer
    reason = fields.paragraph(
        lazy("Why, and how do you know that it is this person?"), max=500, rows=3,
        hint=lazy("For the journal: for example, lost the telephone, called back on the number that we know."),
    )  # fmt: skip


@dataclass(frozen=True)
class DemandAnswer:
    programmes: tuple[str, ...]


class DemandForm(Form[DemandAnswer]):
    answers = DemandAnswer
    programmes = fields.several(
        lazy("In which programmes must companies take a second step too?"),
        hint=lazy("Staff and partners always must. Whoever is signed in without one signs in again."),
    )  # fmt: skip
