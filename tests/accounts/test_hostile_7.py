"""Two presses of one button of a letter's page: the second goes where the first led, and nobody reads that it failed."""

from typing import Any

import pytest

from portal.accounts import service as accounts
from portal.accounts.models import Person
from portal.foundation.database import db
from tests.accounts.steps import PASSWORD
from tests.factories import a_person
from tests.visitor import Page

pytestmark = pytest.mark.usefixtures("app")


def twice(page: Page, **values: str) -> list[Page]:
    """A double click sends the same form twice."""
    data = [(k, v) for k, v in page.form().form_values() if k not in values] + list(values.items())
    return [page.visitor.post(page.path, data) for _ in range(2)]


@pytest.mark.parametrize("letter", ["confirm", "password", "welcome"])
def test_a_double_click_on_a_first_or_new_password_is_one(letter: str, visitors: Any, post: Any) -> None:
    person = accounts.new_person(email="ria@elders.example", first_name="Ria", last_name="Elders", language="nl")
    if letter == "confirm":
        accounts.ask_to_confirm(person)
    elif letter == "password":
        accounts.ask_new_password(person.email)
    else:
        accounts.invite(
            email=person.email, first_name="", last_name="", language="nl", role=accounts.Role.VDAB
        )  # fmt: skip
    db.session.commit()
    page = visitors().open(post.last(person.email).path(f"/{letter}/"))
    first, second = twice(page, password=PASSWORD)
    assert (first.status, first.path) == (second.status, second.path) == (200, "/sign-in")


@pytest.mark.parametrize("which", ["yes", "no"])
def test_a_double_click_on_another_address_is_one(which: str, visitors: Any, post: Any) -> None:
    person = a_person("an@elders.example", password=PASSWORD)
    visitors(person).open("/me/address").send(email="an.nieuw@elders.example")
    address = "an.nieuw@elders.example" if which == "yes" else "an@elders.example"
    page = visitors().open(post.last(address).path("/address/"))
    first, second = twice(page)
    assert first.status == second.status == 200 and first.path == second.path
    assert db.session.get_one(Person, person.id).email == address
