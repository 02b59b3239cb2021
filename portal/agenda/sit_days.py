"""Sit-days: workers sit at a site, and people are met there one after another."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import aliased, joinedload

from portal.agenda import commitments
from portal.agenda.commitments import Commitment
from portal.agenda.models import Hold, HoldKind, SitDay
from portal.agenda.windows import DAY, Span
from portal.foundation import clock
from portal.foundation.database import db, is_reading
from portal.foundation.errors import DomainError
from portal.foundation.options import load
from portal.foundation.words import lazy
from portal.journal import service as journal

QUARTER = 15


class AlreadyThere(DomainError):
    sentence = lazy("There is a sit-day at this place on this day already.")
    field = "day"
    status = 409


class DayHasPassed(DomainError):
    sentence = lazy("This day has passed. Choose a day from today on.")
    field = "day"


class NotAQuarter(DomainError):
    sentence = lazy("Begin at a whole quarter of an hour, such as 9:00 or 9:15.")
    field = "starts"


@dataclass(frozen=True)
class FreeSlot:
    """An hour on a sit-day that nobody has taken; `blocked` is the worker's time for it, with the way there and on."""

    sit_day: SitDay
    span: Span
    blocked: Span

    @property
    def starts_at(self) -> datetime:
        return self.span.start


def figure(name: str) -> int:
    """A figure of sit_days.toml."""
    return int(load("agenda", "sit_days")[name])


def add(
    *, programme_id: int, site_id: int, worker_id: int, day: date, starts: time, slots: int, slot_minutes: int = 60
) -> SitDay:
    """One day, outside any rule. Raises DayHasPassed, NotAQuarter, and AlreadyThere when this worker sits there then."""
    if day < clock.today():
        raise DayHasPassed()
    on_the_quarter(starts, slot_minutes)
    same = sa.select(SitDay).where(SitDay.site_id == site_id, SitDay.worker_id == worker_id, SitDay.day == day)
    sit_day = db.session.scalar(same)
    if sit_day is not None and not sit_day.off:
        raise AlreadyThere()
    if sit_day is None:
        sit_day = SitDay(site_id=site_id, worker_id=worker_id, day=day)
        db.session.add(sit_day)
    sit_day.programme_id, sit_day.rule_id, sit_day.off = programme_id, None, False
    sit_day.starts, sit_day.slots, sit_day.slot_minutes = starts, slots, slot_minutes
    sit_day.pause_after = sit_day.pause_minutes = 0
    journal.note("sit_day.added", sit_day)
    return sit_day


def on_the_quarter(starts: time, *minutes: int) -> None:
    """Held time is counted in quarters: talks that began in between would take each other's. Raises NotAQuarter."""
    if starts.minute % QUARTER or starts.second or any(one % QUARTER for one in minutes):
        raise NotAQuarter()


def spans(sit_day: SitDay) -> list[Span]:
    """The slots of a sit-day, one after another, counted in UTC from its first hour on the wall clock."""
    first, length = clock.at(sit_day.day, sit_day.starts), timedelta(minutes=sit_day.slot_minutes)
    pause = timedelta(minutes=sit_day.pause_minutes)
    begins = [
        first + n * length + (pause if sit_day.pause_after and n >= sit_day.pause_after else timedelta())
        for n in range(sit_day.slots)
    ]
    return [Span(begin, begin + length) for begin in begins]


def whole(sit_day: SitDay) -> Span:
    """From the first talk's beginning to the last one's end."""
    slots = spans(sit_day)
    return Span(slots[0].start, slots[-1].end)


def coming(programme_ids: Collection[int], *, site_id: int | None = None, limit: int = 60) -> Sequence[SitDay]:
    """The sit-days of these programmes from today on, the first first."""
    statement = _standing(programme_ids).where(SitDay.day >= clock.today()).limit(limit)
    if site_id is not None:
        statement = statement.where(SitDay.site_id == site_id)
    return db.session.scalars(statement).all()


def between(programme_ids: Collection[int], first: date, last: date) -> Sequence[SitDay]:
    """The sit-days of these programmes from one day to another, both included."""
    return db.session.scalars(_standing(programme_ids).where(SitDay.day >= first, SitDay.day <= last).limit(400)).all()


def together(sit_day: SitDay) -> Sequence[SitDay]:
    """Everybody's sit-day at this place on this day: the whole team that sits there."""
    same = (SitDay.site_id == sit_day.site_id, SitDay.day == sit_day.day)
    return db.session.scalars(_standing([sit_day.programme_id]).where(*same)).all()


def locked(where: sa.ColumnElement[bool]) -> Sequence[SitDay]:
    """Sit-days that are about to change: who books on one at this moment waits, or is seen (`stands`)."""
    statement = sa.select(SitDay).options(joinedload(SitDay.site), joinedload(SitDay.worker)).where(where)
    statement = statement.order_by(SitDay.day, SitDay.id).execution_options(populate_existing=True)
    return db.session.scalars(statement if is_reading() else statement.with_for_update(of=SitDay)).all()


def stands(sit_day: SitDay) -> bool:
    """Whether a day still goes on, and will until this transaction ends."""
    off = db.session.scalar(sa.select(SitDay.off).where(SitDay.id == sit_day.id).with_for_update(read=True))
    return off is False


