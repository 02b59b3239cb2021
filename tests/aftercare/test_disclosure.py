"""What a person wants colleagues to know is recorded with the start, and respected wherever the company reads about it."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine

from portal.aftercare.models import CheckIn, Voice
from portal.foundation.database import db
from portal.foundation.options import options
from tests.aftercare.test_weeks import night
from tests.placements.factories import Cast, a_cast, a_placement, a_start

pytestmark = pytest.mark.usefixtures("app")
WORDS = "Ik leer het vak opnieuw na een lange tijd thuis."
SAYS = {
    "none": "Niemand anders op het werk",
    "who": "Je collega kiest wie",
    "what": "Je collega wil dat iedereen op het werk",
}


@pytest.fixture
def at() -> Iterator[Any]:
    with time_machine.travel("2026-09-28 07:00:00+00:00", tick=False) as traveller:
        yield traveller


def chosen(cast: Cast, choice: str) -> Any:
    placement = a_start(cast)
    placement.disclosure, placement.disclosure_words = choice, WORDS
    db.session.commit()
    return placement


def test_the_start_form_records_the_choice_in_the_persons_own_words(at: Any, visitors: Any) -> None:
    cast = a_cast()
    placement = a_placement(cast, date(2026, 10, 5))
    page = visitors(cast.worker).open(f"/placements/{placement.key}/prepare")
    page.send("Ontwerp bewaren", form="fixed_term", hours_week="32", disclosure="what", disclosure_words=WORDS)
    db.session.refresh(placement)
    assert (placement.disclosure, placement.disclosure_words) == ("what", WORDS)


@pytest.mark.parametrize("choice", list(SAYS))
def test_every_page_and_letter_of_the_company_keeps_to_it(at: Any, visitors: Any, post: Any, choice: str) -> None:
    """Its own list, the form behind its account, the form behind its link, and each letter on the way."""
    cast = a_cast()
    placement = chosen(cast, choice)
    night(at, "2026-10-12")
    at.move_to("2026-10-12 08:00:00+00:00")
    letter = post.last(cast.contact.email, "aftercare/form")
    asked = (CheckIn.placement_id == placement.id, CheckIn.moment == "week2", CheckIn.voice == Voice.EMPLOYER)
    key = db.session.scalars(sa.select(CheckIn.key).where(*asked)).one()
    greet = visitors(cast.contact)
    pages = [
        greet.open("/aftercare"),
        greet.open(f"/aftercare/moment/{key}/answers"),
        visitors().open(letter.path("/form/")),
    ]
    for page in pages:
        page.says(SAYS[choice])
        assert (WORDS in page.text) is (choice == "what")
        assert not [said for other, said in SAYS.items() if other != choice and said in page.text]
    for one in post.to(cast.contact.email):
        assert WORDS not in one.html + one.text + one.subject
    assert WORDS not in greet.open("/").text


def test_the_employees_own_form_says_nothing_of_it(at: Any, visitors: Any, post: Any) -> None:
    cast = a_cast()
    placement = chosen(cast, "what")
    night(at, "2026-11-23")
    at.move_to("2026-11-23 08:00:00+00:00")
    asked = (CheckIn.placement_id == placement.id, CheckIn.moment == "week8", CheckIn.voice == Voice.EMPLOYEE)
    key = db.session.scalars(sa.select(CheckIn.key).where(*asked)).one()
    page = visitors(cast.worker).open(f"/aftercare/moment/{key}/answers").lacks(WORDS)
    page.lacks(SAYS["what"])


def test_another_contact_of_the_company_reads_nothing_of_it(at: Any, visitors: Any) -> None:
    chosen(a_cast(), "what")
    visitors(a_cast(company="Garage Zon").contact).open("/aftercare").lacks(WORDS, *SAYS.values())


def test_the_guide_says_beforehand_whose_choice_it_is() -> None:
    line = options("interviews", "lines", "guide")["colleagues"]
    assert line.data["when"] == "always"
    assert "kiest de kandidaat zelf" in line.label
