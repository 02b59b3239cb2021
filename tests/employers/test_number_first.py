"""Signing up begins with the company number: what the public register knows stands there already."""

from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from portal.employers.models import Employer
from portal.foundation.database import db
from portal.organisations import register
from portal.organisations.models import Organisation
from tests.employers.test_signing_up import answers
from tests.factories import a_programme
from tests.organisations.register_files import BAKER, GONE, VERLINDEN, full, write
from tests.visitor import Page, Visitor

pytestmark = pytest.mark.usefixtures("app")


@pytest.fixture(autouse=True)
def _register(app: Any, tmp_path: Path) -> None:
    a_programme()
    db.session.commit()
    register.bring(write(tmp_path / "register", full()), register.Report(lambda *_: None, lambda *_: None))


def ask(visitor: Visitor, number: str, country: str = "BE") -> Page:
    """What the first page sends: an address, so that it works without a script and changes nothing."""
    form = visitor.open("/sign-up").tree.xpath("//main//form")[0]
    assert form.get("method") == "get" and form.get("action").endswith("/sign-up")
    return visitor._ask(lambda: visitor.client.get("/sign-up", query_string={"number": number, "country": country}))


def typed(page: Page) -> dict[str, Any]:
    return dict(page.form("Meld je bedrijf aan").fields)


def test_the_number_fills_in_name_address_and_sector(visitor: Visitor, post: Any) -> None:
    page = ask(visitor, "BE 0100.000.763").says("Dit zegt het openbare register over 0100.000.763")
    form = typed(page)
    assert (form["number"], form["name"], form["section"]) == ("0100.000.763", 'Garage "Verlinden", broers', "G")
    assert (form["street"], form["postcode"], form["municipality"]) == ("Dok Noord 4 bus 2", "9000", "Gent")
    filled = {"number", "name", "section", "street", "postcode", "municipality"}
    own = {k: v for k, v in answers().items() if k not in filled}
    assert page.send("Meld je bedrijf aan", **own).path == "/sign-up/sent"
    organisation = db.session.scalars(sa.select(Organisation).where(Organisation.number == "0100000763")).one()
    assert organisation.name == 'Garage "Verlinden", broers'


def test_after_the_number_seven_answers_are_left_of_which_four_are_typed(visitor: Visitor, post: Any) -> None:
    """Under five minutes, counted: one page with one answer, then one page with seven."""
    page = ask(visitor, VERLINDEN)
    assert page.tree is not None
    before = typed(page)
    fields = {e.get("name") for e in page.tree.xpath("//main//form//*[@name]")} - {"csrf_token", "once"}
    left = {name for name in fields if not before.get(name)} - {"public_transport", "concerns"}
    assert left == {"size", "first_name", "last_name", "email", "phone", "shifts", "forms_offered"}


def test_what_the_register_said_can_be_changed(visitor: Visitor, post: Any) -> None:
    own = {**answers(number="0100.000.763", name="Garage De Broers"), "concerns": []}
    ask(visitor, VERLINDEN).send("Meld je bedrijf aan", **own)
    assert (
        db.session.scalars(sa.select(Organisation.name).where(Organisation.number == "0100000763")).one()
        == "Garage De Broers"
    )


@pytest.mark.parametrize(
    "number", [" 0100 000 763 ", "BE0100000763", "BE 0100.000.763", "be-0100-000-763", "100.000.763"]
)
def test_dots_spaces_and_letters_do_not_matter(number: str, visitor: Visitor) -> None:
    assert typed(ask(visitor, number))["name"] == 'Garage "Verlinden", broers'


def test_a_wrong_number_is_said_beside_its_field(visitor: Visitor) -> None:
    page = ask(visitor, "0100.000.764")
    assert page.status == 422
    page.says("Dit ondernemingsnummer klopt niet")
    assert page.tree is not None
    assert page.tree.xpath("//input[@name='number'][@aria-invalid='true'][@value='0100.000.764']")


