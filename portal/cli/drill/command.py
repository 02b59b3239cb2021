"""`flask --app portal drill …`: each drill makes a portal of its own, tries a promise, and says what it saw."""

import signal
import time
from typing import Any, NoReturn

import click
import sqlalchemy as sa

from portal.cli.drill import bookings, letters, overlaps, scratch, timing


@click.group("drill")
def group() -> None:
    """Try the promises about load and sudden death, on a portal made for once."""
    signal.signal(signal.SIGTERM, _stop)
    # A shell that starts a drill in the background has it ignore Ctrl-C, and its children would then work on for half an hour.
    signal.signal(signal.SIGINT, _stop)


def _stop(*_: Any) -> NoReturn:
    raise KeyboardInterrupt


DATABASE = click.option(
    "--database-url",
    default="",
    help="a PostgreSQL server, for a new database on it (default: a SQLite file of its own)",
)
SEED = click.option("--seed", type=int, default=1, show_default=True, help="what chance begins with")
MINUTES = click.option(
    "--minutes", type=click.FloatRange(0.1), default=30.0, show_default=True, help="stop after this long"
)
FAULT = click.option(
    "--plant-a-fault", is_flag=True, help="break the promise on purpose, to see that the drill finds it"
)


@group.command("double-booking")
@click.option("--attempts", type=click.IntRange(1, 10_000_000), default=100_000, show_default=True)
@click.option("--processes", type=click.IntRange(1, 64), default=8, show_default=True)
@DATABASE
@SEED
@MINUTES
@FAULT
def double_booking(
    attempts: int, processes: int, database_url: str, seed: int, minutes: float, plant_a_fault: bool
) -> None:
    """Many processes book the same few people; afterwards nobody may be held twice."""
    with scratch.portal(database_url) as app:
        wishes = bookings.Wishes(attempts, processes, seed, time.monotonic() + minutes * 60)
        said, through, took = bookings.rush(app, wishes)
        engine = scratch.engine_of(app)
        if plant_a_fault:
            _book_somebody_twice(engine)
        promised = {number: held for one in said for number, held in one.standing.items()}
        found = overlaps.look(engine, promised)
        name = engine.dialect.name
    tried = sum(one.attempts for one in said)
    stumbled = sum(sum(one.stumbled.values()) for one in said)
    _table(
        {
            "engine": name, "processes": processes, "attempts": tried, "booked": sum(one.taken for one in said),
            "moved": sum(one.moved for one in said), "refused": sum(one.refused for one in said),
            "given back": sum(one.released for one in said), "errors": stumbled,
            "tried again, database busy": sum(one.waited for one in said),
            "not tried, for lack of time": attempts - tried - stumbled, "holds that stand": found.holds, "double bookings": found.overlaps,
            "quarters held twice": found.cells_twice, "holds with wrong quarters": found.wrong_cells,
            "bookings other than promised": found.not_as_promised, "seconds": round(took, 1),
            "attempts a second": round(tried / max(took, 0.001)),
        }
    )  # fmt: skip
    broken = [found.overlaps, found.cells_twice, found.wrong_cells, found.not_as_promised, stumbled]
    _verdict(any(broken), through and tried == attempts, "Nobody was booked twice.")


def _book_somebody_twice(engine: sa.Engine) -> None:
    copy = "kind, subject_kind, party, starts_at, ends_at, blocked_from, blocked_until, postcode, created_at"
    with engine.begin() as connection:
        connection.execute(
            sa.text(f"INSERT INTO hold (subject_id, {copy}) SELECT -1, {copy} FROM hold ORDER BY id LIMIT 1")  # nosec B608: own columns
        )


@group.command("letters")
@click.option("--kills", type=click.IntRange(1, 1_000_000), default=1_000, show_default=True)
@click.option("--processes", type=click.IntRange(1, 16), default=2, show_default=True)
@click.option(
    "--lease", type=click.FloatRange(1), default=15.0, show_default=True,
    help="for how many seconds a letter is one worker's (in earnest 300): longer than this machine ever lets one wait",
)  # fmt: skip
@DATABASE
@SEED
@MINUTES
@FAULT
def letters_command(
    kills: int, processes: int, lease: float, database_url: str, seed: int, minutes: float, plant_a_fault: bool
) -> None:
    """Workers are killed at every commit and at every step of SMTP; afterwards no letter may be lost."""
    with scratch.portal(database_url, LETTER_LEASE_SECONDS=lease) as app:
        wishes = letters.Wishes(kills, processes, lease, seed, time.monotonic() + minutes * 60)
        seen, through, took = letters.kill_on(app, wishes)
        engine = scratch.engine_of(app)
        if plant_a_fault:
            seen.arrived.pop(next(iter(seen.arrived)))
        result = letters.judge(engine, seen)
        name = engine.dialect.name
    killed = sum(seen.kills.values())
    for boundary in letters.BOUNDARIES:
        click.echo(f"  {boundary:<46} {seen.kills[boundary]:>6} kills {seen.windows[boundary]:>6} in the window")
    _table(
        {
            "engine": name, "processes": processes, "kills": killed, "letters": result.letters,
            "letters that arrived": result.arrived, "letters lost": result.lost, "letters still waiting": result.waiting,
            "kills in the window": sum(seen.windows.values()), "duplicates": result.duplicates,
            "duplicates outside the window": result.unexplained, "letters of nobody": result.strangers,
            "workers slower than the lease": seen.slow["workers"],
            "seconds": round(took, 1),
        }
    )  # fmt: skip
    broken = [result.lost, result.unexplained, result.strangers]
    _verdict(any(broken), through and killed == kills and not result.waiting, "No letter was lost.")


@group.command("timing")
@click.option(
    "--tries", type=click.IntRange(10, 100_000), default=1_000, show_default=True, help="on either side, each door"
)
@DATABASE
@SEED
def timing_command(tries: int, database_url: str, seed: int) -> None:
    """Known and unknown addresses at every door that takes one: the answers and their times must be the same."""
    kept = True
    with scratch.portal(database_url) as app:
        timing.lay_out(tries + 10)
        click.echo(f"{scratch.engine_of(app).dialect.name}, {tries} tries on either side, medians in milliseconds")
        for one in timing.measure(app, tries, seed):
            known, unknown, apart = (1000 * taken for taken in (one.known, one.unknown, one.difference))
            click.echo(f"{one.name:<24} known {known:7.2f}   unknown {unknown:7.2f}   apart {apart:5.2f}")
            kept = kept and one.kept
    _verdict(not kept, True, "Nobody learns from a clock who is known here.")


def _table(lines: dict[str, object]) -> None:
    for name, value in lines.items():
        click.echo(f"{name:<32} {value!s:>10}")


def _verdict(broken: bool, finished: bool, good: str) -> None:
    """Exit code 1 when a promise broke, and when the time was up before the end."""
    click.echo("A promise broke: look at the lines above." if broken else good)
    if not finished:
        click.echo("The time was up before the end.")
    if broken or not finished:
        raise SystemExit(1)
