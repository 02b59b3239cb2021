"""When a company would like to meet; and the presses that say for which moment they are."""

from dataclasses import dataclass
from datetime import date, time
from typing import Any, Self

from wtforms import HiddenField

from portal.foundation import fields
from portal.foundation.forms import Form, Press
from portal.foundation.words import _, lazy
from portal.interviews import preferred
from portal.interviews.forms import MomentAnswer, MomentForm
from portal.interviews.preferred import Window
from portal.interviews.rules import HourMissing

ROWS = (1, 2, 3)


class MovedForm(MomentForm):
    """Another moment for the interview that stood at this revision."""

    answers = MomentAnswer
    rehearses = True
    revision = HiddenField()


@dataclass(frozen=True)
class TakeOverAnswer:
    companion: str
    whole: bool


class TakeOverForm(Form[TakeOverAnswer]):
    answers = TakeOverAnswer
    rehearses = True
    companion = fields.one_of(lazy("Who goes along?"))
    whole = fields.tick(
        lazy("Hand the whole interview over"),
        hint=lazy(
            "This colleague then also does what comes before and after it: the permission, the sheet, the answer."
        ),
    )
    revision = HiddenField()


@dataclass(frozen=True)
class ContactAnswer:
    contact: str


class ContactForm(Form[ContactAnswer]):
    answers = ContactAnswer
    rehearses = True
    contact = fields.one_of(lazy("Who has the interview?"))
    revision = HiddenField()


class SettlePress(Press):
    """Hold the first moment that the page showed inside what the company prefers."""

    rehearses = True
    slot = HiddenField()
    mode = HiddenField()


class AskPress(Press):
    """Ask the company when it would like to meet."""

    rehearses = True


@dataclass(frozen=True)
class TimesAnswer:
    """The windows that were chosen, where each was typed, and what stood when the page was opened."""

    windows: tuple[Window, ...]
    fields: tuple[str, ...]
    seen: str
    suits: bool


class TimesForm(Form[TimesAnswer]):
    """Own hours as ticks, or a day with two hours, three times at most. `said`: "suits" where a held moment does."""

    answers = TimesAnswer
    seen = HiddenField()
    said = HiddenField(default="times")
    offered = fields.several(lazy("Hours of yours"))

    @classmethod
    def of(cls, windows: list[Window], **start: Any) -> Self:
        form = cls.from_request(**start)
        fields.offer(form.offered, [(one.value, one.label) for one in windows])
        for number in ROWS:
            form._fields[f"day_{number}"].label.text = _("Day %(number)s", number=number)
        return form

    @property
    def rows(self) -> list[tuple[Any, Any, Any]]:
        return [tuple(self._fields[f"{name}_{number}"] for name in ("day", "begins", "until")) for number in ROWS]

    @property
    def rows_used(self) -> bool:
        """Whether somebody typed a day: then its errors are in sight."""
        return not self.offered.choices or any(part.data or part.errors for row in self.rows for part in row)

    def answer(self) -> TimesAnswer:
        """Raises HourMissing where a row was begun and not finished."""
        windows = preferred.named(self.offered.data or [])
        where = ["offered"] * len(windows)
        for number, row in zip(ROWS, self.rows, strict=True):
            day, begins, until = (part.data for part in row)
            if day is None and begins is None and until is None:
                continue
            if not (isinstance(day, date) and isinstance(begins, time) and isinstance(until, time)):
                raise HourMissing(field=f"day_{number}")
            windows.append(Window(day, begins, until))
            where.append(f"day_{number}")
        suits = self.said.data == "suits"
        return TimesAnswer(() if suits else tuple(windows), tuple(where), self.seen.data or "", suits)


for _number in ROWS:
    setattr(TimesForm, f"day_{_number}", fields.day("", required=False))
    setattr(TimesForm, f"begins_{_number}", fields.hour(lazy("From"), required=False))
    setattr(TimesForm, f"until_{_number}", fields.hour(lazy("Until"), required=False))
