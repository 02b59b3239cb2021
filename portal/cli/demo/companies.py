"""Forty-two companies with their contacts, and what a worker heard when calling them."""

from datetime import date, time, timedelta

from portal.accounts.models import Membership, Person
from portal.accounts.roles import Role
from portal.agenda.models import Availability
from portal.cli.demo.world import Company, World
from portal.employers.models import CallNote, Employer
from portal.employers.states import EmployerState
from portal.foundation.database import db
from portal.organisations.models import Kind, Organisation, Workplace

STATES = {
    "lead": EmployerState.LEAD, "registered": EmployerState.REGISTERED, "verified": EmployerState.VERIFIED,
    "active": EmployerState.ACTIVE, "dormant": EmployerState.DORMANT, "blocked": EmployerState.BLOCKED,
    "ambassador": EmployerState.ACTIVE, "agency": EmployerState.ACTIVE,
}  # fmt: skip
# Which programme a company works with follows its line of work: so each line has people enough for a list of cards.
KADE = {"hospitality", "recycling", "green", "care", "retail"}
# Invited by the garage, so Lien's programme calls it.
OTHERWISE = {"delieve"}
CONCERNS = ("colleagues", "transport", "leave_rules", "reliability", "if_it_fails", "cost")
# Who looks after which companies; the newest of them wait for Lien.
LIENS = {"verlinden", "soetaert", "nys", "aerts"}
WORKERS = {"brug": ("lien", "karim", "joke", "stijn", "ines"), "kade": ("fatma", "tom")}


def write(world: World) -> None:
    organisations = _organisations(world)
    for number, (data, organisation) in enumerate(zip(world.names["companies"], organisations, strict=True)):
        world.companies[data["code"]] = _company(world, number, data, organisation)
    db.session.flush()
    _people(world)
    _hours(world)
    _calls(world)


def programme_of(data: dict[str, str]) -> str:
    return "kade" if data["catalogue"] in KADE and data["code"] not in OTHERWISE else "brug"


def _organisations(world: World) -> list[Organisation]:
    rows = [
        Organisation(
            kind=Kind.AGENCY if data["standing"] == "agency" else Kind.COMPANY, name=data["name"], number=data["number"]
        )
        for data in world.names["companies"]
    ]
    db.session.add_all(rows)
    db.session.flush()
    return rows


def came_on(world: World, number: int, data: dict[str, str]) -> date:
    """Ambassadors were first; who is still registered came this week."""
    if data["standing"] == "registered":
        return world.ago(1 + number % 3)
    if data["standing"] in {"verified", "lead"}:
        return world.ago(20 + 3 * (number % 9))
    if data["standing"] == "ambassador":
        return world.ago(600 - 9 * number)
    return world.ago(520 - 10 * number)


def _company(world: World, number: int, data: dict[str, str], organisation: Organisation) -> Company:
    programme = programme_of(data)
    came = came_on(world, number, data)
    state = STATES[data["standing"]]
    workers = WORKERS[programme]
    waits = state in {EmployerState.REGISTERED, EmployerState.LEAD}
    worker = world.staff["lien" if data["code"] in LIENS else workers[number % len(workers)]]
    employer = Employer(
        organisation_id=organisation.id, programme_id=world.programmes[programme].id, worker_id=None if waits else worker.id,
        state=state, section=data["sector"], size=data["size"],
        shifts=["day", *world.some(["early", "late", "flexible", "part_time"], 1 + number % 2)],
        forms_offered=["permanent", "fixed_term", *world.some(["internship", "ibo", "temporary_agency"], 1 + number % 3)],
        concerns=world.some(CONCERNS, 1 + number % 3), shows_progress=number % 3 != 1,
        registered_at=None if state == EmployerState.LEAD else world.moment(came),
        verified_at=None if waits else world.moment(came + timedelta(days=2)), created_at=world.moment(came),
    )  # fmt: skip
    workplace = Workplace(
        organisation_id=organisation.id, name=data["name"], street=data["street"], postcode=data["postcode"],
        municipality=data["municipality"], public_transport=data["public_transport"], created_at=world.moment(came),
    )  # fmt: skip
    db.session.add_all([employer, workplace])
    return Company(data, employer, workplace, [])


def _people(world: World) -> None:
    """The admin of each company, and ten colleagues. A lead has nobody yet: it needs no account."""
    seats: list[tuple[Company, Person, Role]] = []
    for company in world.companies.values():
        if company.employer.state == EmployerState.LEAD:
            continue
        seats.append((company, _contact(world, company, dict(company.data["contact"])), Role.EMPLOYER_ADMIN))
    for data in world.names["colleagues"]:
        company = world.companies[data["company"]]
        seats.append((company, _contact(world, company, data), Role.EMPLOYER_CONTACT))
    db.session.add_all([person for _, person, _ in seats])
    db.session.flush()
    for company, person, role in seats:
        company.people.append(person)
        db.session.add(
            Membership(
                person_id=person.id, role=role, organisation_id=company.employer.organisation_id,
                since=company.employer.created_at.date(),
            )
        )  # fmt: skip


def _contact(world: World, company: Company, data: dict[str, str]) -> Person:
    return Person(
        email=data["email"], first_name=data["first_name"], last_name=data["last_name"], phone=data["phone"],
        language=company.data["language"], confirmed_at=company.employer.created_at, created_at=company.employer.created_at,
    )  # fmt: skip


def _hours(world: World) -> None:
    """When contacts receive people: most said so, some leave it to office hours."""
    for number, company in enumerate(world.companies.values()):
        if not company.people or number % 4 == 3:
            continue
        company.closed = number % 5
        for weekday in range(5):
            if weekday != company.closed:
                db.session.add(
                    Availability(
                        person_id=company.admin.id,
                        weekday=weekday,
                        starts=time(9, 0),
                        ends=time(16, 0),
                        valid_from=world.ago(400),
                    )
                )


def _calls(world: World) -> None:
    for company in world.companies.values():
        employer = company.employer
        if employer.worker_id is None or employer.verified_at is None:
            continue
        db.session.add(
            CallNote(
                employer_id=employer.id,
                person_id=employer.worker_id,
                text=world.note("verification"),
                created_at=employer.verified_at,
            )
        )
        for days in world.some(range(5, 180), world.rng.randint(0, 2)):
            db.session.add(
                CallNote(
                    employer_id=employer.id, person_id=employer.worker_id, text=world.note("approach"),
                    created_at=max(world.moment(world.ago(days)), employer.verified_at),
                )
            )  # fmt: skip
