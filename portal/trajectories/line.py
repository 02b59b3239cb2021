"""How a milestone reads on somebody's line: done, due, late, waiting for a permission, or deviating, each with what is next."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask import url_for

from portal.candidates import doors
from portal.foundation import clock
from portal.foundation.options import Option, label
from portal.foundation.words import _, date_medium, lazy
from portal.trajectories.models import Milestone, Trajectory
from portal.trajectories.service import BY_ITSELF

WEEK = timedelta(weeks=1)
# Each state in a word; its shape stands in trajectories/parts.html, and its colour only repeats them.
WORDS: dict[str, Any] = {
    "done": lazy("done"), "now": lazy("due now"), "next": lazy("still to come"), "late": lazy("late"),
    "paused": lazy("paused"), "later": lazy("later, as agreed"), "out": lazy("left out"),
}  # fmt: skip
URGENT = ("late", "paused", "now", "later", "next")

# Where a milestone is worked on. Pages of later rooms are named only; a portal without them has no such link.
_PLACES: dict[str, tuple[str, Any]] = {
    "screening": ("candidates.plan_screening", lazy("Plan the screening")),
    "plan_agreed": ("candidates.plan", lazy("Go to the plan")),
    "profile_approved": ("showcase.write", lazy("Go to the profile")),
    "papers_in_order": ("candidates.preconditions", lazy("See the papers")),
    "employers_approached": ("approaches.approaching", lazy("Call companies")),
    "interviews": ("showcase.vacancies_for", lazy("Look for a vacancy")),
    "decision": ("candidates.show", lazy("See what waits")),
    "start_prepared": ("candidates.show", lazy("See what waits")),
}


@dataclass(frozen=True)
class Mark:
    """A milestone on the line. Weeks count from the day on which the person was taken on."""

    code: str
    label: str
    hint: str
    state: str
    word: str
    detail: str
    first_week: int
    week: int
    why: str = ""
    said: str = ""
    by: str = ""
    deviates: bool = False
    place: tuple[str, str] | None = None
    by_hand: bool = False
    to_do: bool = False


def marks(
    way: Trajectory, rows: Sequence[Milestone], words: Mapping[str, Option], *, key: str = "", people: Mapping[int, str] | None = None
) -> list[Mark]:  # fmt: skip
    """`key`: the case's address, where the links to its pages are wanted; `people`: who deviated, by number."""
    return [_mark(way, one, words.get(one.code), key, people or {}) for one in rows]


def _mark(way: Trajectory, one: Milestone, words: Option | None, key: str, people: Mapping[int, str]) -> Mark:
    state = state_of(one, way)
    to_do = bool(key) and one.done_on is None
    return Mark(
        one.code, words.label if words is not None else one.code, words.text("hint") if words is not None else "", state,
        str(WORDS[state]), _detail(way, one, state), week_of(way, one.due_from), week_of(way, one.done_on or one.expected_by),
        why=label("trajectories", "deviation_reasons", one.deviation, "flow") if one.deviation else "",
        said=one.deviation_words or "", by=people.get(one.deviated_by or 0, ""), deviates=bool(one.deviation),
        place=_place(one.code, key) if to_do else None, by_hand=to_do and one.code not in BY_ITSELF,
        to_do=to_do,
    )  # fmt: skip


def state_of(one: Milestone, way: Trajectory) -> str:
    """One of WORDS. Who waits for a permission, or pauses as a whole, is not late: the days come back."""
    today = clock.today()
    if one.done_on is not None:
        return "done"
    if one.deviation and one.agreed_until is None:
        return "out"
    if one.paused_since is not None or way.paused_at is not None:
        return "paused"
    if one.expected_by < today:
        return "late"
    if one.deviation:
        return "later"
    return "now" if one.due_from <= today else "next"


def _detail(way: Trajectory, one: Milestone, state: str) -> str:
    if state == "done" and one.done_on is not None:
        return _("done on %(day)s", day=date_medium(one.done_on))
    if state == "out" and one.deviated_on is not None:
        return _("left out since %(day)s", day=date_medium(one.deviated_on))
    if state == "paused" and one.paused_since is not None:
        return _("paused since %(day)s: waits for a permission", day=date_medium(one.paused_since))
    if state == "paused" and way.paused_at is not None:
        return _("paused since %(day)s, with the whole trajectory", day=date_medium(clock.local(way.paused_at).date()))
    if state == "late":
        return _("late since %(day)s", day=date_medium(one.expected_by))
    return _(
        "due in week %(number)s, by %(day)s", number=week_of(way, one.expected_by), day=date_medium(one.expected_by)
    )


def week_of(way: Trajectory, day: date) -> int:
    """In which week of a way a day lies; counted in days of the calendar, so that no changed hour shifts it."""
    return max(0, (day - way.accepted_on).days // 7)


def this_week(way: Trajectory) -> int:
    """The week in which somebody is; whoever pauses stays in the week of the pause."""
    stopped = clock.local(way.paused_at).date() if way.paused_at is not None else clock.today()
    return week_of(way, stopped)


def _place(code: str, key: str) -> tuple[str, str] | None:
    if code not in _PLACES or not doors.there(_PLACES[code][0]):
        return None
    endpoint, words = _PLACES[code]
    return url_for(endpoint, key=key), str(words)


def next_of(found: Sequence[Mark]) -> Mark | None:
    """What asks for attention first."""
    for state in URGENT:
        for one in found:
            if one.state == state:
                return one
    return None
