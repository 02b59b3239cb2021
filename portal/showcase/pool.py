"""The pool of a programme: everybody whose profile the last batch left in sight, found by what a vacancy or a searcher asks.

`matches` and `found` are all that the rest of the portal needs. Each process keeps the pool as sets of bits
(`bitsets`), read from the database in one pass and brought up to the version that stands there at each question, so
that what another process released or withdrew counts at the next request. Where that cannot be, SQL answers the same.
"""

import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import sqlalchemy as sa
from flask import Flask, current_app

from portal.employers.needs import Needs
from portal.foundation.database import db, reads_only
from portal.showcase import sql_matching
from portal.showcase.bitsets import EVERYBODY, Mark, Match, Sets, gathered, numbers
from portal.showcase.models import PoolPerson, PoolSkill, PoolVersion
from portal.showcase.pool_rows import TOUCHED

# Up to this many changed people are read while somebody waits; more are read beside, and SQL answers meanwhile.
AT_ONCE = 50_000
_PORTION = 5_000


@dataclass(frozen=True)
class Wish:
    """What a searcher asks of the pool. `skills`: a competence and the level from which it counts, at most ten."""

    sector: str = ""
    regions: frozenset[str] = frozenset()
    licence: str = ""
    form: str = ""
    skills: tuple[tuple[int, int], ...] = ()


@dataclass
class Kept:
    """What a process keeps of one programme's pool."""

    epoch: str = ""
    version: int = 0
    sets: Sets = field(default_factory=Sets)
    lock: threading.Lock = field(default_factory=threading.Lock)
    reading: bool = False


def matches(programme_id: int, needs: Needs, *, limit: int = 25) -> list[Match]:
    """Who fits best: everybody listed has every must; most extras first, then the lowest number of a profile."""
    sets = _current(programme_id)
    return sql_matching.best(programme_id, needs, limit) if sets is None else sets.best(needs, limit)


def found(programme_id: int, wish: Wish, *, after: int = 0, most: int = 30) -> list[int]:
    """The numbers of the profiles that have all of a wish, the lowest first, beyond `after`."""
    sets = _current(programme_id)
    if sets is None:
        return _found_in_sql(programme_id, wish, after, most)
    return _first(numbers(_having(sets, wish), after), most)


def as_it_stands(programme_id: int) -> Sets | None:
    """The pool of this moment as sets; None where only SQL may answer (see `_current`)."""
    return _current(programme_id)


def _first(rows: Iterator[int], most: int) -> list[int]:
    return [number for number, _ in zip(rows, range(most), strict=False)]


def _having(sets: Sets, wish: Wish) -> int:
    having = sets.everybody
    for kind, code in (("sector", wish.sector), ("licence", wish.licence), ("form", wish.form)):
        if code:
            having &= sets.rows.get((kind, code), 0)
    if wish.regions:
        having &= sets.where("region", lambda region: region in wish.regions)
    for competence, level in wish.skills:
        having &= sets.at_least(competence, level)
    return having


def _found_in_sql(programme_id: int, wish: Wish, after: int, most: int) -> list[int]:
    statement = sa.select(PoolPerson.profile_id).where(
        PoolPerson.programme_id == programme_id, PoolPerson.out, PoolPerson.profile_id > after
    )
    if wish.sector:
        statement = statement.where(PoolPerson.sector == wish.sector)
    if wish.licence:
        statement = statement.where(PoolPerson.licence == wish.licence)
    if wish.form:
        statement = statement.where(sql_matching.holds(PoolPerson.forms, wish.form))
    if wish.regions:
        statement = statement.where(PoolPerson.region.in_(sorted(wish.regions)))
    for competence, level in wish.skills:
        has = sa.exists().where(
            PoolSkill.profile_id == PoolPerson.profile_id,
            PoolSkill.competence_id == competence,
            PoolSkill.level >= level,
        )
        statement = statement.where(has)
    return list(db.session.scalars(statement.order_by(PoolPerson.profile_id).limit(most)))


# --- Keeping up with the database ---------------------------------------------------------------------------------


def _current(programme_id: int) -> Sets | None:
    """The pool as it stands, or None where only SQL may answer: this session has changed it, or it is being read."""
    if db.session.info.get(TOUCHED):
        return None
    epoch, version = _stamp(db.session.connection(), programme_id)
    kept = _kept(programme_id)
    if (kept.epoch, kept.version) == (epoch, version):
        return kept.sets
    if _much(programme_id, kept.version if kept.epoch == epoch else 0):
        _read_beside(programme_id, kept)
        return None
    with kept.lock:
        _bring_up(db.session.connection(), programme_id, kept, epoch, version)
        return kept.sets


