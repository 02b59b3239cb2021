"""An administrator looks after accounts, and opens no dossier."""

from datetime import date
from typing import Any

import pytest

from portal.accounts.models import Membership, Person
from portal.accounts.roles import Role
from portal.foundation import signals
from portal.foundation.database import db
from tests.factories import a_person, a_programme

pytestmark = pytest.mark.usefixtures("app")


@pytest.fixture
def ada(visitors: Any) -> Any:
    programme = a_programme()
    db.session.commit()
    assert programme.id
    return visitors(a_person("ada@example.org", role=Role.ADMINISTRATOR, first_name="Ada", last_name="Smets"))


def _invite(ada: Any, **other: Any) -> Any:
    page = ada.open("/accounts/invite")
    programme = page.form("Verstuur").xpath(".//select[@name='programme']/option")[1].get("value")
    values = {
        "first_name": "Marc", "last_name": "Peeters", "email": "marc@example.org", "language": "fr", "role": "vdab",
        "programme": programme, **other,
    }  # fmt: skip
    return page.send("Verstuur de uitnodiging", **values)


def test_somebody_is_invited_by_letter_and_chooses_a_password(ada: Any, visitor: Any, post: Any) -> None:
    _invite(ada).says("Marc Peeters", "VDAB-detentieconsulent", "uitgenodigd")
    letter = post.last("marc@example.org", "accounts/welcome")
    assert "Choisissez un mot de passe" in letter.text
    visitor.open(letter.path("/welcome/")).send(password="une phrase assez longue")
    page = visitor.open("/sign-in").send(email="marc@example.org", password="une phrase assez longue")
    page.says("Choisissez votre deuxième étape")
    assert _invite(ada).says("Deze persoon heeft daar die rol al").status == 422


def test_a_role_and_its_programme_belong_together(ada: Any) -> None:
    assert _invite(ada, programme="").says("Iedereen werkt in één programma").status == 422
    assert _invite(ada, role="administrator").status == 422
    assert _invite(ada, role="employer_admin").status == 422
    assert db.session.query(Person).filter_by(email="marc@example.org").count() == 0


def test_a_role_ends_from_the_next_request_on(ada: Any, visitors: Any) -> None:
    worker = a_person("lien@example.org", role=Role.PROJECT_WORKER)
    seat = db.session.query(Membership).filter_by(person_id=worker.id).one()
    seat.since = date(2026, 1, 1)
    db.session.commit()
    lien = visitors(worker)
    lien.open("/companies")
    heard: list[int] = []
    listener = lambda person: heard.append(person.id)  # noqa: E731
    with signals.worker_left.connected_to(listener):
        ada.open(f"/accounts/{worker.key}").send("Stop deze rol").says("Vandaag geen rol")
    assert heard == [worker.id]
    lien.open("/companies", status=403)


def test_a_closed_account_is_out_at_once(ada: Any, visitors: Any) -> None:
    worker = a_person("lien@example.org", role=Role.PROJECT_WORKER)
    lien = visitors(worker)
    lien.open("/me")
    ada.open(f"/accounts/{worker.key}").send("Sluit deze account af").says("account afgesloten")
    assert lien.open("/me").path == "/sign-in"


def test_the_last_administrator_stays(ada: Any) -> None:
    me = db.session.query(Person).filter_by(email="ada@example.org").one()
    for button in ("Stop deze rol", "Sluit deze account af"):
        ada.open(f"/accounts/{me.key}").send(button).says("Jij bent de laatste beheerder")
    a_person("eva@example.org", role=Role.ADMINISTRATOR)
    ada.open(f"/accounts/{me.key}").send("Sluit deze account af")
    assert ada.open("/accounts").path == "/sign-in"


def test_the_list_is_searched_and_costs_the_same_at_1_and_at_30(ada: Any) -> None:
    one = ada.open("/accounts")
    for n in range(29):
        a_person(f"p{n}@example.org", role=Role.PSD, last_name=f"Naam {n:02d}")
    many = ada.open("/accounts")
    assert len(one.queries) == len(many.queries) <= 8
    many.follow("Volgende").says("Smets")
    ada.open("/accounts?q=lien naam 07").says("Naam 07").lacks("Naam 08")
    ada.open("/accounts?q=%25").says("Niemand gevonden")


def test_nobody_else_comes_here(visitors: Any) -> None:
    for role in (Role.COORDINATOR, Role.PROJECT_WORKER, Role.VDAB):
        visitors(a_person(role=role)).open("/accounts", status=403)
