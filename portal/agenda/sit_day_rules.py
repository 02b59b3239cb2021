"""Sit-days that come back: a rule, laid out as days for the weeks ahead. The past, and today, stay as they were."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, time

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from portal.agenda.models import SitDay, SitDayException, SitDayRule, SitDayRuleWorker
from portal.agenda.sit_day_layout import HOURS, Gone, TalksArePlanned, settle, tell
from portal.agenda.sit_days import locked, on_the_quarter, talks_held
from portal.foundation import clock
from portal.foundation.database import db, is_reading
from portal.foundation.errors import DomainError
from portal.foundation.words import lazy
from portal.journal import service as journal


class EndsBeforeItBegins(DomainError):
    sentence = lazy("The last day comes before the first. Choose a later day, or leave it empty.")
    field = "last_on"


class NobodySits(DomainError):
    sentence = lazy("Choose at least one colleague who sits there.")
    field = "workers"


@dataclass(frozen=True)
class Wish:
    """What a rule says: when, how many talks, and who is there."""

    weekday: int
    every_weeks: int
    first_on: date
    last_on: date | None
    starts: time
    slots: int
    slot_minutes: int
    pause_after: int
    pause_minutes: int
    on_holidays: bool
    worker_ids: tuple[int, ...]


def make(programme_id: int, site_id: int, wish: Wish) -> SitDayRule:
    """A rule, with its first days laid out at once. Raises NotAQuarter, NobodySits or EndsBeforeItBegins."""
    rule = SitDayRule(programme_id=programme_id, site_id=site_id)
    _write(rule, wish)
    db.session.add(rule)
    db.session.flush()
    _seat(rule, wish.worker_ids)
    journal.note("sit_day_rule.made", rule)
    settle(rule, sure=True)
    return rule


def change(rule: SitDayRule, wish: Wish, *, sure: bool = False) -> None:
    """Other hours, other days or other people from tomorrow on. Raises TalksArePlanned until somebody is `sure`."""
    _write(rule, wish)
    _seat(rule, wish.worker_ids)
    journal.note("sit_day_rule.changed", rule)
    settle(rule, sure=sure)


def _write(rule: SitDayRule, wish: Wish) -> None:
    on_the_quarter(wish.starts, wish.slot_minutes, wish.pause_minutes)
    if not wish.worker_ids:
        raise NobodySits()
    if wish.last_on is not None and wish.last_on < wish.first_on:
        raise EndsBeforeItBegins()
    for name in ("weekday", "every_weeks", "first_on", "last_on", "on_holidays", *HOURS):
        setattr(rule, name, getattr(wish, name))


def _seat(rule: SitDayRule, worker_ids: Collection[int]) -> None:
    db.session.execute(sa.delete(SitDayRuleWorker).where(SitDayRuleWorker.rule_id == rule.id))
    db.session.add_all(SitDayRuleWorker(rule_id=rule.id, person_id=one) for one in sorted(set(worker_ids)))
    db.session.flush()


def skip(days: Sequence[SitDay], *, moved_to: date | None = None, sure: bool = False) -> None:
    """These days (everybody's at one place on one date) do not go on, or go on on another date.

    Raises TalksArePlanned until somebody is `sure`: whoever was expected is booked again.
    """
    rules = _rules(SitDayRule.id.in_([one.rule_id for one in days if one.rule_id is not None]))
    days = locked(SitDay.id.in_([one.id for one in days]))
    gone = Gone([hold.subject_id for held in talks_held(days).values() for hold in held])
    if gone.talks and not sure:
        raise TalksArePlanned(len(gone.talks))
    for rule in rules:
        _except(rule.id, days[0].day, moved_to)
    for one in days:
        one.off = True
        journal.note("sit_day.off", one)
        if one.rule_id is None and moved_to is not None:
            _once_more(one, moved_to)
    db.session.flush()
    tell(gone)
    for rule in rules:
        settle(rule, sure=True)


def _except(rule_id: int, day: date, moved_to: date | None) -> None:
    """A day that was moved and moves again is still the same day of the rule."""
    origin = sa.or_(SitDayException.day == day, SitDayException.moved_to == day)
    known = db.session.scalar(sa.select(SitDayException).where(SitDayException.rule_id == rule_id, origin))
    if known is None:
        known = SitDayException(rule_id=rule_id, day=day)
        db.session.add(known)
    known.moved_to = moved_to
    db.session.flush()


def _once_more(one: SitDay, day: date) -> None:
    taken = sa.select(SitDay).where(SitDay.site_id == one.site_id, SitDay.worker_id == one.worker_id, SitDay.day == day)
    row = db.session.scalar(taken) or SitDay(site_id=one.site_id, worker_id=one.worker_id, day=day)
    row.programme_id, row.off = one.programme_id, False
    for name in HOURS:
        setattr(row, name, getattr(one, name))
    db.session.add(row)


def go_on_after_all(exception: SitDayException, *, sure: bool = False) -> None:
    """The date comes back into its rule."""
    rule = next(iter(_rules(SitDayRule.id == exception.rule_id)))
    journal.note("sit_day_rule.goes_on", rule, day=exception.day.isoformat())
    db.session.delete(exception)
    db.session.flush()
    settle(rule, sure=sure)


def leave(person_id: int, *, besides: Collection[int | None]) -> None:
    """Somebody no longer works for any programme but these: the days of that person go away, the colleagues' stay."""
    sits = sa.select(SitDayRuleWorker.rule_id).where(SitDayRuleWorker.person_id == person_id)
    elsewhere = [one for one in besides if one is not None]
    rules = _rules(sa.and_(SitDayRule.id.in_(sits), SitDayRule.programme_id.not_in(elsewhere)))
    mine = sa.and_(SitDayRuleWorker.person_id == person_id, SitDayRuleWorker.rule_id.in_([rule.id for rule in rules]))
    db.session.execute(sa.delete(SitDayRuleWorker).where(mine))
    for rule in rules:
        settle(rule, sure=True)
    single = (SitDay.worker_id == person_id, SitDay.programme_id.not_in(elsewhere), SitDay.rule_id.is_(None))
    later = (SitDay.day > clock.today(), SitDay.off.is_(False))
    statement = sa.select(SitDay).options(joinedload(SitDay.site)).where(*single, *later)
    for day in db.session.scalars(statement).all():
        skip([day], sure=True)


def each_night() -> None:
    """One more day comes into sight of every rule."""
    for rule in _rules(_standing()):
        settle(rule, sure=True)
    db.session.commit()


# --- Reading -----------------------------------------------------------------------------------------------------


def of(programme_ids: Collection[int]) -> Sequence[SitDayRule]:
    """The rules of these programmes that have not ended, by place and weekday, with the people of each."""
    here = SitDayRule.programme_id.in_(list(programme_ids))
    return sorted(_rules(sa.and_(here, _standing())), key=lambda one: (one.site.label, one.weekday, one.starts))


def _standing() -> sa.ColumnElement[bool]:
    return sa.or_(SitDayRule.last_on.is_(None), SitDayRule.last_on >= clock.today())


def one(programme_ids: Collection[int], key: str) -> SitDayRule | None:
    found = _rules(sa.and_(SitDayRule.key == key, SitDayRule.programme_id.in_(list(programme_ids))))
    return found[0] if found else None


def exceptions_of(rule: SitDayRule) -> Sequence[SitDayException]:
    """The dates to come on which the rule's day does not go on, or moves."""
    coming = sa.or_(SitDayException.day >= clock.today(), SitDayException.moved_to >= clock.today())
    return db.session.scalars(
        sa.select(SitDayException).where(SitDayException.rule_id == rule.id, coming).order_by(SitDayException.day)
    ).all()


def _rules(where: sa.ColumnElement[bool]) -> Sequence[SitDayRule]:
    """Two who change a rule at once: the second waits."""
    statement = (
        sa.select(SitDayRule)
        .options(joinedload(SitDayRule.site), selectinload(SitDayRule.workers))
        .where(where)
        .order_by(SitDayRule.id)
        .execution_options(populate_existing=True)
    )
    return db.session.scalars(statement if is_reading() else statement.with_for_update(of=SitDayRule)).all()
