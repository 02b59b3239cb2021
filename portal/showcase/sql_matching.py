"""The pool asked in SQL: the plain way to the same answer. It is the oracle of `pool`, and its fallback."""

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa

from portal.employers.needs import Needs
from portal.foundation.database import db
from portal.foundation.options import options
from portal.showcase.bitsets import Match
from portal.showcase.matching import band, hours_fit, language_allows, licence_allows, limit
from portal.showcase.models import PoolPerson, PoolSkill


def best(programme_id: int, needs: Needs, most: int) -> list[Match]:
    """Who fits best, by the number of extras and then by the profile's number, in one join."""
    asked = needs.must | needs.learnable
    extras = _extras(needs)
    statement = (
        sa.select(PoolPerson.profile_id, extras)
        .outerjoin(
            PoolSkill,
            sa.and_(PoolSkill.profile_id == PoolPerson.profile_id, PoolSkill.competence_id.in_(sorted(asked))),
        )
        .where(PoolPerson.programme_id == programme_id, PoolPerson.out, *_musts(needs))
        .group_by(PoolPerson.profile_id, PoolPerson.hours_week)
        .having(_counted(_of(needs.must, int(limit("must_level")))) == len(needs.must))
        .order_by(extras.desc(), PoolPerson.profile_id)
        .limit(most)
    )
    of = len(needs.must) + len(needs.learnable) + 1
    return [Match(number, count, band(count / of)) for number, count in db.session.execute(statement)]


def _of(competences: Iterable[int], level: int) -> sa.ColumnElement[bool]:
    return sa.and_(PoolSkill.competence_id.in_(sorted(competences)), PoolSkill.level >= level)


def _counted(*conditions: sa.ColumnElement[bool]) -> sa.ColumnElement[int]:
    return sa.func.sum(sa.case((sa.or_(*conditions), 1), else_=0))


def _extras(needs: Needs) -> sa.ColumnElement[int]:
    able, begun = int(limit("able_level")), int(limit("learnable_level"))
    hours = sa.case((PoolPerson.hours_week >= needs.hours_week, 1), else_=0)
    return _counted(_of(needs.must, able)) + _counted(_of(needs.learnable, begun)) + hours


def _musts(needs: Needs) -> Iterable[sa.ColumnElement[bool]]:
    """The must-haves that are no competence: each rule asked of each code of its closed list."""
    windows = options("candidates", "hours_windows")
    yield PoolPerson.hours_band.not_in([code for code in windows if not hours_fit(needs, code)])
    if needs.forms:
        yield sa.or_(*[holds(PoolPerson.forms, form) for form in sorted(needs.forms)])
    if needs.licence not in {"", "none"}:
        known = {*options("candidates", "licences"), needs.licence}
        yield PoolPerson.licence.in_(sorted(code for code in known if licence_allows(code, needs.licence)))
    for code, level in needs.languages.items():
        if not language_allows(None, level):
            enough = [one for one in options("candidates", "language_levels") if language_allows(one, level)]
            yield sa.or_(*[holds(PoolPerson.languages, f"{code}:{one}") for one in enough], sa.false())


def holds(column: Any, code: str) -> sa.ColumnElement[bool]:
    """Whether a list of codes, kept as " one two ", has this one."""
    found: sa.ColumnElement[bool] = column.contains(f" {code} ", autoescape=True)
    return found
