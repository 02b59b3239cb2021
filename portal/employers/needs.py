"""What a vacancy asks, as far as people are compared with it: one home for matching, for cards and for how many fit."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time

from portal.employers.models import Vacancy


@dataclass(frozen=True)
class Needs:
    """Competences by their number. Hours are wall-clock; an end before the beginning runs past midnight."""

    must: frozenset[int]
    learnable: frozenset[int]
    hours_from: time
    hours_until: time
    shift: str
    hours_week: int
    forms: frozenset[str]
    licence: str
    languages: Mapping[str, str]


def of(vacancy: Vacancy) -> Needs:
    """`vacancy` with its competences loaded."""
    return Needs(
        must=frozenset(one.competence_id for one in vacancy.competences if one.must),
        learnable=frozenset(one.competence_id for one in vacancy.competences if not one.must),
        hours_from=vacancy.hours_from, hours_until=vacancy.hours_until, shift=vacancy.shift, hours_week=vacancy.hours_week,
        forms=frozenset(vacancy.forms), licence=vacancy.licence,
        languages={code: str(level) for code, level in vacancy.languages.items()},
    )  # fmt: skip
