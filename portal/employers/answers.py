"""What the forms of this room hand over: typed, frozen."""

from dataclasses import dataclass
from datetime import date, time


@dataclass(frozen=True)
class SignUpAnswer:
    number: str
    name: str
    section: str
    size: str
    street: str
    postcode: str
    municipality: str
    public_transport: str
    first_name: str
    last_name: str
    email: str
    phone: str
    shifts: tuple[str, ...]
    forms_offered: tuple[str, ...]
    concerns: tuple[str, ...]


@dataclass(frozen=True)
class WorkplaceAnswer:
    site_name: str
    street: str
    postcode: str
    municipality: str
    public_transport: str


@dataclass(frozen=True)
class InviteAnswer:
    first_name: str
    last_name: str
    email: str
    role: str


@dataclass(frozen=True)
class CallAnswer:
    note: str
    agency: bool


@dataclass(frozen=True)
class CloseAnswer:
    reason: str
    words: str


@dataclass(frozen=True)
class VacancyAnswer:
    """`must` and `learnable` are codes of competences; `notice_days` the days as typed in the list; `extract` yes or no."""

    title: str
    tasks: str
    must: tuple[str, ...]
    learnable: tuple[str, ...]
    number: int
    workplace: str
    hours_week: int
    hours_from: time
    hours_until: time
    shift: str
    starts_on: date | None
    forms: tuple[str, ...]
    language_nl: str
    language_fr: str
    language_en: str
    licence: str
    physical_load: str
    flexible: bool
    interview_inside: bool
    interview_video: bool
    notice_days: str
    extract: str
    extract_basis: str
    public: str = ""
