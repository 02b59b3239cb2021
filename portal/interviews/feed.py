"""Interviews in the private feed: what the letters of the same reader say, and no more."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from portal.accounts.roles import EMPLOYERS, STAFF
from portal.agenda.messages import CalendarEvent, Status
from portal.employers.models import Employer, Vacancy
from portal.employers.states import EmployerState
from portal.foundation.access import Viewer
from portal.foundation.database import db
from portal.interviews import letters
from portal.interviews.models import Interview
from portal.interviews.states import InterviewState

MOST = 300
_SURE = (InterviewState.CONFIRMED, InterviewState.HELD)


def items(viewer: Viewer, since: datetime, until: datetime) -> Iterator[CalendarEvent]:
    """The talks that somebody takes part in. What is not confirmed yet is tentative, and says no place."""
    along = sa.and_(Interview.companion_id == viewer.me, Employer.programme_id.in_(viewer.programmes(*STAFF)))
    own = sa.and_(
        Interview.contact_id == viewer.me, Employer.organisation_id.in_(viewer.organisations(*EMPLOYERS)),
        Employer.state != EmployerState.BLOCKED,
    )  # fmt: skip
    statement = (
        sa.select(Interview)
        .join(Employer, Employer.id == Interview.employer_id)
        .options(
            joinedload(Interview.vacancy).joinedload(Vacancy.employer).joinedload(Employer.organisation),
            joinedload(Interview.contact), joinedload(Interview.companion), joinedload(Interview.workplace),
        )
        .where(sa.or_(along, own), Interview.state != InterviewState.CANCELLED)
        .where(Interview.starts_at >= since, Interview.starts_at < until)
        .order_by(Interview.starts_at, Interview.id)
        .limit(MOST)
    )  # fmt: skip
    for interview in db.session.scalars(statement):
        reader = interview.contact if interview.contact_id == viewer.me else interview.companion
        if reader is None:
            continue
        sure = interview.state in _SURE
        event = letters.calendar_event(interview, reader, Status.CONFIRMED if sure else Status.TENTATIVE)
        yield event if sure else replace(event, location="")
