"""What people do with their account: come in, go out, choose a password, be invited, leave."""

from datetime import date, datetime, timedelta

import sqlalchemy as sa

from portal.accounts import links, passwords, queries, ways
from portal.accounts.models import Factor, Membership, Person, SignIn
from portal.accounts.roles import EMPLOYERS, STAFF, Role
from portal.foundation import clock, crypto
from portal.foundation.database import db
from portal.foundation.errors import DomainError
from portal.foundation.signals import address_confirmed, contact_left, worker_left
from portal.foundation.words import lazy
from portal.journal import service as journal
from portal.outbox import service as outbox

LINK_LIVES = timedelta(hours=48)
INVITATION_LIVES = timedelta(days=14)


class DoesNotFit(DomainError):
    sentence = lazy("This address and password do not fit together. Try again, or ask for a new password.")
    field = "password"


def recipient(person: Person) -> outbox.Recipient:
    """A person as the reader of a letter."""
    return outbox.Recipient(person.email, person.language, f"person:{person.id}")


def new_person(*, email: str, first_name: str, last_name: str, language: str, phone: str = "") -> Person:
    """A person who cannot sign in yet: an address to confirm and a password to choose."""
    person = Person(
        email=email.strip().lower(), first_name=first_name, last_name=last_name, language=language, phone=phone
    )
    db.session.add(person)
    db.session.flush()
    return person


def seat(
    person: Person,
    role: Role,
    *,
    organisation_id: int | None = None,
    programme_id: int | None = None,
    since: date | None = None,
) -> Membership:
    """Give somebody a role from a day on (today when not said)."""
    membership = Membership(
        person_id=person.id,
        role=role,
        organisation_id=organisation_id,
        programme_id=programme_id,
        since=since or clock.today(),
    )
    db.session.add(membership)
    journal.note("membership.begun", person, role=role.value)
    return membership


def sign_in(email: str, password: str, *, browser: str = "", before: str = "") -> tuple[Person, str]:
    """The person and a new sign-in token, for half a sign-in where a second step is due. `before`: the token that this
    browser held. Raises DoesNotFit, the same and as slowly for an unknown address."""
    person = queries.by_email(email)
    right = passwords.fits(person.password_hash if person else None, password)
    if person is None or not right or not person.may_sign_in:
        raise DoesNotFit()
    earlier = queries.sign_in_of(person.id, before)
    if earlier is not None:
        end_sign_in(earlier)
        if _still_counts(earlier):
            return person, open_sign_in(person, browser, earlier.factor, passed_at=earlier.passed_at)
    if ways.any_of(person.id) or ways.demanded(queries.current_memberships(person.id)):
        return person, begin_sign_in(person, browser)
    return person, open_sign_in(person, browser)


def _still_counts(earlier: SignIn) -> bool:
    """A page that locked asks for the password only: the second step of this morning counts in the same browser."""
    since = earlier.passed_at
    return earlier.factor is not Factor.NONE and since is not None and clock.now() - since <= queries.FACTOR_LIVES


def begin_sign_in(person: Person, browser: str = "") -> str:
    """Half a sign-in, for the cookie: nothing opens but the second step."""
    return _new_sign_in(person, browser, Factor.NONE, None)


def open_sign_in(
    person: Person, browser: str = "", factor: Factor = Factor.NONE, *, passed_at: datetime | None = None
) -> str:
    """A whole sign-in, completed by this second step. Without one it opens nothing to whom a role asks for it."""
    token = _new_sign_in(person, browser, factor, passed_at or clock.now())
    journal.note("sign_in.opened", person, factor=factor.value)
    return token


def _new_sign_in(person: Person, browser: str, factor: Factor, passed_at: datetime | None) -> str:
    """A new token for the cookie; the row keeps only its keyed hash."""
    token, now = crypto.token(), clock.now()
    row = SignIn(
        person_id=person.id, token_mark=crypto.mark("sign-in", token), last_seen_at=now, browser=browser[:120],
        factor=factor, passed_at=passed_at, proved_at=now,
    )  # fmt: skip
    db.session.add(row)
    return token


