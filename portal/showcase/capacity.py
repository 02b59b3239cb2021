"""At most so many new profiles a calendar month, where a company asked for that: for all its vacancies together.

New is who was never on a list of this company and never proposed to it. Whoever was seen before does not count again.
Months are those of the wall calendar in Belgium.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar

import sqlalchemy as sa

from portal.employers.models import Employer, Vacancy
from portal.foundation import clock
from portal.foundation.database import db
from portal.foundation.errors import Conflict
from portal.foundation.words import lazy
from portal.organisations.models import Organisation
from portal.showcase.models import Interest, Listing, Profile

B = TypeVar("B")


class MonthIsFull(Conflict):
    sentence = lazy(
        "This company asked for fewer new profiles a month, and has seen as many. Wait for the next month, or call and ask for one more."
    )


@dataclass(frozen=True)
class Room:
    """What a company asked for, how many new profiles it has seen this month, and everybody whom it has ever seen."""

    most: int | None
    used: int
    known: frozenset[int]

    @property
    def left(self) -> int | None:
        return None if self.most is None else max(0, self.most - self.used)

    @property
    def full(self) -> bool:
        return self.left == 0


NO_LIMIT = Room(None, 0, frozenset())


def next_month() -> date:
    """The first day on which new profiles count anew."""
    today = clock.today()
    return date(today.year + today.month // 12, today.month % 12 + 1, 1)


def _this_month() -> datetime:
    return clock.midnight(clock.today().replace(day=1))


def _first_seen() -> sa.Subquery:
    """When each company first saw each person, by profile: on a list, or because a worker proposed it."""
    listed = sa.select(Vacancy.employer_id, Listing.profile_id, Listing.created_at.label("at")).join(
        Vacancy, Vacancy.id == Listing.vacancy_id
    )
    proposed = (
        sa.select(Interest.employer_id, Profile.id, Interest.created_at)
        .join(Profile, Profile.candidate_id == Interest.candidate_id)
        .where(Interest.proposed_by.is_not(None))
    )
    both = sa.union_all(listed, proposed).subquery()
    first = sa.func.min(both.c.at).label("at")
    who = (both.c.employer_id, both.c.profile_id)
    return sa.select(*who, first).group_by(*who).subquery()


def room(employer: Employer, *, lock: bool = False) -> Room:
    """What is left of this month. With `lock`, whoever shows profiles to the same company queues until the commit."""
    if lock:
        most = db.session.scalar(
            sa.select(Employer.monthly_profiles).where(Employer.id == employer.id).with_for_update()
        )
    else:
        most = employer.monthly_profiles
    if most is None:
        return NO_LIMIT
    db.session.flush()
    seen = _first_seen()
    rows = db.session.execute(
        sa.select(seen.c.profile_id, seen.c.at >= _this_month()).where(seen.c.employer_id == employer.id)
    ).all()
    return Room(most, sum(bool(new) for _number, new in rows), frozenset(number for number, _new in rows))


def within(
    employer: Employer, fitting: Mapping[int, B], rank: Callable[[int], Any], *, first: Collection[int] = ()
) -> dict[int, B]:
    """Those of a vacancy's people whom this company may be shown now: everybody whom it has seen, and of the others as many
    as are left of its month, in the order in which lists are drawn (whom a worker added comes first)."""
    here = room(employer, lock=True) if employer.monthly_profiles is not None else NO_LIMIT
    if here.left is None:
        return dict(fitting)
    new = sorted((one for one in fitting if one not in here.known), key=lambda one: (one not in first, rank(one)))
    allowed = here.known | set(new[: here.left])
    return {number: band for number, band in fitting.items() if number in allowed}


def must_have_room(employer: Employer, profile_id: int) -> None:
    """Before somebody is proposed. Raises MonthIsFull for somebody new in a month that is full."""
    here = room(employer, lock=True)
    if here.full and profile_id not in here.known:
        raise MonthIsFull()


@dataclass(frozen=True)
class Full:
    """A company and its month, for the team."""

    name: str
    key: str
    most: int
    used: int


def asked_for_less(programme_id: int) -> list[Full]:
    """The companies of a programme that asked for a limit, with what they have seen this month, those that are full first."""
    seen = _first_seen()
    new = sa.and_(seen.c.employer_id == Employer.id, seen.c.at >= _this_month())
    used = sa.select(sa.func.count()).select_from(seen).where(new).correlate(Employer).scalar_subquery()
    rows: Sequence[Any] = db.session.execute(
        sa.select(Organisation.name, Employer.key, Employer.monthly_profiles, used)
        .join(Organisation, Organisation.id == Employer.organisation_id)
        .where(Employer.programme_id == programme_id, Employer.monthly_profiles.is_not(None))
        .limit(100)
    ).all()
    found = [Full(*row) for row in rows]
    return sorted(found, key=lambda one: (one.used < one.most, one.name))
