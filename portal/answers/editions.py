"""The texts that this process read of the library, and the query that brings along what is new since.

They are words of the house, the same for everybody, so a process keeps them; each page still asks whether they are the
newest, within a query that it asks anyway. Whichever page comes first after a change pays no query more for them.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask import g, has_request_context

from portal.answers.models import AnswerVersion, LibraryAnswer
from portal.foundation.database import db
from portal.foundation.options import load

Texts = dict[str, dict[str, Any]]
# How many versions were published, and when last.
Edition = tuple[int, datetime | None]

_UNREAD: tuple[Edition, Texts] = ((-1, None), {})
# Replaced whole, since other threads read it meanwhile.
_read = [_UNREAD]
_frames: list[Callable[[], Any]] = []

_NEWEST = (
    sa.select(sa.func.max(AnswerVersion.number))
    .where(AnswerVersion.answer_id == LibraryAnswer.id, AnswerVersion.published_at.is_not(None))
    .correlate(LibraryAnswer)
    .scalar_subquery()
)
_STAMP = sa.select(
    sa.select(sa.func.count(AnswerVersion.id))
    .where(AnswerVersion.published_at.is_not(None))
    .scalar_subquery()
    .label("published"),
    sa.select(sa.func.max(AnswerVersion.published_at)).scalar_subquery().label("last"),
).subquery("edition")
_NEW = sa.or_(
    _STAMP.c.published != sa.bindparam("known_published"),
    _STAMP.c.last.is_distinct_from(sa.bindparam("known_last", type_=AnswerVersion.published_at.type)),
)
_PARTS = (
    LibraryAnswer.slug, AnswerVersion.texts, AnswerVersion.source_date, AnswerVersion.whom_to_call,
    AnswerVersion.needs_counsel, AnswerVersion.places, AnswerVersion.off, AnswerVersion.why, AnswerVersion.published_at,
)  # fmt: skip


def along(statement: sa.Select[*tuple[Any, ...]]) -> sa.Select[*tuple[Any, ...]]:
    """A query of one row that brings the library along: its row once where nothing is new, else once for each answer."""
    return (
        statement.add_columns(_STAMP.c.published, _STAMP.c.last, *_PARTS)
        .join(_STAMP, sa.true())
        .outerjoin(LibraryAnswer, _NEW)
        .outerjoin(AnswerVersion, sa.and_(AnswerVersion.answer_id == LibraryAnswer.id, AnswerVersion.number == _NEWEST))
        .order_by(LibraryAnswer.id)
    )


def ask(
    statement: sa.Select[*tuple[Any, ...]], values: dict[str, Any] | None = None
) -> Sequence[sa.Row[*tuple[Any, ...]]]:
    """The rows of a statement that was made by `along`; what they bring of the library is this page's from here on."""
    known, found = _read[0]
    given = {"known_published": known[0], "known_last": known[1]} | (values or {})
    rows = db.session.connection().execute(statement, given).all()
    if not rows:
        return rows
    now: Edition = (rows[0].published, rows[0].last)
    if now != known:
        found = dict(shipped()) | {row.slug: as_data(row.slug, row) for row in rows if row.texts is not None}
        _read[0] = (now, found)
    if has_request_context():
        g.library = found
    return rows


_ALONE = along(sa.select(sa.literal(1)).select_from(sa.select(sa.literal(1).label("one")).subquery()))


def comes_with(frame: Callable[[], Any]) -> None:
    """Said by the room that frames the pages: what reads this page's frame, which may bring the library along."""
    _frames[:] = [frame]


def texts() -> Texts:
    """What is shown today, by slug: of this page's frame, else by one query."""
    if not has_request_context():
        ask(_ALONE)
        return _read[0][1]
    if "library" not in g and _frames:
        _frames[0]()
    if "library" not in g:
        ask(_ALONE)
    found: Texts = g.library
    return found


def forget() -> None:
    """What this process read is forgotten, as in a process that just began."""
    _read[0] = _UNREAD


def shipped() -> Texts:
    return {one["slug"]: one for one in load("answers", "library")["answers"]}


def as_data(slug: str, version: Any) -> dict[str, Any]:
    """A version (or a row of its parts) in the shape that the file has."""
    texts = version.texts
    return {
        "slug": slug, "topic": texts["topic"], "question": texts["question"], "answer": texts["answer"],
        "source": {"title": texts["source"], "date": version.source_date}, "whom_to_call": version.whom_to_call,
        "needs_counsel": version.needs_counsel, "where": version.places, "off": version.off,
        "why": "" if version.published_at else version.why,
    }  # fmt: skip
