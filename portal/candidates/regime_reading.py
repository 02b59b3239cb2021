"""Regimes as people read them: what each asks, who says so, and every version with who wrote it down."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from portal.accounts.models import Person
from portal.foundation.database import db
from portal.foundation.errors import NotFound
from portal.foundation.options import label
from portal.foundation.words import _, _n, date_medium, time_short
from portal.programmes import regimes
from portal.programmes.models import RegimeRule, Site
from portal.programmes.regimes import Rule


@dataclass(frozen=True)
class Scope:
    """Whose rules somebody writes: a programme's, or (None) those for all; and the places where one may differ."""

    programme_id: int | None
    name: str
    places: Sequence[Site]

    def place(self, key: str) -> Site | None:
        """Raises NotFound for a place where this programme does not work."""
        if not key:
            return None
        found = next((one for one in self.places if one.key == key), None)
        if found is None:
            raise NotFound()
        return found


@dataclass(frozen=True)
class Shown:
    """A rule as people read it."""

    code: str
    name: str
    place: str
    place_key: str
    needed: bool
    days: int
    hours: str
    source: str
    source_date: str
    checked: str
    stale: bool
    whose: str


def shown(rule: Rule, scope: Scope) -> Shown:
    if not rule.version:
        whose = _("ships with the portal")
    else:
        whose = scope.name if rule.programme_id is not None else _("for all programmes")
    return Shown(
        rule.regime, named(rule.regime), rule.site.label if rule.site else "", rule.site.key if rule.site else "",
        rule.permission_needed, rule.lead_days, _hours(rule), rule.source, date_medium(rule.source_date),
        date_medium(rule.checked_on), rule.stale, whose,
    )  # fmt: skip


def _hours(rule: Rule | RegimeRule) -> str:
    if rule.hours_from is None or rule.hours_until is None:
        return ""
    return f"{time_short(rule.hours_from)} – {time_short(rule.hours_until)}"


@dataclass(frozen=True)
class Version:
    when: str
    who: str
    where: str
    whose: str
    says: str
    source: str


def versions(code: str, scope: Scope) -> list[Version]:
    rows = regimes.history(code, [scope.programme_id])
    who = _names({row.changed_by for row in rows if row.changed_by is not None})
    return [
        Version(
            date_medium(row.created_at), who.get(row.changed_by or 0, "–"), row.site.label if row.site else _("everywhere"),
            scope.name if row.programme_id is not None else _("for all programmes"), _says(row),
            f"{row.source} ({date_medium(row.source_date)})",
        )
        for row in rows
    ]  # fmt: skip


def _says(row: RegimeRule) -> str:
    if row.withdrawn:
        return _("taken back: the wider rule counts again")
    return ", ".join(one for one in (_asks(row), _hours(row)) if one)


def named(code: str) -> str:
    return label("candidates", "detention_regimes", code)


def _asks(row: RegimeRule) -> str:
    if not row.permission_needed:
        return _("no permission needed")
    return _n("permission, %(num)s working day ahead", "permission, %(num)s working days ahead", row.lead_days)


def _names(ids: Collection[int]) -> dict[int, str]:
    """Who wrote these versions, in one query."""
    rows = db.session.execute(sa.select(Person.id, Person.first_name, Person.last_name).where(Person.id.in_(list(ids))))
    return {row.id: f"{row.first_name} {row.last_name}".strip() for row in rows}
