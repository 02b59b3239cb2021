"""Time in quarter hours, numbered from the epoch: what a hold takes, one row per person and cell.

Two bookings that overlap share a cell, and a UNIQUE constraint on (person, cell) lets one of them through; two that
only touch share none. No zone and no clock change matters here: every Belgian offset is a whole number of quarters.
"""

from datetime import UTC, datetime, timedelta

from portal.agenda.windows import Span

MINUTES = 15
CELL = timedelta(minutes=MINUTES)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def cells(span: Span) -> list[int]:
    """Each cell that the span touches, in order: a hold inserts them so, and two holds never wait for each other."""
    first, stop = outer(span)
    return list(range(first, stop))


def outer(span: Span) -> tuple[int, int]:
    """First cell, and the one after the last, of all that the span touches: a busy minute takes its whole quarter."""
    return (span.start - EPOCH) // CELL, -((EPOCH - span.end) // CELL)


def inner(span: Span) -> tuple[int, int]:
    """First cell, and the one after the last, of those wholly inside (maybe none): a window offers full quarters."""
    return -((EPOCH - span.start) // CELL), (span.end - EPOCH) // CELL


def starts_at(cell: int) -> datetime:
    """The moment in UTC at which a cell begins."""
    return EPOCH + cell * CELL


def spanning(first: int, stop: int) -> Span:
    """The span of the cells from `first` up to, but without, `stop`."""
    return Span(starts_at(first), starts_at(stop))


def count(minutes: int) -> int:
    """How many cells hold so many minutes, rounded up."""
    return -(-minutes // MINUTES)
