"""What a company says of itself after sign-up: its facts, how many new profiles a month it can read, how to reach it."""

from dataclasses import dataclass

from portal.accounts.models import Membership
from portal.employers import queries
from portal.employers.models import Employer
from portal.foundation.errors import DomainError
from portal.foundation.options import label
from portal.foundation.words import lazy
from portal.journal import service as journal


class NotInTheTeam(DomainError):
    sentence = lazy("Choose somebody of your team.")
    field = "first_contact"


@dataclass(frozen=True)
class FactsAnswer:
    name: str
    section: str
    size: str
    shifts: tuple[str, ...]
    forms_offered: tuple[str, ...]
    concerns: tuple[str, ...]


@dataclass(frozen=True)
class ReachAnswer:
    """`monthly_profiles`: digits, or nothing for no limit. `contact_way`: a code, or nothing. `first_contact`: a key."""

    monthly_profiles: str
    contact_way: str
    first_contact: str


def change(employer: Employer, answer: FactsAnswer) -> None:
    """Write what the company's admin says of it. The journal keeps which facts changed, and the name as it was."""
    changed = [name for name in ("section", "size") if getattr(employer, name) != getattr(answer, name)]
    for name in ("shifts", "forms_offered", "concerns"):
        if sorted(getattr(employer, name)) != sorted(getattr(answer, name)):
            changed.append(name)
            setattr(employer, name, list(getattr(answer, name)))
    employer.section, employer.size = answer.section, answer.size
    if answer.name != employer.organisation.name:
        before, employer.organisation.name = employer.organisation.name, answer.name
        journal.note("employer.renamed", employer, reason=f"{before} → {answer.name}")
    if changed:
        journal.note("employer.facts_changed", employer, facts=changed)


def reach(employer: Employer, answer: ReachAnswer) -> None:
    """How often and how the company wants to hear of us. Raises NotInTheTeam."""
    chosen = _of_team(employer, answer.first_contact) if answer.first_contact else None
    employer.monthly_profiles = int(answer.monthly_profiles) if answer.monthly_profiles else None
    employer.contact_way = answer.contact_way or ""
    employer.first_contact_id = chosen.person_id if chosen is not None else None
    journal.note(
        "employer.reach_changed", employer, monthly=employer.monthly_profiles, way=employer.contact_way,
        person=employer.first_contact_id,
    )  # fmt: skip


def contact_way(employer: Employer) -> str:
    """How a company likes to hear from us, in words; nothing where it has no preference."""
    return label("employers", "contact_channels", employer.contact_way) if employer.contact_way else ""


def _of_team(employer: Employer, key: str) -> Membership:
    found = next((one for one in queries.team(employer) if one.person.key == key), None)
    if found is None:
        raise NotInTheTeam()
    return found
