"""The figures of a programme's own period, kept as a sum: a page reads the sum and whoever changed since, at any size.

Exactly what counting afresh gives, at each request. `figure_change` says whose part may be another one now; the page takes
those parts out and counts these people anew. Each minute the worker does the same for good. A day has a sum of its own, made
from everybody when it begins. Where there is none (no worker runs, another period), the figures are counted afresh.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date

import sqlalchemy as sa

from portal.dashboard import queries, tallies
from portal.dashboard.boards import Board
from portal.dashboard.figures import Period
from portal.dashboard.models import FigureChange, KeptBoard, KeptPart
from portal.dashboard.tallies import Rows, Tally
from portal.foundation import clock
from portal.foundation.database import db
from portal.programmes.models import Programme

# A page counts at most so many people anew; the worker takes as many at a time.
MOST = 300
_CHANGED = sa.select(FigureChange.candidate_id).distinct().limit(MOST + 1).subquery()
_THIS = (
    KeptBoard.programme_id == sa.bindparam("programme"), KeptBoard.since == sa.bindparam("since"),
    KeptBoard.until == sa.bindparam("until"), KeptBoard.day == sa.bindparam("day"),
)  # fmt: skip
# The sum, and the part in it of everybody who changed since: in one statement, so that both are of one moment.
_KEPT_AND_CHANGED = sa.union_all(
    sa.select(sa.literal(0).label("place"), KeptBoard.id.label("number"), KeptBoard.tally.label("tally")).where(*_THIS),
    sa.select(sa.literal(1), _CHANGED.c.candidate_id, KeptPart.tally)
    .select_from(KeptBoard)
    .join(_CHANGED, sa.true())
    .outerjoin(KeptPart, sa.and_(KeptPart.board_id == KeptBoard.id, KeptPart.candidate_id == _CHANGED.c.candidate_id))
    .where(*_THIS),
)


def board(programme: Programme, period: Period, today: date) -> Board | None:
    """The figures, from what is kept and who changed since; None where nothing is kept for this day and period."""
    values = {"programme": programme.id, "since": period.start, "until": period.end, "day": today}
    rows = db.session.connection().execute(_KEPT_AND_CHANGED, values).all()
    kept = next((row.tally for row in rows if row.place == 0), None)
    if kept is None or len(rows) > MOST + 1 or any(row.number is None for row in rows):
        return None
    total, changed = Counter(kept), {row.number: row.tally for row in rows if row.place == 1}
    if changed:
        _exchange(total, changed.values(), _count(programme, period, today, list(changed)).values())
    return tallies.board(total, programme, period, today)


def _exchange(total: Tally, out: Iterable[dict[str, int] | None], new: Iterable[Tally]) -> None:
    for tally in out:
        total.subtract(tally or {})
    for tally in new:
        total.update(tally)


def _count(programme: Programme, period: Period, today: date, who: Sequence[int] | None) -> dict[int, Tally]:
    """What these people add (None: everybody), from four queries."""
    rows = Rows(
        queries.counted(programme, today, who), queries.jobs(programme, today, who),
        queries.talks(programme, period, today, who), queries.moments_of(programme, period, today, who),
    )  # fmt: skip
    return tallies.of_people(rows, period, today)


# --- The worker's part ----------------------------------------------------------------------------------------------


def bring_up() -> None:
    """Each minute: every programme's sum of today, with everybody who changed. Cheap when nobody did. Commits."""
    today, programmes = clock.today(), db.session.scalars(sa.select(Programme).order_by(Programme.id)).all()
    kept = _locked(today)
    changes = db.session.execute(sa.select(FigureChange.id, FigureChange.candidate_id)).all()
    anybody = any(change.candidate_id is None for change in changes)
    who = sorted({change.candidate_id for change in changes if change.candidate_id is not None})
    for programme in programmes:
        period = queries.period_of(programme)
        standing = kept.pop((programme.id, period.start, period.end), None)
        if standing is None or anybody:
            _begin(programme, period, today, standing)
        else:
            _fold(programme, period, standing, who)
    _forget(today, [one.id for one in kept.values()], [change.id for change in changes])
    db.session.commit()


def _locked(today: date) -> dict[tuple[int, date, date], KeptBoard]:
    """The sums of a day, held by whoever writes them. What changes after this stays written down for the next time."""
    rows = db.session.scalars(sa.select(KeptBoard).where(KeptBoard.day == today).with_for_update())
    return {(row.programme_id, row.since, row.until): row for row in rows}


def _begin(programme: Programme, period: Period, today: date, before: KeptBoard | None) -> None:
    """A sum from everybody."""
    if before is not None:
        db.session.execute(sa.delete(KeptBoard).where(KeptBoard.id == before.id))
    parts = _count(programme, period, today, None)
    total: Tally = Counter()
    _exchange(total, (), parts.values())
    row = KeptBoard(programme_id=programme.id, since=period.start, until=period.end, day=today, tally=dict(total))
    db.session.add(row)
    db.session.flush()
    _write_parts(row.id, parts)


def _fold(programme: Programme, period: Period, kept: KeptBoard, who: Sequence[int]) -> None:
    """Put these people's new parts in the place of their old ones."""
    total = Counter(kept.tally)
    for some in _in_portions(who):
        mine = (KeptPart.board_id == kept.id, KeptPart.candidate_id.in_(some))
        old = db.session.scalars(sa.select(KeptPart.tally).where(*mine)).all()
        new = _count(programme, period, kept.day, some)
        _exchange(total, old, new.values())
        db.session.execute(sa.delete(KeptPart).where(*mine))
        _write_parts(kept.id, new)
    if who:
        kept.tally = {key: number for key, number in total.items() if number}


def _write_parts(board_id: int, parts: dict[int, Tally]) -> None:
    rows = [{"board_id": board_id, "candidate_id": one, "tally": dict(tally)} for one, tally in parts.items()]
    if rows:
        db.session.execute(sa.insert(KeptPart), rows)


def _forget(today: date, others: Sequence[int], changes: Sequence[int]) -> None:
    """The sums of other days and of periods that are no more, and the changes that were followed: these and no later ones."""
    db.session.execute(sa.delete(KeptBoard).where(sa.or_(KeptBoard.day != today, KeptBoard.id.in_(others))))
    for some in _in_portions(changes):
        db.session.execute(sa.delete(FigureChange).where(FigureChange.id.in_(some)))


def _in_portions(numbers: Sequence[int]) -> Iterator[Sequence[int]]:
    for first in range(0, len(numbers), MOST):
        yield numbers[first : first + MOST]
