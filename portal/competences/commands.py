"""`flask --app portal import-esco FOLDER`: the official ESCO files into the catalogue, with progress and a report."""

import csv
from collections.abc import Callable, Sequence
from pathlib import Path
from time import monotonic

import click
from flask import Flask

from portal.competences import catalogue, esco
from portal.competences.esco_files import File, NotEsco, Row, files
from portal.competences.esco_relations import relations
from portal.foundation import acting
from portal.foundation.database import db

_EVERY = 5000


def install(app: Flask) -> None:
    app.cli.add_command(import_esco)


@click.command("import-esco")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option(
    "--language",
    "languages",
    multiple=True,
    help="only these languages (nl, fr, de …); all that are there when not said",
)
@click.option(
    "--skipped", type=click.Path(dir_okay=False, path_type=Path), default=Path("esco-skipped.csv"), show_default=True,
    help="where the rows that stayed out are written, with their line and reason",
)  # fmt: skip
@click.option("--retire-missing", is_flag=True, help="retire also when more than a tenth is missing from the files")
def import_esco(folder: Path, languages: tuple[str, ...], skipped: Path, retire_missing: bool) -> None:
    """Bring the ESCO classification (CSV, any languages) into the catalogue. Safe to stop and to run again."""
    began = monotonic()
    with skipped.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(["file", "line", "reason", "address"])
        report = esco.Report(_told(), lambda file, row, why: writer.writerow(_left_out(file, row, why)))
        try:
            with acting.as_(None, "import"):
                too_many = _bring_in(_wanted(folder, languages), report, retire_missing)
        except NotEsco as error:
            raise click.ClickException(str(error)) from None
    _say(report, skipped, monotonic() - began)
    for kind, number in too_many.items():
        click.echo(
            f"{number} {kind} that are in the catalogue are not in these files. That is more than ESCO gives up at once, so "
            "they stay as they are. Look whether the files are whole; with --retire-missing they are retired."
        )


def _bring_in(wanted: Sequence[File], report: esco.Report, retire_missing: bool) -> dict[str, int]:
    """All kinds in their order. Returns, by kind, how many rows were missing but left as they are."""
    catalogue.load()
    too_many: dict[str, int] = {}
    for kind in ("occupations", "skills"):
        if not any(one.kind == kind for one in wanted):
            continue
        seen = esco.concepts(wanted, kind, report, db.session.commit)
        left = esco.retire_missing(kind, seen, report, any_number=retire_missing)
        too_many |= {kind: left} if left else {}
    relations(wanted, report, db.session.commit)
    db.session.commit()
    return too_many


def _wanted(folder: Path, languages: Sequence[str]) -> list[File]:
    found = files(folder)
    chosen = [one for one in found if not languages or one.language in languages or one.kind == "relations"]
    absent = [code for code in languages if not any(one.language == code for one in chosen if one.kind != "relations")]
    if absent:
        there = ", ".join(sorted({one.language for one in found if one.language}))
        raise NotEsco(f"There are no files for {', '.join(absent)}; there are some for: {there}.")
    return chosen


def _told() -> Callable[[str, int], None]:
    """Progress on standard error: a line for every few thousand rows of a file."""

    def tell(name: str, rows: int) -> None:
        if rows % _EVERY == 0 or rows % esco.BATCH:
            click.echo(f"{name}: {rows} rows", err=True)

    return tell


def _left_out(file: File, row: Row, why: str) -> list[object]:
    address = row["conceptUri"] or f"{row['occupationUri']} {row['skillUri']}".strip()
    return [file.path.name, row.line, why, f"'{address}" if address[:1] in "=+-@\t" and address else address]


def _say(report: esco.Report, skipped: Path, seconds: float) -> None:
    done = ", ".join(f"{number} {what}" for what, number in report.done.items() if number)
    click.echo(f"{done or 'nothing changed'} ({seconds:.0f} s)")
    for why, number in report.skipped.most_common():
        click.echo(f"left out: {number} because {why}")
    if report.skipped:
        click.echo(f"each with its line in {skipped}")
