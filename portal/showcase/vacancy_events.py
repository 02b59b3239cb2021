"""What a vacancy that changes or ends means for whoever was in the running: nobody is left with a silent no.

The person's worker hears of it by a task; the company gets no letter about what it did itself.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from portal.accounts.roles import Role
from portal.candidates import handles
from portal.candidates.handles import Handle
from portal.employers.models import Employer, Vacancy
from portal.foundation import clock
from portal.foundation.database import db
from portal.foundation.options import label
from portal.foundation.words import lazy, speaking
from portal.organisations.models import Organisation
from portal.outbox import service as outbox
from portal.showcase.employer_queries import ALIVE
from portal.showcase.matching import limit
from portal.showcase.models import Interest
from portal.showcase.states import InterestState
from portal.tasks import service as tasks
from portal.trajectories import queries as trajectories
from portal.trajectories.models import TrajectoryState

ENDED, CHANGED = "showcase.vacancy_ended", "showcase.vacancy_changed"
_AT_WORK = (TrajectoryState.STARTING, TrajectoryState.IN_AFTERCARE, TrajectoryState.COMPLETED)

tasks.kind(
    ENDED,
    title=lazy("%(vacancy)s at %(company)s has closed: tell the candidate"),
    why=lazy(
        "The company's reason: %(reason)s. Say what it means, and what comes next. Is a talk planned? Ask whether it goes on."
    ),
    action=lazy("Look at it"),
)
tasks.kind(
    CHANGED,
    title=lazy("The hours of %(vacancy)s at %(company)s changed"),
    why=lazy("The candidate said yes to the earlier hours. Ask whether the new ones fit too."),
    action=lazy("Look at it"),
)


def closed(vacancy: Vacancy) -> None:
    """Whoever was in the running hears it from their worker; what was asked and is no interview yet ends, without a letter."""
    for interest, case in _running(vacancy):
        _tell(ENDED, interest, case, vacancy)
        if interest.state is InterestState.INTERVIEW:
            continue
        for kind in (
            "showcase.ask_candidate",
            "showcase.ask_about_proposal",
            "showcase.answer_proposal",
            "interviews.plan",
        ):
            tasks.close(kind, interest, "vacancy closed")
        outbox.cancel_waiting(interest)
        interest.move_to(InterestState.LAPSED, "vacancy closed")
        interest.answered_at = interest.answered_at or clock.now()


def hours_changed(vacancy: Vacancy) -> None:
    for interest, case in _running(vacancy):
        _tell(CHANGED, interest, case, vacancy)


def _running(vacancy: Vacancy) -> Sequence[tuple[Interest, Handle]]:
    """Who hopes for this job: not who has found work by it, or has stopped."""
    alive = sa.select(Interest).where(Interest.vacancy_id == vacancy.id, Interest.state.in_(ALIVE))
    interests = db.session.scalars(alive.order_by(Interest.id)).all()
    numbers = [one.candidate_id for one in interests]
    cases, ways = handles.handles(numbers), trajectories.latest_of(numbers)
    at_work = {number for number, way in ways.items() if way.state in _AT_WORK}
    return [(one, cases[one.candidate_id]) for one in interests if one.candidate_id not in at_work]


def company_of(vacancy: Vacancy) -> str:
    return (
        db.session.scalar(
            sa.select(Organisation.name)
            .join(Employer, Employer.organisation_id == Organisation.id)
            .where(Employer.id == vacancy.employer_id)
        )
        or ""
    )


def told(interest: Interest) -> None:
    """The worker has spoken with the candidate."""
    tasks.close(ENDED, interest)
    tasks.close(CHANGED, interest)


def _tell(kind: str, interest: Interest, case: Handle, vacancy: Vacancy) -> None:
    words: dict[str, Any] = {"company": company_of(vacancy), "vacancy": vacancy.title}
    if kind == ENDED:
        with speaking("nl"):
            words["reason"] = label("employers", "close_reasons", vacancy.closed_because)
    tasks.open_task(
        kind, interest, due=clock.today() + timedelta(days=int(limit("tell_no_within_days"))),
        at=("showcase.vacancy_news", {"key": interest.key}),
        owner_id=case.worker_id, role=None if case.worker_id else Role.PROJECT_WORKER, programme_id=case.programme_id,
        about=case.id, **words,
    )  # fmt: skip