def end_sign_in(sign_in: SignIn) -> None:
    sign_in.ended_at = clock.now()


def end_all_sign_ins(person: Person, *, but: int = 0) -> None:
    """Sign a person out everywhere (`but` in one browser), from the next request on."""
    db.session.execute(
        sa.update(SignIn)
        .where(SignIn.person_id == person.id, SignIn.ended_at.is_(None), SignIn.id != but)
        .values(ended_at=clock.now())
    )


def ask_new_password(email: str) -> None:
    """Send a link to choose a new password, if somebody has this address. The asker cannot tell, by a clock neither: for
    an address that nobody has the same rows are written, and undone."""
    person = queries.by_email(email)
    if person is not None and person.deactivated_at is None:
        with db.session.begin_nested():
            _leave_password_letter(person)
        return
    undone = db.session.begin_nested()
    _leave_password_letter(Person(id=0, email=email.strip().lower(), language="nl"))
    db.session.flush()
    undone.rollback()


def _leave_password_letter(person: Person) -> None:
    links.withdraw("password", person)
    link = links.make("password", person, reader=f"person:{person.id}", expires=clock.now() + LINK_LIVES)
    outbox.leave("accounts/password", to=recipient(person), values={"link": links.in_letter(link)}, about=person)


def choose_password(person: Person, password: str) -> None:
    """A new password ends every sign-in and, because only the reader of a letter gets here, confirms the address."""
    person.password_hash = passwords.hashed(password)
    person.password_version += 1
    _close_links(person)
    if person.confirmed_at is None:
        confirm(person)
    end_all_sign_ins(person)
    journal.note("password.chosen", person)


def forget_password(person: Person) -> None:
    """Somebody else may know it: from now on only the reader of a letter gets in."""
    person.password_hash = None
    person.password_version += 1
    _close_links(person)
    journal.note("password.forgotten", person)


def _close_links(person: Person) -> None:
    """No older letter opens the account any more."""
    for purpose in ("password", "welcome", "confirm"):
        links.withdraw(purpose, person)


def ask_to_confirm(person: Person) -> None:
    """Send the letter that confirms an address."""
    link = links.make("confirm", person, reader=f"person:{person.id}", expires=clock.now() + LINK_LIVES)
    outbox.leave(
        "accounts/confirm", to=recipient(person), about=person,
        values={"link": links.in_letter(link), "first_name": person.first_name},
    )  # fmt: skip


def confirm(person: Person) -> None:
    person.confirmed_at = person.confirmed_at or clock.now()
    journal.note("address.confirmed", person)
    address_confirmed.send(person)


def invite(
    *, email: str, first_name: str, last_name: str, language: str, role: Role, organisation_id: int | None = None, programme_id: int | None = None
) -> Person:  # fmt: skip
    """Invite staff, a partner or a colleague by letter: they choose their own password."""
    person = queries.by_email(email) or new_person(
        email=email, first_name=first_name, last_name=last_name, language=language
    )
    seat(person, role, organisation_id=organisation_id, programme_id=programme_id)
    link = links.make("welcome", person, reader=f"person:{person.id}", expires=clock.now() + INVITATION_LIVES)
    outbox.leave(
        "accounts/welcome", to=recipient(person), about=person,
        values={"link": links.in_letter(link), "first_name": person.first_name},
    )  # fmt: skip
    return person


def deactivate(person: Person) -> None:
    """Close an account from the next request on. A worker's interviews look for another companion at once."""
    person.deactivated_at = clock.now()
    end_all_sign_ins(person)
    ways.forget(person.id, browsers=True)
    _close_links(person)
    today = clock.today()
    seats = queries.current_memberships(person.id)
    for membership in seats:
        membership.until = today
    journal.note("account.closed", person)
    if any(membership.role in STAFF for membership in seats):
        worker_left.send(person)
    for organisation_id in sorted(
        {one.organisation_id for one in seats if one.role in EMPLOYERS and one.organisation_id}
    ):
        contact_left.send(person, organisation_id=organisation_id)
