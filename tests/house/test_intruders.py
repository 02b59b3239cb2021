"""Somebody tries to come in, to come back, or to stay: sign-ins, letters' links, a shared computer, logs, a wrong host."""

import io
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
import structlog
import time_machine
from flask import Flask

from portal import create_app
from portal.accounts import links
from portal.accounts import service as accounts
from portal.accounts.models import Person, SignIn
from portal.accounts.roles import Role
from portal.candidates.models import Identity
from portal.config import Settings
from portal.foundation import clock, crypto, jobs, logs
from portal.foundation.database import db
from portal.interviews import service
from tests import engines
from tests.accounts.steps import an_app, code
from tests.factories import a_person
from tests.interviews.factories import CANARY, NOW, a_requested, again, an_interest
from tests.visitor import Page, Visitor

pytestmark = pytest.mark.usefixtures("app")
PASSWORD = "een zin die niemand raadt"


def cookie(visitor: Visitor) -> str:
    found = visitor.client.get_cookie("doorstart")
    assert found is not None
    return str(found.value)


def sign_in(visitor: Visitor, email: str = "lien@example.org", password: str = PASSWORD) -> Page:
    """The password, and the code of the app where a second step is asked."""
    page = visitor.open("/sign-in").send(email=email, password=password)
    return page.send("Ga verder", code=code()) if page.path == "/sign-in/second" else page


# --- Sign-ins -------------------------------------------------------------------------------------------------------


def test_a_sign_in_begins_a_new_session_and_a_planted_one_ends(visitor: Visitor) -> None:
    a_person("lien@example.org", password=PASSWORD)
    page = visitor.open("/sign-in")
    planted, token = cookie(visitor), page.tree.xpath("//input[@name='csrf_token']/@value")[0]
    assert sign_in(visitor).path == "/"
    assert cookie(visitor) != planted
    attacker = Visitor(visitor.app)
    attacker.client.set_cookie("doorstart", planted)
    assert attacker.open("/me").path == "/sign-in"
    old_token = visitor._ask(lambda: visitor.client.post("/sign-out", data={"csrf_token": token}))
    assert old_token.status == 400


def test_a_cookie_that_was_copied_is_worth_nothing_after_sign_out(visitor: Visitor) -> None:
    a_person("lien@example.org", password=PASSWORD)
    sign_in(visitor)
    copied = cookie(visitor)
    token = visitor.open("/me").tree.xpath("//input[@name='csrf_token']/@value")[0]
    answer = visitor._ask(lambda: visitor.client.post("/sign-out", data={"csrf_token": token}))
    assert "cache" in answer.response.headers["Clear-Site-Data"]
    thief = Visitor(visitor.app)
    thief.client.set_cookie("doorstart", copied)
    assert thief.open("/me").path == "/sign-in"


def test_a_cookie_that_nobody_signed_is_nobody(visitor: Visitor, visitors: Any) -> None:
    person = a_person(role=Role.ADMINISTRATOR)
    someone = visitors(person)
    signed = cookie(someone)
    for forged in (signed[:-3], signed[1:], "eyJfdXNlcl9pZCI6IjEifQ.x.y", "", "\x7f" * 20, "A" * 3000):
        visitor.client.set_cookie("doorstart", forged)
        assert visitor.open("/accounts").path == "/sign-in"
    row = db.session.scalars(sa.select(SignIn)).one()
    assert row.token_mark not in signed


def test_another_browsers_token_sends_no_form(visitors: Any) -> None:
    one, other = visitors(a_person()), visitors(a_person())
    token = one.open("/me").tree.xpath("//input[@name='csrf_token']/@value")[0]
    answer = other._ask(lambda: other.client.post("/sign-out", data={"csrf_token": token}))
    assert answer.status == 400
    assert other.open("/me").path == "/me"


def test_nobody_ends_the_sign_in_of_somebody_else(visitors: Any) -> None:
    visitors(a_person())
    number = db.session.scalars(sa.select(SignIn.id)).one()
    stranger = visitors(a_person())
    token = stranger.open("/me").tree.xpath("//input[@name='csrf_token']/@value")[0]
    path = f"/me/sign-ins/{number}/end"
    answer = stranger._ask(lambda: stranger.client.post(path, data={"csrf_token": token, "once": "x"}))
    assert answer.status == 404
    assert db.session.get_one(SignIn, number).ended_at is None


def test_a_forwarded_address_buys_no_more_tries(visitor: Visitor) -> None:
    a_person("lien@example.org", password=PASSWORD)
    headers = lambda n: {"X-Forwarded-For": f"10.0.0.{n}", "X-Real-Ip": f"10.0.0.{n}", "Forwarded": f"for=10.0.0.{n}"}  # noqa: E731
    with time_machine.travel("2026-11-16 09:00:00+00:00", tick=False):
        token = visitor.open("/sign-in").tree.xpath("//input[@name='csrf_token']/@value")[0]
        said = []
        for n in range(7):
            data = {
                "csrf_token": token,
                "once": f"t{n}",
                "email": "LIEN@example.org " if n % 2 else "lien@example.org",
                "password": f"raad {n}",
            }
            ask = lambda data=data, n=n: visitor.client.post("/sign-in", data=data, headers=headers(n))  # noqa: E731
            said.append(visitor._ask(ask).status)
        assert said == [422] * 5 + [429] * 2
        assert sign_in(visitor).status == 429, "the right password waits as well"


