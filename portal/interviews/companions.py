"""Somebody who was to go along leaves, or is away on the day."""

from collections.abc import Sequence

import sqlalchemy as sa

from portal.accounts import queries as accounts
from portal.accounts.models import Person
from portal.agenda import holds
from portal.agenda.models import Absence, Hold
from portal.foundation.database import db
from portal.interviews import duties, letters, queries
from portal.interviews.models import Interview
from portal.interviews.people import let_out
from portal.interviews.states import InterviewState

_I = InterviewState


def companion_left(person: Person) -> None:
    """In the transaction in which a worker leaves a programme, or all: no interview there keeps somebody who will not be there.

    One that somebody confirms or changes at this moment is waited for, and then read anew.
    """
    stays = set() if person.deactivated_at is not None else accounts.works_in(person.id)
    for interview in queries.whole(queries.accompanied_by(person.id), lock=True):
        if interview.vacancy.employer.programme_id not in stays:
            drop_companion(interview)


def drop_companion(interview: Interview) -> None:
    """The interview has nobody to go along: confirmed drops to "needs a worker", and the coordinator finds somebody."""
    gone = interview.companion
    if interview.state is _I.CONFIRMED:
        interview.move_to(_I.NEEDS_WORKER, "companion left")
    interview.companion_id = interview.companion_hold_id = None
    db.session.flush()
    if gone is not None:
        let_out(interview, gone)
    letters.take_back(interview)
    if not interview.lost_its_moment:
        duties.needs_worker(interview)


def somebody_is_away(absence: Absence) -> None:
    """An absence was entered after the booking: each interview that it touches becomes a task."""
    ref = holds.person(absence.person_id)
    touched = sa.select(Hold.subject_id).where(
        Hold.subject_kind == Interview.__tablename__, Hold.party == ref,
        Hold.blocked_from < absence.ends_at, Hold.blocked_until > absence.starts_at,
    )  # fmt: skip
    ids: Sequence[int] = db.session.scalars(touched).all()
    for interview in queries.whole(ids):
        if interview.open:
            duties.somebody_away(interview, db.session.get_one(Person, absence.person_id))
