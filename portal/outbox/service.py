"""Leaving letters: in the transaction of the work that causes them (house.md 10)."""

from collections.abc import Callable
from dataclasses import dataclass
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
    """An iTIP message that goes with a letter: its method (REQUEST or CANCEL) and its text."""

    method: str
    ics: str


__all__ = [
    "Calendar",
    "Recipient",
    "address_of",
    "cancel_waiting",
    "check_before_sending",
    "leave",
    "resolved",
    "resolves",
    "still_right",
]

Check = Callable[[Letter], bool]
_checks: dict[str, list[Check]] = {}
_resolvers: dict[str, Callable[[Any], str]] = {}


def check_before_sending(prefix: str) -> Callable[[Check], Check]:
    """Register a check that runs again at sending: letters whose template or recipient begins with the prefix."""

    def keep(check: Check) -> Check:
        _checks.setdefault(prefix, []).append(check)
        return check

    return keep


def resolves(mark: str) -> Callable[[Callable[[Any], str]], Callable[[Any], str]]:
    """Register how a value such as {"$link": 12} is written out at sending, so that no token is ever stored."""

    def keep(resolver: Callable[[Any], str]) -> Callable[[Any], str]:
        _resolvers[f"${mark}"] = resolver
        return resolver

    return keep


def resolved(values: dict[str, Any]) -> dict[str, Any]:
    return {name: _resolve(value) for name, value in values.items()}


def _resolve(value: Any) -> Any:
    if isinstance(value, dict) and len(value) == 1:
        mark, given = next(iter(value.items()))
        if mark in _resolvers:
            return _resolvers[mark](given)
    return value


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
        values=values or {},
        calendar=None if calendar is None else {"method": calendar.method, "ics": calendar.ics},
        about_kind=about.__tablename__ if about is not None else None,
        about_id=about.id if about is not None else None,
        next_try_at=clock.now(),
    )
    db.session.add(letter)
    db.session.info["letters_left"] = True
    return letter


def cancel_waiting(about: Any = None, *, recipient_ref: str | None = None, template: str | None = None) -> int:
    """Take back letters that have not left yet; returns how many."""
    statement = sa.update(Letter).where(Letter.state == LetterState.WAITING)
    if about is not None:
        statement = statement.where(Letter.about_kind == about.__tablename__, Letter.about_id == about.id)
    if recipient_ref is not None:
        statement = statement.where(Letter.recipient_ref == recipient_ref)
    if template is not None:
        statement = statement.where(Letter.template == template)
    if about is None and recipient_ref is None:
        raise ValueError("say whose or which letters")
    done = db.session.execute(statement.values(state=LetterState.CANCELLED, values=None, calendar=None, address=None))
    return int(done.rowcount)  # type: ignore[attr-defined]


@event.listens_for(Session, "after_commit")
def _wake(session: Session) -> None:
    """Tell the worker that letters wait. When the queue is down they still wait: the worker looks every minute."""
    if session.info.pop("letters_left", False):
        jobs.wake("outbox.deliver")


@event.listens_for(Session, "after_rollback")
def _forget(session: Session) -> None:
    session.info.pop("letters_left", None)
