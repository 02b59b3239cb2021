"""Bringing in what an operator has already, from CSV files (docs/import.md): row by row, each whole or not at all."""

import csv
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import click
import sqlalchemy as sa
from email_validator import EmailNotValidError, validate_email
from sqlalchemy.exc import IntegrityError

from portal.foundation import acting
from portal.foundation.database import db
from portal.foundation.errors import DomainError
from portal.foundation.fields import holds_national_number
from portal.foundation.words import LANGUAGES, speaking
from portal.programmes.models import Programme

YES, NO = {"yes", "ja", "oui", "1", "true"}, {"", "no", "nee", "non", "0", "false"}
LONGEST_CELL = 4000


class Refused(Exception):
    """A row that cannot come in, with a reason that says what to mend."""


class Unreadable(click.ClickException):
    """The file as a whole cannot be read."""


class Row:
    """One row of a file, by the names of its columns. Each way to read a cell refuses what is not right."""

    def __init__(self, line: int, cells: dict[str, str]) -> None:
        self.line, self.cells = line, cells

    def text(self, name: str, *, most: int = 160) -> str:
        found = self.cells.get(name, "")
        if len(found) > most:
            raise Refused(f"{name} has {len(found)} characters; at most {most} fit")
        return found

    def needed(self, name: str, *, most: int = 160) -> str:
        found = self.text(name, most=most)
        if not found:
            raise Refused(f"{name} is empty")
        return found

    def one_of(self, name: str, known: list[str], default: str = "") -> str:
        found = self.text(name) or default
        if found not in known:
            raise Refused(f"{name} is {found or 'empty'}; it is one of {', '.join(known)}")
        return found

    def day(self, name: str) -> date | None:
        found = self.text(name)
        try:
            return date.fromisoformat(found) if found else None
        except ValueError:
            raise Refused(f"{name} is {found}; write a date as 2026-09-30") from None

    def address(self, name: str) -> str:
        """An e-mail address in small letters, or nothing."""
        found = self.text(name, most=254)
        try:
            return (
                validate_email(found, check_deliverability=False, test_environment=True).normalized.lower()
                if found
                else ""
            )
        except EmailNotValidError:
            raise Refused(f"{name} is {found}; that is no e-mail address") from None

    def yes(self, name: str) -> bool:
        found = self.text(name).lower()
        if found not in YES | NO:
            raise Refused(f"{name} is {found}; write yes or no")
        return found in YES

    def language(self) -> str:
        return self.one_of("language", sorted(LANGUAGES), "nl")


@dataclass(frozen=True)
class Kind:
    """A kind of file: its columns, and what brings a row in."""

    name: str
    columns: tuple[str, ...]
    required: tuple[str, ...]
    bring_in: Callable[[Row, Programme, bool], None]


@dataclass
class Report:
    """What became of each row."""

    taken: int = 0
    refused: list[tuple[int, str]] = field(default_factory=list)


