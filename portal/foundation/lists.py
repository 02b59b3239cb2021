"""Long lists are read a page at a time by their last row (keyset), never by counting: page 1,000 costs what page 1 costs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Generic, TypeVar

import sqlalchemy as sa
from flask import request, url_for

from portal.foundation import edges
from portal.foundation.database import db

T = TypeVar("T")


@dataclass(frozen=True)
class Page(Generic[T]):
    """A slice of a list, with the addresses of the slices beside it (None at the ends)."""

    items: Sequence[T]
    next_url: str | None = None
    previous_url: str | None = None


def page(statement: sa.Select[Any], *order: Any, size: int = 25, newest_first: bool = False) -> Page[Any]:
    """A page of a select of one entity, ordered by these columns (the last one unique).

    The request's `after` or `before` carries the values of the row at the edge, sealed for this page: an address shows
    neither a name nor a row's number, and nonsense there is page one.
    """
    after, before = _edge(request.args.get("after"), len(order)), _edge(request.args.get("before"), len(order))
    backwards = before is not None and after is None
    edge = before if backwards else after
    downwards = newest_first != backwards
    if edge is not None:
        row, values = sa.tuple_(*order), sa.tuple_(*[_literal(v, c) for v, c in zip(edge, order, strict=True)])
        statement = statement.where(row < values if downwards else row > values)
    statement = statement.order_by(*[c.desc() if downwards else c.asc() for c in order]).limit(size + 1)
    rows = list(db.session.scalars(statement).unique())
    more, rows = len(rows) > size, rows[:size]
    if backwards:
        rows.reverse()
    names = [c.key for c in order]
    has_next, has_previous = (True, more) if backwards else (more, edge is not None)
    return Page(
        rows,
        _url("after", rows[-1], names) if rows and has_next else None,
        _url("before", rows[0], names) if rows and has_previous else None,
    )


def _literal(value: Any, column: Any) -> Any:
    """A moment and a day travel in the address as text."""
    kind = column.type.python_type
    return sa.literal(kind.fromisoformat(value) if kind in (datetime, date) else value, column.type)


def _url(direction: str, row: Any, names: list[str]) -> str:
    kept = {k: v for k, v in request.args.items() if k not in {"after", "before"} and may_stay(k)}
    page_of = request.endpoint or ""
    cursor = {direction: edges.sealed(page_of, *(getattr(row, name) for name in names))}
    return url_for(page_of, **{**kept, **(request.view_args or {}), **cursor})


def may_stay(name: str) -> bool:
    """Whether a value of this name may go along from one address to the next: not one that would decide how the address
    is made (its scheme, its method), so that nobody's link bends ours."""
    return name != "endpoint" and not name.startswith("_")


def _edge(text: str | None, width: int) -> list[Any] | None:
    values = edges.opened(request.endpoint or "", text)
    return values if values is not None and len(values) == width else None
