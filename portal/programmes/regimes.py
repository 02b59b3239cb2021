"""What a regime asks of an interview outside: data with a source and a date, written down by who knows the houses.

The narrowest rule counts: a programme's own for one place, then the one for all programmes there, then the programme's own,
then the one for all, then what ships with the portal (regimes.toml). A change is a new version, the old ones stay.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, time, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from portal.foundation import acting, clock
from portal.foundation.database import db
from portal.foundation.errors import DomainError
from portal.foundation.options import load
from portal.foundation.signals import leave_rules_changed
from portal.foundation.words import lazy, pick
from portal.journal import service as journal
from portal.programmes.models import RegimeRule, Site

# After so long a source is asked about again.
FRESH = timedelta(days=365)


class HoursTurned(DomainError):
    sentence = lazy("The end comes before the beginning. Choose a later end.")
    field = "hours_until"


class NotOfToday(DomainError):
    sentence = lazy("A source is from today or earlier. Look at its date.")
    field = "source_date"


@dataclass(frozen=True)
class Rule:
    """One regime's rule as it counts for a programme, at a place where it differs there. Version 0 ships with the portal."""

    regime: str
    permission_needed: bool
    lead_days: int
    hours_from: time | None
    hours_until: time | None
    source: str
    source_date: date
    checked_on: date
    version: int = 0
    programme_id: int | None = None
    site: Site | None = None

    @property
    def site_id(self) -> int | None:
        return self.site.id if self.site is not None else None

    @property
    def stale(self) -> bool:
        """Nobody looked at it for a year, and its source is no younger."""
        return max(self.source_date, self.checked_on) < clock.today() - FRESH


@dataclass(frozen=True)
class Book:
    """All rules that count for one programme (or, for an administrator, for all of them)."""

    programme_id: int | None
    rows: dict[tuple[str, int | None, int | None], RegimeRule]

    def rule(self, regime: str, site_id: int | None = None) -> Rule:
        """The narrowest rule of a regime. Raises KeyError for a regime that the portal does not know."""
        own = self.programme_id
        for programme_id, place in ((own, site_id), (None, site_id), (own, None), (None, None)):
            row = self.rows.get((regime, programme_id, place))
            if row is not None and not row.withdrawn:
                return _of(row)
        return standard(regime)

    def at_places(self, regime: str) -> list[Rule]:
        """Where it differs, by name of the place."""
        places = {place for code, _owner, place in self.rows if code == regime and place is not None}
        found = [self.rule(regime, place) for place in places]
        return sorted(
            (one for one in found if one.site is not None), key=lambda one: one.site.label if one.site else ""
        )

    def every(self) -> list[Rule]:
        return [one for code in codes() for one in (self.rule(code), *self.at_places(code))]

    @property
    def stale(self) -> list[Rule]:
        return [one for one in self.every() if one.stale]


def codes() -> list[str]:
    """The regimes, in the order in which people choose from them."""
    return [one["code"] for one in _shipped()["regimes"]]


def standard(regime: str) -> Rule:
    """What ships with the portal. Raises KeyError for a regime that it does not know."""
    data = _shipped()
    found = {one["code"]: one for one in data["regimes"]}[regime]
    return Rule(
        regime, found["permission_needed"], found["lead_days"], _hour(found, "from"), _hour(found, "until"),
        pick(data["source"]), data["source_date"], data["checked_on"],
    )  # fmt: skip


def _shipped() -> dict[str, Any]:
    return load("programmes", "regimes")


def _hour(entry: dict[str, Any], name: str) -> time | None:
    return time.fromisoformat(entry[name]) if entry.get(name) else None


def _of(row: RegimeRule) -> Rule:
    return Rule(
        row.regime, row.permission_needed, row.lead_days, row.hours_from, row.hours_until, row.source, row.source_date,
        row.checked_on, row.version, row.programme_id, row.site,
    )  # fmt: skip


def book(programme_id: int | None) -> Book:
    """The rules of a programme, in one query."""
    rows = db.session.scalars(
        sa.select(RegimeRule)
        .where(sa.or_(RegimeRule.programme_id == programme_id, RegimeRule.programme_id.is_(None)))
        .options(joinedload(RegimeRule.site))
        .order_by(RegimeRule.version, RegimeRule.id)
    )
    return Book(programme_id, {(row.regime, row.programme_id, row.site_id): row for row in rows})


def history(regime: str, programme_ids: Iterable[int | None]) -> list[RegimeRule]:
    """Every version that was written down for these programmes and for all, the newest first."""
    known = [one for one in programme_ids if one is not None]
    statement = (
        sa.select(RegimeRule)
        .where(
            RegimeRule.regime == regime, sa.or_(RegimeRule.programme_id.in_(known), RegimeRule.programme_id.is_(None))
        )
        .options(joinedload(RegimeRule.site))
        .order_by(RegimeRule.id.desc())
    )
    return list(db.session.scalars(statement))


def write(rule: Rule, *, programme_id: int | None, site: Site | None = None, withdrawn: bool = False) -> RegimeRule:
    """A new version, checked today; cases that it counts for reckon with it from now on, requests under way do not.

    Raises HoursTurned or NotOfToday.
    """
    if rule.hours_from is not None and rule.hours_until is not None and rule.hours_until <= rule.hours_from:
        raise HoursTurned()
    if rule.source_date > clock.today():
        raise NotOfToday()
    site_id = site.id if site is not None else None
    row = RegimeRule(
        regime=rule.regime, programme_id=programme_id, site_id=site_id, version=_next(rule.regime, programme_id, site_id),
        permission_needed=rule.permission_needed, lead_days=rule.lead_days, hours_from=rule.hours_from, hours_until=rule.hours_until,
        source=rule.source, source_date=rule.source_date, checked_on=clock.today(), changed_by=acting.person_id(), withdrawn=withdrawn,
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    journal.note(
        "regime.withdrawn" if withdrawn else "regime.written", row, regime=row.regime, version=row.version,
        days=row.lead_days, permission=row.permission_needed, programme=programme_id, site=site_id,
    )  # fmt: skip
    leave_rules_changed.send(row)
    return row


def still_right(rule: Rule, *, programme_id: int | None, site: Site | None = None) -> RegimeRule:
    """Somebody checked it: the same rule, with today as the day of the check."""
    return write(replace(rule, checked_on=clock.today()), programme_id=programme_id, site=site)


def _next(regime: str, programme_id: int | None, site_id: int | None) -> int:
    same = (
        RegimeRule.regime == regime,
        RegimeRule.programme_id.is_(None) if programme_id is None else RegimeRule.programme_id == programme_id,
        RegimeRule.site_id.is_(None) if site_id is None else RegimeRule.site_id == site_id,
    )
    newest = db.session.scalar(sa.select(sa.func.max(RegimeRule.version)).where(*same))
    return (newest or 0) + 1
