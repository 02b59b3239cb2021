"""Which moments can be chosen for an interview, and how a week of them is shown."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from portal.accounts.models import Person
from portal.agenda import service as agenda
from portal.agenda.diaries import Party
from portal.agenda.holds import AlreadyTaken
from portal.agenda.slots import Answer, Question, Reason, Slot, find_slots, slot_at
from portal.agenda.windows import Span, WeeklyWindow, merge
from portal.candidates.handles import Handle, outside_hours
from portal.employers.models import Vacancy
from portal.foundation import clock
from portal.foundation.words import _, date_long, date_medium, date_short, lazy, time_short
from portal.interviews.models import Interview
from portal.interviews.rules import rule
from portal.interviews.states import Mode

WHY_NOT = {
    Reason.HOLIDAY: lazy("holiday"),
    Reason.PERMISSION_NOT_FEASIBLE: lazy("permission not feasible"),
    Reason.EMPLOYER_CLOSED: lazy("the company cannot"),
    Reason.CANDIDATE_NOT_AVAILABLE: lazy("the candidate cannot"),
    Reason.TOO_SOON: lazy("too soon"),
    Reason.NOBODY_TO_ACCOMPANY: lazy("nobody free to go along"),
}
MODES = {
    Mode.AT_COMPANY: lazy("at the company"),
    Mode.INSIDE: lazy("where the candidate is"),
    Mode.VIDEO: lazy("by video"),
}
_WHERE = {Mode.AT_COMPANY: "contact", Mode.INSIDE: "candidate", Mode.VIDEO: "nowhere"}


def modes(vacancy: Vacancy) -> list[Mode]:
    """Where this employer can have the interview."""
    return [
        Mode.AT_COMPANY,
        *([Mode.INSIDE] if vacancy.interview_inside else []),
        *([Mode.VIDEO] if vacancy.interview_video else []),
    ]


def mode_of(vacancy: Vacancy, wished: str) -> Mode:
    """The wished mode where the vacancy allows it, else at the company."""
    return next((mode for mode in modes(vacancy) if mode.value == wished), Mode.AT_COMPANY)


def needs_permission(case: Handle, mode: Mode) -> bool:
    """Leave is needed to come to the company, not to be met where one is."""
    return case.permission_needed and mode is Mode.AT_COMPANY


def search(
    vacancy: Vacancy, contact_id: int, case: Handle, mode: Mode, *, interview: Interview | None = None,
    preferred: Sequence[Span] = (),
) -> agenda.Search:  # fmt: skip
    """Everybody's time over the coming weeks. An interview that moves does not stand in its own way.

    `preferred` is when the company said that it can: that counts besides the hours that it filled in.
    """
    meeting = agenda.Meeting(
        programme_id=case.programme_id, contact_id=contact_id, contact_hours=vacancy_hours(vacancy),
        contact_postcode=vacancy.workplace.postcode, contact_site=vacancy.workplace.key,
        contact_workplace=vacancy.workplace.id,
        candidate_id=case.id, candidate_postcode=case.postcode, prefer=case.worker_id, at=_WHERE[mode],
        candidate_hours=outside_hours(case.id) if mode is Mode.AT_COMPANY else (),
        lead_workdays=case.lead_days if needs_permission(case, mode) else None,
        subject=("interview", interview.id) if interview is not None else None,
    )  # fmt: skip
    today = clock.today()
    found = agenda.search(
        meeting, first=today, last=today + timedelta(weeks=rule("weeks_ahead")), minutes=rule("minutes"),
        notice=timedelta(hours=rule("notice_hours")),
    )  # fmt: skip
    employer = found.question.employer
    wider = replace(employer, windows=merge([*employer.windows, *preferred]))
    return replace(found, question=replace(found.question, employer=wider)) if preferred else found


def vacancy_hours(vacancy: Vacancy) -> tuple[WeeklyWindow, ...]:
    """Until a contact fills in hours: those of the job by day; those of an office when the job is at night."""
    if vacancy.hours_from >= vacancy.hours_until:
        return ()
    return tuple(WeeklyWindow(day, vacancy.hours_from, vacancy.hours_until) for day in agenda.WEEKDAYS)


def value_of(slot: Slot, person: Person) -> str:
    """How a slot is named in a form: its moment in UTC and the companion's key."""
    return f"{slot.start:%Y%m%dT%H%M}~{person.key}"


def chosen(found: agenda.Search, value: str) -> Slot:
    """The slot that a form names, if every rule still allows it. Raises AlreadyTaken: somebody was first, or it is too late."""
    moment, _sep, key = value.partition("~")
    companion = next((number for number, person in found.people.items() if person.key == key), None)
    try:
        start = datetime.strptime(f"{moment}+0000", "%Y%m%dT%H%M%z")
    except ValueError:
        raise AlreadyTaken(field="slot") from None
    slot = slot_at(found.question, start, companion) if companion is not None and _in_range(found, start) else None
    if slot is None:
        raise AlreadyTaken(field="slot")
    return slot


def _in_range(found: agenda.Search, start: datetime) -> bool:
    return found.question.first_day <= clock.local(start).date() <= found.question.last_day


