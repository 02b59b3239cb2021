"""The texts that this process read of the library, and the query that brings along what is new since.

They are words of the house, the same for everybody, so a process keeps them; each page still asks whether they are the
newest, within a query that it asks anyway. The first page of a process gets the texts along with that query; after a change
one page of each process that shows some asks once more.
"""

from collections.abc import Callable
from dataclasses import dataclass
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
Row = sa.Row[*tuple[Any, ...]]

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
_PUBLISHED = sa.select(sa.func.count(AnswerVersion.id)).where(AnswerVersion.published_at.is_not(None)).scalar_subquery()
_LAST = sa.select(sa.func.max(AnswerVersion.published_at)).scalar_subquery()
_PARTS = (
    LibraryAnswer.slug, AnswerVersion.texts, AnswerVersion.source_date, AnswerVersion.whom_to_call,
    AnswerVersion.needs_counsel, AnswerVersion.places, AnswerVersion.off, AnswerVersion.why, AnswerVersion.published_at,
)  # fmt: skip


@dataclass(frozen=True)
class Along:
    """A query that brings the library along: whole for a process that read nothing yet, else only which edition stands."""

    whole: sa.Select[*tuple[Any, ...]]
    stamped: sa.Select[*tuple[Any, ...]]


def along(statement: sa.Select[*tuple[Any, ...]]) -> Along:
    """For a query of one row, whose first columns are its own."""
    stamped = statement.add_columns(_PUBLISHED.label("published"), _LAST.label("last"))
    whole = (
        stamped.add_columns(*_PARTS)
        .outerjoin(LibraryAnswer, sa.true())
        .outerjoin(AnswerVersion, sa.and_(AnswerVersion.answer_id == LibraryAnswer.id, AnswerVersion.number == _NEWEST))
        .order_by(LibraryAnswer.id)
    )
    return Along(whole, stamped)


def ask(statement: Along, values: dict[str, Any] | None = None) -> Row | None:
    """The row of a statement, if it finds one; what it brings of the library is this page's from here on."""
    row, found = _asked(statement, values or {})
    if row is not None and has_request_context():
        g.library = found
    return row


def _asked(statement: Along, values: dict[str, Any]) -> tuple[Row | None, Texts | None]:
    """The row, and the texts: None where newer ones stand than this process read."""
    edition_read, found = kept = _read[0]
    if kept is _UNREAD:
        return _whole(statement, values)
    row = db.session.connection().execute(statement.stamped, values).first()
    return row, found if row is not None and (row.published, row.last) == edition_read else None


def _whole(statement: Along, values: dict[str, Any]) -> tuple[Row | None, Texts]:
    rows = db.session.connection().execute(statement.whole, values).all()
    if not rows:
        return None, {}
    found = dict(shipped()) | {row.slug: as_data(row.slug, row) for row in rows if row.texts is not None}
    _read[0] = ((rows[0].published, rows[0].last), found)
    return rows[0], found


_ALONE = along(sa.select(sa.literal(1)).select_from(sa.select(sa.literal(1).label("one")).subquery()))


def comes_with(frame: Callable[[], Any]) -> None:
    """Said by the room that frames the pages: what reads this page's frame, which may bring the library along."""
    _frames[:] = [frame]


def texts() -> Texts:
    """What is shown today, by slug: of this page's frame, else by a query."""
    if not has_request_context():
        return _asked(_ALONE, {})[1] or _whole(_ALONE, {})[1]
    if "library" not in g and _frames:
        _frames[0]()
    if "library" not in g:
        g.library = _asked(_ALONE, {})[1]
    if g.library is None:
        g.library = _whole(_ALONE, {})[1]
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
