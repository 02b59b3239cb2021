"""What the pass rates are reckoned from: two narrow queries per programme, the same number at any size."""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from portal.candidates import handles
from portal.dashboard.passing import ACCEPTED, HELD, INTEREST, OFFER, STARTED, YES, Way
from portal.dashboard.queries import NOT_STARTED
from portal.employers.models import Employer, Vacancy
from portal.foundation import clock
from portal.foundation.database import db
from portal.interviews.models import Decision, Interview
from portal.interviews.states import DecisionState, InterviewState
from portal.placements.models import Placement
from portal.showcase.models import Interest, Listing, Opening, Profile
from portal.showcase.states import InterestState

_D = DecisionState
_OFFERED = {_D.OFFER, _D.TRIAL, _D.TRYING, _D.ACCEPTED}


def ways(programme_id: int, *, worker_id: int | None = None) -> list[Way]:
    """Every way of a programme's people (or of one worker's), from the first opening on."""
    mine = [Profile.programme_id == programme_id]
    if worker_id is not None:
        mine.append(Profile.candidate_id.in_(handles.cases_of_worker(worker_id)))
    found: dict[tuple[int, int], Way] = {}
    _opened_or_wanted(found, mine)
    _met(found, mine)
    return sorted(found.values(), key=lambda way: (way.began, way.vacancy_id, way.candidate_id))


def _opened_or_wanted(found: dict[tuple[int, int], Way], mine: list[Any]) -> None:
    """Whose profile was opened, and whom somebody wanted to meet, in one query: a page has eight in all."""
    rows = db.session.execute(sa.union_all(_wanted(mine), _opened(mine))).all()
    for row in sorted(rows, key=lambda one: (one.place, one.number)):
        way = found.setdefault((row.vacancy_id, row.candidate_id), _way(row))
        if row.state is None:
            way.employer_no = list({*way.employer_no, *(row.employer_reasons or [])})
            continue
        # What a worker proposed is the company's interest once the company said yes.
        if row.proposed_by is None or (row.employer_answered_at is not None and not row.employer_reasons):
            way.reach(INTEREST)
        if row.state in (InterestState.ACCEPTED, InterestState.INTERVIEW):
            way.reach(YES)
        way.employer_no += row.employer_reasons or []
        way.candidate_no += row.candidate_reasons or []


def _wanted(mine: list[Any]) -> sa.Select[*tuple[Any, ...]]:
    return (
        sa.select(
            Interest.vacancy_id, Interest.candidate_id, Interest.created_at, Interest.state, Interest.proposed_by,
            Interest.employer_answered_at, Interest.employer_reasons, Interest.candidate_reasons, Employer.size,
            Employer.section, sa.literal(1).label("place"), Interest.id.label("number"),
        )
        .join(Employer, Employer.id == Interest.employer_id)
        .join(Profile, Profile.candidate_id == Interest.candidate_id)
        .where(*mine)
    )  # fmt: skip


def _opened(mine: list[Any]) -> sa.Select[*tuple[Any, ...]]:
    """The same columns; an opening has no state, and its reasons are what did not fit."""
    nothing = sa.null()
    return (
        sa.select(
            Opening.vacancy_id, Profile.candidate_id, Opening.created_at, nothing, nothing, nothing, Opening.not_fitting,
            nothing, Employer.size, Employer.section, sa.literal(0).label("place"), Opening.id.label("number"),
        )
        .join(Listing, Listing.id == Opening.listing_id)
        .join(Profile, Profile.id == Listing.profile_id)
        .join(Vacancy, Vacancy.id == Opening.vacancy_id)
        .join(Employer, Employer.id == Vacancy.employer_id)
        .where(*mine)
    )  # fmt: skip


def _met(found: dict[tuple[int, int], Way], mine: list[Any]) -> None:
    """Every talk that was planned follows the candidate's yes, also when it was cancelled."""
    started = sa.exists().where(
        Placement.vacancy_id == Interview.vacancy_id, Placement.candidate_id == Interview.candidate_id,
        Placement.state.not_in(NOT_STARTED), Placement.starts_on <= clock.today(),
    )  # fmt: skip
    statement = (
        sa.select(
            Interview.vacancy_id, Interview.candidate_id, Interview.created_at, Interview.state, Employer.size, Employer.section,
            Decision.state.label("decision"), Decision.form, Decision.tried, Decision.reasons, Decision.candidate_reasons,
            started.label("started"),
        )
        .join(Employer, Employer.id == Interview.employer_id)
        .join(Profile, Profile.candidate_id == Interview.candidate_id)
        .outerjoin(Decision, Decision.interview_id == Interview.id)
        .where(*mine)
        .order_by(Interview.id)
    )  # fmt: skip
    for row in db.session.execute(statement):
        way = found.setdefault((row.vacancy_id, row.candidate_id), _way(row))
        way.reach(_stage(row))
        way.employer_no += row.reasons or []
        way.candidate_no += row.candidate_reasons or []


def _stage(row: Any) -> int:
    if row.started:
        return STARTED
    if row.tried or row.decision in (_D.ACCEPTED, _D.TRYING):
        return ACCEPTED
    if row.decision in _OFFERED or (row.decision is _D.DECLINED and row.form):
        return OFFER
    return HELD if row.state is InterviewState.HELD else YES


def _way(row: Any) -> Way:
    return Way(row.candidate_id, row.vacancy_id, _day(row.created_at), row.size or "", row.section or "")


def _day(moment: datetime) -> date:
    return clock.local(moment).date()