def free_companions(found: agenda.Search, at: Span) -> dict[int, Slot]:
    """Who else could come along at this very moment, by person: the other two have agreed to it already."""
    around = Party([Span(at.start - timedelta(days=1), at.end + timedelta(days=1))])
    asked = replace(found.question, employer=around, candidate=around, lead_workdays=None, notice=timedelta(0))
    slots = {one.id: slot_at(asked, at.start, one.id) for one in asked.companions}
    return {number: slot for number, slot in slots.items() if slot is not None}


@dataclass(frozen=True)
class SlotView:
    value: str
    time: str
    who: str
    checked: bool
    mark: str = ""


@dataclass(frozen=True)
class DayView:
    weekday: str
    date_label: str
    slots: tuple[SlotView, ...]
    off: tuple[str, ...]


@dataclass(frozen=True)
class Week:
    """A week of moments as it is shown, with the days on which other weeks begin."""

    title: str
    days: tuple[DayView, ...]
    earliest: str
    file_by: str
    lead_days: int | None
    previous: date | None
    next: date | None
    has_slots: bool


def week(
    found: agenda.Search, wished: str | None, checked: str = "", *, every: bool = False, preferred: Sequence[Span] = ()
) -> Week:
    """The wished week, or the first with a free moment. `every` shows each quarter, else a spread that reads well.

    What the company prefers is marked, and kept before the other moments of a day.
    """
    question = found.question
    first = find_slots(replace(question, limit=1))
    monday = _monday(_day(wished) or _preferred_day(question, preferred) or _first_day(first), question)
    answer = find_slots(replace(question, first_day=max(monday, question.first_day), last_day=_last(monday, question)))
    by_day: dict[date, list[Slot]] = {}
    for slot in answer.slots:
        by_day.setdefault(clock.local(slot.start).date(), []).append(slot)
    days = tuple(
        _day_view(
            day, by_day.get(day, []) if every else _spread(by_day.get(day, []), checked, found, preferred), answer, found,
            checked, preferred,
        )
        for day in (monday + timedelta(days=n) for n in range(7))
        if day.weekday() < 5 or day in by_day
    )  # fmt: skip
    file_by = first.file_request_by
    return Week(
        _("Week of %(day)s", day=date_medium(monday)), days, date_long(_first_day(first)),
        date_long(file_by) if file_by else "", question.lead_workdays,
        monday - timedelta(days=7) if monday > question.first_day else None,
        monday + timedelta(days=7) if monday + timedelta(days=7) <= question.last_day else None,
        bool(by_day),
    )  # fmt: skip


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return None


def _preferred_day(question: Question, preferred: Sequence[Span]) -> date | None:
    """The first day on which a moment that the company prefers suits everybody."""
    if not preferred:
        return None
    only = replace(question, employer=replace(question.employer, windows=merge(preferred)), limit=1)
    slots = find_slots(only).slots
    return clock.local(slots[0].start).date() if slots else None


def is_preferred(slot: Slot, preferred: Sequence[Span]) -> bool:
    return any(span.contains(Span(slot.start, slot.end)) for span in preferred)


def _first_day(first: Answer) -> date:
    return clock.local(first.slots[0].start).date() if first.slots else first.earliest_day


def _monday(day: date, question: Question) -> date:
    inside = min(max(day, question.first_day), question.last_day)
    return inside - timedelta(days=inside.weekday())


def _last(monday: date, question: Question) -> date:
    return min(monday + timedelta(days=6), question.last_day)


def _spread(slots: Sequence[Slot], checked: str, found: agenda.Search, preferred: Sequence[Span]) -> list[Slot]:
    """A few moments of a day, on the hour or the half, not on each other's heels; the one that was chosen stays.

    What the company prefers comes before the rest.
    """
    whole = [slot for slot in slots if slot.start.minute in (0, 30)] or list(slots)
    apart = timedelta(minutes=rule("minutes") + 15)
    kept: list[Slot] = []
    for slot in sorted(whole, key=lambda one: not is_preferred(one, preferred)):
        if len(kept) < rule("slots_a_day") and all(abs(slot.start - other.start) >= apart for other in kept):
            kept.append(slot)
    mine = [slot for slot in slots if slot not in kept and value_of(slot, found.people[slot.companion]) == checked]
    return sorted([*kept, *mine], key=lambda slot: slot.start)


def _day_view(
    day: date, slots: Sequence[Slot], answer: Answer, found: agenda.Search, checked: str, preferred: Sequence[Span]
) -> DayView:
    views = tuple(
        SlotView(
            value := value_of(slot, found.people[slot.companion]), time_short(slot.start),
            _("%(name)s comes along", name=found.people[slot.companion].first_name), value == checked,
            _("preferred") if is_preferred(slot, preferred) else "",
        )
        for slot in slots
    )  # fmt: skip
    why = answer.reasons.get(day)
    past = day < found.question.first_day
    off = () if views else (str(WHY_NOT[why]) if why else _("past") if past else "",)
    name, _sep, number = date_short(day).partition(" ")
    return DayView(name, number.partition("/")[0], views, off)
