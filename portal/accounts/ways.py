"""Which second steps somebody has, and of whom one is asked."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from portal.accounts.models import (
    Authenticator,
    CodeSheet,
    KnownBrowser,
    Membership,
    OneTimeCode,
    Passkey,
    SheetKind,
)
from portal.accounts.roles import SECOND_STEP
from portal.foundation.database import db

# Rooms that know more of a seat than its role (a company's programme) say whether a second step is asked of its holder.
Demand = Callable[[Sequence[Membership]], bool]
_demands: list[Demand] = []
# A list that was made and never shown to lie there is none yet.
_COUNTS = (CodeSheet.withdrawn_at.is_(None), CodeSheet.confirmed_at.is_not(None))


@dataclass(frozen=True)
class Ways:
    """What somebody may show after the password. The numbers are codes left; None where there is no list."""

    passkeys: tuple[Passkey, ...]
    app: bool
    printed: int | None
    recovery: int | None

    @property
    def count(self) -> int:
        """A list for emergencies is no way of every day."""
        return len(self.passkeys) + self.app + (self.printed is not None)

    @property
    def types_codes(self) -> bool:
        return self.app or self.printed is not None or self.recovery is not None


def demands(demand: Demand) -> Demand:
    """Register a rule that asks a second step of holders of some seats."""
    _demands.append(demand)
    return demand


def demanded(seats: Sequence[Membership]) -> bool:
    """Whether somebody with these seats must have a second step."""
    return any(seat.role in SECOND_STEP for seat in seats) or any(demand(seats) for demand in _demands)


def any_of(person_id: int) -> bool:
    """Whether somebody has a second step, be it an empty list of codes: then nobody may begin one by the password alone."""
    found = sa.or_(
        sa.exists().where(Passkey.person_id == person_id),
        sa.exists().where(Authenticator.person_id == person_id),
        sa.exists().where(CodeSheet.person_id == person_id, *_COUNTS),
    )
    return bool(db.session.scalar(sa.select(found)))


def forget(person_id: int, *, browsers: bool = False, since: datetime | None = None) -> None:
    """Nothing of somebody's second steps stays, or nothing of what came `since` (nor, where the account ends, of the browsers)."""
    for table in (Passkey, Authenticator, CodeSheet, *((KnownBrowser,) if browsers else ())):
        gone = sa.delete(table).where(table.person_id == person_id)
        db.session.execute(gone if since is None else gone.where(table.created_at > since))


def of(person_id: int) -> Ways:
    return of_all([person_id])[person_id]


def of_all(person_ids: Sequence[int]) -> dict[int, Ways]:
    """The second steps of these people, in three questions however many they are."""
    keys: dict[int, list[Passkey]] = {}
    for key in db.session.scalars(sa.select(Passkey).where(Passkey.person_id.in_(person_ids)).order_by(Passkey.id)):
        keys.setdefault(key.person_id, []).append(key)
    apps = set(db.session.scalars(sa.select(Authenticator.person_id).where(Authenticator.person_id.in_(person_ids))))
    left = _codes_left(person_ids)
    return {
        one: Ways(
            tuple(keys.get(one, ())), one in apps, left.get((one, SheetKind.PRINTED)), left.get((one, SheetKind.RECOVERY))
        )
        for one in person_ids
    }  # fmt: skip


def _codes_left(person_ids: Sequence[int]) -> dict[tuple[int, SheetKind], int]:
    statement = (
        sa.select(CodeSheet.person_id, CodeSheet.kind, sa.func.count(OneTimeCode.id))
        .outerjoin(OneTimeCode, sa.and_(OneTimeCode.sheet_id == CodeSheet.id, OneTimeCode.used_at.is_(None)))
        .where(CodeSheet.person_id.in_(person_ids), *_COUNTS)
        .group_by(CodeSheet.person_id, CodeSheet.kind)
    )
    return {(person_id, kind): number for person_id, kind, number in db.session.execute(statement)}
