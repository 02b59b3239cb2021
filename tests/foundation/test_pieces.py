"""The pieces that every room stands on."""

from datetime import UTC, date, datetime, time
from typing import Any

import pytest
import sqlalchemy as sa
from cryptography.fernet import Fernet, InvalidToken
from flask import Flask

from portal.config import Settings, UnsafeSettings, from_environment
from portal.foundation import acting, clock, crypto, edges, folding, once, words
from portal.foundation.crypto import Cipher
from portal.foundation.database import db
from portal.foundation.refusals import local_path
from portal.foundation.storage import Folder, InDatabase
from portal.journal import service as journal
from portal.journal.models import Entry
from portal.outbox.models import Letter
from tests.factories import a_person
from tests.visitor import Visitor

SAFE = {
    "DOORSTART_MODE": "production",
    "SECRET_KEY": "s" * 32,
    "ENCRYPTION_KEYS": Fernet.generate_key().decode(),
    "INDEX_KEY": "i" * 32,
    "HOSTS": "portal.example.org",
    "MAIL_SERVER": "mail.example.org",
    "PUBLIC_URL": "https://portal.example.org",
}


def test_production_starts_with_real_secrets_and_named_hosts() -> None:
    assert from_environment(SAFE).secure


@pytest.mark.parametrize(
    "missing", ["SECRET_KEY", "ENCRYPTION_KEYS", "INDEX_KEY", "HOSTS", "MAIL_SERVER", "PUBLIC_URL"]
)
def test_production_refuses_to_start_without(missing: str) -> None:
    with pytest.raises(UnsafeSettings):
        from_environment({name: value for name, value in SAFE.items() if name != missing})


def test_production_refuses_to_start_in_debug() -> None:
    with pytest.raises(UnsafeSettings):
        from_environment({**SAFE, "FLASK_DEBUG": "1"})


def test_a_new_key_reads_what_the_old_one_wrote_and_the_old_one_can_go() -> None:
    old, new = Fernet.generate_key().decode(), Fernet.generate_key().decode()
    sealed = Cipher([old], "i").seal("Sofie")
    both = Cipher([new, old], "i")
    assert both.open(sealed) == "Sofie"
    assert Cipher([new], "i").open(both.rotate(sealed)) == "Sofie"
    with pytest.raises(InvalidToken):
        Cipher([new], "i").open(sealed)


def test_nine_o_clock_stays_nine_o_clock_across_the_clock_change() -> None:
    before, after = clock.at(date(2026, 10, 24), time(9)), clock.at(date(2026, 10, 26), time(9))
    assert (before.hour, after.hour) == (7, 8)
    assert clock.local(before).hour == clock.local(after).hour == 9


@pytest.mark.engine
def test_a_moment_without_a_zone_is_refused_and_one_with_a_zone_comes_back_in_utc(app: Flask) -> None:
    person = a_person()
    person.confirmed_at = datetime(2026, 11, 21, 10, tzinfo=clock.BRUSSELS)
    db.session.commit()
    assert person.confirmed_at == datetime(2026, 11, 21, 9, tzinfo=UTC)
    person.confirmed_at = datetime(2026, 11, 21, 10)
    with pytest.raises(sa.exc.StatementError):
        db.session.commit()
    db.session.rollback()


@pytest.mark.parametrize("target", ["//evil.example", "https://evil.example", "/\\evil", "evil", "/a\nb", "", None])
def test_a_redirect_never_leaves_the_house(target: str | None) -> None:
    assert local_path(target) is None


def test_a_double_click_does_the_work_once(visitor: Visitor, post: Any) -> None:
    a_person("lien@example.org")
    page = visitor.open("/password")
    assert page.send(email="lien@example.org").path == page.send(email="lien@example.org").path == "/password/sent"
    assert len(post.to("lien@example.org")) == 1


@pytest.mark.engine
def test_what_was_typed_is_sealed_and_comes_back_on_its_own_page_only(app: Flask) -> None:
    token = once.keep_typed("/vacancies/new", {"title": ["Bakker"]})
    assert once.typed(token, "/vacancies/new") == {"title": ["Bakker"]}
    assert once.typed(token, "/elsewhere") is None
    assert once.typed("other", "/vacancies/new") is None
    raw = db.session.execute(sa.text("SELECT fields FROM typed_text")).scalar_one()
    assert "Bakker" not in raw


