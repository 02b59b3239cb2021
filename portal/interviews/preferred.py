"""The windows that a company prefers: one day, from an hour until another; and those of its own hours that it is offered.

Nothing here knows the candidate: whoever it is, a company has the same days to choose from.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from portal.agenda import queries as agenda_queries
from portal.agenda import service as agenda
from portal.agenda.open_hours import Talk, at_site, counting
from portal.agenda.windows import DAY, Span, expand, is_workday, merge, subtract
from portal.foundation import clock
from portal.foundation.words import date_long, date_short, time_short
from portal.interviews.planning import vacancy_hours
from portal.interviews.rules import NoTimes, NotInReach, NotThatDay, TooShort, rule
from portal.showcase.models import Interest


@dataclass(frozen=True, order=True)
class Window:
    """On a day, from an hour until another, on the wall clock."""

    day: date
    begins: time
    until: time

    @property
    def span(self) -> Span:
        return Span(clock.at(self.day, self.begins), clock.at(self.day, self.until))

    @property
    def label(self) -> str:
        return f"{date_long(self.day)}, {time_short(self.begins)}\u00a0–\u00a0{time_short(self.until)}"

    @property
    def short(self) -> str:
        return f"{date_short(self.day)}, {time_short(self.begins)} – {time_short(self.until)}"

    def kept(self) -> list[str]:
        return [self.day.isoformat(), f"{self.begins:%H:%M}", f"{self.until:%H:%M}"]

    @property
    def value(self) -> str:
        """How it is named in a form."""
        return "/".join(self.kept())


def read(kept: Iterable[Sequence[str]]) -> list[Window]:
    """The windows of a row. Raises ValueError for what is none."""
    found = []
    for day, begins, until in kept:
        found.append(Window(date.fromisoformat(day), time.fromisoformat(begins), time.fromisoformat(until)))
    return sorted(found)


def named(values: Iterable[str]) -> list[Window]:
    """The windows that a form names; what is none is left out."""
    found = []
    for value in values:
        try:
            found += read([value.split("/")])
        except ValueError:
            continue
    return found


def still_to_come(windows: Iterable[Window]) -> list[Window]:
    """Those in which an interview still fits when it is noticed now."""
    soonest = clock.now() + timedelta(hours=rule("notice_hours"), minutes=rule("minutes"))
    return [one for one in windows if one.span.end >= soonest]


def reach() -> tuple[date, date]:
    """The first and the last day that a company may choose."""
    first = clock.local(clock.now() + timedelta(hours=rule("notice_hours"))).date()
    return first, clock.today() + timedelta(weeks=rule("weeks_ahead"))


def checked(windows: Sequence[Window], fields: Sequence[str] = ()) -> list[Window]:
    """One to three windows in reach. `fields`: where each was typed. Raises NoTimes, NotThatDay, NotInReach, TooShort."""
    if not 1 <= len(set(windows)) <= rule("times_most"):
        raise NoTimes()
    for number, one in enumerate(windows):
        _check(one, fields[number] if number < len(fields) else "offered")
    return sorted(set(windows))


def _check(one: Window, field: str) -> None:
    first, last = reach()
    if not is_workday(one.day, agenda.days_off()):
        raise NotThatDay(field=field)
    if one.until <= one.begins or one.span.duration < timedelta(minutes=rule("minutes")):
        raise TooShort(str(TooShort.sentence) % {"minutes": rule("minutes")}, field=field)
    if not first <= one.day <= last or not still_to_come([one]):
        raise NotInReach(str(NotInReach.sentence) % {"first": date_long(first), "last": date_long(last)}, field=field)


def offered(interest: Interest, contact_id: int, besides: tuple[str, int] | None = None) -> list[Window]:
    """The contact's own hours on the coming days, without what stands in the contact's agenda (two queries)."""
    first, last = reach()
    vacancy, site = interest.vacancy, interest.vacancy.workplace_id
    kept = at_site(agenda_queries.hours_of_person(contact_id).open, site)
    hours = counting(kept, Talk(site=site), first, vacancy_hours(vacancy) or agenda.OFFICE)
    free = expand(hours, first, last, clock.BRUSSELS, closed=agenda.days_off())
    taken = agenda_queries.busy([contact_id], [], clock.midnight(first), clock.midnight(last + DAY), besides=besides)
    left = subtract(free, merge(taken.get(f"person:{contact_id}", [])))
    return _days(still_to_come(_longest(left)))


def _longest(spans: Collection[Span]) -> list[Window]:
    """Of each day its longest piece, where an interview fits in it."""
    best: dict[date, Span] = {}
    for span in spans:
        day = clock.local(span.start).date()
        if span.duration >= timedelta(minutes=rule("minutes")) and _same_day(span, day):
            best[day] = max(best.get(day, span), span, key=lambda one: one.duration)
    return [Window(day, _hour(span.start), _hour(span.end)) for day, span in sorted(best.items())]


def _same_day(span: Span, day: date) -> bool:
    return clock.local(span.end).date() == day


def _hour(when: datetime) -> time:
    return clock.local(when).time()


def _days(windows: Sequence[Window]) -> list[Window]:
    return list(windows)[: rule("times_offered")]
