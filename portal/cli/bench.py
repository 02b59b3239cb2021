"""What pages cost, as ratios to a bare Flask answer taken in the same run and process (never milliseconds across machines).

A row counts only when every answer is 200 and says what it should.
"""

import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import click
from flask import Flask, current_app
from werkzeug.test import Client

ROUNDS = 40


@dataclass(frozen=True)
class Row:
    """A page of the demo: whose it is (part of an address; empty for a visitor), where it is, and what it must say."""

    name: str
    who: str
    path: str
    says: str


ROWS = (
    Row("front page", "", "/", "<h1"),
    Row("answers", "", "/answers", "<h1"),
    Row("a worker's day", "lien.claes", "/", "waits"),
    Row("a worker's people", "lien.claes", "/candidates", "<table"),
    Row("interviews", "lien.claes", "/interviews", "<h1"),
    Row("a company's vacancies", "verlinden", "/vacancies", "<h1"),
    Row("figures", "coordinator", "/figures", "<h1"),
)


def bare() -> Flask:
    """The yardstick: Flask answering one short text."""
    app = Flask("bare")
    app.add_url_rule("/", view_func=lambda: "ok")
    return app


def timed(ask: Callable[[], object]) -> list[float]:
    for _ in range(5):
        ask()
    taken = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        ask()
        taken.append(time.perf_counter() - began)
    return taken


def measure(app: Flask) -> list[tuple[str, float, float, float]]:
    """For each row: least, median and most, as multiples of the bare answer's median. Raises on a wrong answer."""
    yard = Client(bare())
    unit = statistics.median(timed(lambda: yard.get("/")))
    found = []
    for row in ROWS:
        client = app.test_client()
        if row.who:
            _step_into(app, client, row.who)
        answer = client.get(row.path)
        if answer.status_code != 200 or row.says not in answer.get_data(as_text=True):
            raise click.ClickException(f"{row.name}: {answer.status_code} without {row.says!r}: not counted")
        taken = timed(lambda client=client, row=row: client.get(row.path))  # type: ignore[misc]
        found.append((row.name, min(taken) / unit, statistics.median(taken) / unit, max(taken) / unit))
    return found


def _step_into(app: Flask, client: Client, who: str) -> None:
    import sqlalchemy as sa

    from portal.accounts import service
    from portal.accounts.models import Membership, Person
    from portal.foundation.database import db

    with app.app_context():
        wanted = (
            sa.or_(Person.email.contains(who), Membership.role == who)
            if who == "coordinator"
            else Person.email.contains(who)
        )
        person = db.session.scalars(
            sa.select(Person)
            .join(Membership, Membership.person_id == Person.id)
            .where(wanted)
            .order_by(Person.id)
            .limit(1)
        ).one()
        token = service.open_sign_in(person)
        db.session.commit()
    with client.session_transaction() as session:  # type: ignore[attr-defined]
        session["_user_id"], session["_fresh"] = token, True


@click.command("bench")
def bench() -> None:
    """Measure the pages of a demo made for it, as multiples of a bare Flask answer."""
    import flask_migrate

    from portal import create_app
    from portal.cli import seed
    from portal.foundation import schema

    folder = Path(tempfile.mkdtemp(prefix="doorstart-bench-"))
    app = create_app(
        replace(current_app.extensions["doorstart"], mode="demo", instance=folder, database_url="", queue_url="")
    )
    with app.app_context():
        flask_migrate.upgrade(directory=str(schema.MIGRATIONS))
        seed.once()
    click.echo(f"{'page':<26}{'least':>8}{'median':>8}{'most':>8}   × a bare Flask answer")
    for name, least, median, most in measure(app):
        click.echo(f"{name:<26}{least:>8.1f}{median:>8.1f}{most:>8.1f}")
