"""The deadlines of a permission that no page watches: not filed in time, no answer in time, and when the granted hours end."""

from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from portal.agenda.windows import workdays_after
from portal.foundation import clock
from portal.foundation.database import db
from portal.foundation.words import date_long, lazy, speaking
from portal.interviews import duties, queries
from portal.interviews.models import Interview, Permission
from portal.interviews.rules import rule
from portal.interviews.states import InterviewState, PermissionState
from portal.tasks import service as tasks

KINDS: dict[str, tuple[Any, Any, Any]] = {
    "file_late": (
        lazy("The permission for %(company)s is not asked yet"),
        lazy("The last day to ask was %(last)s. Call whether it can still be in time, or choose another moment than %(day)s."),
        lazy("Look at the interview"),
    ),
    "permission_late": (
        lazy("Still no answer on the permission for %(company)s"),
        lazy("The interview is on %(day)s. Call today, and choose another moment if it will not come in time."),
        lazy("Note the answer"),
    ),
    "back_by": (
        lazy("Back by %(time)s from %(company)s"),
        lazy("The permission of %(day)s ends then. Running late? Call the house before that hour."),
        lazy("Open the interview"),
    ),
}  # fmt: skip
LATE = ("file_late", "permission_late")


def look() -> int:
    """Each night: open a task for each deadline that has come; returns for how many interviews."""
    today = clock.today()
    by_answer = clock.midnight(workdays_after(today, rule("permission_answer_workdays")) + timedelta(days=1))
    late = sa.and_(Permission.state == PermissionState.TO_REQUEST, Permission.file_by < today)
    silent = sa.and_(Permission.state == PermissionState.REQUESTED, Interview.starts_at < by_answer)
    statement = (
        sa.select(Interview.id)
        .join(Permission, Permission.interview_id == Interview.id)
        .where(Interview.state.not_in((InterviewState.HELD, InterviewState.CANCELLED)), Interview.companion_hold_id.is_not(None))
        .where(Interview.starts_at > clock.now(), sa.or_(late, silent))
    )  # fmt: skip
    found = queries.whole(list(db.session.scalars(statement)))
    for interview in found:
        if interview.permission.state is PermissionState.TO_REQUEST:
            _not_filed(interview)
        else:
            tasks.close("interviews.permission_answer", interview, "late")
            duties.open_for(interview, "permission_late", "permission_answer", clock.today())
    db.session.commit()
    return len(found)


def _not_filed(interview: Interview) -> None:
    with speaking(interview.worker.language):
        last = date_long(interview.permission.file_by) if interview.permission.file_by else ""
    tasks.close("interviews.request_permission", interview, "late")
    duties.open_for(interview, "file_late", "show", clock.today(), last=last)


def settled(interview_id: int) -> None:
    """The permission went a step further: what was late about it waits no more."""
    interview = db.session.get_one(Interview, interview_id)
    for kind in LATE:
        tasks.close(f"interviews.{kind}", interview)
