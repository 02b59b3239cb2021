"""What the forms of this room hand over."""

from dataclasses import dataclass
from datetime import date, time


@dataclass(frozen=True)
class EventAnswer:
    """`place` is "site:<key>", "workplace:<key>" or empty for the address that was typed."""

    kind: str
    title: str
    words: str
    bring: str
    day: date
    starts: time
    ends: time
    place: str
    street: str
    postcode: str
    municipality: str
    seats: int
    answer_by: date | None
    open: bool


@dataclass(frozen=True)
class InviteAnswer:
    companies: tuple[str, ...]


@dataclass(frozen=True)
class SeatAnswer:
    comes: str
    people: int
    names: str


@dataclass(frozen=True)
class CancelAnswer:
    reason: str


@dataclass(frozen=True)
class CameAnswer:
    came: tuple[str, ...]


@dataclass(frozen=True)
class AfterAnswer:
    outcome: str
    note: str
