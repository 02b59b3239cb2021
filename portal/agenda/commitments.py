"""What takes somebody's day, and where: a talk at one place leaves time to come from the place before it, and to go on."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import sqlalchemy as sa

from portal.agenda.busy_spans import taken_elsewhere
from portal.agenda.models import Absence, BusySpan, Hold
from portal.agenda.travel import UnknownPlace, minutes_between, place_of
from portal.agenda.windows import Span
from portal.foundation import clock
from portal.foundation.database import db


@dataclass(frozen=True)
class Commitment:
    """Time that is taken, with the way there and back where that is known; `postcode` is where it is spent."""

    span: Span
    starts_at: datetime
    postcode: str = ""


def of(
    people: Collection[int], others: Collection[str], first: datetime, last: datetime, *, besides: tuple[str, int] | None = None
) -> dict[str, list[Commitment]]:  # fmt: skip
    """What takes these people ("person:12") and other parties, absences, holds and other calendars, in one query."""
    party: sa.ColumnElement[str] = sa.literal("person:", sa.String) + sa.cast(Absence.person_id, sa.String)
    away = sa.select(party, Absence.starts_at, Absence.ends_at, Absence.starts_at, sa.literal("", sa.String)).where(
        Absence.person_id.in_(list(people)), Absence.ends_at > first, Absence.starts_at < last
    )
    held = sa.select(Hold.party, Hold.blocked_from, Hold.blocked_until, Hold.starts_at, Hold.postcode).where(
        Hold.party.in_([*(f"person:{number}" for number in people), *others]), Hold.blocked_until > first,
        Hold.blocked_from < last,
    )  # fmt: skip
    if besides is not None:
        held = held.where(sa.or_(Hold.subject_kind != besides[0], Hold.subject_id != besides[1]))
    elsewhere = taken_elsewhere(people, first, last, BusySpan.starts_at, sa.literal("", sa.String))
    found: dict[str, list[Commitment]] = {}
    for whose, start, end, starts_at, postcode in db.session.execute(held.union_all(away, elsewhere)):
        found.setdefault(whose, []).append(Commitment(Span(start, end), starts_at, postcode))
    return found


def blocked(span: Span, sitting: Span, postcode: str, others: Iterable[Commitment]) -> Span | None:
    """The span with the way from the place before it that day and to the one after it; None when that does not fit.

    Within one sit-day (`sitting`, from its first talk to its last) nobody travels.
    """
    day = clock.local(span.start).date()
    near = [one for one in others if _on(day, one)]
    if any(span.overlaps(one.span) for one in near):
        return None
    before = max((one for one in near if one.span.end <= span.start), key=lambda one: one.span.end, default=None)
    after = min((one for one in near if one.span.start >= span.end), key=lambda one: one.span.start, default=None)
    there, on = (_way(one, sitting, postcode) for one in (before, after))
    whole = Span(span.start - there, span.end + on)
    return None if any(whole.overlaps(one.span) for one in near) else whole


def _on(day: date, one: Commitment) -> bool:
    return one.span.start < clock.midnight(day + timedelta(days=1)) and one.span.end > clock.midnight(day)


def _way(one: Commitment | None, sitting: Span, postcode: str) -> timedelta:
    """How long it takes from (or to) another commitment of the day; nothing where it is not known where that is."""
    here = one is not None and one.postcode == postcode and sitting.start <= one.starts_at < sitting.end
    if one is None or not one.postcode or not postcode or here:
        return timedelta()
    try:
        return timedelta(minutes=minutes_between(place_of(one.postcode, "there"), place_of(postcode, "here")))
    except UnknownPlace:
        return timedelta()
