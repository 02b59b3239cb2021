"""The small cards beside what waits for you. Each provider gives one or none; the first three are shown.

This room stands below all others, so a card for another room is one more function here, in the order of importance.
"""

from collections.abc import Callable

import sqlalchemy as sa
from flask import url_for

from portal.accounts.roles import EMPLOYERS, STAFF
from portal.employers.models import Employer, Vacancy
from portal.employers.states import EmployerState, VacancyState
from portal.foundation.access import Viewer
from portal.foundation.database import db
from portal.foundation.words import _, _n
from portal.site import team_cards
from portal.site.card import Card
from portal.tasks.models import Task

SHOWN = 3


Provider = Callable[[Viewer], Card | None]


def cards_for(viewer: Viewer) -> list[Card]:
    """At most three, each for one query."""
    found: list[Card] = []
    for provider in PROVIDERS:
        if len(found) == SHOWN:
            break
        card = provider(viewer)
        if card is not None:
            found.append(card)
    return found


def no_place_yet(viewer: Viewer) -> Card | None:
    """Somebody who confirmed an address while the company's own team still has to say yes."""
    if viewer.seats:
        return None
    return Card(
        _("Your account has no place yet"),
        _("Your company's contact was asked to take you into the team. You get a letter as soon as that is done."),
        _("Does it take long? Call the programme, or ask your colleague."),
    )


def own_company(viewer: Viewer) -> Card | None:
    """For an employer: where the company stands, and its open vacancies."""
    companies = viewer.organisations(*EMPLOYERS)
    if not companies:
        return None
    opened = sa.func.count(sa.case((Vacancy.state == VacancyState.OPEN, 1)))
    statement = (
        sa.select(Employer.state, opened)
        .outerjoin(Vacancy, Vacancy.employer_id == Employer.id)
        .where(Employer.organisation_id == companies[0])
        .group_by(Employer.id, Employer.state)
    )
    row = db.session.execute(statement).first()
    return None if row is None else _of_company(row[0], row[1])


def _of_company(state: EmployerState, opened: int) -> Card:
    if state is EmployerState.BLOCKED:
        return Card(
            _("Your company"),
            _("Your company's account is on hold. Call the programme: we tell you why and what can be done."),
        )
    url, label = url_for("employers.vacancies"), _("To your vacancies")
    if state is EmployerState.DORMANT:
        return Card(
            _("Your company"), _("Your company rests: no letters, and your vacancies are on hold."),
            _("One press on your company's page and you take part again."), url_for("employers.company"), _("To your company"),
        )  # fmt: skip
    if state is EmployerState.REGISTERED:
        return Card(
            _("Your company"), _("We call you within two working days."),
            _("Meanwhile you can write a vacancy: it is kept as a draft."), url, label,
        )  # fmt: skip
    if not opened:
        return Card(
            _("Your vacancies"), _("No vacancy is open."), _("Profiles are shown with an open vacancy."), url, label
        )
    return Card(
        _("Your vacancies"), _n("One vacancy is open.", "%(num)s vacancies are open.", opened),
        _("For each open vacancy you read profiles that fit it."), url, label,
    )  # fmt: skip


def companies_of_programme(viewer: Viewer) -> Card | None:
    """For staff: how many companies wait for a call, and how many take part."""
    programmes = viewer.programmes(*STAFF)
    if not programmes:
        return None
    statement = sa.select(
        sa.select(sa.func.count())
        .where(Task.kind == "employers.verify", Task.closed_at.is_(None), Task.programme_id.in_(programmes))
        .scalar_subquery(),
        sa.select(sa.func.count())
        .where(Employer.state == EmployerState.ACTIVE, Employer.programme_id.in_(programmes))
        .scalar_subquery(),
    )
    waiting, active = db.session.execute(statement).one()
    return Card(
        _("Companies"),
        _n("One company waits for a call.", "%(num)s companies wait for a call.", waiting) if waiting else _("No company waits for a call."),
        _n("One is active.", "%(num)s are active.", active),
        url_for("employers.index"), _("All companies"),
    )  # fmt: skip


PROVIDERS: list[Provider] = [
    no_place_yet, own_company, team_cards.next_talks, team_cards.people_on_their_way, companies_of_programme,
    team_cards.accounts, team_cards.letters,
]  # fmt: skip
