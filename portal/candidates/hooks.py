"""What waits in a case, in words, and what happens to a case when its worker leaves."""

from typing import Any

import sqlalchemy as sa

from portal.accounts.models import Person
from portal.accounts.roles import Role
from portal.candidates import service
from portal.candidates.models import Candidate, Consent
from portal.candidates.states import Purpose
from portal.foundation import clock
from portal.foundation.database import db
from portal.foundation.signals import consent_withdrawn, state_changed, worker_left
from portal.foundation.words import lazy
from portal.tasks import service as tasks

tasks.kind(
    "candidates.referral", title=lazy("New referral: %(site)s"),
    why=lazy("A partner asks us to work with somebody. Read it and decide."), action=lazy("Read it"),
)  # fmt: skip
tasks.kind(
    "candidates.answer", title=lazy("A question about your referral (%(site)s)"),
    why=lazy("The project team needs one more thing to go on."), action=lazy("Answer"),
)  # fmt: skip
tasks.kind(
    "candidates.plan_screening", title=lazy("Plan the screening with %(name)s"),
    why=lazy("On the next sit-day at the place where the person is."), action=lazy("Choose a moment"),
)  # fmt: skip
tasks.kind(
    "candidates.screening", title=lazy("Screening with %(name)s"),
    why=lazy("The form is ready. Each step is kept as you go."), action=lazy("Open the form"),
)  # fmt: skip
tasks.kind(
    "candidates.agree_plan", title=lazy("Agree a plan with %(name)s"),
    why=lazy("A goal and a few steps. From then on the trajectory counts."), action=lazy("Write the plan"),
)  # fmt: skip
tasks.kind(
    "candidates.profile", title=lazy("Write the profile of %(name)s"),
    why=lazy("The plan is agreed. Companies can meet a profile without a name."), action=lazy("Write the profile"),
)  # fmt: skip
tasks.kind(
    "candidates.allocate", title=lazy("Cases without a worker: %(count)s"),
    why=lazy("%(worker)s has left. Give each case to a colleague."), action=lazy("Divide the cases"),
)  # fmt: skip


tasks.kind(
    "candidates.stop", title=lazy("%(name)s wants to stop"),
    why=lazy("The agreement to be guided was taken back. Nothing new may be done with these data."), action=lazy("Close the case"),
)  # fmt: skip


@consent_withdrawn.connect
def _stop(consent: Consent, **_more: Any) -> None:
    """Without agreement to be guided nothing goes on: the own worker closes the case."""
    if consent.purpose != Purpose.PROCESSING:
        return
    candidate = db.session.get_one(Candidate, consent.candidate_id)
    if candidate.worker_id is None:
        return
    tasks.open_task(
        "candidates.stop", candidate, due=clock.today(), at=("candidates.show", {"key": candidate.key}),
        owner_id=candidate.worker_id, about=candidate.id, name=service.short_name(candidate.id),
    )  # fmt: skip


@state_changed.connect
def _nothing_waits(subject: Any, *, new: str, **_more: Any) -> None:
    """A way that was closed leaves nothing to do in the case."""
    if subject.__tablename__ == "trajectory" and new == "closed":
        tasks.close_about(subject.candidate_id, "candidates", "closed")


@worker_left.connect
def _cases_without_worker(person: Person, **_more: Any) -> None:
    """Cases of somebody who leaves become a task of each programme's coordinator."""
    statement = (
        sa.select(Candidate.programme_id, sa.func.count())
        .where(Candidate.worker_id == person.id)
        .group_by(Candidate.programme_id)
    )
    for programme_id, count in db.session.execute(statement).all():
        tasks.open_task(
            "candidates.allocate", person, due=clock.today(), at=("candidates.index", {}), role=Role.COORDINATOR,
            programme_id=programme_id, count=count, worker=person.name,
        )  # fmt: skip
