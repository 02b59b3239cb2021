"""Who acts, and why: known to every service without a request being passed around."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from datetime import datetime


@dataclass(frozen=True)
class Through:
    """A door that somebody opened with a reason and for a while: whatever is done or read meanwhile names it."""

    id: int
    key: str
    case_key: str
    until: datetime


@dataclass(frozen=True)
class Actor:
    """person_id is None for the portal itself (jobs) and for a visitor; role is a word of product.md."""

    person_id: int | None = None
    role: str = "portal"
    reason: str = ""
    through: Through | None = None


_actor: ContextVar[Actor] = ContextVar("actor", default=Actor())  # noqa: B039 (frozen)


def actor() -> Actor:
    return _actor.get()


def person_id() -> int | None:
    return _actor.get().person_id


def role() -> str:
    return _actor.get().role


def reason() -> str:
    return _actor.get().reason


def become(who: Actor) -> None:
    """For the access guard, once per request."""
    _actor.set(who)


def go_through(door: Through) -> None:
    """From here on the same actor acts through this door, until the request ends."""
    _actor.set(replace(_actor.get(), through=door))


@contextmanager
def as_(who_id: int | None, role: str = "portal", reason: str = "") -> Iterator[None]:
    """Act as somebody for the length of a block (jobs, commands, tests)."""
    before = _actor.set(Actor(who_id, role, reason))
    try:
        yield
    finally:
        _actor.reset(before)


@contextmanager
def because(reason: str) -> Iterator[None]:
    """Give a reason to what the same actor does inside the block."""
    before = _actor.set(replace(_actor.get(), reason=reason))
    try:
        yield
    finally:
        _actor.reset(before)
