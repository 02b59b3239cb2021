"""Check-ins and visits in the private feed: the day and where, never about whom."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta

import sqlalchemy as sa
from flask import url_for
from sqlalchemy.orm import joinedload

from portal.aftercare import questions
from portal.aftercare.models import CheckIn, Voice
from portal.aftercare.queries import GOES_ON, OPEN
from portal.agenda.messages import DayEvent
from portal.agenda.weeks import OnDay
from portal.employers.models import Employer
from portal.foundation import clock, crypto
from portal.foundation.access import Viewer
from portal.foundation.database import db
from portal.foundation.words import _
from portal.interviews.models import Interview
from portal.outbox import service as outbox
from portal.placements.models import Placement
from portal.placements.queries import of_contact, written_by
from portal.showcase.models import Interest

MOST = 500


def items(viewer: Viewer, since: datetime, until: datetime) -> Iterator[DayEvent]:
    """A worker's calls, visits and confirmations; the moments at which an employer's contact is asked something."""
    for check_in, _code in _asked(viewer, clock.local(since).date(), clock.local(until).date()):
        yield DayEvent(
            uid=crypto.mark("calendar", f"check_in:{check_in.id}")[:36], sequence=0, day=check_in.due,
            summary=_summary(check_in, viewer), description=outbox.address_of("aftercare.index"),
        )  # fmt: skip


def on_days(viewer: Viewer, first: date, last: date) -> Iterator[OnDay]:
    """The same in the week that is drawn; for a contact with the code of the profile, which tells two of them apart."""
    for check_in, code in _asked(viewer, first, last + timedelta(days=1)):
        own, summary = check_in.placement.contact_id == viewer.person_id, _summary(check_in, viewer)
        where = url_for("aftercare.index") if own else url_for("aftercare.show", key=check_in.placement.key)
        yield OnDay(check_in.due, f"{summary} ({code})" if own and code else summary, where)


def _asked(viewer: Viewer, first: date, before: date) -> Sequence[tuple[CheckIn, str | None]]:
    workers = sa.and_(written_by(viewer), CheckIn.channel != "form")
    contacts = sa.and_(of_contact(viewer), CheckIn.voice == Voice.EMPLOYER)
    statement = (
        sa.select(CheckIn, Interest.code)
        .join(Placement, Placement.id == CheckIn.placement_id)
        .outerjoin(Interview, Interview.id == Placement.interview_id)
        .outerjoin(Interest, Interest.id == Interview.interest_id)
        .options(joinedload(CheckIn.placement).joinedload(Placement.employer).joinedload(Employer.organisation))
        .where(sa.or_(workers, contacts), CheckIn.state.in_(OPEN), GOES_ON)
        .where(CheckIn.due >= first, CheckIn.due < before)
        .order_by(CheckIn.due, CheckIn.id)
        .limit(MOST)
    )
    return [(check_in, code) for check_in, code in db.session.execute(statement)]


def _summary(check_in: CheckIn, viewer: Viewer) -> str:
    moment = questions.plan_label("moments", check_in.moment)
    if check_in.placement.contact_id == viewer.person_id:
        form = check_in.channel == "form"
        return _("A short form: %(moment)s", moment=moment) if form else _("Check-in: %(moment)s", moment=moment)
    company = check_in.placement.employer.organisation.name
    if check_in.channel.startswith("visit"):
        return _("%(moment)s at %(company)s: visit", moment=moment, company=company)
    if check_in.channel == "confirm":
        return _("%(moment)s at %(company)s: have the schedule confirmed", moment=moment, company=company)
    return _("%(moment)s at %(company)s: call", moment=moment, company=company)
