"""Who signs in how: passkeys, apps, and lists on paper where no telephone may enter. The demo's own door asks none of them."""

from portal.accounts.models import Authenticator, CodeSheet, OneTimeCode, Passkey, SheetKind
from portal.accounts.queries import seats_of
from portal.accounts.roles import Role
from portal.cli.demo.world import World
from portal.foundation import clock, crypto
from portal.foundation.database import db

_ON_PAPER = (Role.PSD, Role.CENTRE_WORKER)
# Codes left on the lists: the second one should be printed anew.
_LEFT = (27, 4, 38)


def write(world: World) -> None:
    """A second step for everybody of the team and of the partners."""
    people = list(world.staff.values())
    seats = seats_of([one.id for one in people])
    papers = [one for one in people if any(seat.role in _ON_PAPER for seat in seats[one.id])]
    for number, person in enumerate(people):
        if person in papers:
            _list(person.id, _LEFT[papers.index(person) % len(_LEFT)], SheetKind.PRINTED)
            continue
        if number % 3 == 0:
            _key(person.id)
        db.session.add(Authenticator(person_id=person.id, secret=crypto.token()))
        _list(person.id, 10, SheetKind.RECOVERY)


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
