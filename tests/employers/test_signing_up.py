"""A company signs up: from the open page to the worker's call, and the same answer for everybody who asks."""

from typing import Any

import pytest
import sqlalchemy as sa

from portal.accounts import service as accounts
from portal.accounts.models import Person
from portal.accounts.roles import Role
from portal.employers import service, signing
from portal.employers.models import Employer
from portal.employers.states import EmployerState
from portal.foundation import signals
from portal.foundation.database import db
from portal.organisations.models import Workplace
from portal.programmes.models import ProgrammeSite, Site, SiteKind
from portal.tasks.models import Task
from tests.employers.factories import a_contact, a_number, an_employer, number_of
from tests.factories import a_person, a_programme
from tests.visitor import Page, Visitor

pytestmark = pytest.mark.usefixtures("app")


def answers(**other: Any) -> dict[str, Any]:
    return {
        "number": a_number(7), "name": "Groenwerken De Lieve", "section": "N", "size": "micro", "street": "Kaai 1",
        "postcode": "9000", "municipality": "gent", "public_transport": "", "first_name": "An", "last_name": "De Lieve",
        "email": "an@delieve.example", "phone": "0470/12 34 56", "shifts": ["day"], "forms_offered": ["permanent", "ibo"],
        "concerns": ["safety", "colleagues"], **other,
    }  # fmt: skip


def sign_up(visitor: Visitor, **other: Any) -> Page:
    return visitor.open("/sign-up").send("Meld je bedrijf aan", **answers(**other))


@pytest.fixture(autouse=True)
def _programme(app: Any) -> None:
    a_programme()
    db.session.commit()


def test_from_the_open_page_to_a_verified_company(visitor: Visitor, visitors: Any, post: Any) -> None:
    worker = a_person("lien@brugwerk.example", role=Role.PROJECT_WORKER)
    sent = sign_up(visitor).says("Kijk in je mailbox", "We bellen je", "Is het veilig voor mijn mensen?")
    assert sent.path == "/sign-up/sent"
    employer = db.session.scalars(sa.select(Employer)).one()
    assert employer.state is EmployerState.REGISTERED
    assert db.session.scalars(sa.select(Task)).all() == [], "nobody calls before the address is confirmed"

    way = post.last("an@delieve.example", "accounts/confirm").path("/confirm/")
    visitor.open(way).send(password="een zin die niemand raadt").says("Je adres is bevestigd")
    lien = visitors(worker)
    home = lien.open("/").says("Eén ding wacht op jou", "Nieuw bedrijf: Groenwerken De Lieve")
    page = home.follow("Bel en bevestig").says("0100.000.763", "0470 12 34 56", "An De Lieve")
    assert page.send(note="").status == 422
    done = lien.open(page.path).send(note="Zoekt twee mensen voor het onderhoud van parken.")
    done.says("Groenwerken De Lieve is nagekeken", "Zoekt twee mensen", "nagekeken")
    assert db.session.get_one(Employer, employer.id).state is EmployerState.VERIFIED
    lien.open("/").says("Er wacht niets op jou")
    letter = post.last("an@delieve.example", "employers/verified")
    assert "Lien" not in letter.subject and "/vacancies" in letter.path("/vacancies")

    visitor.open("/sign-in").send(email="an@delieve.example", password="een zin die niemand raadt")
    visitor.open("/vacancies").says("Lien Claes", "Schrijf een vacature")


def test_each_mistake_stands_beside_its_field_and_nothing_is_lost(visitor: Visitor) -> None:
    page = sign_up(visitor, number="0403.170.702", phone="12", municipality="Genk", email="an@")
    assert page.status == 422
    page.says("Dit ondernemingsnummer klopt niet", "Dit telefoonnummer klopt niet", "Postcode 9000 is Gent")
    form = page.form("Meld je bedrijf aan")
    assert dict(form.fields)["name"] == "Groenwerken De Lieve"
    assert [v for k, v in form.form_values() if k == "concerns"] == ["safety", "colleagues"]
    assert form.xpath(".//*[@name='number'][@aria-invalid='true'][@aria-describedby='number-hint number-error']")
    sign_up(visitor, postcode="1111").says("We kennen deze Belgische postcode niet")


def test_the_number_is_kept_bare_and_shown_with_dots(visitor: Visitor, post: Any) -> None:
    sign_up(visitor, number="BE 0100 000 763", email="fout")
    page = sign_up(visitor, number="BE 0100 000 763", phone="12")
    assert dict(page.form("Meld je bedrijf aan").fields)["number"] == "0100.000.763"
    sign_up(visitor, number="BE 0100 000 763")
    employer = db.session.scalars(sa.select(Employer).options(sa.orm.joinedload(Employer.organisation))).one()
    assert employer.organisation.number == "0100000763"
    assert db.session.scalars(sa.select(Workplace.municipality)).one() == "Gent"


def test_a_known_address_gets_the_same_page_and_another_letter(visitor: Visitor, post: Any) -> None:
    unknown = sign_up(visitor)
    a_person("dirk@verlinden.example")
    known = sign_up(visitor, email="dirk@verlinden.example", number=a_number(8))
    assert (known.path, known.status, known.text) == (unknown.path, unknown.status, unknown.text)
    assert [letter.template for letter in post.to("dirk@verlinden.example")] == ["employers/already"]
    assert "Groenwerken De Lieve" in post.last("dirk@verlinden.example").text
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Employer)) == 1


