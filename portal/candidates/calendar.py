"""Screenings in the private feed of the worker who has them: where and when, never with whom."""

from collections.abc import Iterator
from datetime import datetime

import sqlalchemy as sa

from portal.accounts.roles import STAFF
from portal.agenda.messages import CalendarEvent
from portal.agenda.models import Hold, SitDay
from portal.candidates.models import Screening
from portal.foundation import crypto
from portal.foundation.access import Viewer
from portal.foundation.database import db
from portal.foundation.words import _
from portal.outbox import service as outbox
from portal.programmes.models import Site

MOST = 300


def items(viewer: Viewer, since: datetime, until: datetime) -> Iterator[CalendarEvent]:
    """The talks of the viewer's own sit-days whose time is held."""
    programmes = viewer.programmes(*STAFF)
    if not programmes:
        return
    statement = (
        sa.select(Screening.id, Screening.key, Hold.starts_at, Hold.ends_at, Site)
        .join(Hold, Hold.id == Screening.hold_id)
        .join(SitDay, SitDay.id == Screening.sit_day_id)
        .join(Site, Site.id == SitDay.site_id)
        .where(Screening.worker_id == viewer.me, SitDay.programme_id.in_(programmes))
        .where(Hold.starts_at >= since, Hold.starts_at < until)
        .order_by(Hold.starts_at, Screening.id)
        .limit(MOST)
    )
    for row in db.session.execute(statement):
        yield CalendarEvent(
            uid=crypto.mark("calendar", f"screening:{row.id}")[:36], sequence=0, start=row.starts_at, end=row.ends_at,
            summary=_("Screening at %(site)s", site=row.Site.label),
            description=outbox.address_of("candidates.screening", key=row.key),
        )  # fmt: skip
