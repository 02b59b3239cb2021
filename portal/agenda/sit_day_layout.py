"""From a rule to the days of the weeks ahead. Run twice, it changes nothing the second time; the past, and a day that
is under way, stay as they were."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import product

import sqlalchemy as sa

from portal.agenda.models import SitDay, SitDayException, SitDayRule, SitDayRuleWorker
from portal.agenda.sit_days import figure, locked, spans, talks_held
from portal.agenda.windows import BELGIAN, DAY, Span
from portal.foundation import clock
from portal.foundation.database import db
from portal.foundation.errors import Conflict
from portal.foundation.signals import sit_day_hours_gone
from portal.foundation.words import _n

HOURS = ("starts", "slots", "slot_minutes", "pause_after", "pause_minutes")


class TalksArePlanned(Conflict):
    """Somebody must say that these talks may be booked again."""

    field = "sure"

    def __init__(self, number: int) -> None:
        super().__init__(
            _n(
                "%(num)s talk is planned at hours that go away. It will be booked again.",
                "%(num)s talks are planned at hours that go away. They will be booked again.",
                number,
            )
        )


@dataclass(frozen=True)
class Gone:
    """Talks whose hours went away, by the number of their row."""

    talks: list[int] = field(default_factory=list)


def settle(rule: SitDayRule, *, sure: bool) -> None:
    """Make the days of a rule, and take away those that it no longer has. Raises TalksArePlanned until somebody is `sure`."""
    gone = _lay_out(rule)
    db.session.flush()
    if gone.talks and not sure:
        raise TalksArePlanned(len(gone.talks))
    tell(gone)


def tell(gone: Gone) -> None:
    if gone.talks:
        sit_day_hours_gone.send(gone)


def _lay_out(rule: SitDayRule) -> Gone:
    today, last = clock.today(), clock.today() + timedelta(weeks=figure("horizon_weeks"))
    exceptions, workers = _exceptions(rule.id), _workers(rule.id)
    rows = _rows(rule, workers, today)
    known = {(one.worker_id, one.day): one for one in rows}
    wanted = set(product(workers, dates(rule, today, last, exceptions)))
    # What stands further ahead than is laid out (a moved date) is judged too, so that it goes when its rule goes.
    beyond = set(product(workers, dates(rule, last + DAY, max([last + DAY, *(one.day for one in rows)]), exceptions)))
    held = talks_held(rows)
    gone = Gone()
    for worker, day in sorted(wanted - known.keys(), key=lambda pair: (pair[1], pair[0])):
        db.session.add(_day(rule, worker, day))
    for key, row in known.items():
        kept = _adopt(rule, row, today) if key in wanted | beyond else _let_go(rule, row, today, exceptions)
        gone.talks.extend(hold.subject_id for hold in held[row.id] if Span(hold.starts_at, hold.ends_at) not in kept)
    return gone


def dates(rule: SitDayRule, first: date, last: date, exceptions: Mapping[date, date | None]) -> list[date]:
    """On which dates a rule's day is, from one to another (both included): no holidays, unless it says so."""
    anchor = rule.first_on + DAY * ((rule.weekday - rule.first_on.weekday()) % 7)
    step = 7 * rule.every_weeks
    day = anchor + DAY * step * max(0, -(-(first - anchor).days // step))
    found = {to for to in exceptions.values() if to is not None and first <= to <= last}
    while day <= (last if rule.last_on is None else min(last, rule.last_on)):
        if day not in exceptions and (rule.on_holidays or day not in BELGIAN):
            found.add(day)
        day += DAY * step
    return sorted(found)


def _day(rule: SitDayRule, worker_id: int, day: date) -> SitDay:
    return SitDay(
        programme_id=rule.programme_id, site_id=rule.site_id, worker_id=worker_id, day=day, rule_id=rule.id,
        **{name: getattr(rule, name) for name in HOURS},
    )  # fmt: skip


def _adopt(rule: SitDayRule, row: SitDay, today: date) -> Sequence[Span]:
    """A day that is there already: a single one, or another rule's, stays as it is. Gives the hours that it keeps."""
    mine = row.rule_id == rule.id
    if row.off or (mine and row.day > today):
        row.programme_id, row.rule_id, row.off = rule.programme_id, rule.id, False
        for name in HOURS:
            setattr(row, name, getattr(rule, name))
    return spans(row)


def _let_go(rule: SitDayRule, row: SitDay, today: date, exceptions: Mapping[date, date | None]) -> Sequence[Span]:
    under_way = row.day == today and row.day not in exceptions
    if row.rule_id == rule.id and not under_way:
        row.off = True
        return ()
    return spans(row)


def _rows(rule: SitDayRule, workers: Collection[int], today: date) -> Sequence[SitDay]:
    mine = sa.or_(SitDay.rule_id == rule.id, SitDay.worker_id.in_(list(workers)))
    return locked(sa.and_(SitDay.site_id == rule.site_id, SitDay.day >= today, mine))


def _workers(rule_id: int) -> Sequence[int]:
    return db.session.scalars(
        sa.select(SitDayRuleWorker.person_id).where(SitDayRuleWorker.rule_id == rule_id).order_by(SitDayRuleWorker.id)
    ).all()


def _exceptions(rule_id: int) -> dict[date, date | None]:
    found = sa.select(SitDayException.day, SitDayException.moved_to).where(SitDayException.rule_id == rule_id)
    return {day: to for day, to in db.session.execute(found)}
