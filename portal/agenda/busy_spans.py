"""The taken hours of other calendars as the search for a moment counts them: beside absences and holds."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from portal.agenda.models import BusySource, BusySpan


def taken_elsewhere(people: Collection[int], first: datetime, last: datetime, *more: Any) -> sa.Select[Any]:
    """("person:12", from, until) of what other calendars hold for these people, as one part of a union."""
    party: sa.ColumnElement[str] = sa.literal("person:", sa.String) + sa.cast(BusySource.person_id, sa.String)
    return (
        sa.select(party, BusySpan.starts_at, BusySpan.ends_at, *more)
        .join(BusySource, BusySource.id == BusySpan.source_id)
        .where(BusySource.person_id.in_(list(people)), BusySpan.ends_at > first, BusySpan.starts_at < last)
    )
