"""Where a person of the team overrules a list: somebody is added who misses a must-have, or taken off.

Both act at the next batch, so that their moment tells an employer nothing.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar, cast

import sqlalchemy as sa

from portal.employers.models import Vacancy
from portal.foundation import acting, clock
from portal.foundation.database import db
from portal.foundation.errors import NotFound
from portal.journal import service as journal
from portal.showcase.models import Batch, KeptFrom, ListChoice, Profile


class Listed(Protocol):
    """Somebody whose profile is out, by numbers."""

    @property
    def profile_id(self) -> int: ...
    @property
    def candidate_id(self) -> int: ...


P = TypeVar("P", bound=Listed)


@dataclass(frozen=True)
class Decided:
    """What the team decided for a vacancy, by profile, and from whom its company is kept, by candidate."""

    added: frozenset[int] = frozenset()
    removed: frozenset[int] = frozenset()
    kept: frozenset[int] = frozenset()


def decided(vacancy: Vacancy) -> Decided:
    """What counts when a list is written: the decisions up to the last batch, and every company that somebody is kept from."""
    batches = sa.select(sa.func.max(Batch.created_at)).where(Batch.programme_id == vacancy.employer.programme_id)
    last = batches.scalar_subquery()
    chosen = sa.select(sa.case((ListChoice.added, "added"), else_="removed"), ListChoice.profile_id).where(
        ListChoice.vacancy_id == vacancy.id, ListChoice.created_at <= last,
        sa.or_(ListChoice.ended_at.is_(None), ListChoice.ended_at > last),
    )  # fmt: skip
    kept = sa.select(sa.literal("kept"), KeptFrom.candidate_id).where(KeptFrom.employer_id == vacancy.employer_id)
    found: dict[str, set[int]] = {"added": set(), "removed": set(), "kept": set()}
    for kind, number in db.session.execute(sa.union_all(chosen, kept)):
        found[kind].add(number)
    return Decided(**{kind: frozenset(numbers) for kind, numbers in found.items()})


def apply(vacancy: Vacancy, people: Iterable[P]) -> tuple[list[P], frozenset[int]]:
    """Whom a list may show at all, and the profiles that stand on it although a must-have is missing."""
    found = decided(vacancy)
    here = [one for one in people if one.profile_id not in found.removed and one.candidate_id not in found.kept]
    return here, found.added


def choose(vacancy: Vacancy, profile: Profile, *, added: bool, reason: str) -> ListChoice:
    """Put somebody on a vacancy's list, or take somebody off it, from the next batch on."""
    before = _decisions(vacancy, profile, sa.delete(ListChoice))
    db.session.execute(before.where(sa.or_(ListChoice.ended_at.is_not(None), ListChoice.added != added)))
    row = choice_of(vacancy, profile) or ListChoice(
        vacancy_id=vacancy.id, profile_id=profile.id, added=added, by_id=acting.person_id()
    )
    row.reason = reason
    db.session.add(row)
    journal.note(
        "list.added" if added else "list.removed", row, about=profile.candidate_id, reason=reason, vacancy=vacancy.id
    )
    return row


def undo(vacancy: Vacancy, profile: Profile) -> None:
    """Let the must-haves decide again, from the next batch on."""
    row = choice_of(vacancy, profile)
    if row is None:
        return
    journal.note("list.left_to_the_musts", row, about=profile.candidate_id, vacancy=vacancy.id)
    row.ended_at = clock.now()


def choice_of(vacancy: Vacancy, profile: Profile) -> ListChoice | None:
    """What stands decided about somebody for a vacancy."""
    found = _decisions(vacancy, profile, sa.select(ListChoice)).where(ListChoice.ended_at.is_(None))
    return cast(ListChoice | None, db.session.scalar(found))


def _decisions(vacancy: Vacancy, profile: Profile, statement: Any) -> Any:
    return statement.where(ListChoice.vacancy_id == vacancy.id, ListChoice.profile_id == profile.id)


def profile_out(key: str, programme_id: int) -> Profile:
    """A profile that is out in this programme, for a decision about a list. Raises NotFound."""
    found = db.session.scalar(
        sa.select(Profile).where(
            Profile.key == key, Profile.programme_id == programme_id, Profile.published.is_not(None)
        )
    )
    if found is None:
        raise NotFound()
    return found
