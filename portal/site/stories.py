"""Ambassadors who chose to be named, with their own words. Without one, the pages show none: nothing is made up."""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from portal.accounts.models import Person
from portal.ambassadors.models import Ambassador, AmbassadorState
from portal.employers.models import Employer
from portal.foundation.database import db
from portal.foundation.options import label
from portal.organisations.models import Organisation


@dataclass(frozen=True)
class Named:
    """A company that speaks in public, by its own choice."""

    company: str
    person: str
    sector: str
    quote: str
    language: str


def named_ambassadors(limit: int = 12) -> Sequence[Named]:
    """Active ambassadors who chose to be named, those with words of their own first."""
    statement = (
        sa.select(
            Organisation.name, Person.first_name, Person.last_name, Employer.section, Ambassador.quote, Person.language
        )
        .select_from(Ambassador)
        .join(Employer, Employer.id == Ambassador.employer_id)
        .join(Organisation, Organisation.id == Employer.organisation_id)
        .join(Person, Person.id == Ambassador.person_id)
        .where(Ambassador.named_publicly.is_(True), Ambassador.state == AmbassadorState.ACTIVE)
        .order_by(sa.case((Ambassador.quote == "", 1), else_=0), Ambassador.id)
        .limit(limit)
    )
    return [
        Named(company, f"{first} {last}", label("employers", "sectors", section), quote, language)
        for company, first, last, section, quote, language in db.session.execute(statement)
    ]
