"""Another address to sign in with. The new one must answer, the old one is told and can stop it or turn it back."""

from datetime import timedelta

import sqlalchemy as sa

from portal.accounts import links, queries, service, ways
from portal.accounts.models import AddressChange, Person
from portal.foundation import clock
from portal.foundation.database import db
from portal.foundation.errors import DomainError
from portal.foundation.words import lazy
from portal.journal import service as journal
from portal.outbox import service as outbox

CONFIRM_WITHIN = timedelta(hours=48)
TURN_BACK_WITHIN = timedelta(days=14)


class SameAddress(DomainError):
    sentence = lazy("That is the address that you have already.")
    field = "email"


class Taken(DomainError):
    """Somebody came by this address in the meantime."""

    sentence = lazy("This address cannot be used any more. Ask for another one on your account's page.")
    status = 409


def ask(person: Person, new: str) -> AddressChange:
    """Two letters: to the new address the link that confirms, to the old one the link that stops it. Raises SameAddress.

    Whether anybody has the new address is told to its reader only: the asker sees the same, and both get their letter.
    """
    new = new.strip().lower()
    if new == person.email:
        raise SameAddress()
    _withdraw_earlier(person)
    change = AddressChange(person_id=person.id, old=person.email, new=new)
    db.session.add(change)
    db.session.flush()
    reader = f"person:{person.id}"
    confirm = links.make("new-address", change, reader=reader, expires=clock.now() + CONFIRM_WITHIN)
    stop = links.make("keep-address", change, reader=reader, expires=clock.now() + TURN_BACK_WITHIN)
    known = queries.by_email(new) is not None
    outbox.leave(
        "accounts/address_taken" if known else "accounts/address_new", about=change,
        to=outbox.Recipient(new, person.language, reader),
        values={"link": outbox.address_of("accounts.sign_in") if known else links.in_letter(confirm)},
    )  # fmt: skip
    _tell_old(change, person, "accounts/address_asked", {"link": links.in_letter(stop), "new": _hinted(new)})
    journal.note("address.change_asked", person)
    return change


def confirm(change: AddressChange) -> None:
    """The new address answered: from now on it signs in, and both are told. Raises Taken."""
    person = change.person
    if change.stopped_at or change.confirmed_at or queries.by_email(change.new) is not None:
        raise Taken()
    change.confirmed_at, person.email = clock.now(), change.new
    journal.note("address.changed", person)
    outbox.leave(
        "accounts/address_is_new", to=service.recipient(person), about=change, values={"first_name": person.first_name}
    )
    stop = links.standing("keep-address", change)
    if stop is not None:
        _tell_old(
            change, person, "accounts/address_was_old", {"link": links.in_letter(stop), "new": _hinted(change.new)}
        )


def keep_old(change: AddressChange) -> None:
    """ "This was not me": nothing changes, or what changed turns back, also where it went on from there since; whoever is
    signed in is signed out, everywhere. The password of until now, and a second step that came since, open nothing more."""
    person = change.person
    if change.confirmed_at is not None and person.email != change.old:
        if queries.by_email(change.old) is not None:
            raise Taken()
        person.email = change.old
    change.stopped_at = clock.now()
    links.withdraw("new-address", change)
    _withdraw_earlier(person)
    service.end_all_sign_ins(person)
    service.forget_password(person)
    ways.forget(person.id, since=change.created_at)
    service.ask_new_password(person.email)
    journal.note("address.kept", person)


def of(link_subject: int, *, lock: bool = False) -> AddressChange:
    """The change behind a link, with its person. `lock`: a yes and a no at once queue here."""
    if lock:
        db.session.execute(sa.select(AddressChange.id).where(AddressChange.id == link_subject).with_for_update())
    statement = sa.select(AddressChange).options(sa.orm.joinedload(AddressChange.person))
    found = statement.where(AddressChange.id == link_subject).execution_options(populate_existing=lock)
    return db.session.scalars(found).one()


def waiting(person_id: int) -> AddressChange | None:
    """The change that waits for its new address to answer."""
    return db.session.scalar(
        sa.select(AddressChange)
        .where(AddressChange.person_id == person_id, AddressChange.confirmed_at.is_(None))
        .where(AddressChange.stopped_at.is_(None), AddressChange.created_at > clock.now() - CONFIRM_WITHIN)
        .order_by(AddressChange.id.desc())
        .limit(1)
    )


def _withdraw_earlier(person: Person) -> None:
    """One change at a time: an older one that nobody confirmed counts no more."""
    for earlier in db.session.scalars(
        sa.select(AddressChange).where(
            AddressChange.person_id == person.id,
            AddressChange.confirmed_at.is_(None),
            AddressChange.stopped_at.is_(None),
        )
    ):
        earlier.stopped_at = clock.now()
        links.withdraw("new-address", earlier)


def _tell_old(change: AddressChange, person: Person, letter: str, values: dict[str, object]) -> None:
    outbox.leave(
        letter, to=outbox.Recipient(change.old, person.language, f"person:{person.id}"), about=change,
        values={"first_name": person.first_name, **values},
    )  # fmt: skip


def _hinted(address: str) -> str:
    """Enough to know the own new address by, and no more for whoever reads the old mailbox: j…@example.org."""
    name, _, place = address.rpartition("@")
    return f"{name[:1]}…@{place}"
