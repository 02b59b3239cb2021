"""What the week's letter says of profiles: that a vacancy has some which nobody of the company opened; never whose, nor how many."""

from collections import defaultdict
from collections.abc import Collection
from datetime import timedelta

import sqlalchemy as sa

from portal.employers.models import Employer, Vacancy
from portal.employers.queries import contact_is_there
from portal.employers.states import RECRUITING, VacancyState
from portal.foundation import clock
from portal.foundation.addresses import path_of
from portal.foundation.database import db
from portal.foundation.words import _, lazy
from portal.programmes.models import Programme
from portal.showcase.employer_queries import ALIVE, cards_in_sight
from portal.showcase.models import Interest, Opening
from portal.tasks.digest import Line

# A vacancy of which somebody opened a profile so lately is looked at without a letter.
QUIET = timedelta(days=14)


def unread(people: Collection[int]) -> dict[int, list[Line]]:
    """Open vacancies of these contacts with a list that nobody of the company looked at lately."""
    looked = sa.exists().where(Opening.vacancy_id == Vacancy.id, Opening.created_at > clock.now() - QUIET)
    running = sa.exists().where(Interest.vacancy_id == Vacancy.id, Interest.state.in_(ALIVE))
    statement = (
        sa.select(Vacancy.id, Vacancy.key, Vacancy.title, Vacancy.contact_id)
        .join(Employer, Employer.id == Vacancy.employer_id)
        .join(Programme, Programme.id == Employer.programme_id)
        .where(Vacancy.contact_id.in_(list(people)), Vacancy.state == VacancyState.OPEN, Employer.state.in_(RECRUITING))
        .where(contact_is_there())
        .where(~looked, ~running, cards_in_sight(Vacancy.id, Vacancy.employer_id) >= Programme.k)
        .order_by(Vacancy.id)
    )
    found: dict[int, list[Line]] = defaultdict(list)
    for number, key, title, contact in db.session.execute(statement):
        found[contact].append(
            Line(
                "profiles", f"vacancy:{number}", title, _("There are profiles that fit, and nobody of you has opened one."),
                path_of("showcase.cards", key=key), _("Look at profiles"),
                (("hold", lazy("Not now: put it on hold")), ("call", lazy("Call me about this"))),
            )
        )  # fmt: skip
    return found
