"""Who signs in how: passkeys, apps, and lists on paper where no telephone may enter. The demo's own door asks none of them."""

import sqlalchemy as sa

from portal.accounts.models import Authenticator, CodeSheet, Membership, OneTimeCode, Passkey, SheetKind
from portal.accounts.roles import SECOND_STEP, Role
from portal.cli.demo.world import World
from portal.foundation import clock, crypto
from portal.foundation.database import db

_ON_PAPER = (Role.PSD, Role.CENTRE_WORKER)
# Codes left on the lists: the second one should be printed anew.
_LEFT = (27, 4, 38)


def write(_world: World) -> None:
    """A second step for everybody of the team and of the partners."""
    held = sa.select(Membership.person_id, Membership.role).where(Membership.role.in_(SECOND_STEP))
    papers = 0
    for number, (person_id, role) in enumerate(db.session.execute(held.order_by(Membership.id)).all()):
        if role in _ON_PAPER:
            _list(person_id, _LEFT[papers % len(_LEFT)], SheetKind.PRINTED)
            papers += 1
            continue
        if number % 3 == 0:
            _key(person_id)
        db.session.add(Authenticator(person_id=person_id, secret=crypto.token()))
        _list(person_id, 10, SheetKind.RECOVERY)


def _key(person_id: int) -> None:
    """A passkey that nobody holds: it stands in the list, and opens nothing."""
    word = crypto.token()
    db.session.add(
        Passkey(
            person_id=person_id,
            name="Gsm",
            credential=word,
            credential_mark=crypto.mark("credential", word),
            public_key=word,
        )
    )


def _list(person_id: int, left: int, kind: SheetKind) -> None:
    sheet = CodeSheet(person_id=person_id, kind=kind, confirmed_at=clock.now())
    db.session.add(sheet)
    db.session.flush()
    db.session.add_all(OneTimeCode(sheet_id=sheet.id, mark=crypto.mark("code", f"{sheet.id}:{n}")) for n in range(left))
