"""Levels: what each takes, how far an ambassador is, and until when. Rules are data (charter.toml); nothing here asks the
database. Signing is not activity: what was done counts for so long, and then has to be done again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from portal.ambassadors.models import Level
from portal.foundation import clock
from portal.foundation.options import Option, options
from portal.foundation.words import lazy

MEASURES = {
    "interviews_or_events": lazy("Interviews with the company, and events"),
    "placements_13_weeks": lazy("Starts there that held for 13 weeks"),
    "active_peers": lazy("Invited companies that are active and show it"),
}
# What brings somebody there.
WAYS = {
    "interviews_or_events": lazy("Open a vacancy: a first talk counts from the day on which it was held. An event counts as well."),
    "placements_13_weeks": lazy("A start counts from week 13 on. Call your project worker when something is in its way."),
    "active_peers": lazy("Invite a company that you know. It counts from its first vacancy, once it lets you see how far it is."),
}  # fmt: skip


@dataclass(frozen=True)
class Reached:
    """What an ambassador's company did, by day, and whether somebody confirmed it as a pioneer (and when)."""

    days: Mapping[str, Sequence[date]] = field(default_factory=dict)
    confirmed: bool = False
    confirmed_on: date | None = None


@dataclass(frozen=True)
class Threshold:
    """What a level takes: the current value against the one wanted, and until when the value stays."""

    label: Any
    value: int
    wanted: int
    way: Any
    until: date | None

    @property
    def met(self) -> bool:
        return self.value >= self.wanted


@dataclass(frozen=True)
class Standing:
    """The level now and until when, the next one, and the current value of each thing that they take."""

    level: Level
    label: str
    meaning: str
    ends_on: date | None
    kept_by: Sequence[Threshold]
    next_label: str
    thresholds: Sequence[Threshold]
    waits_for_confirmation: bool


def standing(reached: Reached, on: date | None = None) -> Standing:
    """Each level asks all of the ones before it; a pioneer is confirmed by a person as well."""
    today = on or clock.today()
    ladder = list(options("ambassadors", "levels", "charter").values())
    at = 0
    while at + 1 < len(ladder) and _met(ladder[at + 1], reached, today) and _confirmed(ladder[at + 1], reached, today):
        at += 1
    now = ladder[at]
    following = ladder[at + 1] if at + 1 < len(ladder) else None
    return Standing(
        level=Level(now.code),
        label=now.label,
        meaning=now.text("meaning"),
        ends_on=_ends(now, reached, today),
        kept_by=_thresholds(now, reached, today),
        next_label=following.label if following else "",
        thresholds=_thresholds(following, reached, today) if following else [],
        waits_for_confirmation=following is not None and _met(following, reached, today),
    )


def _counting(level: Option, measure: str, reached: Reached, today: date) -> list[date]:
    """Until when each deed counts, the longest first; what no longer counts is left out."""
    lasts = level.data.get("within_days", {}).get(measure)
    ends = [_after(day, lasts) for day in reached.days.get(measure, ())]
    return sorted((end for end in ends if end > today), reverse=True)


def _after(day: date, lasts: int | None) -> date:
    return date.max if lasts is None or day == date.max else day + timedelta(days=lasts)


def _met(level: Option, reached: Reached, today: date) -> bool:
    return all(len(_counting(level, name, reached, today)) >= level.data[name] for name in MEASURES)


def _confirmed(level: Option, reached: Reached, today: date) -> bool:
    if not level.data["confirmation"]:
        return True
    return reached.confirmed and _confirmation_ends(level, reached) > today


def _confirmation_ends(level: Option, reached: Reached) -> date:
    day = reached.confirmed_on
    return date.max if day is None else _after(day, level.data.get("confirmation_days"))


def _ends(level: Option, reached: Reached, today: date) -> date | None:
    """The day from which this level no longer stands if nothing new happens."""
    ends = [one.until for one in _thresholds(level, reached, today) if one.until is not None]
    if level.data["confirmation"] and _confirmation_ends(level, reached) != date.max:
        ends.append(_confirmation_ends(level, reached))
    return min(ends, default=None)


def _thresholds(level: Option, reached: Reached, today: date) -> list[Threshold]:
    return [_threshold(level, name, reached, today) for name in MEASURES if level.data[name]]


def _threshold(level: Option, name: str, reached: Reached, today: date) -> Threshold:
    counting, wanted = _counting(level, name, reached, today), level.data[name]
    # The value falls under what is wanted when the last of so many stops counting.
    until = counting[wanted - 1] if len(counting) >= wanted else None
    return Threshold(MEASURES[name], len(counting), wanted, WAYS[name], None if until == date.max else until)
