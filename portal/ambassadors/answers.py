"""What the forms of this room hand over: typed, frozen."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class SignAnswer:
    signed_name: str
    agreed: bool


@dataclass(frozen=True)
class ReviewAnswer:
    decision: str
    reason: str


@dataclass(frozen=True)
class PauseAnswer:
    until: date


@dataclass(frozen=True)
class LeaveAnswer:
    letters: str
    because: str


@dataclass(frozen=True)
class FairAnswer:
    """`most`: how many companies may sign up by it."""

    name: str
    shows_name: bool
    words: str
    language: str
    most: int
    expires_on: date


@dataclass(frozen=True)
class InviteAnswer:
    company_name: str
    contact_name: str
    email: str
    language: str
    words: str