def test_a_number_that_the_register_lacks_goes_on_by_hand(visitor: Visitor) -> None:
    page = ask(visitor, "0403.170.701").says("Vul de rest zelf in")
    assert typed(page)["number"] == "0403.170.701" and not typed(page)["name"]


def test_of_somebody_alone_only_the_shop_is_filled_in(visitor: Visitor) -> None:
    form = typed(ask(visitor, BAKER))
    assert (form["name"], form["street"], form["postcode"]) == ("Bakkerij De Korst", "", "")


def test_a_company_from_abroad_names_its_country(visitor: Visitor, post: Any) -> None:
    assert typed(ask(visitor, "004495445B01", "NL"))["number"] == "NL004495445B01"
    assert typed(ask(visitor, "NL004495445B01", "BE"))["number"] == "NL004495445B01"
    ask(visitor, "004495446B01", "NL").says("Dit is geen btw-nummer van Nederland")
    ask(visitor, "US123456", "BE").says("Nummers van dit land kunnen we niet nakijken")
    page = ask(visitor, "004495445B01", "NL")
    own = {k: v for k, v in answers().items() if k != "number"}
    page.send("Meld je bedrijf aan", **own)
    assert (
        db.session.scalars(sa.select(Organisation.number).where(Organisation.number.startswith("NL"))).one()
        == "NL004495445B01"
    )


def test_where_nothing_is_loaded_the_form_stands_there_at_once(visitor: Visitor, post: Any) -> None:
    from portal.organisations.models import LoadState

    register.drop(LoadState.CURRENT)
    assert visitor.open("/sign-up").send("Meld je bedrijf aan", **answers()).path == "/sign-up/sent"


def test_a_known_company_reads_the_same_as_one_that_is_not_here(visitor: Visitor, visitors: Any, post: Any) -> None:
    """That a company stands in the public register is public; that it takes part here is not."""
    before = ask(visitor, VERLINDEN)
    own = {**answers(number="0100.000.763"), "concerns": []}
    before.send("Meld je bedrijf aan", **own)
    assert db.session.scalars(sa.select(Employer.id)).all()
    after = ask(visitors(), VERLINDEN)
    assert after.text == before.text and len(after.queries) == len(before.queries)


def test_the_worker_reads_beside_it_what_the_register_says(visitor: Visitor, visitors: Any, post: Any) -> None:
    from portal.accounts.roles import Role
    from tests.factories import a_person

    own = {**answers(number=GONE, name="Iets Anders"), "concerns": []}
    ask(visitor, GONE).send("Meld je bedrijf aan", **own)
    employer = db.session.scalars(sa.select(Employer)).one()
    page = visitors(a_person(role=Role.PROJECT_WORKER)).open(f"/companies/{employer.key}/verify")
    page.says("In het openbare register", "Vereffend", "ontbonden, failliet of aan het stoppen")
    assert len(page.queries) <= 8


def test_odd_questions_in_the_address_break_nothing(visitor: Visitor) -> None:
    for number, country in (
        ("'; DROP", "BE"),
        ("é" * 300, "XX"),
        ("0" * 4000, ""),
        ("BE", "BE"),
        ("12", "ZZZZ"),
        ("²³" * 5, "BE"),
    ):
        assert ask(visitor, number, country).status in {200, 422}


def test_the_page_of_a_code_from_a_fair_fills_in_by_number_too(visitors: Any, post: Any) -> None:
    from tests.ambassadors.factories import an_ambassador
    from tests.ambassadors.test_fairs import a_fair_link

    way = a_fair_link(an_ambassador())
    page = visitors().open(way).says("Het openbare register vult je naam en adres in")
    assert page.tree is not None and page.tree.xpath("//main//form[@method='get']//input[@name='number']")
    filled = visitors().open(f"{way}?number=0100.000.763")
    assert typed(filled)["name"] == 'Garage "Verlinden", broers' and typed(filled)["postcode"] == "9000"
    assert len(filled.queries) <= 8
    assert visitors().open(f"{way}?number=12").status == 200