def read(path: Path, kind: Kind) -> Iterator[Row]:
    """The rows of a file. Raises Unreadable for one that is not UTF-8, or whose columns are not those of its kind."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise Unreadable("The file is not UTF-8. In a spreadsheet choose “CSV UTF-8” when you save it.") from None
    head = text.split("\n", 1)[0]
    reader = csv.reader(
        io.StringIO(text, newline=""), delimiter=";" if head.count(";") >= head.count(",") else ",", strict=True
    )
    try:
        names = [name.strip().lower() for name in next(reader, [])]
        _check_columns(names, kind)
        yield from _rows(reader, names)
    except csv.Error as error:
        raise Unreadable(f"Line {reader.line_num} cannot be read: {error}.") from None


def _check_columns(names: list[str], kind: Kind) -> None:
    missing = [name for name in kind.required if name not in names]
    unknown = [name or "(a column without a name)" for name in names if name not in kind.columns]
    if missing or unknown or len(set(names)) < len(names):
        parts = [f"missing: {', '.join(missing)}"] * bool(missing) + [f"unknown: {', '.join(unknown)}"] * bool(unknown)
        parts += ["a column stands there twice"] * (len(set(names)) < len(names))
        raise Unreadable(
            f"The columns of this file are not those of {kind.name}; {'; '.join(parts)}. See docs/import.md."
        )


def _rows(reader: "csv._reader", names: list[str]) -> Iterator[Row]:  # type: ignore[name-defined]
    begins = reader.line_num + 1
    for cells in reader:
        line, begins = begins, reader.line_num + 1
        if not any(cell.strip() for cell in cells):
            continue
        extra = {"": "x"} if len(cells) > len(names) else {}
        yield Row(line, {**dict(zip(names, (cell.strip() for cell in cells), strict=False)), **extra})


def bring_in(path: Path, kind: Kind, programme: Programme, *, invite: bool = False) -> Report:
    """Bring in each row, whole or not at all; what cannot come in is reported. Does not commit."""
    report = Report()
    for row in read(path, kind):
        try:
            _refuse_what_no_row_may_hold(row)
            with db.session.begin_nested():
                kind.bring_in(row, programme, invite)
                db.session.flush()
            report.taken += 1
        except Refused as reason:
            report.refused.append((row.line, str(reason)))
        except DomainError as error:
            with speaking("en"):
                report.refused.append((row.line, str(error.sentence)))
        except IntegrityError:
            report.refused.append((row.line, "this is there already"))
    return report


def _refuse_what_no_row_may_hold(row: Row) -> None:
    if "" in row.cells:
        raise Refused("there are more cells than columns; put quotes around a text with a separator in it")
    for name, cell in row.cells.items():
        if len(cell) > LONGEST_CELL or any(ord(c) < 32 and c not in "\r\n\t" for c in cell):
            raise Refused(f"{name} is too long, or holds characters that cannot be read")
        if holds_national_number(cell):
            raise Refused(f"{name} looks like a national number; the portal never keeps those")


def programme_named(name: str) -> Programme:
    """The programme of that name, or the only one there is."""
    found = db.session.scalars(sa.select(Programme).order_by(Programme.id)).all()
    if not found:
        raise click.ClickException("There is no programme yet. Run `flask --app portal install` first.")
    chosen = [one for one in found if name in ("", one.name)]
    if len(chosen) != 1:
        raise click.ClickException(f"Say which with --programme: {', '.join(one.name for one in found)}")
    return chosen[0]


def _command(kind: Kind) -> click.Command:
    @click.command(kind.name)
    @click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
    @click.option("--programme", default="", help="the programme's name, where there are several")
    @click.option("--dry-run", is_flag=True, help="say what would happen, and keep nothing")
    @click.option("--invite", is_flag=True, help="send contacts their letter of welcome (companies only)")
    @click.pass_context
    def command(context: click.Context, file: Path, programme: str, dry_run: bool, invite: bool) -> None:
        with acting.as_(None, "import"):
            report = bring_in(file, kind, programme_named(programme), invite=invite)
            if dry_run:
                db.session.rollback()
            else:
                db.session.commit()
        _say(report, kind, dry_run=dry_run)
        context.exit(1 if report.refused else 0)

    return command


def _say(report: Report, kind: Kind, *, dry_run: bool) -> None:
    for line, reason in report.refused:
        click.echo(f"line {line}: {reason}")
    verb = "would come in" if dry_run else "came in"
    click.echo(f"{report.taken} {kind.name} {verb}, {len(report.refused)} refused")


@click.group("import")
def group() -> None:
    """Bring in companies, ambassadors and running cases from CSV files."""


def commands() -> click.Group:
    """The group with a command for each kind of file."""
    from portal.cli import import_ambassadors, import_cases, import_companies

    for one in (import_companies.KIND, import_ambassadors.KIND, import_cases.KIND):
        group.add_command(_command(one))
    return group
