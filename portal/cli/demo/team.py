"""The operator, its two programmes, the places where people are met, the team and the partners who refer."""

from datetime import date, time, timedelta

import sqlalchemy as sa

from portal.accounts.models import Membership, Person
from portal.accounts.roles import Role
from portal.agenda.models import Absence, Availability
from portal.cli.demo.world import DAY, Place, World
from portal.competences import catalogue
from portal.foundation.database import db
from portal.foundation.words import pick
from portal.organisations.models import Kind, Organisation
from portal.programmes import service, sites
from portal.programmes.models import Programme, Site, SiteKind

ROLES = {"worker": Role.PROJECT_WORKER, "coordinator": Role.COORDINATOR, "administrator": Role.ADMINISTRATOR}
SERVICES = {
    "vdab": Role.VDAB, "psd": Role.PSD, "house_of_justice": Role.JUSTICE_ASSISTANT, "centre": Role.CENTRE_WORKER,
}  # fmt: skip
# Whose sit-days are where.
SITS = {
    "gent": "lien", "brugge": "karim", "beveren": "joke", "dendermonde": "stijn", "oudenaarde": "ines", "ruiselede": "ines",
    "vliermos": "fatma", "lindewei": "tom",
}  # fmt: skip


def write(world: World) -> None:
    operator = _operator(world)
    _programmes(world, operator)
    catalogue.load()
    world.read_catalogue()
    sites.load()
    _staff(world, operator)
    _places(world)
    _partners(world)
    _hours(world)


def _operator(world: World) -> Organisation:
    data = world.names["operator"]
    operator = Organisation(kind=Kind.OPERATOR, name=data["name"], number=data["number"])
    db.session.add(operator)
    db.session.flush()
    return operator


def period_of(today: date) -> tuple[date, date]:
    """A programme year that is ten months old, whatever day the demo begins on: figures need a past."""
    first = (today.replace(day=1) - 300 * DAY).replace(day=1)
    return first, first.replace(year=first.year + 1) - DAY


def _programmes(world: World, operator: Organisation) -> None:
    first, last = period_of(world.today)
    for data in world.names["programmes"]:
        programme = Programme(
            organisation_id=operator.id, name=pick(data["name"], "nl"), target_trajectories=data["target"],
            period_start=first, period_end=last, phone=world.names["operator"]["phone"], caseload=data.get("caseload", 25),
        )  # fmt: skip
        db.session.add(programme)
        db.session.flush()
        service.load_templates(programme)
        world.programmes[data["code"]] = programme


def _person(world: World, data: dict[str, str], since: date) -> Person:
    """Somebody with a confirmed address and no password: the demo sign-in needs none."""
    came = world.moment(since)
    return Person(
        email=data["email"], first_name=data["first_name"], last_name=data["last_name"], phone=data["phone"],
        language=data.get("language", "nl"), confirmed_at=came, created_at=came,
    )  # fmt: skip


def _staff(world: World, operator: Organisation) -> None:
    since = world.ago(700)
    known = [data for data in world.names["staff"] if data["role"] in ROLES]
    people = [_person(world, data, since) for data in known]
    db.session.add_all(people)
    db.session.flush()
    for data, person in zip(known, people, strict=True):
        world.staff[data["code"]] = person
        programme = world.programmes.get(data.get("programme", ""))
        db.session.add(
            Membership(
                person_id=person.id, role=ROLES[data["role"]], since=since,
                programme_id=programme.id if programme else None, organisation_id=None if programme else operator.id,
            )
        )  # fmt: skip


def _places(world: World) -> None:
    known = {site.code: site for site in db.session.scalars(sa.select(Site))}
    for data in world.names["sites"]:
        programme = world.programmes[data["programme"]]
        if data["kind"] == "prison":
            site = known[data["belgica"]]
            site.permission_lead_days = data["lead_days"]
            service.work_at(programme, site)
        else:
            site = service.add_centre(
                programme,
                name=data["name"],
                street=data["street"],
                postcode=data["postcode"],
                municipality=data["municipality"],
                days=data["lead_days"],
                languages=["nl"],
            )
        world.places[data["code"]] = Place(data, site, programme, world.staff[SITS[data["code"]]])
    # People who are out are met at the house of justice of the town, or at the office.
    for site in known.values():
        if site.kind == SiteKind.HOUSE_OF_JUSTICE and site.municipality in {
            "Gent",
            "Brugge",
            "Oudenaarde",
            "Dendermonde",
        }:
            service.work_at(world.programmes["brug"], site)


def _partners(world: World) -> None:
    since = world.ago(650)
    services: dict[str, Organisation] = {}
    for data in world.names["partners"]:
        place = world.places[data["sites"][0]]
        person = _person(world, data, since)
        organisation = services.setdefault(
            _service_name(data), Organisation(kind=Kind.PARTNER, name=_service_name(data), number=None)
        )
        db.session.add_all([person, organisation])
        db.session.flush()
        role = SERVICES[data["service"]]
        db.session.add(
            Membership(
                person_id=person.id,
                role=role,
                since=since,
                programme_id=place.programme.id,
                organisation_id=organisation.id,
            )
        )
        for code in data["sites"]:
            world.places[code].partners[data["service"]] = person


def _service_name(data: dict[str, str]) -> str:
    names = {
        "vdab": "VDAB",
        "psd": "Psychosociale dienst",
        "house_of_justice": "Justitiehuizen",
        "centre": "Opvangcentra",
    }
    return names[data["service"]]


def _hours(world: World) -> None:
    """When workers can be asked: four or five days a week, with a fixed half day inside."""
    workers = [data["code"] for data in world.names["staff"] if data["role"] == "worker"]
    for number, code in enumerate(workers):
        person = world.staff[code]
        off = number % 5
        for weekday in range(5):
            starts, ends = (time(8, 30), time(17, 0)) if weekday != off else (time(8, 30), time(12, 30))
            db.session.add(
                Availability(person_id=person.id, weekday=weekday, starts=starts, ends=ends, valid_from=world.ago(400))
            )
    away = world.ahead(19)
    for code in workers[3:5]:
        begins = world.moment(away, 8, 0)
        db.session.add(Absence(person_id=world.staff[code].id, starts_at=begins, ends_at=begins + timedelta(days=4)))
        away += 14 * DAY