def _stamp(connection: sa.Connection, programme_id: int) -> tuple[str, int]:
    here = sa.select(PoolVersion.epoch, PoolVersion.version).where(PoolVersion.programme_id == programme_id)
    row = connection.execute(here).first()
    return (row[0], row[1]) if row is not None else ("", 0)


def _kept(programme_id: int) -> Kept:
    pools: dict[int, Kept] = current_app.extensions.setdefault("doorstart_pools", {})
    return pools.setdefault(programme_id, Kept())


def forget() -> None:
    """Drop what this process keeps; the next question reads it anew (a restored database, a measurement)."""
    current_app.extensions.pop("doorstart_pools", None)


def _much(programme_id: int, since: int) -> bool:
    changed = sa.select(PoolPerson.id).where(PoolPerson.programme_id == programme_id, PoolPerson.version > since)
    return (
        db.session.scalar(sa.select(sa.func.count()).select_from(changed.limit(AT_ONCE + 1).subquery())) or 0
    ) > AT_ONCE


def _read_beside(programme_id: int, kept: Kept) -> None:
    if kept.reading:
        return
    kept.reading = True
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    threading.Thread(target=_read_in_own_time, args=(app, programme_id, kept), daemon=True).start()


def _read_in_own_time(app: Flask, programme_id: int, kept: Kept) -> None:
    reads_only(True)
    try:
        with app.app_context():
            read_now(programme_id)
    finally:
        kept.reading = False


def read_now(programme_id: int) -> None:
    """Bring this process's pool up to date, however long it takes, on a connection of its own."""
    kept = _kept(programme_id)
    with db.engine.connect() as connection, kept.lock:
        _bring_up(connection, programme_id, kept, *_stamp(connection, programme_id))


def _bring_up(connection: sa.Connection, programme_id: int, kept: Kept, epoch: str, version: int) -> None:
    """Read who changed since the kept version: everybody, the first time. What commits meanwhile is read again next time."""
    if kept.epoch != epoch:
        kept.epoch, kept.version, kept.sets = epoch, 0, Sets()
    if kept.version >= version:
        return  # Somebody was here first, perhaps with a later version than this transaction sees.
    since = kept.version
    changed_here = sa.and_(PoolPerson.programme_id == programme_id, PoolPerson.version > since)
    longest = connection.scalar(sa.select(sa.func.max(PoolPerson.profile_id)).where(changed_here)) or 0
    fresh = gathered(_marks(connection, changed_here), longest)
    changed = fresh.pop(_CHANGED, 0)
    kept.sets = kept.sets.with_changes(changed if since else 0, fresh)
    kept.version = version


_CHANGED: Mark = ("changed", "")
_CODES = ("sector", "region", "hours_band", "hours_week", "licence")


def _marks(connection: sa.Connection, changed: sa.ColumnElement[bool]) -> Iterator[tuple[int, Mark]]:
    """Every word of everybody who changed, streamed: memory holds a portion of rows, and the sets."""
    people = sa.select(
        PoolPerson.profile_id, PoolPerson.out, *[getattr(PoolPerson, name) for name in _CODES], PoolPerson.forms, PoolPerson.languages
    ).where(changed)  # fmt: skip
    for portion in _streamed(connection, people):
        for number, out, *codes, forms, languages in portion:
            yield number, _CHANGED
            if out:
                yield from _words(number, codes, forms, languages)
    skills = sa.select(PoolSkill.profile_id, PoolSkill.competence_id, PoolSkill.level)
    whose = skills.join(PoolPerson, PoolPerson.profile_id == PoolSkill.profile_id).where(changed, PoolPerson.out)
    for portion in _streamed(connection, whose):
        for number, competence, level in portion:
            yield number, ("skill", (competence, level))


def _streamed(connection: sa.Connection, statement: sa.Select) -> Iterator[Sequence[sa.Row]]:
    return connection.execute(statement.execution_options(yield_per=_PORTION)).partitions()


def _words(number: int, codes: Sequence[object], forms: str, languages: str) -> Iterator[tuple[int, Mark]]:
    yield number, EVERYBODY
    for name, code in zip(_CODES, codes, strict=True):
        yield number, (name, code)
    for form in forms.split():
        yield number, ("form", form)
    for one in languages.split():
        tongue, _colon, level = one.partition(":")
        yield number, ("language", (tongue, level))
