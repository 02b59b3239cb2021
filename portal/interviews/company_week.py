"""A company's own week: its interviews, confirmed and proposed, by the code of the profile, and what aftercare asks."""

from datetime import date

import sqlalchemy as sa
from flask import render_template, url_for
from sqlalchemy.orm import joinedload

from portal.agenda import queries as agenda_queries
from portal.agenda import weeks
from portal.agenda.week_pages import around, asked_monday
from portal.agenda.weeks import Day, Piece, What
from portal.employers.models import Employer
from portal.foundation import clock
from portal.foundation.access import Viewer, opens_to, viewer
from portal.foundation.database import db
from portal.foundation.words import _
from portal.interviews import queries, steps
from portal.interviews.blueprint import interviews
from portal.interviews.models import Interview
from portal.interviews.policy import employer
from portal.interviews.states import InterviewState

_CERTAIN = (InterviewState.CONFIRMED, InterviewState.HELD)


@interviews.get("/interviews/week")
@opens_to(employer)
def company_week() -> str:
    """What a contact, or for an admin the whole company, has this week: never with a name."""
    monday = asked_monday()
    return render_template(
        "interviews/company_week.html", days=days_of(viewer(), monday), **around(monday),
        no_hours=not agenda_queries.windows_of(viewer().me),
    )  # fmt: skip


def days_of(who: Viewer, monday: date) -> list[Day]:
    talks = [(clock.local(span.start).date(), span) for span in _talks(who, monday) if span.start is not None]
    return weeks.laid(monday, [*weeks.on_days(who, monday), *talks])


def _talks(who: Viewer, monday: date) -> list[Piece]:
    statement = (
        sa.select(Interview)
        .join(Employer, Employer.id == Interview.employer_id)
        .options(
            joinedload(Interview.interest), joinedload(Interview.vacancy), joinedload(Interview.contact),
            joinedload(Interview.companion), joinedload(Interview.decision),
        )
        .where(queries.for_employer(who), Interview.state != InterviewState.CANCELLED)
        .where(Interview.starts_at >= clock.midnight(monday), Interview.starts_at < clock.midnight(monday + weeks.WEEK))
        .order_by(Interview.starts_at, Interview.id)
    )  # fmt: skip
    return [_piece(who, one) for one in db.session.scalars(statement)]


def _piece(who: Viewer, one: Interview) -> Piece:
    """By the code, with the job and where it stands; whose talk it is where that is a colleague."""
    title = _("Interview %(code)s: %(vacancy)s", code=one.interest.code, vacancy=one.vacancy.title)
    said = [
        steps.standing(one, employer=True)[0],
        _("%(name)s comes along", name=one.companion.first_name) if one.companion is not None else "",
        one.contact.name if one.contact_id != who.person_id else "",
    ]
    what = What.HELD if one.state in _CERTAIN else What.PROPOSED
    url = url_for("interviews.show", key=one.key)
    return Piece(what, one.starts_at, one.ends_at, title, url, detail=" · ".join(part for part in said if part))