@pytest.mark.engine
def test_the_edge_of_a_page_shows_nothing_and_opens_on_its_own_list_only(app: Flask) -> None:
    token = edges.sealed("room.list", "Peeters", 12)
    assert "Peeters" not in token and "room" not in token
    assert edges.opened("room.list", token) == ["Peeters", 12]
    assert edges.opened("room.other", token) is None
    # Nonsense, and what the portal sealed for something else, are no edge.
    for other in ("12 moh", "12", "{}", "null", '"room.list"', "[]"):
        assert edges.opened("room.list", crypto.cipher().seal(other)) is None
    for other in (None, "", "nonsense"):
        assert edges.opened("room.list", other) is None


def test_a_name_is_compared_without_case_and_accents() -> None:
    assert folding.folded("Aït-SAÏD Straße") == folding.folded("AIT-Said STRASSE") == "ait-said strasse"


def test_the_journal_knows_who_did_what_and_why(app: Flask) -> None:
    person = a_person()
    with acting.as_(person.id, "coordinator", reason="asked by phone"):
        journal.note("account.looked_at", person, about=7)
        journal.saw("account.read", person)
    db.session.commit()
    did, saw = db.session.scalars(sa.select(Entry).order_by(Entry.id)).all()[-2:]
    assert (did.actor_id, did.role, did.reason, did.about, did.seen) == (
        person.id,
        "coordinator",
        "asked by phone",
        7,
        False,
    )
    assert saw.seen


def test_no_secret_of_a_letter_lies_in_the_database_in_plain(app: Flask, post: Any) -> None:
    from portal.accounts import service

    a_person("lien@example.org")
    service.ask_new_password("lien@example.org")
    db.session.commit()
    raw = db.session.execute(
        sa.select(sa.cast(sa.column("values"), sa.Text), sa.cast(sa.column("address"), sa.Text)).select_from(
            Letter.__table__
        )
    ).one()
    assert "lien@example.org" not in str(raw)


@pytest.mark.parametrize("place", ["folder", "database"])
def test_an_upload_comes_back_as_it_was_and_lies_sealed(app: Flask, tmp_path: Any, place: str) -> None:
    store = Folder(tmp_path) if place == "folder" else InDatabase()
    name = store.keep(b"%PDF-1.7 signed by Sofie")
    db.session.flush()
    assert store.read(name) == b"%PDF-1.7 signed by Sofie"
    if place == "folder":
        assert b"Sofie" not in (tmp_path / name).read_bytes()
    store.forget(name)
    with pytest.raises(FileNotFoundError):
        store.read(name)
    with pytest.raises(FileNotFoundError):
        store.read("../../etc/passwd")


def test_a_mark_tells_nothing_and_meets_its_equal() -> None:
    cipher = Cipher([Fernet.generate_key().decode()], "k" * 32)
    assert cipher.mark("a", "Sofie") == cipher.mark("a", "Sofie") != cipher.mark("b", "Sofie")


def test_health_says_ok_and_readiness_asks_the_database(visitor: Visitor) -> None:
    assert visitor.client.get("/healthz").json == {"status": "ok"}
    assert visitor.client.get("/readyz").status_code in {200, 503}


def test_the_demos_doors_do_not_exist_outside_the_demo(visitor: Visitor) -> None:
    for path in ("/demo", "/_mail"):
        assert visitor.client.get(path).status_code == 404
    assert Settings(mode="production").demo is False


@pytest.mark.parametrize("language", ["nl", "fr", "en"])
def test_a_visitors_language_is_kept(visitor: Visitor, language: str) -> None:
    name = {"nl": "Nederlands", "fr": "Français", "en": "English"}[language]
    page = visitor.open("/")
    if language != "nl":
        page = page.send(name)
    assert page.tree is not None
    assert page.tree.get("lang") == language
    assert visitor.open("/sign-in").tree.get("lang") == language  # type: ignore[union-attr]


def test_french_marks_stay_on_the_line_of_their_word() -> None:
    hard = "\N{NO-BREAK SPACE}"
    assert words.held_together("Une question ? Dites « oui » : c'est tout.") == (
        f"Une question{hard}? Dites «{hard}oui{hard}»{hard}: c'est tout."
    )
    assert words.pick({"nl": "Een vraag?", "fr": "Une question ?", "en": "A question?"}, "fr") == f"Une question{hard}?"
