"""What leaves the team is counted over days that nobody chooses: from the first day of the programme's period to the last day
of its newest closed month. Two files over nearly equal days would give away, one from the other, what each of them hides.
"""

import sqlalchemy as sa

from portal.dashboard import months
from portal.dashboard.boards import Facts
from portal.dashboard.figures import Period
from portal.dashboard.models import ClosedMonth
from portal.foundation.database import db
from portal.programmes.models import Programme


def period(programme: Programme) -> Period | None:
    """The days of the file for others; None as long as no month of the programme's period is closed."""
    return next((over for _programme, over in _found(Programme.id == programme.id)), None)


def everywhere() -> list[tuple[Programme, Period]]:
    """The days of each programme that has a closed month, in one query."""
    return _found()


def _found(*where: sa.ColumnElement[bool]) -> list[tuple[Programme, Period]]:
    newest = sa.func.max(ClosedMonth.month)
    rows = db.session.execute(
        sa.select(Programme, newest)
        .join(ClosedMonth, ClosedMonth.programme_id == Programme.id)
        .where(ClosedMonth.reopened_at.is_(None), ClosedMonth.since == Programme.period_start)
        .where(ClosedMonth.month >= Programme.period_start, *where)
        .group_by(Programme.id)
        .order_by(Programme.id)
    )
    return [(programme, Period(programme.period_start, months.last_of(month))) for programme, month in rows]


def facts(programme: Programme, over: Period) -> Facts:
    """The rows as they stood on the last of these days."""
    return Facts(programme, over, over.end)
