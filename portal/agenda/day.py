"""Somebody's day: where to be, when to leave, whom one meets. Each later room brings its own stops (`brings`), and names
come through the one door that journals them (`names_by`), so that nothing here knows an interview or a person."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from portal.agenda.models import Hold
from portal.agenda.travel import UnknownPlace, minutes_between, place_of
from portal.agenda.windows import DAY
from portal.foundation import clock
from portal.foundation.access import Viewer
from portal.foundation.database import db


@dataclass(frozen=True)
class Asked:
    """Whose day: the viewer's own, or, for a coordinator, where the whole team is, with no word about whom it meets."""

    viewer: Viewer
    day: date
    team: bool = False

    @property
    def since(self) -> datetime:
        return clock.midnight(self.day)

    @property
    def until(self) -> datetime:
        return clock.midnight(self.day + DAY)


@dataclass(frozen=True)
class Somebody:
    """Whom one meets there, of those who have an account: the company's contact, a colleague."""

    part: str
    name: str
    phone: str = ""


@dataclass(frozen=True)
class Door:
    """A press, or a paper to take along."""

    label: str
    url: str
    image: str = ""
    posts: bool = False


@dataclass(frozen=True)
class Talk:
    """One of several talks at a stop."""

    starts_at: datetime
    about: int
    label: str
    url: str
    done: bool = False


@dataclass(frozen=True)
class Stop:
    """Where somebody is that day. Without `starts_at` it is a visit at no fixed hour. `about`: the candidates, by number.

    `road_from` is when the way there begins by what is held; `part` names the bringing room's own template for the rest
    of the stop, which gets `more`. `paper`: what is asked on the printed sheet, to tick by hand; `paper_facts`: what a
    sheet says that may lie on a company's table, where that is less.
    """

    key: str
    kind: str
    title: str
    url: str
    worker_id: int
    worker: str
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    place: str = ""
    address: str = ""
    postcode: str = ""
    about: tuple[int, ...] = ()
    people: tuple[Somebody, ...] = ()
    bring: tuple[Door, ...] = ()
    facts: tuple[tuple[str, str], ...] = ()
    tag: tuple[str, str] | None = None
    talks: tuple[Talk, ...] = ()
    next: Door | None = None
    over: bool = False
    no_phone: bool = False
    road_from: datetime | None = None
    part: str = ""
    more: Any = None
    paper: tuple[str, ...] = ()
    paper_facts: tuple[tuple[str, str], ...] | None = None


Brings = Callable[[Asked], Iterable[Stop]]
Names = Callable[[Collection[int], str], dict[int, Any]]
_brings: dict[str, Brings] = {}
_names: list[Names] = []


def brings(kind: str, stops: Brings) -> None:
    """A room says what of its rows stands in somebody's day: one query, however many there are."""
    _brings[kind] = stops


def names_by(names: Names) -> None:
    """The room that knows who people are gives their names here, and journals the reading."""
    _names[:] = [names]


@dataclass(frozen=True)
class Road:
    """The way to a stop: minutes by the agenda's estimate, and when to leave. `tight`: the stop before ends later."""

    minutes: int
    leave_at: datetime
    tight: bool


@dataclass(frozen=True)
class Line:
    stop: Stop
    road: Road | None


@dataclass(frozen=True)
class Laid:
    """A day as it is read: at their hours, and at no fixed hour; `names` of whom one meets."""

    timed: tuple[Line, ...]
    untimed: tuple[Stop, ...]
    names: dict[int, Any]

    @property
    def stops(self) -> tuple[Stop, ...]:
        return (*(line.stop for line in self.timed), *self.untimed)

    @property
    def current(self) -> str:
        """The stop that is on, or comes next: the one whose press is the page's amber one."""
        return next((stop.key for stop in self.stops if not stop.over), "")

    @property
    def no_phone(self) -> bool:
        return any(stop.no_phone for stop in self.stops)


def of(viewer: Viewer, day: date, reason: str = "the worker's day") -> Laid:
    """The viewer's own day, with the names, whose reading is journalled with its reason."""
    asked = Asked(viewer, day)
    stops = _ordered(asked)
    people = {number for stop in stops for number in (*stop.about, *(talk.about for talk in stop.talks))}
    names = _names[0](people, reason) if people and _names else {}
    timed = [stop for stop in stops if stop.starts_at is not None]
    return Laid(tuple(_lines(timed)), tuple(stop for stop in stops if stop.starts_at is None), names)


def following(viewer: Viewer, day: date) -> date | None:
    """The next day on which something stands in the viewer's agenda, for a day on which nothing does."""
    after = clock.midnight(day + DAY)
    first = db.session.scalar(
        sa.select(sa.func.min(Hold.starts_at)).where(Hold.party == f"person:{viewer.me}", Hold.starts_at >= after)
    )
    return clock.local(first).date() if first is not None else None


def of_team(viewer: Viewer, day: date) -> list[tuple[str, list[Stop]]]:
    """Who of the coordinator's team is where: by worker, without the people that they meet."""
    found: dict[int, list[Stop]] = {}
    for stop in _ordered(Asked(viewer, day, team=True)):
        found.setdefault(stop.worker_id, []).append(stop)
    return sorted(((stops[0].worker, stops) for stops in found.values()), key=lambda one: one[0])


def _ordered(asked: Asked) -> list[Stop]:
    stops = [stop for kind in sorted(_brings) for stop in _brings[kind](asked)]
    return sorted(stops, key=lambda one: (one.starts_at is None, one.starts_at or asked.since, one.title, one.key))


def _lines(stops: Sequence[Stop]) -> Iterable[Line]:
    before: Stop | None = None
    for stop in stops:
        yield Line(stop, _road(before, stop))
        before = stop


def _road(before: Stop | None, stop: Stop) -> Road | None:
    """From the stop before; the first way of the day is the one that is held. None where nothing is known, or it is here."""
    if stop.starts_at is None:
        return None
    if before is None or before.ends_at is None:
        held = stop.road_from
        minutes = int((stop.starts_at - held).total_seconds() // 60) if held is not None else 0
        return Road(minutes, stop.starts_at - timedelta(minutes=minutes), tight=False) if minutes > 0 else None
    minutes = _minutes(before, stop)
    leave_at = stop.starts_at - timedelta(minutes=minutes)
    return Road(minutes, leave_at, leave_at < before.ends_at) if minutes else None


def _minutes(before: Stop, stop: Stop) -> int:
    try:
        return minutes_between(_place(before), _place(stop))
    except UnknownPlace:
        return 0


def _place(stop: Stop) -> Any:
    return place_of(stop.postcode, stop.address or stop.place)