def test_an_attacker_elsewhere_locks_nobody_out_and_many_accounts_from_one_place_end(visitor: Visitor) -> None:
    a_person("lien@example.org", password=PASSWORD)
    with time_machine.travel("2026-11-16 09:00:00+00:00", tick=False):
        attacker = Visitor(visitor.app)
        token = attacker.open("/sign-in").tree.xpath("//input[@name='csrf_token']/@value")[0]

        def guess(n: int, email: str) -> int:
            data = {"csrf_token": token, "once": f"t{n}", "email": email, "password": "raad"}
            place = {"REMOTE_ADDR": "203.0.113.9"}
            return int(attacker._ask(lambda: attacker.client.post("/sign-in", data=data, environ_base=place)).status)

        assert [guess(n, "lien@example.org") for n in range(6)][-1] == 429
        assert sign_in(visitor).path == "/", "another address still comes in"
        assert [guess(100 + n, f"wie{n}@example.org") for n in range(41)][-1] == 429


# --- A shared computer ------------------------------------------------------------------------------------------------


def test_what_somebody_typed_or_sought_waits_for_nobody_else(visitor: Visitor, visitors: Any) -> None:
    with time_machine.travel(NOW, tick=False) as at:
        an_app(a_person("bert@example.org", role=Role.PROJECT_WORKER, password=PASSWORD))
        lien = an_app(a_person("lien@example.org", role=Role.PROJECT_WORKER, password=PASSWORD))
        sign_in(visitor)
        page = visitor.open("/agenda/away")
        at.shift(timedelta(minutes=16))
        assert page.send(begins_on="2026-12-24", ends_on="2026-12-24").path == "/sign-in"
        sign_in(visitor, "bert@example.org")
        assert visitor.open("/agenda/away").form().fields["begins_on"] in {None, ""}
        visitor.become(lien)
        page = visitor.open("/agenda/away")
        at.shift(timedelta(minutes=16))
        page.send(begins_on="2026-12-24", ends_on="2026-12-24")
        back = sign_in(visitor)
        assert back.path == "/agenda/away"
        assert back.form().fields["begins_on"] == "2026-12-24"


def test_a_visitors_post_to_a_closed_door_keeps_nothing(visitor: Visitor) -> None:
    token = visitor.open("/sign-in").tree.xpath("//input[@name='csrf_token']/@value")[0]
    answer = visitor._ask(lambda: visitor.client.post("/agenda/away", data={"csrf_token": token, "x": "y" * 9000}))
    assert answer.response.location == "/sign-in"
    assert db.session.scalar(sa.text("SELECT count(*) FROM typed_text")) == 0


def test_after_signing_in_a_button_leads_to_the_page_where_it_stood(visitor: Visitor) -> None:
    an_app(a_person("lien@example.org", role=Role.PROJECT_WORKER, password=PASSWORD))
    token = visitor.open("/sign-in").tree.xpath("//input[@name='csrf_token']/@value")[0]
    visitor._ask(lambda: visitor.client.post("/agenda/hours/7/end", data={"csrf_token": token}))
    assert sign_in(visitor).path == "/agenda/hours"


# --- Links of letters -------------------------------------------------------------------------------------------------


def test_a_link_opens_its_own_door_once_and_a_visit_spends_nothing(visitor: Visitor, app: Flask) -> None:
    person = a_person("lien@example.org")
    for purpose, page in (("welcome", "/welcome/"), ("password", "/password/"), ("confirm", "/confirm/")):
        link = links.make(purpose, person, expires=clock.days_from_now(1))
        db.session.commit()
        token = links.token_of(link)
        for other in {"/welcome/", "/password/", "/confirm/", "/invited/", "/form/"} - {page}:
            visitor.open(other + token, status=410)
        for guess in (
            token[:-1],
            token + "a",
            token.upper(),
            f"{link.id + 1}-{token.partition('-')[2]}",
            f"{link.id}-",
        ):
            visitor.open(page + guess, status=410)
        for _ in range(3):
            assert visitor.open(page + token).status == 200
        form = visitor.open(page + token)
        form.send(password="een heel andere zin")
        visitor.open(page + token, status=410)
        assert form.send(password="nog een andere zin").status in {410, 200}
        assert accounts.passwords.fits(db.session.get_one(Person, person.id).password_hash, "een heel andere zin")


