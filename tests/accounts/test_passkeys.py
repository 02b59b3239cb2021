"""Passkeys and hardware keys: after the password, or instead of it; each question is answered once, by the right key, here."""

import json
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine

from portal.accounts.models import Passkey, Person
from portal.accounts.roles import Role
from portal.foundation.database import db
from tests.accounts.steps import PASSWORD, Key, answer, question, sign_in
from tests.factories import a_person
from tests.visitor import Page, Visitor

pytestmark = pytest.mark.usefixtures("app")
NOON = "2026-11-20 11:00:00+00:00"
SHOW, USE = "Meld je aan met een passkey", "Gebruik een passkey of beveiligingssleutel"


def lien() -> Person:
    return a_person("lien@example.org", password=PASSWORD, role=Role.PROJECT_WORKER)


def add(visitor: Visitor, key: Key, name: str = "mijn telefoon") -> Page:
    page = visitor.open("/me/second/passkey")
    return answer(page, "Voeg de passkey toe", key.make(question(page)), name=name)


def come_in(visitor: Visitor, key: Key) -> Page:
    page = visitor.open("/sign-in")
    return answer(page, SHOW, key.show(question(page)))


def test_a_passkey_begun_at_the_first_sign_in_opens_alone_the_next_time(
    visitor: Visitor, visitors: Any, post: Any
) -> None:
    key = Key()
    sign_in(visitor, lien()).says("Kies je tweede stap")
    assert add(visitor, key).path == "/"
    assert "passkey toegevoegd" in post.last("lien@example.org", "accounts/second_changed").text
    other = visitors()
    assert come_in(other, key).path == "/"
    other.open("/me").says("lien@example.org", "1 passkey")


def test_after_the_password_a_key_without_a_finger_or_pin_is_enough_and_alone_it_is_not(
    visitor: Visitor, visitors: Any, post: Any
) -> None:
    key, person = Key(verifies=False), lien()
    add(visitor.become(person), key)
    other = visitors()
    page = sign_in(other, person).says("De tweede stap")
    assert answer(page, USE, key.show(question(page))).path == "/"
    come_in(visitors(), key).says("Die passkey opent hier niets")


def test_several_passkeys_have_names_and_one_that_is_removed_opens_nothing(visitors: Any, post: Any) -> None:
    person, phone, ring = lien(), Key(), Key()
    inside = visitors(person)
    add(inside, phone, "mijn telefoon")
    add(inside, ring, "sleutel aan mijn bos").says("mijn telefoon", "sleutel aan mijn bos")
    assert "mijn telefoon" not in str(db.session.execute(sa.text("SELECT * FROM passkey")).all())
    inside.open("/me/second").send("Weghalen")
    assert len(db.session.scalars(sa.select(Passkey)).all()) == 1
    left = db.session.scalars(sa.select(Passkey.name)).one()
    gone, there = (phone, ring) if left.startswith("sleutel") else (ring, phone)
    come_in(visitors(), gone).says("opent hier niets")
    assert come_in(visitors(), there).path == "/"


def test_nobody_removes_somebody_elses_passkey(visitors: Any, post: Any) -> None:
    add(visitors(lien()), Key())
    key = db.session.scalars(sa.select(Passkey)).one()
    other = visitors(a_person(role=Role.PSD))
    token = other.open("/me").tree.xpath("//input[@name='csrf_token']/@value")[0]
    path = f"/me/second/passkeys/{key.key}/remove"
    answer = other._ask(lambda: other.client.post(path, data={"csrf_token": token, "once": "x" * 20}))
    assert answer.status == 404
    assert db.session.scalars(sa.select(Passkey)).one()


@pytest.mark.engine
def test_an_answer_counts_once(visitors: Any, post: Any) -> None:
    key = Key()
    add(visitors(lien()), key)
    page = visitors().open("/sign-in")
    said = key.show(question(page))
    assert answer(page, SHOW, said).path == "/"
    page.visitor.open("/").send("Afmelden")
    token = page.visitor.open("/sign-in").tree.xpath("//input[@name='csrf_token']/@value")[0]
    sealed = page.tree.xpath("//input[@name='challenge']/@value")[0]
    data = {"csrf_token": token, "once": "y" * 20, "challenge": sealed, "credential": said}
    page.visitor.post("/sign-in/passkey", data).says("Die passkey opent hier niets")


def test_an_old_question_is_not_answered_any_more(visitors: Any, post: Any) -> None:
    key = Key()
    with time_machine.travel(NOON, tick=False) as at:
        add(visitors(lien()), key)
        page = visitors().open("/sign-in")
        at.shift(21 * 60)
        answer(page, SHOW, key.show(question(page))).says("opent hier niets")


@pytest.mark.parametrize("wrong", ["stranger", "origin", "question", "counter", "broken", "nothing"])
def test_any_wrong_answer_gets_the_same_words(visitors: Any, post: Any, wrong: str) -> None:
    key = Key()
    add(visitors(lien()), key)
    page = visitors().open("/sign-in")
    options = question(page)
    if wrong == "stranger":
        said = Key().show(options)
    elif wrong == "origin":
        key.origin = "https://portaal.example"
        said = key.show(options)
    elif wrong == "question":
        said = key.show(json.dumps({**json.loads(options), "challenge": "AAAA"}))
    elif wrong == "counter":
        db.session.execute(sa.update(Passkey).values(sign_count=9))
        said = key.show(options)
    else:
        said = {"broken": '{"rawId": ["x"], "id": 3}', "nothing": "[" * 2000}[wrong]
    answer(page, SHOW, said).says("Die passkey opent hier niets")


def test_a_closed_account_has_no_passkey_that_opens(visitors: Any, post: Any) -> None:
    from portal.accounts import service

    key, person = Key(), lien()
    add(visitors(person), key)
    service.deactivate(person)
    come_in(visitors(), key).says("opent hier niets")


def test_a_passkey_of_somebody_else_is_no_second_step(visitors: Any, post: Any) -> None:
    mine, other = Key(), Key()
    person, stranger = lien(), a_person(role=Role.PSD, password=PASSWORD)
    add(visitors(person), mine)
    add(visitors(stranger), other)
    page = sign_in(visitors(), person)
    answer(page, USE, other.show(question(page))).says("opent hier niets")


def test_a_question_for_a_new_key_signs_nobody_in(visitors: Any, post: Any) -> None:
    key, person = Key(), lien()
    inside = visitors(person)
    add(inside, key)
    page = inside.open("/me/second/passkey")
    assert page.tree is not None
    sealed = page.tree.xpath("//input[@name='challenge']/@value")[0]
    options = json.dumps({**json.loads(question(page)), "rpId": "localhost"})
    out = visitors().open("/sign-in")
    out.send(SHOW, challenge=sealed, credential=key.show(options)).says("opent hier niets")


def test_without_a_script_the_buttons_of_passkeys_do_not_show_and_the_other_ways_do(visitor: Visitor) -> None:
    page = visitor.open("/sign-in")
    assert page.tree is not None
    assert page.tree.xpath("//*[@data-passkey][@hidden]")
    sign_in(visitor, lien()).says("App met codes", "Lijst op papier")
    page = visitor.open("/me/second/passkey")
    page.says("Een passkey vraagt een browser met scripts", "Kies een andere manier")


def test_what_a_key_remembers_tells_nobody_whose_it_is(visitors: Any) -> None:
    person = lien()
    options = json.loads(question(visitors(person).open("/me/second/passkey")))
    assert options["user"]["id"] not in {str(person.id), person.key, person.email}
    assert json.loads(question(visitors().open("/sign-in"))).get("allowCredentials") in (None, [])
