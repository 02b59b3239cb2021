"""Writing everybody's marks anew, after the way in which they are made has changed. It goes on where it was stopped."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import click
import sqlalchemy as sa
from flask import Flask, current_app
from flask.cli import AppGroup

from portal.candidates import marks
from portal.candidates.models import Candidate, Identity, NameMark
from portal.foundation import clock
from portal.foundation.database import db

BATCH = 500

names = AppGroup("names", help="What finds people by their name.")


def rebuild(say: Callable[[int, int], object], *, after: int = 0, most: int | None = None) -> int:
    """Renew the marks of everybody above a number, a short transaction for each batch; returns how many people.

    `say` hears the number of the last one and how many are done, after each batch. `most` stops it early (in tests).
    """
    done = 0
    while most is None or done < most:
        rows = db.session.execute(
            sa.select(
                Candidate.id, Candidate.programme_id, Identity.first_name, Identity.last_name, Identity.nicknames, Identity.birth_date
            )
            .join(Identity, Identity.candidate_id == Candidate.id)
            .where(Candidate.id > after)
            .order_by(Candidate.id)
            .limit(BATCH if most is None else min(BATCH, most - done))
            .with_for_update(of=Identity)
        ).all()  # fmt: skip
        if not rows:
            break
        _renew(rows)
        db.session.commit()
        after, done = rows[-1][0], done + len(rows)
        say(after, done)
    return done


def _renew(rows: Sequence[Any]) -> None:
    now = clock.now()
    db.session.execute(sa.delete(NameMark).where(NameMark.candidate_id.in_([row[0] for row in rows])))
    db.session.execute(
        sa.insert(NameMark),
        [
            {"candidate_id": number, "mark": mark, "created_at": now}
            for number, programme, first, last, nicknames, born in rows
            for mark in sorted(marks.of(programme, first, last, nicknames or "", born))
        ],
    )


@names.command("rebuild")
@click.option("--again", is_flag=True, help="Begin with the first person, also after a stop half-way.")
def rebuild_command(again: bool) -> None:
    """Write the marks by which names are found anew; stopped half-way, it goes on from there."""
    at = Path(current_app.extensions["doorstart"].instance) / "names-rebuild"
    after = int(at.read_text()) if at.is_file() and not again else 0
    if after:
        click.echo("Going on where it was stopped.")

    def say(last: int, done: int) -> None:
        at.write_text(str(last))
        click.echo(f"{done:>8} people done")

    done = rebuild(say, after=after)
    at.unlink(missing_ok=True)
    click.echo(f"{done} people can be found by the new marks.")


def install(app: Flask) -> None:
    app.cli.add_command(names)
