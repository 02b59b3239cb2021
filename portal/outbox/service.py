"""Leaving letters: in the transaction of the work that causes them (house.md 10)."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.orm import Session

from portal.foundation import clock, crypto, jobs
from portal.foundation.addresses import address_of
from portal.foundation.database import db
from portal.outbox.models import Letter, LetterState


@dataclass(frozen=True)
class Recipient:
    """Who reads: `ref` names the reader for the check at sending ("person:12", "invitation:7")."""

    address: str
    language: str
    ref: str


@dataclass(frozen=True)
class Calendar:
    """An iTIP message that goes with a letter: its method (REQUEST or CANCEL), its text, and whether the reader's calendar
    has the appointment already (which tells a new one from one that moves)."""

    method: str
    ics: str
    known: bool = False


__all__ = [
    "Calendar",
    "Recipient",
    "address_of",
    "adds",
    "cancel_waiting",
    "check_before_sending",
    "leave",
    "left_here",
    "name_of",
    "named",
    "resolved",
    "resolves",
    "still_right",
]

# Under this name a session remembers what its transaction left.
_LEFT = "letters_left"

Check = Callable[[Letter], bool]
_checks: dict[str, list[Check]] = {}
_resolvers: dict[str, tuple[Callable[[Any], str], Callable[[Any], str]]] = {}
_names: dict[str, Callable[[int], str]] = {}
Adding = Callable[[str, Recipient, Any], dict[str, Any]]
_adding: list[Adding] = []


def check_before_sending(prefix: str) -> Callable[[Check], Check]:
    """Register a check that runs again at sending: letters whose template or recipient begins with the prefix."""

    def keep(check: Check) -> Check:
        _checks.setdefault(prefix, []).append(check)
        return check

    return keep


def adds(values: Adding) -> Adding:
    """Register what a room gives letters besides what their writers leave: by template, reader and row, plain values."""
    _adding.append(values)
    return values


def resolves(
    mark: str, *, beforehand: Callable[[Any], str]
) -> Callable[[Callable[[Any], str]], Callable[[Any], str]]:  # fmt: skip
    """Register how a value such as {"$link": 12} is written out at sending, so that no token is ever stored.

    `beforehand` writes it for whoever reads the letter in its reader's place: there it opens nothing.
    """

    def keep(resolver: Callable[[Any], str]) -> Callable[[Any], str]:
        _resolvers[f"${mark}"] = (resolver, beforehand)
        return resolver

    return keep


def resolved(values: dict[str, Any], *, rehearsed: bool = False) -> dict[str, Any]:
    return {name: _resolve(value, rehearsed) for name, value in values.items()}


def _resolve(value: Any, rehearsed: bool) -> Any:
    """A value as the letter says it, however deep it lies: a letter of many lines has a link in each."""
    if isinstance(value, list):
        return [_resolve(one, rehearsed) for one in value]
    if not isinstance(value, dict):
        return value
    if len(value) == 1:
        mark, given = next(iter(value.items()))
        if mark in _resolvers:
            return _resolvers[mark][rehearsed](given)
    return resolved(value, rehearsed=rehearsed)


def named(prefix: str) -> Callable[[Callable[[int], str]], Callable[[int], str]]:
    """Register what readers whose ref begins so ("person:12") are called."""

    def keep(name: Callable[[int], str]) -> Callable[[int], str]:
        _names[prefix] = name
        return name

    return keep


def name_of(recipient_ref: str) -> str:
    """What a reader is called, where a room knows it."""
    prefix, _, number = recipient_ref.partition(":")
    return _names[prefix](int(number)) if prefix in _names and number.isdecimal() else ""


def still_right(letter: Letter) -> bool:
    """Whether the reader may still have this letter: asked again at sending (rights and consents end)."""
    return all(
        check(letter)
        for prefix, checks in _checks.items()
        if letter.template.startswith(prefix) or letter.recipient_ref.startswith(prefix)
        for check in checks
    )


def leave(
    template: str,
    *,
    to: Recipient,
    values: dict[str, Any] | None = None,
    about: Any = None,
    calendar: Calendar | None = None,
) -> Letter:
    """Store a letter with the work that causes it; it leaves after the commit, and not if the work is undone.

    `template` names templates/mail/<template>.html; values are plain JSON, sealed, and purged after sending.
    """
    if about is not None and about.id is None:
        db.session.flush()
    letter = Letter(
        template=template,
        language=to.language,
        address=to.address,
        address_mark=crypto.mark("address", to.address.strip().lower()),
        recipient_ref=to.ref,
        values={**{k: v for add in _adding for k, v in add(template, to, about).items()}, **(values or {})},
        calendar=None if calendar is None else asdict(calendar),
        about_kind=about.__tablename__ if about is not None else None,
        about_id=about.id if about is not None else None,
        next_try_at=clock.now(),
    )
    db.session.add(letter)
    db.session.info.setdefault(_LEFT, []).append(letter)
    return letter


def left_here() -> list[Letter]:
    """The letters that this transaction left so far, that still wait and that their readers may have."""
    db.session.flush()
    letters = [one for one in db.session.info.get(_LEFT, []) if one in db.session]
    for one in letters:
        db.session.refresh(one)
    return [one for one in letters if one.state is LetterState.WAITING and still_right(one)]


def cancel_waiting(
    about: Any = None, *, recipient_ref: str | None = None, template: str | None = None, told_calendars: bool = True
) -> int:  # fmt: skip
    """Take back letters that have not left yet; returns how many. Not `told_calendars`: without those for a calendar."""
    statement = sa.update(Letter).where(Letter.state == LetterState.WAITING)
    if about is not None:
        statement = statement.where(Letter.about_kind == about.__tablename__, Letter.about_id == about.id)
    if recipient_ref is not None:
        statement = statement.where(Letter.recipient_ref == recipient_ref)
    if template is not None:
        statement = statement.where(Letter.template == template)
    if not told_calendars:
        statement = statement.where(Letter.calendar.is_(None))
    if about is None and recipient_ref is None:
        raise ValueError("say whose or which letters")
    done = db.session.execute(statement.values(state=LetterState.CANCELLED, values=None, calendar=None, address=None))
    return int(done.rowcount)  # type: ignore[attr-defined]


@event.listens_for(Session, "after_commit")
def _wake(session: Session) -> None:
    """Tell the worker that letters wait. When the queue is down they still wait: the worker looks every minute.

    The end of a savepoint is no commit: nothing has left the house yet.
    """
    if not session.in_nested_transaction() and session.info.pop(_LEFT, None):
        jobs.wake("outbox.deliver")


@event.listens_for(Session, "after_rollback")
def _forget(session: Session) -> None:
    if not session.in_nested_transaction():
        session.info.pop(_LEFT, None)
