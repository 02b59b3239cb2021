"""Who of a company's team could have an interview at its moment: somebody active, whose time is free then."""

from collections.abc import Sequence
from datetime import timedelta

import sqlalchemy as sa

from portal.accounts.models import Membership, Person
from portal.accounts.roles import EMPLOYERS
from portal.agenda import queries as agenda_queries
from portal.agenda import service as agenda
from portal.agenda.diaries import Busy, Party
from portal.agenda.slots import Companion, Question, slot_at
from portal.agenda.windows import Span
from portal.candidates.handles import handle
from portal.foundation import clock
from portal.foundation.database import db
from portal.interviews.models import Interview
from portal.interviews.states import Mode

_AROUND = timedelta(days=1)


def team(interview: Interview) -> Sequence[Person]:
    """The company's active people, by name."""
    today = clock.today()
    seats = (
        sa.select(Membership.person_id)
        .where(Membership.role.in_(EMPLOYERS), Membership.since <= today)
        .where(Membership.organisation_id == interview.vacancy.employer.organisation_id)
        .where(sa.or_(Membership.until.is_(None), Membership.until >= today))
    )
    statement = sa.select(Person).where(
        Person.id.in_(seats), Person.deactivated_at.is_(None), Person.confirmed_at.is_not(None)
    )
    return db.session.scalars(statement.order_by(Person.first_name, Person.last_name, Person.id)).all()


def free(interview: Interview, people: Sequence[Person]) -> dict[int, Span]:
    """What the moment takes of each of them who is free then, by person: the talk, and the way where there is one."""
    if interview.starts_at is None or interview.ends_at is None:
        return {}
    at = Span(interview.starts_at, interview.ends_at)
    around = Span(at.start - _AROUND, at.end + _AROUND)
    busy = agenda_queries.busy(
        [person.id for person in people], [], around.start, around.end, besides=(Interview.__tablename__, interview.id)
    )
    found: dict[int, Span] = {}
    for person in people:
        slot = slot_at(_question(interview, at, around, busy.get(f"person:{person.id}", [])), at.start, 0)
        if slot is not None:
            found[person.id] = slot.employer_span
    return found


def _question(interview: Interview, at: Span, around: Span, busy: Sequence[Span]) -> Question:
    """Only this one person's time is asked: the others have the moment already."""
    company = agenda.place(interview.workplace.postcode, interview.workplace.key)
    venue = None
    if interview.mode is Mode.AT_COMPANY:
        venue = company
    elif interview.mode is Mode.INSIDE:
        venue = agenda.place(handle(interview.candidate_id).postcode)
    day = clock.local(at.start).date()
    return Question(
        now=clock.now(), first_day=day, last_day=day, minutes=int(at.duration / timedelta(minutes=1)), venue=venue,
        employer=Party([around], [Busy(span) for span in busy], company), candidate=Party([around]),
        companions=[Companion([around])], holidays=(), limit=100,
    )  # fmt: skip
