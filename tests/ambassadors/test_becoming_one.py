"""From reading the charter to being an ambassador."""

from typing import Any

import pytest
import sqlalchemy as sa

from portal.accounts import queries as people
from portal.accounts.roles import Role
from portal.ambassadors import charter as charters
from portal.ambassadors import service
from portal.ambassadors.models import Ambassador, AmbassadorState, Signature
from portal.employers.models import Employer
from portal.employers.states import EmployerState
from portal.foundation.database import db
from tests.ambassadors.factories import a_company, a_contact, a_coordinator, an_ambassador, signed, who
from tests.factories import a_person, a_programme

pytestmark = pytest.mark.usefixtures("app")


def test_a_company_signs_and_the_coordinator_approves(visitors: Any, post: Any) -> None:
    company = a_company("Bakkerij Soetaert")
    an = visitors(a_contact(company, "an@soetaert.example"))
    cor = visitors(a_coordinator())
    charter = an.open("/network").follow("Lees het charter")
    assert charter.send("Onderteken", signed_name="An Maes", agreed=True).path == "/network"
    signature = db.session.scalars(sa.select(Signature)).one()
    assert (signature.charter_version, signature.language, signature.signed_name) == (1, "nl", "An Maes")
    assert signature.text_hash == charters.in_force("nl").hash
    an.open("/network").says("De coördinator leest het")

    answered = cor.open("/").follow("Lees en antwoord").send("Verstuur", decision="approve")
    assert answered.path == "/network/ambassadors"
    letter = post.last("an@soetaert.example", "ambassadors/approved")
    assert "Bakkerij Soetaert is nu ambassadeur" in letter.subject
    an.open(letter.path("/network")).says("Nog geen uitnodigingen")
    assert people.holders(Role.AMBASSADOR, organisation_id=company.organisation_id)
    an.open("/").says("Nodig je eerste collega-bedrijf uit")
    cor.open("/").lacks("Bakkerij Soetaert")


def test_a_no_carries_its_reason(visitors: Any, post: Any) -> None:
    company = a_company()
    person = a_contact(company, "an@soetaert.example")
    ambassador = signed(company, person)
    cor = visitors(a_coordinator())
    page = cor.open(f"/network/ambassadors/{ambassador.key}")
    assert page.send("Verstuur", decision="reject").status == 422
    page.send("Verstuur", decision="reject", reason="Er lopen nog geen gesprekken bij jullie.")
    assert "Er lopen nog geen gesprekken" in post.last("an@soetaert.example").text
    assert db.session.get_one(Ambassador, ambassador.id).state is AmbassadorState.REJECTED
    visitors(person).open("/network").says("geen ambassadeur")


def test_a_company_that_nobody_verified_cannot_sign(visitors: Any) -> None:
    company = a_company(state=EmployerState.REGISTERED)
    an = visitors(a_contact(company))
    assert "Onderteken" not in an.open("/network/charter").html
    with pytest.raises(service.NotVerifiedYet):
        signed(company, a_contact(company))


def test_two_colleagues_sign_once(app: Any) -> None:
    company = a_company()
    signed(company, a_contact(company))
    with pytest.raises(service.AlreadySigned):
        signed(company, a_contact(company))
    db.session.rollback()


def test_the_charter_prints_with_its_signature(visitors: Any) -> None:
    ambassador = an_ambassador()
    an = visitors(who(ambassador))
    an.open("/network/charter/sheet").says("Charter van de ambassadeurs", "An Maes", "Antwoorden binnen 5 werkdagen")
    an.open("/network/charter").says("Ondertekend").lacks("Onderteken het charter")


def test_the_hash_tells_every_text_apart() -> None:
    hashes = {charters.in_force(code).hash for code in ("nl", "fr", "en")}
    assert len(hashes) == 3
    assert charters.version(1, "nl").hash == charters.in_force("nl").hash


def test_strangers_find_nothing(visitors: Any, visitor: Any) -> None:
    ambassador = an_ambassador()
    visitors(a_contact(a_company())).open(f"/network/ambassadors/{ambassador.key}", status=403)
    elsewhere = a_person(role=Role.COORDINATOR, programme=a_programme("Doorstart Brugge"))
    visitors(elsewhere).open(f"/network/ambassadors/{ambassador.key}", status=404)
    visitors(elsewhere).open("/network/ambassadors").lacks("Bakkerij Soetaert")
    assert visitor.open("/network").path == "/sign-in"
    visitors(a_person(role=Role.VDAB, programme=a_programme())).open("/network", status=403)


def test_the_coordinators_list_costs_the_same_at_one_and_at_thirty(visitors: Any) -> None:
    cor = visitors(a_coordinator())
    an_ambassador()
    one = cor.open("/network/ambassadors").queries
    for _ in range(29):
        an_ambassador(a_company())
    thirty = cor.open("/network/ambassadors").queries
    assert len(one) == len(thirty) <= 8


def test_a_blocked_company_reads_whom_to_call_and_invites_nobody(visitors: Any) -> None:
    ambassador = an_ambassador()
    an = visitors(who(ambassador))
    db.session.execute(sa.update(Employer).where(Employer.id == ambassador.employer_id).values(state="blocked"))
    an.open("/network", status=403).says("staat stil")
    an.open("/network/invite", status=404)
