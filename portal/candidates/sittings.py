"""How a sit-day reads: who of the team sits where, and what became of each of its slots."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby

from portal.agenda import commitments
from portal.agenda.models import SitDay
from portal.agenda.sit_days import spans
from portal.agenda.windows import Span
from portal.candidates import typing_in
from portal.candidates.models import Screening
from portal.foundation import clock
from portal.programmes.models import Site

FREE, TAKEN, NOT_THERE, OVER = "free", "taken", "not there", "over"


@dataclass(frozen=True)
class Slot:
    """An hour of a sit-day; `screening` where somebody is expected, or was."""

    span: Span
    state: str
    screening: Screening | None = None

    @property
    def starts_at(self) -> datetime:
        return self.span.start


@dataclass(frozen=True)
class Sitting:
    """One worker's part of a sit-day."""

    sit_day: SitDay
    slots: tuple[Slot, ...]

    @property
    def free(self) -> int:
        return sum(slot.state == FREE for slot in self.slots)

    @property
    def taken(self) -> int:
        return sum(slot.state == TAKEN for slot in self.slots)

    @property
    def over(self) -> bool:
        return self.slots[-1].span.end <= clock.now()


@dataclass(frozen=True)
class Gathering:
    """Everybody's part of one sit-day at one place."""

    day: date
    site: Site
    sittings: tuple[Sitting, ...]

    @property
    def key(self) -> str:
        return self.sittings[0].sit_day.key

    @property
    def free(self) -> int:
        return sum(one.free for one in self.sittings)

    @property
    def taken(self) -> int:
        return sum(one.taken for one in self.sittings)


def gatherings(days: Sequence[SitDay]) -> list[Gathering]:
    """By day and place, in two queries however many days there are."""
    talks: dict[int, list[Screening]] = {}
    for talk in typing_in.talks_on(days) if days else ():
        talks.setdefault(talk.sit_day_id, []).append(talk)
    busy = _busy(days)
    ordered = sorted(days, key=lambda one: (one.day, one.programme_id, one.site_id, one.starts, one.id))
    found = [
        Gathering(day, group[0].site, tuple(Sitting(one, _slots(one, talks.get(one.id, []), busy)) for one in group))
        for (day, *_), group in _by_place(ordered)
    ]
    return sorted(found, key=lambda one: (one.day, one.site.label))


def _by_place(ordered: Sequence[SitDay]) -> list[tuple[tuple[date, int, int], list[SitDay]]]:
    grouped = groupby(ordered, key=lambda one: (one.day, one.programme_id, one.site_id))
    return [(place, list(group)) for place, group in grouped]


def _busy(days: Sequence[SitDay]) -> dict[str, list[Span]]:
    if not days:
        return {}
    first, last = min(one.day for one in days), max(one.day for one in days)
    found = commitments.of(
        {one.worker_id for one in days}, [], clock.midnight(first), clock.midnight(last + timedelta(days=1))
    )
    return {whose: [one.span for one in all_] for whose, all_ in found.items()}


def _slots(sit_day: SitDay, talks: Sequence[Screening], busy: dict[str, list[Span]]) -> tuple[Slot, ...]:
    """The slots of the day, and talks that were booked at an hour which is no slot any more."""
    at = {talk.starts_at: talk for talk in talks}
    taken = busy.get(f"person:{sit_day.worker_id}", [])
    slots = [Slot(span, _state(span, at.get(span.start), taken), at.pop(span.start, None)) for span in spans(sit_day)]
    length = timedelta(minutes=sit_day.slot_minutes)
    slots += [Slot(Span(start, start + length), TAKEN, talk) for start, talk in at.items()]
    return tuple(sorted(slots, key=lambda slot: slot.starts_at))


def _state(span: Span, talk: Screening | None, taken: Sequence[Span]) -> str:
    if talk is not None:
        return TAKEN
    if span.start <= clock.now():
        return OVER
    return NOT_THERE if any(span.overlaps(one) for one in taken) else FREE
