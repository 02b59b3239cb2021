"""What the forms of this room hand over, as typed values."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class StartAnswer:
    """Everything that is agreed about a start. `start` says that it is recorded, and not only kept as a draft."""

    starts_on: date
    form: str
    hours_week: int
    contract_ends_on: date | None
    wage_band: str
    workplace: str
    shift: str
    supervisor: str
    buddy: str
    transport_first_day: str
    workwear_ready: bool
    disclosure: str
    disclosure_words: str
    vdab_registered_on: date | None
    premium_checked: bool
    insured: bool
    schedule_approved_on: date | None
    right_to_work_until: date | None
    justice_assistant: str
    justice_consent: bool
    aftercare_consent: bool
    start: bool


@dataclass(frozen=True)
class FellThroughAnswer:
    reason: str
    by: str


@dataclass(frozen=True)
class EndAnswer:
    ended_on: date
    reason: str
    by: str


@dataclass(frozen=True)
class CallAnswer:
    """What a company said after a start that failed. `wants`: yes, later or no."""

    wants: str
    note: str


@dataclass(frozen=True)
class CorrectAnswer:
    starts_on: date
    reason: str


@dataclass(frozen=True)
class PapersAnswer:
    """What may change while somebody works: papers are renewed, a contract is made longer."""

    right_to_work_until: date | None
    contract_ends_on: date | None
    schedule_approved_on: date | None
