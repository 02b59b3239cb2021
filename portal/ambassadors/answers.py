"""What the forms of this room hand over: typed, frozen."""

from dataclasses import dataclass


@dataclass(frozen=True)
class SignAnswer:
    signed_name: str
    agreed: bool


@dataclass(frozen=True)
class ReviewAnswer:
    decision: str
    reason: str


@dataclass(frozen=True)
class InviteAnswer:
    company_name: str
    contact_name: str
    email: str
    language: str
    words: str
