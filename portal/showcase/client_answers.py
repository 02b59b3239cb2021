"""What a candidate says to one client of an agency: each client needs a yes of its own.

A job that goes to another client takes no yes along: the candidate is asked anew, and says yes or no to that client.
"""

from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from portal.accounts.roles import Role
from portal.candidates import consents
from portal.candidates.handles import Handle, handle
from portal.candidates.states import Channel, Purpose
from portal.employers.clients import client_of
from portal.employers.models import Vacancy
from portal.foundation import clock
from portal.foundation.database import db
from portal.foundation.states import WrongState
from portal.journal import service as journal
from portal.outbox import service as outbox
from portal.showcase import interests
from portal.showcase.matching import limit
from portal.showcase.models import Interest
from portal.showcase.states import InterestState
from portal.tasks import service as tasks

TASK = "showcase.ask_about_client"
_I = InterestState
_AGREED = (_I.PROPOSED, _I.EXPRESSED, _I.ACCEPTED, _I.INTERVIEW)


def waits(interest: Interest) -> bool:
    """Whether somebody who said yes to this job has said nothing yet to whoever it is for now."""
    if interest.state not in _AGREED or interest.answered_at is None:
        return False
    return _standing(interest) is None


def _standing(interest: Interest) -> Any:
    return consents.standing(interest.candidate_id, Purpose.IDENTITY, interest.employer_id, client_of(interest.vacancy))


def ask_again(vacancy: Vacancy) -> None:
    """The job is for somebody else: everybody who said yes is asked anew by the own worker."""
    asked = sa.select(Interest).where(Interest.vacancy_id == vacancy.id, Interest.state.in_(_AGREED))
    for interest in db.session.scalars(asked.options(joinedload(Interest.vacancy))).all():
        if not waits(interest):
            tasks.close(TASK, interest, "agreed")
            continue
        case = handle(interest.candidate_id)
        tasks.open_task(
            TASK, interest, due=clock.today() + timedelta(days=int(limit("ask_within_days"))), about=case.id,
            at=("showcase.client_answer", {"key": interest.key}), owner_id=case.worker_id,
            role=None if case.worker_id else Role.PROJECT_WORKER, programme_id=case.programme_id,
            company=vacancy.employer.organisation.name, vacancy=vacancy.title,
        )  # fmt: skip


def agree(interest: Interest, case: Handle, *, channel: Channel, fields: tuple[str, ...]) -> None:
    """The candidate says yes to this client too. Raises WrongState where nothing is asked."""
    interests.alone(interest)
    if not waits(interest):
        raise WrongState()
    consents.give(
        case.id, Purpose.IDENTITY, channel=channel, employer_id=interest.employer_id,
        client_id=client_of(interest.vacancy), fields=(*interests.ALWAYS_TOLD, *fields), language=case.language,
    )  # fmt: skip
    tasks.close(TASK, interest, "agreed")


def refuse(interest: Interest, reasons: tuple[str, ...]) -> None:
    """The candidate says no to this client. An interview that is planned already is called off by the worker."""
    interests.alone(interest)
    if not waits(interest):
        raise WrongState()
    tasks.close(TASK, interest, "refused")
    if interest.state is _I.INTERVIEW:
        interest.candidate_reasons = list(reasons)
        journal.note("interest.client_refused", interest)
    else:
        interests.decline(interest, reasons=reasons)


def hand_over(employer_id: int, person_id: int, successor_id: int) -> None:
    """A colleague answers from now on for whoever left the company's team."""
    held = sa.select(Interest).where(
        Interest.employer_id == employer_id, Interest.contact_id == person_id, Interest.state.in_(_AGREED)
    )
    for interest in db.session.scalars(held).all():
        interest.contact_id = successor_id
        tasks.give(interest, old_owner=person_id, new_owner=successor_id)
        outbox.cancel_waiting(interest)
        journal.note("interest.handed_over", interest, before=person_id, contact=successor_id)


def still_asked() -> sa.Select[Any]:
    """The companies with somebody who is asked, or agreed and waits for a moment: nobody calls those silent."""
    return sa.select(Interest.employer_id).where(Interest.state.in_((_I.EXPRESSED, _I.PROPOSED, _I.ACCEPTED)))
