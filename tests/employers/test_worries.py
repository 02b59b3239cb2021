"""Two or three answers stand where a worry arises: those to what the company worries about first."""

from typing import Any

import pytest

from portal.foundation.database import db
from tests.employers.factories import a_contact, an_employer

pytestmark = pytest.mark.usefixtures("app")


def folded(page: Any) -> list[str]:
    """The questions that stand closed on a page, each with the way to its whole answer."""
    ways = page.tree.xpath("//main//details[.//a[contains(@href, '/answers/')]]/summary")
    return [" ".join(one.text_content().split()) for one in ways]


def test_who_signs_up_finds_answers_beside_the_questions(visitor: Any) -> None:
    page = visitor.open("/sign-up?number=0403170701")
    page = page if folded(page) else visitor.open("/sign-up?empty=1")
    assert 2 <= len(folded(page)) <= 3
    assert "Is het veilig voor mijn mensen?" in folded(page)
    page.follow("Het hele antwoord")


def test_a_vacancy_shows_first_what_its_company_worried_about(visitors: Any) -> None:
    employer = an_employer()
    employer.concerns = ["overtime", "if_it_fails"]
    db.session.commit()
    page = visitors(a_contact(employer)).open("/vacancies/new?occupation=tyre_fitting")
    assert folded(page)[:2] == ["Kan ik overuren of een andere ploeg vragen?", "Wat als het niet lukt?"]
    page.follow("Vraag het aan een bedrijf dat het deed")
