"""What changed since yesterday, as one sentence above what waits: it comes from what happened, not from who looked."""

from datetime import date, time, timedelta

import sqlalchemy as sa

from portal.accounts.roles import STAFF, Role
from portal.candidates import handles
from portal.employers.models import Employer
from portal.foundation import clock
from portal.foundation.access import Viewer
from portal.foundation.database import db
from portal.foundation.words import _, _n
from portal.interviews.models import Decision, Interview
from portal.showcase.models import Interest


def since_yesterday(viewer: Viewer) -> str:
    """For staff, or an empty text when nothing came in; one query. On Monday yesterday is Friday."""
    if not viewer.has(*STAFF):
        return ""
    day = _last_workday(clock.today())
    programmes, start = viewer.programmes(*STAFF), clock.at(day, time(0))
    mine = sa.or_(
        Interest.candidate_id.in_(handles.cases_of_worker(viewer.me)),
        Employer.programme_id.in_(viewer.programmes(Role.COORDINATOR)),
    )
    interests = sa.select(sa.func.count(Interest.id)).join(Employer, Employer.id == Interest.employer_id)
    decisions = (
        sa.select(sa.func.count(Decision.id))
        .join(Interview, Interview.id == Decision.interview_id)
        .join(Interest, Interest.id == Interview.interest_id)
        .join(Employer, Employer.id == Interest.employer_id)
    )
    referred, interested, decided = db.session.execute(
        sa.select(
            handles.referred_since(programmes, day),
            interests.where(mine, Interest.created_at >= start).scalar_subquery(),
            decisions.where(mine, Decision.decided_at >= start).scalar_subquery(),
        )
    ).one()
    parts = [
        _n("one referral", "%(num)s referrals", referred) if referred else "",
        _n("one company with interest", "%(num)s companies with interest", interested) if interested else "",
        _n("one decision", "%(num)s decisions", decided) if decided else "",
    ]
    said = ", ".join(part for part in parts if part)
    if not said:
        return ""
    if day == clock.today() - timedelta(days=1):
        return _("Since yesterday: %(what)s.", what=said)
    return _("Since Friday: %(what)s.", what=said)


def _last_workday(today: date) -> date:
    day = today - timedelta(days=1)
    while day.weekday() > 4:
        day -= timedelta(days=1)
    return day
