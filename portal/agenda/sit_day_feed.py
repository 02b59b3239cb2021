"""Sit-days in the private feed of the worker who sits them: where and when, and nobody whom one meets there."""

from collections.abc import Iterator
from datetime import datetime

from portal.accounts.roles import STAFF
from portal.agenda import sit_days
from portal.agenda.messages import CalendarEvent
from portal.foundation import clock, crypto
from portal.foundation.access import Viewer
from portal.foundation.words import _
from portal.outbox import service as outbox


def items(viewer: Viewer, since: datetime, until: datetime) -> Iterator[CalendarEvent]:
    programmes = viewer.programmes(*STAFF)
    if not programmes:
        return
    for one in sit_days.between(programmes, clock.local(since).date(), clock.local(until).date()):
        if one.worker_id != viewer.person_id:
            continue
        span = sit_days.whole(one)
        yield CalendarEvent(
            uid=crypto.mark("calendar", f"sit_day:{one.id}")[:36], sequence=0, start=span.start, end=span.end,
            summary=_("Sit-day at %(site)s", site=one.site.label), description=outbox.address_of("agenda.week"),
        )  # fmt: skip
