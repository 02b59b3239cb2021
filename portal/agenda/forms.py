from dataclasses import dataclass
from datetime import date, time

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


class WindowForm(Form[WindowAnswer]):
    answers = WindowAnswer
    weekday = fields.select(lazy("Day"), WEEKDAYS)
    starts = fields.hour(lazy("From"))
    ends = fields.hour(lazy("Until"))


@dataclass(frozen=True)
class AbsenceAnswer:
    begins_on: date
    begins_at: time | None
    ends_on: date
    ends_at: time | None
    sudden: bool


class AbsenceForm(Form[AbsenceAnswer]):
    answers = AbsenceAnswer
    begins_on = fields.day(lazy("First day"))
    begins_at = fields.hour(lazy("From"), required=False, hint=lazy("Leave it empty for the whole day."))
    ends_on = fields.day(lazy("Last day"))
    ends_at = fields.hour(lazy("Until"), required=False, hint=lazy("Leave it empty for the whole day."))
    sudden = fields.tick(lazy("It comes unexpectedly"))


@dataclass(frozen=True)
class SkipAnswer:
    day: date


class SkipForm(Form[SkipAnswer]):
    answers = SkipAnswer
    day = fields.day(lazy("Which day?"))
