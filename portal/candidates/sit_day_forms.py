"""What is asked about sit-days: a single one, a rule, and a date that falls out."""

from dataclasses import dataclass
from datetime import date, time, timedelta

from portal.candidates.forms import SOON
from portal.foundation import clock
from portal.foundation.fields import Between, day, hour, number, one_of, select, several, tick
from portal.foundation.forms import Form
from portal.foundation.words import lazy

MINUTES = [(str(n), lazy("%(num)s minutes", num=n)) for n in (30, 45, 60, 75, 90, 120)]
PAUSES = [("0", lazy("No pause")), *[(str(n), lazy("%(num)s minutes", num=n)) for n in (15, 30, 45, 60)]]
WITHIN = Between(
    lambda: clock.today() - timedelta(days=1500), lambda: clock.today() + timedelta(days=1500),
    lazy("Look at the year of this date."),
)  # fmt: skip


@dataclass(frozen=True)
class SitDayAnswer:
    site: str
    worker: str
    day: date
    starts: time
    slots: int
    slot_minutes: str


class SitDayForm(Form[SitDayAnswer]):
    answers = SitDayAnswer
    site = select(lazy("Place"))
    worker = select(lazy("Who sits there?"))
    day = day(lazy("Day"), within=SOON)
    starts = hour(lazy("First talk at"))
    slots = number(lazy("How many talks?"), least=1, most=12)
    slot_minutes = select(lazy("How long is a talk?"), MINUTES)


@dataclass(frozen=True)
class RuleAnswer:
    first_on: date
    every_weeks: str
    last_on: date | None
    workers: tuple[str, ...]
    starts: time
    slots: int
    slot_minutes: str
    pause_minutes: str
    pause_after: int | None
    on_holidays: bool
    sure: bool


@dataclass(frozen=True)
class NewRuleAnswer(RuleAnswer):
    site: str


class _Where(Form[RuleAnswer]):
    site = select(lazy("Place"))


class RuleForm(Form[RuleAnswer]):
    answers = RuleAnswer
    first_on = day(lazy("First day"), within=WITHIN, hint=lazy("Its weekday is the weekday of the sit-day."))
    every_weeks = one_of(lazy("How often?"), [("1", lazy("Every week")), ("2", lazy("Every other week"))])
    last_on = day(lazy("Last day"), required=False, within=WITHIN, hint=lazy("Leave it empty when it goes on."))
    workers = several(
        lazy("Who sits there?"), required=True, hint=lazy("Each colleague has talks of their own, beside one another.")
    )
    starts = hour(lazy("First talk at"))
    slots = number(lazy("How many talks for each colleague?"), least=1, most=12)
    slot_minutes = select(lazy("How long is a talk?"), MINUTES)
    pause_minutes = select(lazy("Pause between the talks"), PAUSES)
    pause_after = number(lazy("After how many talks is the pause?"), least=0, most=12, required=False)
    on_holidays = tick(lazy("Also on public holidays"))
    # Pressed by the button that stands beside what will happen; no field of the form.
    sure = tick(lazy("Book these talks again"))


class NewRuleForm(RuleForm, _Where):
    answers = NewRuleAnswer  # type: ignore[assignment]


@dataclass(frozen=True)
class CallOffAnswer:
    what: str
    moved_to: date | None
    sure: bool


class CallOffForm(Form[CallOffAnswer]):
    answers = CallOffAnswer
    what = one_of(
        lazy("What happens?"), [("off", lazy("No sit-day on this date")), ("move", lazy("It moves to another date"))]
    )
    moved_to = day(lazy("To which date?"), required=False, within=SOON)
    sure = tick(lazy("Book these talks again"))
