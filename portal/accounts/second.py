"""The second step: when it is asked, what passes it, and what happens when it changes. Its person is always told."""

from typing import Any

import sqlalchemy as sa

from portal.accounts import authenticator, codes, passkeys, queries, service, ways
from portal.accounts.models import Authenticator, Factor, Passkey, Person, SheetKind, SignIn
from portal.foundation import clock, crypto
from portal.foundation.database import db
from portal.foundation.errors import DomainError
from portal.foundation.words import lazy
from portal.journal import service as journal
from portal.outbox import service as outbox


class LastWay(DomainError):
    sentence = lazy("Your role asks for a second step. Add another way first, then remove this one.")
    status = 409


class NothingBeside(DomainError):
    sentence = lazy("A list for emergencies stands beside another way. Add that one first.")
    status = 409


class OwnOnes(DomainError):
    """Who is signed in changes the own second step on the own page, and nobody gets round the own letter."""

    sentence = lazy("Your own second step is changed on your own account's page.")
    status = 409


def pass_by_code(half: SignIn, code: str) -> SheetKind | None:
    """Take the second step by a code of the app or of a list; which list, if so. Raises WrongCode."""
    digits = "".join(code.split())
    if authenticator.fits(half.person_id, digits):
        passed(half, Factor.APP)
        return None
    kind = codes.use(half.person_id, digits)
    if kind is None:
        raise authenticator.WrongCode()
    passed(half, Factor.CODE)
    journal.note("second_step.code_used", half.person, kind=kind.value)
    if kind is SheetKind.RECOVERY:
        tell(half.person, "recovery_used")
    return kind


def passed(half: SignIn, factor: Factor) -> None:
    half.passed_at, half.factor = clock.now(), factor


def renewed(sign_in: SignIn) -> str:
    """A new token for a sign-in that rose: what was in the cookie before opens nothing."""
    token = crypto.token()
    sign_in.token_mark = crypto.mark("sign-in", token)
    journal.note("sign_in.opened", sign_in.person, factor=sign_in.factor.value)
    return token


def by_passkey(*, sealed: str, answer: str, browser: str) -> tuple[Person, str]:
    """Sign in by a passkey alone: its holder has it and was verified by it, which is two things. Raises NotThisKey."""
    key = passkeys.shown(sealed=sealed, answer=answer, person_id=None)
    token = service.open_sign_in(key.person, browser=browser, factor=Factor.PASSKEY)
    return key.person, token


def add_passkey(person: Person, *, name: str, sealed: str, answer: str) -> Passkey:
    """Raises NotThisKey, TooManyKeys."""
    key = passkeys.keep(person, name=name, sealed=sealed, answer=answer, keys=ways.of(person.id).passkeys)
    _changed(person, "passkey_added")
    return key


def remove_passkey(person: Person, key: Passkey) -> None:
    """Raises LastWay."""
    _may_remove(person)
    db.session.delete(key)
    _removed(person, "passkey_removed")


def add_app(person: Person, *, sealed: str, code: str) -> None:
    """Raises WrongCode, SealedElsewhere."""
    authenticator.keep(person, authenticator.opened(sealed, person), "".join(code.split()))
    _changed(person, "app_added")


def remove_app(person: Person) -> None:
    """Raises LastWay."""
    _may_remove(person)
    db.session.execute(sa.delete(Authenticator).where(Authenticator.person_id == person.id))
    _removed(person, "app_removed")


def new_codes(person: Person, kind: SheetKind) -> list[str]:
    """A new list, to be shown this once. Raises NothingBeside for a list for emergencies beside nothing."""
    if kind is SheetKind.RECOVERY and not ways.of(person.id).count:
        raise NothingBeside()
    made = codes.make(person, kind)
    journal.note(f"second_step.{kind.value}_made", person)
    if kind is SheetKind.RECOVERY:
        tell(person, "recovery_made")
    return made


def add_codes(person: Person, code: str) -> None:
    """The printed list lies before its person, who typed its first code. Raises WrongCode."""
    if codes.use(person.id, code) is not SheetKind.PRINTED:
        raise authenticator.WrongCode()
    _changed(person, "printed_added")


def remove_codes(person: Person) -> None:
    """The printed list counts no more. Raises LastWay."""
    _may_remove(person)
    codes.withdraw(person, SheetKind.PRINTED)
    _removed(person, "printed_removed")


def reset(person: Person, *, reason: str, by: Person) -> None:
    """Take every second step away from somebody who lost it; the next sign-in begins a new one. Both are told."""
    if person.id == by.id:
        raise OwnOnes()
    ways.forget(person.id)
    service.end_all_sign_ins(person)
    journal.note("second_step.reset", person, reason=reason)
    tell(person, "reset")
    outbox.leave(
        "accounts/second_reset", to=service.recipient(by), about=person,
        values={"first_name": by.first_name, "name": person.name},
    )  # fmt: skip


def end_without(person_ids: Any, *, but: int | None = None) -> None:
    """These people have or need a second step from now on: what the password alone opened is closed, `but` here."""
    db.session.execute(
        sa.update(SignIn)
        .where(SignIn.person_id.in_(person_ids), SignIn.factor == Factor.NONE, SignIn.ended_at.is_(None))
        .where(SignIn.id != (but or 0), SignIn.passed_at.is_not(None))
        .values(ended_at=clock.now())
        .execution_options(synchronize_session=False)
    )


def _may_remove(person: Person) -> None:
    if ways.of(person.id).count <= 1 and ways.demanded(queries.current_memberships(person.id)):
        raise LastWay()


def _removed(person: Person, what: str) -> None:
    """With the last way go the codes for emergencies: alone they are no second step."""
    db.session.flush()
    if ways.of(person.id).count == 0:
        codes.withdraw(person)
    _changed(person, what)


def _changed(person: Person, what: str) -> None:
    journal.note(f"second_step.{what}", person)
    tell(person, what)


def tell(person: Person, what: str) -> None:
    """A letter that something about the second step changed: whoever did not do it can still act."""
    outbox.leave(
        "accounts/second_changed", to=service.recipient(person), about=person,
        values={"first_name": person.first_name, "what": what, "link": outbox.address_of("accounts.second_steps")},
    )  # fmt: skip
