"""What counts for a level, with its day, read from what happened: nobody fills in a score.

Each source is a select with five columns (`row` lays them out), so that one question to the database answers for one
ambassador or for all of them. Other subjects add theirs with `also`.
"""

from collections.abc import Callable, Collection
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from portal.ambassadors.funnel import came_to
from portal.ambassadors.models import Ambassador, Invitation
from portal.employers.models import Employer
from portal.employers.states import EmployerState
from portal.events.models import Event, EventSeat
from portal.events.states import EventState, SeatState
from portal.foundation import clock
from portal.foundation.database import UtcDateTime, db
from portal.interviews.models import Interview
from portal.interviews.states import InterviewState
from portal.placements.models import Placement, PlacementState

HELD = timedelta(days=91)
# A fact without a day of its own stands as long as it is true.
STANDS = date.max
# By measure, the days on which something happened, the newest first.
Days = dict[str, tuple[date, ...]]
Source = Callable[[Collection[int]], sa.Select[Any]]

_sources: dict[str, Source] = {}


def also(name: str, source: Source) -> None:
    """Add what else counts: a select of `row` for these companies."""
    _sources[name] = source


def row(employer_id: Any, measure: str, *, day: Any = None, moment: Any = None, until: Any = None) -> sa.Select[Any]:
    """One fact a line: whose, of what, and when (a day or a moment; neither where it stands as long as it is true)."""
    no_day, no_moment = sa.cast(sa.null(), sa.Date()), sa.cast(sa.null(), UtcDateTime())
    return sa.select(
        employer_id.label("employer_id"),
        sa.literal(measure).label("measure"),
        (no_moment if moment is None else moment).label("moment"),
        (no_day if day is None else day).label("day"),
        (no_day if until is None else until).label("until"),
    )


def _interviews(employers: Collection[int]) -> sa.Select[Any]:
    return row(Interview.employer_id, "interviews_or_events", moment=Interview.starts_at).where(
        Interview.state == InterviewState.HELD, Interview.employer_id.in_(employers)
    )


def _starts(employers: Collection[int]) -> sa.Select[Any]:
    lasted = (PlacementState.SUSTAINED_13, PlacementState.SUSTAINED_26, PlacementState.ENDED)
    return row(Placement.employer_id, "placements_13_weeks", day=Placement.starts_on, until=Placement.ended_on).where(
        Placement.state.in_(lasted), Placement.employer_id.in_(employers)
    )


def _peers(employers: Collection[int]) -> sa.Select[Any]:
    """Only those that let their ambassador see how far they are."""
    active = [state for state in EmployerState if came_to(state, True)[1]]
    return (
        row(Ambassador.employer_id, "active_peers")
        .join(Invitation, Invitation.ambassador_id == Ambassador.id)
        .join(Employer, Employer.id == Invitation.employer_id)
        .where(Employer.shows_progress, Employer.state.in_(active), Ambassador.employer_id.in_(employers))
    )


def _visits(employers: Collection[int]) -> sa.Select[Any]:
    return (
        row(EventSeat.employer_id, "interviews_or_events", moment=Event.starts_at)
        .join(Event, Event.id == EventSeat.event_id)
        .where(EventSeat.state == SeatState.CAME, EventSeat.employer_id.in_(employers))
    )


def _received(employers: Collection[int]) -> sa.Select[Any]:
    """Receiving other companies counts as well as visiting one."""
    return row(Event.host_id, "interviews_or_events", moment=Event.starts_at).where(
        Event.state == EventState.HELD, Event.host_id.in_(employers)
    )


also("interviews", _interviews)
also("visits", _visits)
also("received", _received)
also("starts", _starts)
also("peers", _peers)


def of(employers: Collection[int]) -> dict[int, Days]:
    """What each of these companies did, in one query."""
    found: dict[int, dict[str, list[date]]] = {one: {} for one in employers}
    for one in db.session.execute(sa.union_all(*[source(employers) for source in _sources.values()])):
        day = _day(one)
        if day is not None:
            found[one.employer_id].setdefault(one.measure, []).append(day)
    return {
        employer: {measure: tuple(sorted(days, reverse=True)) for measure, days in facts.items()}
        for employer, facts in found.items()
    }


def _day(one: Any) -> date | None:
    """When it counts from; None for a start that ended too soon."""
    if one.measure == "placements_13_weeks":
        held = one.until is None or one.until >= one.day + HELD
        return one.day + HELD if held else None
    if one.moment is not None:
        moment: datetime = one.moment
        return clock.local(moment).date()
    return STANDS if one.day is None else one.day
