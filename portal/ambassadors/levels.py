"""Levels: what each takes, and how far an ambassador is. Thresholds are data (charter.toml); nothing here asks the database."""

from collections.abc import Sequence
from dataclasses import dataclass

from portal.ambassadors.models import Level
from portal.foundation.options import Option, options
from portal.foundation.words import lazy

MEASURES = {
    "interviews_or_events": lazy("Interviews with the company"),
    "placements_13_weeks": lazy("Starts there that held for 13 weeks"),
    "active_peers": lazy("Invited companies that are active and show it"),
}


@dataclass(frozen=True)
class Reached:
    """What an ambassador's company did, and whether somebody confirmed it as a pioneer."""

    interviews_or_events: int = 0
    placements_13_weeks: int = 0
    active_peers: int = 0
    confirmed: bool = False


@dataclass(frozen=True)
class Threshold:
    label: str
    value: int
    wanted: int

    @property
    def met(self) -> bool:
        return self.value >= self.wanted


@dataclass(frozen=True)
class Standing:
    """The level now, the next one, and the current value of each thing that the next one takes."""

    level: Level
    label: str
    meaning: str
    next_label: str
    thresholds: Sequence[Threshold]
    waits_for_confirmation: bool


def standing(reached: Reached) -> Standing:
    """Each level asks all of the ones before it; a pioneer is confirmed by a person as well."""
    ladder = list(options("ambassadors", "levels", "charter").values())
    at = 0
    while at + 1 < len(ladder) and _met(ladder[at + 1], reached) and _confirmed(ladder[at + 1], reached):
        at += 1
    now = ladder[at]
    following = ladder[at + 1] if at + 1 < len(ladder) else None
    return Standing(
        level=Level(now.code),
        label=now.label,
        meaning=now.text("meaning"),
        next_label=following.label if following else "",
        thresholds=_thresholds(following, reached) if following else [],
        waits_for_confirmation=following is not None and _met(following, reached),
    )


def _met(level: Option, reached: Reached) -> bool:
    return all(getattr(reached, name) >= level.data[name] for name in MEASURES)


def _confirmed(level: Option, reached: Reached) -> bool:
    return reached.confirmed or not level.data["confirmation"]


def _thresholds(level: Option, reached: Reached) -> list[Threshold]:
    return [
        Threshold(str(label), getattr(reached, name), level.data[name])
        for name, label in MEASURES.items()
        if level.data[name]
    ]
