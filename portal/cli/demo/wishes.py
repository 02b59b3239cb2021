"""What companies asked of us: how many profiles a month, how to reach them; agencies with clients; one that was blocked, one
that rests, and a team that is asked who still works there."""

from datetime import timedelta

from portal.cli.demo.world import Company, World
from portal.employers import clients
from portal.employers.clients import ClientAnswer
from portal.employers.models import Employer, Vacancy
from portal.employers.states import EmployerState, VacancyState
from portal.foundation.database import db
from portal.organisations.models import Organisation

# By agency: its clients, each with a number below the range that is in use.
CLIENTS = {
    "sterkuitzend": (
        ClientAnswer("Kaasmakerij Polderzicht", "0101000061", "Kanaalweg 8", "9000", "Gent", "Bus 8, halte Kanaalweg"),
        ClientAnswer("Drukkerij Letterlijk", "0101000160", "Nijverheidslaan 20", "9800", "Deinze", "Station op 1 km"),
    ),
    "flexhaven": (ClientAnswer("Groentehal Leievallei", "0101000259", "Veilingweg 2", "8800", "Roeselare", ""),),
}
WAYS = ("phone", "email", "visit")
_SAME = (
    "employer_id", "contact_id", "occupation_id", "title", "tasks", "hours_week", "hours_from", "hours_until", "shift", "forms",
    "languages", "licence", "physical_load", "notice_days",
)  # fmt: skip


def write(world: World) -> None:
    for code, answers in CLIENTS.items():
        _clients(world.companies[code], answers)
    active = [one for one in world.companies.values() if one.employer.state == EmployerState.ACTIVE and one.people]
    for number, company in enumerate(active[::4]):
        company.employer.contact_way = WAYS[number % len(WAYS)]
        company.employer.first_contact_id = company.people[-1].id
        company.employer.monthly_profiles = (30, 20)[number % 2] if number % 3 == 0 else None
    for company in world.companies.values():
        _standing(world, company.employer)


def _clients(agency: Company, answers: tuple[ClientAnswer, ...]) -> None:
    """The first client has a vacancy of its own, which the agency writes."""
    agency.employer.organisation = db.session.get_one(Organisation, agency.employer.organisation_id)
    listed = [clients.add(agency.employer, answer) for answer in answers]
    if agency.vacancies:
        alike = agency.vacancies[0]
        same = {name: getattr(alike, name) for name in _SAME}
        db.session.add(Vacancy(state=VacancyState.DRAFT, workplace_id=listed[0].workplace_id, **same))


def _standing(world: World, employer: Employer) -> None:
    if employer.state == EmployerState.BLOCKED:
        employer.blocked_because = "agreements"
    if employer.state == EmployerState.DORMANT:
        employer.asked_still_here_on = world.ago(40)
    if employer.state in (EmployerState.VERIFIED, EmployerState.ACTIVE):
        employer.team_checked_on = world.ago(20) + timedelta(days=employer.id % 15)
