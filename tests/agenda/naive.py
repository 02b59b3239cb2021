"""The search for slots said as plainly as it can be, and as slowly: the oracle for portal.agenda.slots."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta

from portal.agenda.diaries import Busy, Party
from portal.agenda.open_hours import OpenHours, Talk
from portal.agenda.slots import Answer, Question, Reason, Slot
from portal.agenda.travel import Place
from portal.agenda.windows import Span, WeeklyWindow

QUARTER = timedelta(minutes=15)


def naive_slots(question: Question) -> Answer:
    """Try every quarter of an hour of every day with every companion, then keep the first."""
    span = (question.last_day - question.first_day).days + 1
    days = [question.first_day + timedelta(days=n) for n in range(span)]
    found = {day: slots_of(question, day)[: question.per_day] for day in days}
    slots = [slot for day in days for slot in found[day]][: question.limit]
    enough = len(slots) == question.limit
    until = slots[-1].start.astimezone(question.zone).date() if enough else question.last_day
    first = slots[0].start.astimezone(question.zone).date() if slots else question.earliest_day
    reasons = {day: reason_of(question, day) for day in days if day <= until and not found[day]}
    return Answer(tuple(slots), question.earliest_day, question.file_by(first), reasons, until)


def slots_of(question: Question, day: date) -> list[Slot]:
    if day in question.holidays or not_permitted(question, day):
        return []
    found = []
    for start in quarters(question, day):
        if start < question.now + question.notice:
            continue
        employer, candidate = blocked(question, question.employer, start), blocked(question, question.candidate, start)
        if not fits(question.employer, employer) or not fits(question.candidate, candidate):
            continue
        for companion in question.companions:
            span = blocked(question, companion, start)
            if companion.allowed and fits(companion, span):
                end = start + timedelta(minutes=question.minutes)
                found.append(Slot(start, end, companion.id, employer, candidate, span, question.file_by(day)))
                break
    return found


def reason_of(question: Question, day: date) -> Reason:
    if day in question.holidays:
        return Reason.HOLIDAY
    if not_permitted(question, day):
        return Reason.PERMISSION_NOT_FEASIBLE
    starts = [s for s in quarters(question, day) if fits(question.employer, blocked(question, question.employer, s))]
    if not starts:
        return Reason.EMPLOYER_CLOSED
    starts = [s for s in starts if fits(question.candidate, blocked(question, question.candidate, s))]
    if not starts:
        return Reason.CANDIDATE_NOT_AVAILABLE
    if all(start < question.now + question.notice for start in starts):
        return Reason.TOO_SOON
    return Reason.NOBODY_TO_ACCOMPANY


def not_permitted(question: Question, day: date) -> bool:
    return question.permitted_from is not None and day < question.permitted_from


def midnight(question: Question, day: date) -> datetime:
    return datetime.combine(day, time(0), question.zone).astimezone(UTC)


def quarters(question: Question, day: date) -> list[datetime]:
    """Every quarter of an hour of a local day: 92, 96 or 100 of them."""
    start, end = midnight(question, day), midnight(question, day + timedelta(days=1))
    return [start + n * QUARTER for n in range((end - start) // QUARTER)]


def blocked(question: Question, party: Party, start: datetime) -> Span:
    """Travel from the last commitment of the day or the base, the interview, travel to the next one or the base."""
    day = start.astimezone(question.zone).date()
    morning, night = midnight(question, day), midnight(question, day + timedelta(days=1))
    end = start + timedelta(minutes=question.minutes)
    earlier = [busy for busy in party.busy if busy.span.end <= start]
    later = [busy for busy in party.busy if busy.span.start >= end]
    last = max((busy.span.end for busy in earlier), default=morning)
    following = min((busy.span.start for busy in later), default=night)
    origins = [busy for busy in earlier if busy.span.end == last] if last > morning else []
    goals = [busy for busy in later if busy.span.start == following] if following < night else []
    before = max(road(question, origin, question.venue) for origin in places(party, origins))
    after = max(road(question, question.venue, goal) for goal in places(party, goals))
    return Span(start - before, end + after)


def places(party: Party, commitments: list[Busy]) -> list[Place | None]:
    return [busy.place or party.base for busy in commitments] or [party.base]


def road(question: Question, start: Place | None, end: Place | None) -> timedelta:
    if start is None or end is None:
        return timedelta(0)
    minutes = question.travel(start, end)
    while minutes % 15:
        minutes += 1
    return timedelta(minutes=minutes)


def fits(party: Party, span: Span) -> bool:
    """Each moment of it lies in some window, and none in a commitment."""
    if any(busy.span.overlaps(span) for busy in party.busy):
        return False
    covered = span.start
    while covered < span.end:
        ends = [window.end for window in party.windows if window.start <= covered < window.end]
        if not ends:
            return False
        covered = max(ends)
    return True


def hours_that_count(
    hours: Sequence[OpenHours], talk: Talk, since: date, usual: Sequence[WeeklyWindow]
) -> list[WeeklyWindow]:
    """Whose hours count for a talk, window by window and rule by rule."""
    found = []
    has_a_week = False
    for one in hours:
        until = one.window.valid_until
        if until is not None and until < since:
            continue
        begins = one.window.valid_from
        if begins is None or begins != until or begins.weekday() != one.window.weekday:
            has_a_week = True
        right_programme = not one.programmes or talk.programme is None or talk.programme in one.programmes
        near = not one.regions or talk.region is None or talk.region in one.regions
        right_site = not one.sites or talk.site is None or talk.site in one.sites
        if right_programme and near and right_site:
            found.append(one.window)
    return found if has_a_week else [*usual, *found]
