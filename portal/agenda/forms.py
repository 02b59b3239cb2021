from dataclasses import dataclass
from datetime import date, time
from typing import Any, ClassVar

from portal.foundation import fields
from portal.foundation.forms import Form
from portal.foundation.words import lazy

WEEKDAYS = [
    ("0", lazy("Monday")), ("1", lazy("Tuesday")), ("2", lazy("Wednesday")), ("3", lazy("Thursday")),
    ("4", lazy("Friday")), ("5", lazy("Saturday")), ("6", lazy("Sunday")),
]  # fmt: skip


@dataclass(frozen=True)
class WindowAnswer:
    weekday: str
    starts: time
    ends: time
    programmes: tuple[str, ...]
    regions: tuple[str, ...]
    workplaces: tuple[str, ...]


class WindowForm(Form[WindowAnswer]):
    """Weekly hours. A worker keeps them for programmes and provinces, an employer's contact for sites; the page shows its own."""

    answers: ClassVar[type[Any]] = WindowAnswer
    weekday = fields.select(lazy("Day"), WEEKDAYS)
    starts = fields.hour(lazy("From"))
    ends = fields.hour(lazy("Until"))
    programmes = fields.several(lazy("Only for these programmes"), hint=lazy("Tick nothing: they count for all."))
    regions = fields.several(lazy("Only in these provinces"), hint=lazy("Tick nothing: they count everywhere."))
    workplaces = fields.several(lazy("Only at these sites"), hint=lazy("Tick nothing: they count at all of them."))


@dataclass(frozen=True)
class ChangeAnswer(WindowAnswer):
    since: date


class ChangeForm(WindowForm):
    answers = ChangeAnswer
    since = fields.day(lazy("From which day on?"), hint=lazy("The weeks before it stay as they were."))


@dataclass(frozen=True)
class OnceAnswer:
    day: date
    starts: time
    ends: time


class OnceForm(Form[OnceAnswer]):
    answers = OnceAnswer
    day = fields.day(lazy("Which day?"))
    starts = fields.hour(lazy("From"))
    ends = fields.hour(lazy("Until"))


@dataclass(frozen=True)
class DepartureAnswer:
    postcode: str


class DepartureForm(Form[DepartureAnswer]):
    answers = DepartureAnswer
    postcode = fields.text(
        lazy("Postcode"), max=4, required=False, autocomplete="off",
        hint=lazy("Leave it empty, and the way is counted from where the candidate is."),
    )  # fmt: skip


@dataclass(frozen=True)
class AbsenceAnswer:
    begins_on: date
    first_part: str
    begins_at: time | None
    ends_on: date
    last_part: str
    ends_at: time | None
    sudden: bool


class AbsenceForm(Form[AbsenceAnswer]):
    answers = AbsenceAnswer
    begins_on = fields.day(lazy("First day"))
    first_part = fields.select(
        lazy("On the first day"), [("whole", lazy("the whole day")), ("afternoon", lazy("only the afternoon"))]
    )
    begins_at = fields.hour(lazy("From"), required=False)
    ends_on = fields.day(lazy("Last day"))
    last_part = fields.select(
        lazy("On the last day"), [("whole", lazy("the whole day")), ("morning", lazy("only the morning"))]
    )
    ends_at = fields.hour(lazy("Until"), required=False)
    sudden = fields.tick(lazy("It comes unexpectedly"))


@dataclass(frozen=True)
class SkipAnswer:
    day: date


class SkipForm(Form[SkipAnswer]):
    answers = SkipAnswer
    day = fields.day(lazy("Which day?"))
