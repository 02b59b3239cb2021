"""Somebody with half a sign-in, and a thief with a session and a password: what stays closed, and what turns back."""

from threading import Barrier, Thread
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from portal.accounts import address, codes, ways
from portal.accounts.models import AddressChange, CodeSheet, Person, SheetKind
from portal.foundation import clock
from portal.foundation.access import NOBODY, Half, Viewer, policy_of
from portal.foundation.database import db
from portal.foundation.errors import DomainError
from tests.accounts.steps import PASSWORD, an_app, sign_in
from tests.factories import a_person

pytestmark = pytest.mark.usefixtures("app")
SECOND = {"accounts.second_step", "accounts.second_passkey"}
BEGINNING = {
    "accounts.second_steps", "accounts.second_app", "accounts.second_key", "accounts.second_printed",
    "accounts.second_printed_first",
}  # fmt: skip


@pytest.mark.parametrize(("enrols", "opens"), [(False, SECOND), (True, SECOND | BEGINNING)])
def test_half_a_sign_in_opens_what_a_visitor_opens_and_its_second_step(
    app: Flask, enrols: bool, opens: set[str]
) -> None:
    """Every endpoint of the portal, whatever its method: a room that is added later is asked too."""
    half = Viewer(token="t", half=Half(1, 1, enrols))
    found = {rule.endpoint: policy_of(app, rule.endpoint) for rule in app.url_map.iter_rules()}
    more = {name for name, policy in found.items() if policy and policy.allows(half) and not policy.allows(NOBODY)}
    assert more == opens


def asks(thief: Any, new: str) -> None:
    thief.open("/me/address").send(email=new)


def test_the_first_mailbox_turns_back_also_what_went_on_from_there(visitors: Any, post: Any) -> None:
    """A thief who changes the address twice is not rid of whoever reads the first mailbox."""
    person = a_person("an@example.org", password=PASSWORD)
    thief = visitors(person)
    asks(thief, "dief@example.net")
    visitors().open(post.last("dief@example.net", "accounts/address_new").path("/address/")).send("Ja, gebruik")
    way = post.last("an@example.org", "accounts/address_was_old").path("/keep")
    asks(thief, "dieper@example.net")
    onward = post.last("dieper@example.net", "accounts/address_new").path("/address/")
    visitors().open(onward).send("Ja, gebruik")
    asks(thief, "diepst@example.net")
    deepest = post.last("diepst@example.net", "accounts/address_new").path("/address/")
    visitors().open(way).send("Houd mijn oude adres")
    assert db.session.get_one(Person, person.id).email == "an@example.org"
    assert post.last("an@example.org").template == "accounts/password"
    page = visitors()._ask(lambda: visitors().client.get(deepest))
    assert page.status == 410, "what waits of the thief's counts no more"


def test_who_stops_a_change_shuts_out_the_password_and_the_ways_that_came_since(visitors: Any, post: Any) -> None:
    person = an_app(a_person("an@example.org", password=PASSWORD))
    thief = visitors(person)
    asks(thief, "dief@example.net")
    codes.make(person, SheetKind.PRINTED)
    db.session.execute(sa.update(CodeSheet).values(confirmed_at=clock.now()))
    db.session.commit()
    visitors().open(post.last("an@example.org", "accounts/address_asked").path("/keep")).send("Houd mijn oude adres")
    again = sign_in(visitors(), db.session.get_one(Person, person.id))
    assert again.path == "/sign-in", "the password that leaked opens nothing"
    own = ways.of(person.id)
    assert own.app and own.printed is None, "what stood before stays, what came since goes"


@pytest.mark.engine
def test_a_yes_of_the_new_mailbox_and_a_no_of_the_old_one_at_once_leave_the_old_one_in_charge(
    app: Flask, post: Any
) -> None:
    person = a_person("an@example.org", password=PASSWORD)
    number, me, start = address.ask(person, "dief@example.net").id, person.id, Barrier(2)
    db.session.commit()

    def press(deed: Any) -> None:
        with app.app_context():
            start.wait()
            try:
                deed(address.of(number, lock=True))
                db.session.commit()
            except DomainError:
                db.session.rollback()
            db.session.remove()

    presses = [Thread(target=press, args=(deed,)) for deed in (address.confirm, address.keep_old)]
    for one in presses:
        one.start()
    for one in presses:
        one.join()
    db.session.expire_all()
    assert db.session.get_one(Person, me).email == "an@example.org"
    assert db.session.get_one(AddressChange, number).stopped_at is not None
