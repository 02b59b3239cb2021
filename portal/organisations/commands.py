"""`flask --app portal register import FOLDER|ZIP`: the public company register's files, with progress and a report."""

import csv
from collections.abc import Callable
from pathlib import Path
from time import monotonic

import click
from flask import Flask

from portal.foundation import acting
from portal.organisations import register
from portal.organisations.register_files import NotTheRegister


def install(app: Flask) -> None:
    app.cli.add_command(group)


@click.group("register")
def group() -> None:
    """The public company register, so that a number fills in name and address."""


@group.command("import")
@click.argument("path", type=click.Path(exists=True, path_type=Path))
@click.option(
    "--skipped", type=click.Path(dir_okay=False, path_type=Path), default=Path("register-skipped.csv"), show_default=True,
    help="where the rows that stayed out are written, with their file, line and reason",
)  # fmt: skip
def import_register(path: Path, skipped: Path) -> None:
    """Bring the open files of the Crossroads Bank for Enterprises (a folder or the ZIP) into the portal.

    A full extract takes the place of the one before at once; an update changes what is loaded. Cut off, it goes on where it
    was when it is run again.
    """
    began = monotonic()
    with skipped.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(["file", "line", "reason", "number"])
        report = register.Report(_told(began), lambda *cells: writer.writerow((*cells[:3], _safe(cells[3]))))
        try:
            with acting.as_(None, "import"):
                load = register.bring(path, report)
        except NotTheRegister as error:
            raise click.ClickException(str(error)) from None
    _say(report, skipped, monotonic() - began)
    click.echo(f"Loaded: extract {load.extract} of {load.snapshot_on:%d-%m-%Y}.")


def _told(began: float) -> Callable[[str, int], None]:
    """Progress on standard error: a line for each hundred thousand rows of a file, and each fifty thousand companies kept."""

    def tell(name: str, rows: int) -> None:
        if name == "kept" and rows % 50_000 and not rows % register.BATCH:
            return
        click.echo(f"{name}: {rows:,} ({monotonic() - began:.0f} s)", err=True)

    return tell


def _safe(text: str) -> str:
    """A spreadsheet reads it as text."""
    return f"'{text}" if text[:1] in tuple("=+-@\t") else text


def _say(report: register.Report, skipped: Path, seconds: float) -> None:
    done = ", ".join(f"{number:,} {what}" for what, number in report.done.items() if number)
    click.echo(f"{done or 'nothing changed'} ({seconds:.0f} s)")
    for (file, why), number in report.skipped.most_common():
        click.echo(f"left out of {file}: {number:,}, because {why}")
    if report.skipped:
        click.echo(f"each of them in {skipped}")
