"""After a day without internet: what was written by hand is typed in, person after person, in the order of the sheet."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from flask import url_for

from portal.agenda.models import SitDay
from portal.candidates.models import Candidate, Screening
from portal.candidates.screenings import STEPS
from portal.foundation import clock
from portal.foundation.database import db


@dataclass(frozen=True)
class Paper:
    """One talk of the day: whose, when, and how far it is typed in."""

    screening: Screening
    name: str
    sit_day: SitDay

    @property
    def starts_at(self) -> datetime:
        return self.screening.starts_at

    @property
    def steps_kept(self) -> int:
        return len([step for step in STEPS if step in (self.screening.draft or {})])

    @property
    def steps(self) -> int:
        return len(STEPS)

    @property
    def begun(self) -> bool:
        """Its hour has come: only then can somebody not have come."""
        return self.starts_at <= clock.now()

    @property
    def done(self) -> bool:
        return self.screening.done_on is not None or self.screening.missed


def talks_on(days: Sequence[SitDay]) -> Sequence[Screening]:
    """The talks of these days in the order of the sheet: who was or is expected, not who was called off."""
    expected = sa.or_(Screening.hold_id.is_not(None), Screening.done_on.is_not(None), Screening.missed)
    return db.session.scalars(
        sa.select(Screening)
        .where(Screening.sit_day_id.in_([day.id for day in days]), expected)
        .order_by(Screening.starts_at, Screening.worker_id, Screening.id)
    ).all()


def expected_on(days: Sequence[SitDay]) -> list[tuple[Screening, str]]:
    """Who is still expected on these days, with the language to talk in: worker by worker, by the hour."""
    waits = (Screening.hold_id.is_not(None), Screening.done_on.is_(None), Screening.missed.is_(False))
    rows = db.session.execute(
        sa.select(Screening, Candidate.language)
        .join(Candidate, Candidate.id == Screening.candidate_id)
        .where(Screening.sit_day_id.in_([day.id for day in days]), *waits)
    )
    order = [day.id for day in days]
    found = [(row[0], row[1]) for row in rows]
    return sorted(found, key=lambda pair: (order.index(pair[0].sit_day_id), pair[0].starts_at, pair[0].id))


def left_after(screening: Screening) -> str | None:
    """Where to go on once a talk is typed in: the list of its day, while talks of it that have been still wait there."""
    waits = (
        Screening.sit_day_id == screening.sit_day_id, Screening.id != screening.id, Screening.done_on.is_(None),
        Screening.missed.is_(False), Screening.hold_id.is_not(None), Screening.starts_at <= clock.now(),
    )  # fmt: skip
    key = db.session.scalar(
        sa.select(SitDay.key).join(Screening, Screening.sit_day_id == SitDay.id).where(*waits).limit(1)
    )
    return url_for("candidates.typing", key=key) if key is not None else None


def left_behind(candidate_id: int) -> str | None:
    """The same after somebody who did not come was booked again."""
    last = (Screening.candidate_id == candidate_id, Screening.missed)
    missed = db.session.scalar(sa.select(Screening).where(*last).order_by(Screening.id.desc()).limit(1))
    return left_after(missed) if missed is not None else None
