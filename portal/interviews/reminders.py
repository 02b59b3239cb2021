"""What the portal does by itself: reminders before an interview, and a look each night. After it: `silence`."""

from datetime import timedelta

import sqlalchemy as sa

from portal.accounts.models import Person
from portal.foundation import clock
from portal.foundation.database import db
from portal.interviews import companions, letters, queries
from portal.interviews.models import Interview
from portal.interviews.rules import rule
from portal.interviews.states import InterviewState
from portal.outbox.models import Letter


def send_due() -> int:
    """Leave the reminders whose time has come, each once; returns how many interviews were reminded of."""
    done = 0
    for hours in sorted(rule("reminder_hours")):
        for interview_id in _due(hours):
            done += _remind(interview_id, hours)
    return done


def _due(hours: int) -> list[int]:
    now = clock.now()
    statement = sa.select(Interview.id).where(
        Interview.state == InterviewState.CONFIRMED,
        Interview.starts_at > now,
        Interview.starts_at <= now + timedelta(hours=hours),
        _not_reminded(hours),
    )
    return list(db.session.scalars(statement))


def _not_reminded(hours: int) -> sa.ColumnElement[bool]:
    return sa.or_(Interview.reminded_hours.is_(None), Interview.reminded_hours > hours)


def _remind(interview_id: int, hours: int) -> bool:
    """Two workers at once: only one of them changes the row, and only that one writes."""
    mark = sa.update(Interview).where(
        Interview.id == interview_id, Interview.state == InterviewState.CONFIRMED, _not_reminded(hours)
    )
    if db.session.execute(mark.values(reminded_hours=hours)).rowcount == 0:  # type: ignore[attr-defined]
        db.session.rollback()
        return False
    interview = queries.whole([interview_id])[0]
    for person in (interview.contact, interview.companion):
        if person is not None:
            letters.remind(interview, person, hours)
    db.session.commit()
    return True


def still_stands(letter: Letter) -> bool:
    """No reminder is sent for a past, cancelled or moved talk: asked again at sending."""
    if letter.about_id is None:
        return False
    row = db.session.execute(
        sa.select(Interview.state, Interview.starts_at, Interview.contact_id, Interview.companion_id).where(
            Interview.id == letter.about_id
        )
    ).first()
    if row is None or row.starts_at is None or not letter.values:
        return False
    if letter.recipient_ref not in (f"person:{row.contact_id}", f"person:{row.companion_id}"):
        return False
    same = letter.values.get("starts") == row.starts_at.isoformat()
    return row.state is InterviewState.CONFIRMED and row.starts_at > clock.now() and same


def audit() -> int:
    """Prove each night that no confirmed interview lacks somebody who will be there; returns how many were found."""
    statement = (
        sa.select(Interview.id)
        .outerjoin(Person, Person.id == Interview.companion_id)
        .where(Interview.state == InterviewState.CONFIRMED, Interview.starts_at > clock.now())
        .where(sa.or_(Person.id.is_(None), Person.deactivated_at.is_not(None)))
    )
    found = queries.whole(list(db.session.scalars(statement)))
    for interview in found:
        companions.drop_companion(interview)
    db.session.commit()
    return len(found)
