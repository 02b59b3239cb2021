"""The commands that keep the portal running: serve, worker, migrate, deliver, routes."""

import os
import time
from dataclasses import replace

import click
import flask_migrate
from flask import Flask, current_app
from huey.consumer import Consumer

from portal.cli import messages, serve
from portal.foundation import access, jobs, schema
from portal.foundation.database import db
from portal.outbox.delivery import deliver as deliver_letters


def migrate_now() -> None:
    """Bring the tables up to this code."""
    flask_migrate.upgrade(directory=str(schema.MIGRATIONS))
    db.session.remove()


@click.command("migrate")
def migrate() -> None:
    """Create or migrate the database."""
    migrate_now()


@click.command("serve")
@click.option("--host", default=lambda: os.environ.get("HOST", "127.0.0.1"))
@click.option("--port", type=int, default=lambda: int(os.environ.get("PORT", "8000")))
def serve_command(host: str, port: int) -> None:
    """Prepare the database, then run web server and worker until Ctrl-C."""
    from portal.cli import seed

    settings = current_app.extensions["doorstart"]
    messages.compile_all()
    migrate_now()
    if settings.demo:
        seed.once()
    db.session.remove()
    db.engine.dispose()
    _greet(port, settings.demo)
    raise SystemExit(serve.Supervisor([serve.web(host, port), serve.worker()]).run())


def _greet(port: int, demo: bool) -> None:
    click.echo(f"\n  Doorstart is at   http://localhost:{port}")
    if demo:
        click.echo(f"  Demo sign-ins:    http://localhost:{port}/demo")
        click.echo(f"  Demo letters:     http://localhost:{port}/_mail")
    click.echo("  Ctrl-C stops it.\n", nl=True)


@click.command("worker")
@click.option("--no-periodic", is_flag=True, help="for every worker but one: the others leave the clock to it")
def worker(no_periodic: bool) -> None:
    """Run the jobs: letters, reminders, the nightly work."""
    queue = current_app.extensions["doorstart_queue"]
    db.session.remove()
    jobs.run(current_app._get_current_object(), "outbox.deliver", deliver_letters)  # type: ignore[attr-defined]
    Consumer(queue, workers=1, periodic=not no_periodic, initial_delay=0.2, max_delay=1.0).run()


@click.command("deliver")
def deliver() -> None:
    """Deliver the letters that wait, now."""
    click.echo(f"{deliver_letters()} letters left")


@click.command("night")
def night() -> None:
    """Run the nightly work now, and say how far it is. It may be stopped: the next run does what is left."""
    for name, job in jobs.each_night.items():
        click.echo(name)
        began = time.monotonic()
        with jobs.heard_by(_say):
            jobs.run(current_app._get_current_object(), name, job)  # type: ignore[attr-defined]
        took = time.monotonic() - began
        if took > 1:
            click.echo(f"  {took:.0f} s")


def _say(done: int, whole: int) -> None:
    click.echo(f"  {done:,} of {whole:,}")


def table(app: Flask) -> list[tuple[str, str, str, str]]:
    """Every address with its endpoint, its methods and who enters, as docs/access.md states them."""
    rows = []
    for rule in app.url_map.iter_rules():
        policy = access.policy_of(app, rule.endpoint)
        methods = ", ".join(sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}))
        rows.append((rule.rule, rule.endpoint, methods, policy.name if policy else "nobody"))
    return sorted(set(rows))


@click.command("access-table")
def access_table() -> None:
    """Print the part of docs/access.md that a test holds against the doors: each line of `flask routes`, and who enters."""
    from portal import create_app

    outside_demo = replace(current_app.extensions["doorstart"], mode="test")
    for rule, endpoint, methods, name in table(create_app(outside_demo)):
        click.echo(f"| `{rule}` | `{endpoint}` | {methods} | {name} |")


COMMANDS = (migrate, access_table, serve_command, worker, deliver, night)