def together_at(programme_ids: Collection[int], key: str) -> Sequence[SitDay]:
    """The same by the address of one of them, in one query; nothing when that day is not of these programmes."""
    one = aliased(SitDay)
    same = (SitDay.programme_id == one.programme_id, SitDay.site_id == one.site_id, SitDay.day == one.day)
    return db.session.scalars(_standing(programme_ids).join(one, sa.and_(one.key == key, *same))).all()


def _standing(programme_ids: Collection[int]) -> sa.Select[SitDay]:
    return (
        sa.select(SitDay)
        .options(joinedload(SitDay.site), joinedload(SitDay.worker))
        .where(SitDay.programme_id.in_(list(programme_ids)), SitDay.off.is_(False))
        .order_by(SitDay.day, SitDay.starts, SitDay.id)
    )


def of(programme_ids: Collection[int], key: str) -> SitDay | None:
    """A sit-day of these programmes by its address, also one that does not go on."""
    return db.session.scalar(
        sa.select(SitDay)
        .options(joinedload(SitDay.site), joinedload(SitDay.worker))
        .where(SitDay.key == key, SitDay.programme_id.in_(list(programme_ids)))
    )


def free(
    programme_id: int, site_id: int, *, prefer: int | None = None, candidate_id: int | None = None,
    besides: tuple[str, int] | None = None, limit: int | None = None,
) -> list[FreeSlot]:  # fmt: skip
    """The next free slots at a site, by the hour; the first one is the obvious choice.

    That is the next day with room, with the `prefer`red worker when that one still has a slot there, else with whoever
    is first. `besides` names a row (kind, id) whose own holds do not count. Whether a slot is still free is asked again
    when it is taken (`still`).
    """
    days = coming([programme_id], site_id=site_id)
    taken = _taken(days, candidate_id, besides)
    most, found = limit or figure("offered"), list[FreeSlot]()
    for sit_day, span in _by_the_hour(days, prefer):
        if len(found) >= most and sit_day.day != found[0].sit_day.day:
            break
        slot = _slot(sit_day, span, taken, candidate_id)
        if slot is not None:
            found.append(slot)
    return _obvious_first(found, prefer)[:most]


def still(slot: FreeSlot, candidate_id: int) -> FreeSlot | None:
    """The same slot as things stand now, or None when somebody or something took it."""
    return _slot(slot.sit_day, slot.span, _taken([slot.sit_day], candidate_id, None), candidate_id)


def talks_held(days: Sequence[SitDay]) -> dict[int, list[Hold]]:
    """The screenings that are held on each of these days (loaded with their sites), by the hour, in one query."""
    if not days:
        return {}
    first, last = min(one.day for one in days), max(one.day for one in days)
    statement = (
        sa.select(Hold)
        .where(Hold.kind == HoldKind.SCREENING, Hold.party.in_({f"person:{one.worker_id}" for one in days}))
        .where(Hold.starts_at >= clock.midnight(first), Hold.starts_at < clock.midnight(last + DAY))
        .order_by(Hold.starts_at)
    )
    held = db.session.scalars(statement).all()
    return {
        one.id: [hold for hold in held if hold.party == f"person:{one.worker_id}" and _on(one, hold)] for one in days
    }


def _on(sit_day: SitDay, hold: Hold) -> bool:
    """Whether a talk of this worker is one of this day: not of one that was called off, nor of another place."""
    within = whole(sit_day)
    here = hold.postcode in ("", sit_day.site.postcode)
    return here and not sit_day.off and within.start <= hold.starts_at < within.end


def _by_the_hour(days: Sequence[SitDay], prefer: int | None) -> list[tuple[SitDay, Span]]:
    pairs = [(sit_day, span) for sit_day in days for span in spans(sit_day) if span.start > clock.now()]
    return sorted(pairs, key=lambda pair: (pair[1].start, pair[0].worker_id != prefer, pair[0].id))


def _obvious_first(found: list[FreeSlot], prefer: int | None) -> list[FreeSlot]:
    own = next((s for s in found if s.sit_day.worker_id == prefer and s.sit_day.day == found[0].sit_day.day), None)
    return found if own is None else [own, *(slot for slot in found if slot is not own)]


def _slot(sit_day: SitDay, span: Span, taken: dict[str, list[Commitment]], candidate_id: int | None) -> FreeSlot | None:
    if any(span.overlaps(one.span) for one in taken.get(f"candidate:{candidate_id}", ())):
        return None
    mine = taken.get(f"person:{sit_day.worker_id}", ())
    blocked = commitments.blocked(span, whole(sit_day), sit_day.site.postcode, mine)
    return FreeSlot(sit_day, span, blocked) if blocked is not None else None


def _taken(
    days: Sequence[SitDay], candidate_id: int | None, besides: tuple[str, int] | None
) -> dict[str, list[Commitment]]:
    """What takes the workers of these days and the candidate, in one query."""
    if not days:
        return {}
    return commitments.of(
        {one.worker_id for one in days}, [f"candidate:{candidate_id}"] if candidate_id else [],
        clock.midnight(days[0].day), clock.midnight(days[-1].day + DAY), besides=besides,
    )  # fmt: skip
