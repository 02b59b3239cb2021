"""Sit-days: a worker sits at a site, and people are met there one after another."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from portal.agenda.models import Absence, Hold, SitDay
from portal.agenda.windows import Span
from portal.foundation import clock
from portal.foundation.database import db
from portal.foundation.errors import DomainError
from portal.foundation.words import lazy
from portal.journal import service as journal


class AlreadyThere(DomainError):
    sentence = lazy("There is a sit-day at this place on this day already.")
    field = "day"
    status = 409


class DayHasPassed(DomainError):
    sentence = lazy("This day has passed. Choose a day from today on.")
    field = "day"


@dataclass(frozen=True)
class FreeSlot:
    """An hour on a sit-day that nobody has taken."""

    sit_day: SitDay
    span: Span

    @property
    def starts_at(self) -> datetime:
        return self.span.start


def add(
    *, programme_id: int, site_id: int, worker_id: int, day: date, starts: time, slots: int, slot_minutes: int = 60
) -> SitDay:
    """Raises DayHasPassed, and AlreadyThere when this worker sits there on that day already."""
    if day < clock.today():
        raise DayHasPassed()
    same = sa.select(SitDay.id).where(SitDay.site_id == site_id, SitDay.worker_id == worker_id, SitDay.day == day)
    if db.session.scalar(same) is not None:
        raise AlreadyThere()
    sit_day = SitDay(
        programme_id=programme_id, site_id=site_id, worker_id=worker_id, day=day, starts=starts, slots=slots,
        slot_minutes=slot_minutes,
    )  # fmt: skip
    db.session.add(sit_day)
    journal.note("sit_day.added", sit_day)
    return sit_day


def spans(sit_day: SitDay) -> list[Span]:
    """The slots of a sit-day, one after another, counted in UTC from its first hour on the wall clock."""
    first, length = clock.at(sit_day.day, sit_day.starts), timedelta(minutes=sit_day.slot_minutes)
    return [Span(first + n * length, first + (n + 1) * length) for n in range(sit_day.slots)]


def coming(programme_ids: Collection[int], *, site_id: int | None = None, limit: int = 60) -> Sequence[SitDay]:
    """The sit-days of these programmes from today on, the first first."""
    statement = (
        sa.select(SitDay)
        .options(joinedload(SitDay.site), joinedload(SitDay.worker))
        .where(SitDay.programme_id.in_(list(programme_ids)), SitDay.day >= clock.today())
        .order_by(SitDay.day, SitDay.starts, SitDay.id)
        .limit(limit)
    )
    if site_id is not None:
        statement = statement.where(SitDay.site_id == site_id)
    return db.session.scalars(statement).all()


def of(programme_ids: Collection[int], key: str) -> SitDay | None:
    """A sit-day of these programmes by its address."""
    return db.session.scalar(
        sa.select(SitDay)
        .options(joinedload(SitDay.site), joinedload(SitDay.worker))
        .where(SitDay.key == key, SitDay.programme_id.in_(list(programme_ids)))
    )


def free(programme_id: int, site_id: int, limit: int = 12) -> list[FreeSlot]:
    """The next free slots at a site. Whether one is still free is asked again when it is taken (holds.take)."""
    days = coming([programme_id], site_id=site_id)
    busy = _busy(days)
    found: list[FreeSlot] = []
    for sit_day in days:
        for span in spans(sit_day):
            if len(found) == limit:
                return found
            if span.start > clock.now() and not any(span.overlaps(taken) for taken in busy.get(sit_day.worker_id, ())):
                found.append(FreeSlot(sit_day, span))
    return found


def _busy(days: Sequence[SitDay]) -> dict[int, list[Span]]:
    """When the workers of these days are held or away, by worker, in one query."""
    if not days:
        return {}
    begin, end = clock.midnight(days[0].day), clock.midnight(days[-1].day + timedelta(days=1))
    workers = {day.worker_id for day in days}
    held = sa.select(Hold.party, Hold.blocked_from, Hold.blocked_until).where(
        Hold.party.in_([f"person:{one}" for one in workers]), Hold.blocked_until > begin, Hold.blocked_from < end
    )
    away = sa.select(
        sa.literal("person:").concat(sa.cast(Absence.person_id, sa.String)), Absence.starts_at, Absence.ends_at
    ).where(Absence.person_id.in_(workers), Absence.ends_at > begin, Absence.starts_at < end)
    found: dict[int, list[Span]] = {}
    for party, start, stop in db.session.execute(held.union_all(away)):
        found.setdefault(int(party.partition(":")[2]), []).append(Span(start, stop))
    return found
