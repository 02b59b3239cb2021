"""The kinds of field that forms are made of: each bounded, each with an error that says what helps."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from enum import StrEnum
from typing import Any

from stdnum.be import bis
from stdnum.be import nn as national
from wtforms import (
    BooleanField,
    DateField,
    DecimalField,
    EmailField,
    Field,
    IntegerField,
    PasswordField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TelField,
    TextAreaField,
    TimeField,
)
from wtforms.fields import SelectChoice
from wtforms.validators import Email, InputRequired, Length, NumberRange, Optional, StopValidation, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from portal.foundation.words import lazy

Choices = Iterable[tuple[str, Any]]


_TURNS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
# Eleven digits as people write them, not the tail of a phone number with its country (+32 …) or of a longer number.
_ELEVEN_DIGITS = re.compile(r"(?<![\w+])\d(?:[ .\-/]{0,2}\d){10}(?![\w])")


def holds_national_number(text: str) -> bool:
    """Whether a Belgian national (or bis) number stands in a text: the checksum tells, not the look."""
    found = ("".join(c for c in match if c.isdigit()) for match in _ELEVEN_DIGITS.findall(text))
    return any(national.is_valid(digits) or bis.is_valid(digits) for digits in found)


def _unreadable(character: str) -> bool:
    """A control character, half of a pair, or one that turns the reading direction (a name that reads as another)."""
    kind = unicodedata.category(character)
    return (kind == "Cc" and character not in "\r\n\t") or kind == "Cs" or character in _TURNS


class PlainText:
    """Refuse what no text may hold: control characters that no keyboard makes (they break letters, calendars and
    sheets), and national numbers, which this portal never keeps (product.md, promise 4)."""

    def __call__(self, form: Any, field: Field) -> None:
        text = field.data or ""
        if any(_unreadable(c) for c in text):
            raise ValidationError(str(lazy("This contains characters that cannot be read. Type it again.")))
        if holds_national_number(text):
            raise ValidationError(str(lazy("This looks like a national number. We never keep those: leave it out.")))


class Between:
    """A date in a believable range, so that 0202-01-01 is caught where it is typed."""

    def __init__(self, earliest: Callable[[], date], latest: Callable[[], date], sentence: Any) -> None:
        self.earliest, self.latest, self.sentence = earliest, latest, sentence

    def __call__(self, form: Any, field: Field) -> None:
        if field.data is not None and not self.earliest() <= field.data <= self.latest():
            raise StopValidation(str(self.sentence))


def _need(required: bool, sentence: Any = None) -> list[Any]:
    return [InputRequired(sentence or lazy("Fill this in.")) if required else Optional()]


def _stripped(value: Any) -> Any:
    return value.strip() if isinstance(value, str) else value


def _on_one_line(value: Any) -> Any:
    """A line of text has no line breaks, whatever was sent: none reaches a letter's heading or a sheet's cell."""
    return " ".join(value.split()) if isinstance(value, str) else value


def text(
    label: Any, *, max: int = 120, required: bool = True, hint: Any = "", kind: str = "text", **more: Any
) -> Field:
    """One line of text; kind is text, tel or email."""
    makers: dict[str, type[Field]] = {"text": StringField, "tel": TelField, "email": EmailField}
    checks = [*_need(required), Length(max=max, message=lazy("Use %(max)d characters at most.")), PlainText()]
    if kind == "email":
        checks.append(Email(message=lazy("This is not an e-mail address. Look at the part around the @.")))
    return makers[kind](label, checks, description=hint, filters=[_on_one_line], **_keywords(more, maxlength=max))


def password(label: Any, *, minimum: int = 0, hint: Any = "", autocomplete: str = "current-password") -> Field:
    checks: list[Any] = [InputRequired(lazy("Fill this in.")), Length(max=200)]
    if minimum:
        checks.append(Length(min=minimum, message=lazy("Use at least %(min)d characters. A sentence works well.")))
    return PasswordField(label, checks, description=hint, render_kw={"autocomplete": autocomplete})


def paragraph(label: Any, *, max: int = 2000, required: bool = True, hint: Any = "", rows: int = 4) -> Field:
    checks = [*_need(required), Length(max=max, message=lazy("Use %(max)d characters at most.")), PlainText()]
    return TextAreaField(label, checks, description=hint, filters=[_stripped], render_kw={"rows": rows})


class InRange(NumberRange):
    """Also where hundreds of digits were sent, which no machine number holds."""

    def __call__(self, form: Any, field: Any) -> None:
        try:
            super().__call__(form, field)
        except OverflowError:
            raise ValidationError(str(self.message) % {"min": self.min, "max": self.max}) from None


def number(label: Any, *, least: int = 0, most: int = 1_000_000, required: bool = True, hint: Any = "") -> Field:
    sentence = lazy("Give a number from %(min)s to %(max)s.")
    return IntegerField(
        label,
        [*_need(required), InRange(least, most, message=sentence)],
        description=hint,
        render_kw={"min": least, "max": most, "inputmode": "numeric"},
    )


def decimal(label: Any, *, least: float = 0, most: float = 1000, required: bool = True, hint: Any = "") -> Field:
    return DecimalField(
        label,
        [*_need(required), NumberRange(least, most, message=lazy("Give a number from %(min)s to %(max)s."))],
        description=hint,
        render_kw={"step": "0.5", "inputmode": "decimal"},
    )


# What a calendar of people reaches: a year before or after it is a typing mistake.
_A_LIFETIME = Between(lambda: date(1900, 1, 1), lambda: date(2100, 12, 31), lazy("Look at the year of this date."))


def day(label: Any, *, required: bool = True, hint: Any = "", within: Between | None = None) -> Field:
    return DateField(label, [*_need(required, lazy("Give a date.")), within or _A_LIFETIME], description=hint)


def hour(label: Any, *, required: bool = True, hint: Any = "") -> Field:
    return TimeField(label, _need(required, lazy("Give an hour, such as 9:30.")), description=hint)


def tick(label: Any, *, required: bool = False, hint: Any = "", sentence: Any = None) -> Field:
    checks = [InputRequired(sentence or lazy("Tick this to go on."))] if required else []
    return BooleanField(label, checks, description=hint)


def select(label: Any, choices: Choices = (), *, required: bool = True, hint: Any = "", empty: Any = None) -> Field:
    """One of a list, folded. Choices are (value, label); give them later with `offer`."""
    field_checks = _need(required, lazy("Choose one."))
    return SelectField(label, field_checks, choices=_options(choices, empty), description=hint)


def one_of(label: Any, choices: Choices = (), *, required: bool = True, hint: Any = "") -> Field:
    """One of a few, all in sight."""
    return RadioField(
        label,
        _need(required, lazy("Choose one.")),
        choices=_options(choices),
        description=hint,
        validate_choice=True,
    )


def several(label: Any, choices: Choices = (), *, required: bool = False, hint: Any = "") -> Field:
    """Any of a list, as ticks."""
    return SelectMultipleField(
        label,
        [InputRequired(lazy("Choose at least one."))] if required else [],
        choices=_options(choices),
        description=hint,
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
    )


def score(label: Any, *, required: bool = True, hint: Any = "", most: int = 5) -> Field:
    """1 to 5; handed over as text digits, typed in the form's answer."""
    return one_of(label, [(str(n), str(n)) for n in range(1, most + 1)], required=required, hint=hint)


def offer(field: Field, choices: Choices, empty: Any = None) -> None:
    """Give a field its choices for this page."""
    field.choices = _options(choices, empty)


def enum_choices(options: type[StrEnum], labels: dict[Any, Any]) -> list[tuple[str, Any]]:
    return [(member.value, labels[member]) for member in options]


def _options(choices: Choices, empty: Any = None) -> list[SelectChoice]:
    first = [SelectChoice("", empty)] if empty is not None else []
    return first + [SelectChoice(str(value), label) for value, label in choices]


def _keywords(more: dict[str, Any], **always: Any) -> dict[str, Any]:
    given: dict[str, Any] = more.pop("render_kw", {})
    if "autocomplete" in more:
        given["autocomplete"] = more.pop("autocomplete")
    return {**more, "render_kw": {**always, **given}}


__all__: Sequence[str] = [
    "Between", "PlainText", "day", "decimal", "enum_choices", "hour", "number", "offer", "one_of", "paragraph",
    "password", "score", "select", "several", "text", "tick",
]  # fmt: skip
