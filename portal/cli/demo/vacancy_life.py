"""Vacancies as their companies live with them: jobs on the public page, some that end soon, and a letter of the week."""

from datetime import timedelta

from portal.cli.demo.world import World
from portal.employers import vacancy_expiry, vacancy_reach
from portal.employers.models import Vacancy
from portal.employers.states import VacancyState
from portal.foundation.database import db
from portal.tasks import digest_sending

PUBLIC = {"verlinden": "named", "nys": "named", "soetaert": "named", "propera": "unnamed", "roodhuis": "unnamed"}
ENDING = {"verlinden": 9, "soetaert": 6}


def write(world: World) -> None:
    for code, way in PUBLIC.items():
        for vacancy in _open(world, code):
            vacancy.public = way
    for code, days in ENDING.items():
        for vacancy in _open(world, code)[-1:]:
            vacancy.expires_on = world.today + timedelta(days=days)
    db.session.flush()
    vacancy_expiry.ask_in_time()
    digest_sending.write([world.companies["verlinden"].admin.id])


def _open(world: World, code: str) -> list[Vacancy]:
    return [one for one in world.companies[code].vacancies if one.state is VacancyState.OPEN]


def count() -> None:
    """How many people each vacancy reaches: from a pool that was committed."""
    vacancy_reach.count_anew()
    db.session.commit()
