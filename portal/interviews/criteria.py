"""What the talks for a vacancy are judged on: four to six criteria of the job, fixed before a profile is opened."""

from collections.abc import Collection
from dataclasses import dataclass

import sqlalchemy as sa

from portal.foundation import acting
from portal.foundation.database import db
from portal.foundation.errors import DomainError
from portal.foundation.options import Option, options
from portal.foundation.words import lazy
from portal.interviews.models import Interview
from portal.interviews.outcome_models import Criteria
from portal.journal import service as journal
from portal.showcase.models import Opening

FEWEST, MOST = 4, 6


class HowMany(DomainError):
    sentence = lazy("Choose four to six criteria.")
    field = "codes"


@dataclass(frozen=True)
class Set:
    """What a talk is judged on. Version 0 is the standard set, which nobody changed before the profile was opened."""

    version: int
    criteria: dict[str, Option]


def all_criteria() -> dict[str, Option]:
    return options("interviews", "scorecard")


def criteria_for(interview: Interview) -> Set:
    """The set that stood when this company first opened the profile (or was asked about it); one query."""
    opened = (
        sa.select(sa.func.min(Opening.created_at))
        .where(Opening.listing_id == interview.interest.listing_id)
        .scalar_subquery()
    )
    before = sa.func.coalesce(opened, interview.interest.created_at)
    return _set(
        db.session.scalar(
            sa.select(Criteria)
            .where(Criteria.vacancy_id == interview.vacancy_id, Criteria.created_at <= before)
            .order_by(Criteria.version.desc())
            .limit(1)
        )
    )


def criteria_now(vacancy_id: int) -> Set:
    """The set that counts for profiles that are opened from now on."""
    newest = sa.select(Criteria).where(Criteria.vacancy_id == vacancy_id).order_by(Criteria.version.desc()).limit(1)
    return _set(db.session.scalar(newest))


def _set(row: Criteria | None) -> Set:
    known = all_criteria()
    if row is None:
        return Set(0, known)
    return Set(row.version, {code: known[code] for code in known if code in row.codes})


def fix_criteria(vacancy_id: int, codes: Collection[str]) -> Criteria | None:
    """A new version of a vacancy's set; the same set again is no new version. Raises HowMany."""
    known = [code for code in all_criteria() if code in codes]
    if not FEWEST <= len(known) <= MOST:
        raise HowMany()
    now = criteria_now(vacancy_id)
    if list(now.criteria) == known:
        return None
    row = Criteria(vacancy_id=vacancy_id, version=now.version + 1, codes=known, person_id=acting.person_id())
    db.session.add(row)
    db.session.flush()
    journal.note("criteria.fixed", row, vacancy=vacancy_id, version=row.version, codes=known)
    return row