@pytest.mark.parametrize("end", ["expired", "withdrawn", "closed account", "newer password"])
def test_an_old_link_is_closed(visitor: Visitor, post: Any, end: str) -> None:
    person = a_person("lien@example.org")
    welcome = links.make("welcome", person, expires=clock.days_from_now(14))
    if end == "expired":
        welcome.expires_at = clock.now()
    elif end == "withdrawn":
        links.withdraw("welcome", person)
    elif end == "closed account":
        accounts.deactivate(person)
    else:
        accounts.choose_password(person, PASSWORD)
    db.session.commit()
    visitor.open(f"/welcome/{links.token_of(welcome)}", status=410)


# --- Logs and mistakes --------------------------------------------------------------------------------------------------


@pytest.fixture
def production(app: Flask, tmp_path: Path) -> Any:
    """A production portal beside the test's own, whose settings come back afterwards."""
    settings = Settings(
        mode="production", instance=tmp_path, database_url=app.config["SQLALCHEMY_DATABASE_URI"], secret_key="prod " * 8,
        encryption_keys=(engines.KEY,), index_key="index " * 8, public_url="https://portaal.example", mail_server="localhost",
        hosts=("portaal.example",),
    )  # fmt: skip
    made = create_app(settings)
    yield made
    with made.app_context():
        db.engine.dispose()
    own = app.extensions["doorstart"]
    crypto.use(own.encryption_keys, own.index_key)
    logs.set_up(own)
    jobs.set_up(app, own)


def logged(settings: Settings, do: Any) -> str:
    """What the log writes while something is done, as production would."""
    page = io.StringIO()
    logs.set_up(settings)
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(page))
    do()
    return page.getvalue()


def test_a_mistake_of_ours_tells_neither_the_reader_nor_the_log_what_it_was_about(production: Flask) -> None:
    def breaks() -> str:
        name = "Zebedeus Kwartelslag"
        raise RuntimeError(f"no room for {name}")

    breaks.opens_to = production.view_functions["foundation.healthz"].opens_to  # type: ignore[attr-defined]
    production.view_functions["foundation.healthz"] = breaks
    answers: list[Any] = []
    ask = lambda: answers.append(production.test_client().get("/healthz", base_url="https://portaal.example"))  # noqa: E731
    written = logged(production.extensions["doorstart"], ask)
    assert answers[0].status_code == 500
    assert "RuntimeError" in written
    assert "test_intruders.py" in written
    for text in (written, answers[0].get_data(as_text=True)):
        assert "Zebedeus" not in text
        assert "no room" not in text
    assert "Traceback" not in answers[0].get_data(as_text=True)
    assert "max-age" in answers[0].headers["Strict-Transport-Security"]


def test_a_failed_job_and_a_failed_statement_are_logged_without_their_values(production: Flask) -> None:
    def job() -> None:
        db.session.execute(sa.insert(Person).values(email="zebedeus@example.org", first_name="Zebedeus"))

    def doubly() -> None:
        raise ValueError("Zebedeus")

    run = lambda: [jobs.run(production, "night", one) for one in (job, doubly)]  # noqa: E731
    written = logged(production.extensions["doorstart"], run)
    assert written.count("job failed") == 2
    assert "ebedeus" not in written


def test_production_answers_its_own_hosts_only_and_hides_the_demo(production: Flask) -> None:
    client = production.test_client()
    assert client.get("/", base_url="https://evil.example").status_code == 400
    for path in ("/demo", "/_mail", "/_style", "/_mail/1"):
        assert client.get(path, base_url="https://portaal.example").status_code == 404
    page = production.test_client().get("/sign-in", base_url="https://portaal.example")
    made = page.headers["Set-Cookie"]
    assert made.startswith("__Host-doorstart=")
    for part in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/"):
        assert part in made
    assert "Domain" not in made


def test_a_walk_leaves_no_name_in_the_log(app: Flask, visitors: Any, post: Any) -> None:
    own = app.extensions["doorstart"]

    def walk() -> None:
        with time_machine.travel(NOW, tick=False):
            case = an_interest(permission=False)
            interview = a_requested(case)
            service.confirm(again(interview))
            db.session.commit()
            for person in (case.contact, case.worker):
                one = visitors(person)
                for path in (
                    "/",
                    f"/interviews/{interview.key}",
                    "/interviews",
                    "/me",
                    f"/nothing/{CANARY}",
                    f"/people?name={CANARY}",
                ):
                    one._ask(lambda one=one, path=path: one.client.get(path))
            visitor = Visitor(app)
            sign_in(visitor, "zebedeus@example.org")
            visitor.open("/password").send(email=case.contact.email)
            link = links.make("welcome", case.contact, expires=clock.days_from_now(1))
            visitor.open(f"/welcome/{links.token_of(link)}")
            secrets.extend([case.contact.email, case.contact.last_name, links.token_of(link), interview.key])

    secrets = [CANARY, "Kwartelslag", "zebedeus", PASSWORD]
    try:
        written = logged(own, walk)
    finally:
        logs.set_up(own)
    assert written.count("endpoint") > 10
    for secret in secrets:
        assert secret.lower() not in written.lower(), secret
    assert db.session.scalars(sa.select(Identity)).first() is not None
