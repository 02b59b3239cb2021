"""A small public register, so that signing up begins with the number; a colleague who asks to join a company, and two who
were invited."""

from datetime import timedelta

from portal.accounts import links
from portal.accounts import service as accounts
from portal.accounts.roles import Role
from portal.cli.demo.world import Company, World
from portal.employers import joining, queries, team_invitations
from portal.employers.answers import InviteAnswer
from portal.employers.join_states import JoinWay
from portal.foundation import acting, clock
from portal.foundation.database import db
from portal.organisations.models import LoadState, Organisation, RegisterEntry, RegisterLoad

# Invented companies that are in the register and not in the portal, below the numbers that are in use.
_UNKNOWN = (
    ("Houtwerken Baert", "Entreprise de menuiserie Baert", "C", "9040", "Gent", "Gand", "Antwerpsesteenweg", "210"),
    ("Keuken De Pollepel", "Cuisine La Louche", "I", "9000", "Gent", "Gand", "Sluizeken", "14"),
    ("Dakwerken Van Hove", "Toitures Van Hove", "F", "9300", "Aalst", "Alost", "Gentsesteenweg", "88"),
)
_ASKED = "nys"


def number(nth: int) -> int:
    base = 1_000_901 + nth
    return base * 100 + 97 - base % 97


def write(world: World) -> None:
    load = RegisterLoad(
        extract=1, snapshot_on=world.today.replace(day=1), load_state=LoadState.CURRENT, finished_at=clock.now()
    )
    db.session.add(load)
    db.session.flush()
    db.session.add_all(_unknown(load.id))
    db.session.add_all(_known(load.id, company) for company in world.companies.values())
    _colleague(world.companies[_ASKED])
    _invited(world.companies[_ASKED])


def _unknown(load_id: int) -> list[RegisterEntry]:
    return [
        RegisterEntry(
            load_id=load_id, number=number(nth), legal_form="610", situation="000", section=section, name_nl=nl, name_fr=fr,
            street_nl=street, house=house, postcode=postcode, municipality_nl=place, municipality_fr=place_fr,
        )
        for nth, (nl, fr, section, postcode, place, place_fr, street, house) in enumerate(_UNKNOWN)
    ]  # fmt: skip


def _known(load_id: int, company: Company) -> RegisterEntry:
    site = company.workplace
    return RegisterEntry(
        load_id=load_id, number=int(company.data["number"]), legal_form="610", situation="000", section=company.employer.section,
        name_nl=company.data["name"], street_nl=site.street, postcode=site.postcode, municipality_nl=site.municipality,
    )  # fmt: skip


def _colleague(company: Company) -> None:
    """Somebody of the same house typed its number to sign up; its admin is asked."""
    house = company.admin.email.rpartition("@")[2]
    person = accounts.new_person(
        email=f"ruben.callens@{house}", first_name="Ruben", last_name="Callens", language="nl", phone="0470 00 12 34"
    )
    person.confirmed_at = clock.now() - timedelta(hours=3)
    organisation = db.session.get_one(Organisation, company.employer.organisation_id)
    employer = queries.of_organisation(organisation)
    if employer is not None:
        joining.ask(employer, person, JoinWay.NUMBER)


def _invited(company: Company) -> None:
    """Two colleagues whom the admin invited: one has not answered, one said no."""
    house = company.admin.email.rpartition("@")[2]
    organisation = db.session.get_one(Organisation, company.employer.organisation_id)
    employer = queries.of_organisation(organisation)
    if employer is None:
        return
    with acting.as_(company.admin.id, Role.EMPLOYER_ADMIN):
        for first, last in (("Sofie", "Wauters"), ("Tom", "Baeyens")):
            asked = InviteAnswer(first, last, f"{first}.{last}@{house}".lower(), Role.EMPLOYER_CONTACT)
            invitation = team_invitations.invite(employer, asked, "nl")
    link = links.standing(team_invitations.PURPOSE, invitation)
    if link is not None:
        team_invitations.decline(invitation, link)
