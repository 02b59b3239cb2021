"""Lists of codes that are each good once: on paper for who works where no telephone may enter, and for emergencies."""

import sqlalchemy as sa

from portal.accounts.models import CodeSheet, OneTimeCode, Person, SheetKind
from portal.foundation import clock, crypto
from portal.foundation.database import db

# A sheet of every day lasts some weeks; the list for emergencies lies in a drawer.
HOW_MANY = {SheetKind.PRINTED: 40, SheetKind.RECOVERY: 10}
LENGTH = 8
FEW = 5


def make(person: Person, kind: SheetKind) -> list[str]:
    """A new list, shown this once. One for emergencies counts at once; a printed one from its first code on."""
    if kind is SheetKind.RECOVERY:
        withdraw(person, kind)
    else:
        _withdraw(_standing(person.id, kind).where(CodeSheet.confirmed_at.is_(None)))
    sheet = CodeSheet(person_id=person.id, kind=kind, confirmed_at=clock.now() if kind is SheetKind.RECOVERY else None)
    db.session.add(sheet)
    db.session.flush()
    fresh: set[str] = set()
    while len(fresh) < HOW_MANY[kind]:
        fresh.add(crypto.readable_code(LENGTH))
    db.session.add_all([OneTimeCode(sheet_id=sheet.id, mark=_mark(sheet.id, one)) for one in sorted(fresh)])
    return sorted(fresh)


def withdraw(person: Person, *kinds: SheetKind) -> None:
    """Lists that count no more, of these kinds or of all."""
    for kind in kinds or SheetKind:
        _withdraw(_standing(person.id, kind))


def use(person_id: int, text: str) -> SheetKind | None:
    """Spend a code, and say from which kind of list it was; None when it is on no list that counts, or was used."""
    for sheet in db.session.scalars(_standing(person_id).order_by(CodeSheet.id)).all():
        spent = db.session.execute(
            sa.update(OneTimeCode)
            .where(OneTimeCode.sheet_id == sheet.id, OneTimeCode.mark == _mark(sheet.id, text))
            .where(OneTimeCode.used_at.is_(None))
            .values(used_at=clock.now())
        )
        if spent.rowcount:  # type: ignore[attr-defined]
            if sheet.confirmed_at is None:
                sheet.confirmed_at = clock.now()
                _withdraw(_standing(person_id, sheet.kind).where(CodeSheet.id != sheet.id))
            return sheet.kind
    return None


def _standing(person_id: int, kind: SheetKind | None = None) -> sa.Select[CodeSheet]:
    statement = sa.select(CodeSheet).where(CodeSheet.person_id == person_id, CodeSheet.withdrawn_at.is_(None))
    return statement if kind is None else statement.where(CodeSheet.kind == kind)


def _withdraw(which: sa.Select[CodeSheet]) -> None:
    for sheet in db.session.scalars(which):
        sheet.withdrawn_at = clock.now()


def _mark(sheet_id: int, text: str) -> str:
    """However it was typed: small letters, spaces and strokes do not matter."""
    return crypto.mark("code", f"{sheet_id}:{''.join(c for c in text.upper() if c.isalnum())}")
