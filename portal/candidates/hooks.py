"""What waits in a case, in words, and what happens to a case when its worker leaves."""

import math
from typing import Any

import sqlalchemy as sa
from flask import Flask

from portal.accounts import links
from portal.accounts.models import Person
from portal.accounts.roles import Role
from portal.candidates import (
    consent_requests,
    day_stops,
    doors,
    handing,
    outcomes,
    paper_hooks,
    regime_hooks,
    service,
    silence,
    sit_day_hooks,
    standings,
)
from portal.candidates.models import Candidate, Consent, Referral
from portal.candidates.states import Purpose
from portal.foundation import acting, clock, jobs
from portal.foundation.database import db
from portal.foundation.signals import consent_withdrawn, state_changed, worker_left
from portal.foundation.words import lazy
from portal.outbox import service as outbox
from portal.outbox.service import check_before_sending
from portal.tasks import service as tasks

__all__ = ["day_stops", "paper_hooks", "regime_hooks", "sit_day_hooks"]

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


tasks.kind(
    "candidates.development", title=lazy("News about %(name)s"),
    why=lazy("A partner let us know that something changes. Read it and take it over, or file it."), action=lazy("Read the news"),
)  # fmt: skip
tasks.kind(
    "candidates.rebook", title=lazy("Choose another moment for the screening with %(name)s"),
    why=lazy("The person is at another place now, and the talk was booked at the old one."), action=lazy("Choose a moment"),
)  # fmt: skip
tasks.kind(
    "candidates.consent_answered", title=lazy("%(name)s answered about an agreement"),
    why=lazy("By the link that you gave. Read what was said."), action=lazy("Read the answer"),
)  # fmt: skip
doors.leads_to("candidates.news", lazy("News"))
links.opens(consent_requests.PURPOSE, "candidates.agree")
check_before_sending(consent_requests.LETTER)(consent_requests.letter_stands)


@consent_withdrawn.connect
def _stop(consent: Consent, **_more: Any) -> None:
    """Without agreement to be guided nothing goes on: the own worker closes the case."""
    if consent.purpose != Purpose.PROCESSING:
        return
    outbox.cancel_waiting(recipient_ref=consent_requests.reader_of(consent.candidate_id))
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


@state_changed.connect
def _partner_hears(subject: Any, *, new: str, **_more: Any) -> None:
    """Whoever referred somebody gets the outcome: the same letter for every outcome."""
    if subject.__tablename__ == "trajectory":
        outcomes.way_ended(subject.candidate_id, new)
    elif isinstance(subject, Referral):
        outcomes.referral_moved(subject)


@worker_left.connect
def _cases_without_worker(person: Person, **_more: Any) -> None:
    """Cases of somebody who leaves become one task of each programme's coordinator."""
    handing.somebody_left(person)
    statement = (
        sa.select(Candidate.programme_id, sa.func.count())
        .where(Candidate.worker_id == person.id, sa.not_(standings.ended(Candidate.id)))
        .group_by(Candidate.programme_id)
    )
    for programme_id, count in db.session.execute(statement).all():
        tasks.open_task(
            "candidates.allocate", person, due=clock.today(), at=("candidates.divide", {}), role=Role.COORDINATOR,
            programme_id=programme_id, count=count, worker=person.name,
        )  # fmt: skip


tasks.kind(
    "candidates.handover", title=lazy("%(who)s asks you to take over a case"),
    why=lazy("Read what it asks and answer. Until then nothing changes."), action=lazy("Read and answer"),
)  # fmt: skip
tasks.kind(
    "candidates.silence", title=lazy("Speak with the PSD or VDAB about %(name)s"),
    why=lazy("Nobody wrote down a contact for %(weeks)s weeks."), action=lazy("Write down a contact"),
)  # fmt: skip
tasks.kind(
    "candidates.opened_case", title=lazy("%(who)s opened a colleague's case"),
    why=lazy("With a reason, for an hour at most. Read it and talk about it."), action=lazy("Read why"),
)  # fmt: skip
tasks.kind(
    "candidates.opened_constraints", title=lazy("%(who)s opened what detention means for somebody's work"),
    why=lazy("With a reason, for an hour at most. Read it and talk about it."), action=lazy("Read why"),
)  # fmt: skip
tasks.stays_with_its_owner("candidates.screening")
jobs.each_night["candidates.silence"] = silence.ask_tonight


def install(app: Flask) -> None:
    """A page of a case that was opened with a reason says so, with the minutes left."""
    app.context_processor(lambda: {"through_glass": _banner()})


def _banner() -> tuple[str, int] | None:
    through = acting.actor().through
    if through is None:
        return None
    return through.case_key, max(1, math.ceil((through.until - clock.now()).total_seconds() / 60))
