"""The 26 weeks as dates: a template of moments, anchored to the real first day. Pure: no database, no clock.

A moment that falls on a weekend or a Belgian holiday moves forward to the next workday; the one before the start moves
backward when going forward would reach the first day. Nobody gets two forms on one day.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from portal.agenda.windows import DAY, next_workday, workdays_before


@dataclass(frozen=True)
class Moment:
    """One moment of one voice. `week` counts whole weeks from the first day; before it, it is -1."""

    code: str
    voice: str
    channel: str
    week: int
    day: date


@dataclass
class Diary:
    """The days on which somebody already has a form, by voice: the plan leaves them free."""

    taken: dict[str, set[date]] = field(default_factory=dict)

    def has(self, voice: str, day: date) -> bool:
        return day in self.taken.get(voice, set())

    def take(self, voice: str, day: date) -> None:
        self.taken.setdefault(voice, set()).add(day)


def lay_out(
    template: Mapping[str, Any],
    starts_on: date,
    voices: Collection[str],
    taken: Mapping[str, Iterable[date]] | None = None,
) -> list[Moment]:
    """Every moment of these voices, in the order of their days. `taken`: the days of each voice's reader that have a form."""
    diary = Diary({voice: set(days) for voice, days in (taken or {}).items()})
    laid: list[Moment] = []
    for moment in template["moments"]:
        for voice, channel in moment["voices"].items():
            if voice not in voices:
                continue
            day = workday_of(starts_on, moment["offset_days"])
            if asks_a_form(channel):
                while diary.has(voice, day):
                    day = next_workday(day + DAY)
                diary.take(voice, day)
            laid.append(Moment(moment["code"], voice, channel, moment["offset_days"] // 7, day))
    return sorted(laid, key=lambda one: (one.day, one.voice))


def workday_of(starts_on: date, offset_days: int) -> date:
    """The workday of a moment: its own date, or the first workday after it; never the first day for what comes before."""
    wanted = starts_on + timedelta(days=offset_days)
    shifted = next_workday(wanted)
    if offset_days < 0 and shifted >= starts_on:
        return workdays_before(wanted, 1)
    return shifted


def asks_a_form(channel: str) -> bool:
    return channel.endswith("form")


def weeks_since(starts_on: date, day: date) -> float:
    """How far a day is from the first one, in weeks, to two decimals."""
    return round((day - starts_on).days / 7, 2)


def place_of(template: Mapping[str, Any], code: str) -> float | None:
    """Where a moment stands in the template, in weeks, so that voices of one moment are drawn above each other."""
    for moment in template["moments"]:
        if moment["code"] == code:
            offset: int = moment["offset_days"]
            return float(offset // 7) if offset % 7 == 0 else round(offset / 7, 2)
    return None