def test_a_known_company_gets_the_same_page_and_its_admin_decides(visitor: Visitor, visitors: Any, post: Any) -> None:
    employer = an_employer()
    admin = a_contact(employer, email="dirk@verlinden.example")
    page = sign_up(visitor, number=number_of(employer))
    assert page.path == "/sign-up/sent"
    assert post.to("dirk@verlinden.example") == [], "nobody is bothered with an address that is not confirmed"

    way = post.last("an@delieve.example", "accounts/confirm").path("/confirm/")
    visitor.open(way).send(password="een zin die niemand raadt")
    visitor.open("/sign-in").send(email="an@delieve.example", password="een zin die niemand raadt")
    visitor.open("/").says("Je account hoort nog nergens bij")
    visitor.open("/vacancies", status=403)

    letter = post.last("dirk@verlinden.example", "employers/wants_to_join")
    assert "an@delieve.example" in letter.text
    dirk = visitors(admin)
    dirk.open("/").follow("Bekijk en antwoord").says(
        "An De Lieve", "an@delieve.example", "hoort niet bij het maildomein"
    )
    asked = dirk.open(letter.path("/company/requests/"))
    asked.send("Ja, dit is een collega", role="employer_contact").says("An De Lieve spreekt nu voor het bedrijf")
    dirk.open("/").says("Er wacht niets op jou")
    assert post.last("an@delieve.example").template == "employers/joined"
    visitor.open("/vacancies").says("Nog geen vacature").lacks("Schrijf een vacature")


def test_a_lead_that_signs_up_becomes_a_registered_company(visitor: Visitor, post: Any) -> None:
    employer = an_employer(state=EmployerState.LEAD)
    sign_up(visitor, number=number_of(employer))
    found = db.session.scalars(sa.select(Employer)).one()
    assert found.state is EmployerState.REGISTERED and found.section == "N"


def test_nobody_joins_the_operator_by_typing_its_number(visitor: Visitor, post: Any) -> None:
    from tests.factories import an_operator

    an_operator().number = a_number(9)
    db.session.commit()
    assert sign_up(visitor, number=a_number(9)).path == "/sign-up/sent"
    assert db.session.scalars(sa.select(Employer)).all() == []


def test_the_same_form_sent_twice_makes_one_company(visitor: Visitor, post: Any) -> None:
    form = visitor.open("/sign-up").form("Meld je bedrijf aan")
    once = dict(form.fields)
    sent = [(k, v) for k, v in answers().items() if not isinstance(v, list)]
    sent += [("csrf_token", once["csrf_token"]), ("once", once["once"]), ("shifts", "day"), ("forms_offered", "ibo")]
    first, second = visitor.post("/sign-up", sent), visitor.post("/sign-up", sent)
    assert first.path == second.path == "/sign-up/sent"
    assert len(post.to("an@delieve.example")) == 1


def test_too_many_tries_keep_what_was_typed(visitor: Visitor, post: Any) -> None:
    for _ in range(5):
        assert sign_up(visitor).status == 200
    page = sign_up(visitor)
    assert page.status == 429
    page.says("Te veel pogingen vanaf hier")
    assert dict(page.form("Meld je bedrijf aan").fields)["name"] == "Groenwerken De Lieve"


def test_ambassadors_hear_of_the_company_with_its_invitation(visitor: Visitor, post: Any) -> None:
    from portal.employers.answers import SignUpAnswer

    heard: list[Any] = []
    listener = lambda employer, invitation: heard.append((employer.name, invitation))  # noqa: E731
    with signals.company_registered.connected_to(listener):
        given = {k: tuple(v) if isinstance(v, list) else v for k, v in answers().items()}
        signing.sign_up(SignUpAnswer(**given), "fr", invitation_id=12)
    assert heard == [("Groenwerken De Lieve", 12)]
    person = db.session.scalars(sa.select(Person).where(Person.email == "an@delieve.example")).one()
    assert person.language == "fr"


def test_a_new_company_belongs_to_the_programme_near_it(app: Any) -> None:
    far, near = a_programme("Doorstart Gent"), a_programme("Doorstart Hasselt")
    for programme, postcode in ((far, "9000"), (near, "3500")):
        site = Site(kind=SiteKind.OFFICE, code=postcode, nl="x", fr="x", en="x", postcode=postcode, municipality="x")
        db.session.add(site)
        db.session.flush()
        db.session.add(ProgrammeSite(programme_id=programme.id, site_id=site.id))
    db.session.commit()
    assert service.programme_for("3600").id == near.id
    assert service.programme_for("9800").id == far.id
    assert service.programme_for("4000").id == far.id, "nowhere near: the first"


def test_a_second_confirmation_opens_no_second_task(visitor: Visitor, post: Any) -> None:
    sign_up(visitor)
    person = db.session.scalars(sa.select(Person).where(Person.email == "an@delieve.example")).one()
    accounts.confirm(person)
    accounts.confirm(person)
    db.session.commit()
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Task)) == 1
