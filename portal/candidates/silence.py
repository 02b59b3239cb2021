"""Four weeks without a word with the PSD or VDAB is a task of the case's worker (product.md, Contact log)."""

from datetime import date, timedelta

import sqlalchemy as sa

from portal.candidates import service, standings
from portal.candidates.models import Candidate, Contact, Referral
from portal.candidates.states import ReferralState
from portal.foundation import clock
from portal.foundation.database import db
from portal.foundation.options import load
from portal.tasks import service as tasks
from portal.tasks.models import Task

KIND = "candidates.silence"
_BEGUN = (ReferralState.ACCEPTED, ReferralState.SCREENING_PLANNED, ReferralState.NO_SHOW, ReferralState.SCREENED)


def silent(today: date) -> sa.Select:
    """The running cases with the day from which nobody spoke with one of these services, too long ago."""
    rules = load("candidates", "caseload")
    spoke = (
        sa.select(sa.func.max(Contact.on))
        .where(Contact.candidate_id == Candidate.id, Contact.whom.in_(rules["contact_silence_with"]))
        .correlate(Candidate)
        .scalar_subquery()
    )
    came = (
        sa.select(sa.func.max(Referral.received_on))
        .where(Referral.candidate_id == Candidate.id, Referral.state.in_(_BEGUN))
        .correlate(Candidate)
        .scalar_subquery()
    )
    since = sa.func.coalesce(spoke, came)
    waits = sa.exists().where(
        Task.kind == KIND, Task.subject_kind == Candidate.__tablename__, Task.subject_id == Candidate.id, Task.closed_at.is_(None)
    )  # fmt: skip
    return (
        sa.select(Candidate, sa.type_coerce(since, sa.Date))
        .where(Candidate.worker_id.is_not(None), sa.not_(standings.ended(Candidate.id)), sa.not_(waits))
        .where(since <= today - timedelta(days=int(rules["contact_silence_days"])))
        .order_by(Candidate.id)
    )


def ask() -> int:
    """Open the task for every case that has been silent too long (nightly); returns how many."""
    today = clock.today()
    due = today + timedelta(days=int(load("candidates", "caseload")["contact_silence_due_days"]))
    found = db.session.execute(silent(today)).all()
    for candidate, since in found:
        tasks.open_task(
            KIND, candidate, due=due, at=("candidates.contact", {"key": candidate.key}), owner_id=candidate.worker_id,
            about=candidate.id, name=service.short_name(candidate.id), weeks=(today - since).days // 7,
        )  # fmt: skip
    return len(found)


def ask_tonight() -> None:
    ask()
    db.session.commit()
