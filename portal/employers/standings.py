"""Which companies are asked first: ambassadors, then agencies, then those we know, then new ones (product.md, Approach).

Who is an ambassador is known in a later room, which says so here once, as a part of a query.
"""

from collections.abc import Callable
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from portal.employers.models import Employer
from portal.employers.states import EmployerState
from portal.organisations.models import Kind, Organisation


class Standing(StrEnum):
    """In the order of asking."""

    AMBASSADOR = "ambassador"
    AGENCY = "agency"
    KNOWN = "known"
    NEW = "new"


_ambassadors: list[Callable[[], sa.Select[Any]]] = []


def ambassadors_are(employer_ids: Callable[[], sa.Select[Any]]) -> None:
    """Said by the room that owns the charter: the numbers of the companies whose charter stands today."""
    _ambassadors[:] = [employer_ids]


def standing() -> sa.Case[str]:
    """A company's standing, as a column of a query over companies and their organisations."""
    kinds: list[Any] = [(Employer.id.in_(one()), Standing.AMBASSADOR.value) for one in _ambassadors]
    return sa.case(
        *kinds,
        (Organisation.kind == Kind.AGENCY, Standing.AGENCY.value),
        (Employer.state == EmployerState.LEAD, Standing.NEW.value),
        else_=Standing.KNOWN.value,
    )
