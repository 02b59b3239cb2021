"""The forms of aftercare. Those for the three voices are made from forms.toml, per voice and moment."""

import json
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, ClassVar

from wtforms import Field

from portal.aftercare import questions
from portal.aftercare.questions import Question
from portal.aftercare.rules import Given
from portal.foundation import clock
from portal.foundation.fields import Between, day, number, one_of, paragraph, score, text
from portal.foundation.forms import Form
from portal.foundation.words import _, lazy

HORIZON = timedelta(days=400)
SOON = Between(
    lambda: clock.today() - timedelta(days=60),
    lambda: clock.today() + HORIZON,
    lazy("Give a date between two months ago and a year from now."),
)


class CheckInForm(Form[tuple[Given, ...]]):
    """What one voice is asked at one moment. `answer()` hands over only what was answered."""

    asked: ClassVar[list[Question]]

    @property
    def came_by(self) -> str:
        """How the answers reached the worker who types: by phone, on paper, or not said."""
        return self._fields["came"].data or "worker" if "came" in self._fields else "worker"

    def answer(self) -> tuple[Given, ...]:
        return tuple(given for one in self.asked if not (given := self._given(one)).empty)

    def _given(self, one: Question) -> Given:
        if one.kind == "dates":
            return self._dates(one)
        data = self._fields[one.code].data
        if one.kind in {"score", "number"}:
            return Given(one.code, score=None if data in (None, "") else int(data))
        if one.kind == "choice":
            return Given(one.code, choice=data or "")
        return Given(one.code, words=data or "")

    def _dates(self, one: Question) -> Given:
        rows = [
            {"day": on.isoformat(), "words": words or ""}
            for at in range(one.data["max"])
            if (on := self._fields[_row(one, at)].data)
            for words in [self._fields[f"{_row(one, at)}_words"].data]
        ]
        return Given(one.code, score=len(rows), words=json.dumps(rows)) if rows else Given(one.code)

    def validate(self, extra_validators: Any = None) -> bool:
        """A line about a date needs the date."""
        right: bool = super().validate(extra_validators)
        for one in self.asked:
            for at in range(one.data["max"] if one.kind == "dates" else 0):
                on, words = self._fields[_row(one, at)], self._fields[f"{_row(one, at)}_words"]
                if words.data and not on.data and not on.errors:
                    on.errors = [_("Give the date as well.")]
                    right = False
        return right


def _row(one: Question, number: int) -> str:
    return f"{one.code}_{number + 1}"


# Who types for somebody else says how the answers came. A word, so that it never meets a question's own code.
CAME = (("phone", lazy("On the phone")), ("paper", lazy("From the paper form")), ("visit", lazy("During the visit")))


def form_for(voice: str, moment: str, *, by_worker: bool = False) -> type[CheckInForm]:
    """The class of the form that this voice gets at this moment, in the language being written."""
    asked = questions.asked(voice, moment)
    made: dict[str, Any] = {"asked": asked}
    if by_worker:
        made["came"] = one_of(lazy("How did the answers come?"), CAME, required=False)
    for one in asked:
        made.update(_fields_of(one))
    return type("CheckInForm", (CheckInForm,), made)


def _fields_of(one: Question) -> dict[str, Field]:
    hint, required = one.text("hint"), one.required
    if one.kind == "score":
        return {one.code: score(one.label, required=required, hint=hint)}
    if one.kind == "choice":
        return {one.code: one_of(one.label, one.choices, required=required, hint=hint)}
    if one.kind == "text":
        return {one.code: paragraph(one.label, max=one.data["max"], required=required, hint=hint, rows=3)}
    if one.kind == "dates":
        return _dated(one)
    least, most = one.data["min"], one.data["max"]
    if one.data.get("low"):
        scale = [(str(n), str(n)) for n in range(least, most + 1)]
        return {one.code: one_of(one.label, scale, required=required, hint=hint)}
    return {one.code: number(one.label, least=least, most=most, required=required, hint=hint)}


def _dated(one: Question) -> dict[str, Field]:
    made: dict[str, Field] = {}
    for row in range(one.data["max"]):
        made[_row(one, row)] = day(lazy("Date"), required=False, within=SOON)
        made[f"{_row(one, row)}_words"] = text(lazy("Hours or place"), max=120, required=False)
    return made


@dataclass(frozen=True)
class TalkAnswer:
    note: str


class TalkForm(Form[TalkAnswer]):
    answers = TalkAnswer
    note = paragraph(
        lazy("What was said, and what you agreed"), max=2000, hint=lazy("About the work only. Nothing about the past.")
    )


@dataclass(frozen=True)
class SkipAnswer:
    reason: str


class SkipForm(Form[SkipAnswer]):
    answers = SkipAnswer
    reason = text(lazy("Why does this moment not take place?"), max=200)


@dataclass(frozen=True)
class MoveAnswer:
    day: date


class MoveForm(Form[MoveAnswer]):
    answers = MoveAnswer
    day = day(lazy("New day"), within=SOON)


@dataclass(frozen=True)
class CloseAnswer:
    note: str


class CloseForm(Form[CloseAnswer]):
    answers = CloseAnswer
    note = paragraph(
        lazy("What did you hear, and what happens now?"),
        max=2000,
        hint=lazy("Two sentences are enough. Only your team reads this."),
    )


@dataclass(frozen=True)
class AddAnswer:
    voice: str
    channel: str
    day: date


class AddForm(Form[AddAnswer]):
    answers = AddAnswer
    voice = one_of(lazy("With whom?"))
    channel = one_of(lazy("How?"))
    day = day(lazy("Day"), within=SOON)
