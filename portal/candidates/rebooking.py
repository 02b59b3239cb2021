"""Talks whose hour falls away: the time is given back, and somebody is asked to book another one."""

from collections.abc import Collection, Sequence
from typing import Any

import sqlalchemy as sa

from portal.accounts.roles import Role
from portal.agenda import holds
from portal.agenda.models import Absence, Hold
from portal.candidates import service
from portal.candidates.models import Candidate, Screening
from portal.foundation import clock
from portal.foundation.database import db
from portal.journal import service as journal
from portal.tasks import service as tasks


def hours_gone(ids: Collection[int]) -> None:
    """The sit-day does not go on, or not at that hour: nobody is held any more."""
    for screening, candidate in _planned(ids):
        screening.hold_id = None
        db.session.flush()
        holds.release(screening)
        tasks.close("candidates.screening", screening, "called off")
        journal.note("screening.called_off", screening)
        _ask(screening, candidate, away=None)


def worker_away(absence: Absence) -> None:
    """The worker is not there then. The hour stays held until somebody books another one, or the absence is taken back."""
    for screening, candidate in _planned(_touched(absence)):
        _ask(screening, candidate, away=absence)


def worker_back(absence: Absence) -> None:
    for screening, _candidate in _planned(_touched(absence)):
        tasks.close("candidates.book_again", screening, "back")


def missed_in_a_row(candidate_id: int) -> int:
    """How many talks did not take place since the last one that did."""
    done = sa.select(sa.func.coalesce(sa.func.max(Screening.id), 0)).where(
        Screening.candidate_id == candidate_id, Screening.done_on.is_not(None)
    )
    missed = (Screening.candidate_id == candidate_id, Screening.missed, Screening.id > done.scalar_subquery())
    return int(db.session.scalar(sa.select(sa.func.count(Screening.id)).where(*missed)) or 0)


def _touched(absence: Absence) -> Sequence[int]:
    return db.session.scalars(
        sa.select(Hold.subject_id).where(
            Hold.subject_kind == Screening.__tablename__, Hold.party == holds.person(absence.person_id),
            Hold.blocked_from < absence.ends_at, Hold.blocked_until > absence.starts_at,
        )
    ).all()  # fmt: skip


def _planned(ids: Collection[int]) -> Sequence[tuple[Screening, Candidate]]:
    """Talks of these that are still to come."""
    rows = db.session.execute(
        sa.select(Screening, Candidate)
        .join(Candidate, Candidate.id == Screening.candidate_id)
        .where(Screening.id.in_(list(ids)), Screening.done_on.is_(None), Screening.missed.is_(False))
        .order_by(Screening.starts_at)
    )
    return [(row[0], row[1]) for row in rows]


def _ask(screening: Screening, candidate: Candidate, *, away: Absence | None) -> None:
    """The own worker books again; the coordinator does when that one is suddenly not there, or nobody has the case."""
    day = clock.local(screening.starts_at)
    sudden = away is not None and away.sudden and away.person_id == candidate.worker_id
    whose: dict[str, Any] = {"role": Role.COORDINATOR, "programme_id": candidate.programme_id}
    if candidate.worker_id is not None and not sudden:
        whose = {"owner_id": candidate.worker_id}
    tasks.open_task(
        "candidates.book_again", screening, due=clock.today(), about=candidate.id, day=f"{day.day}/{day.month}",
        at=("candidates.plan_screening", {"key": candidate.key}), name=service.short_name(candidate.id), **whose,
    )  # fmt: skip
