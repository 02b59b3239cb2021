"""Reading the official ESCO download: a folder (or the folders in it) of CSV files, row by row, whatever their size.

ESCO writes `skills_nl.csv`, `occupations_fr.csv`, `occupationSkillRelations_en.csv`: UTF-8 with or without a mark at the
start, commas, cells in quotes that run over several lines, one alternative name a line. Columns are read by their names,
because each version adds some (1.2 has `naceCode`, and labels beside the addresses in the relations).
"""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_NAMED = re.compile(r"(skills|occupations|occupationSkillRelations)(?:_([a-z]{2,3}(?:-[a-z]+)?))?\.csv", re.IGNORECASE)
_KINDS = {"skills": "skills", "occupations": "occupations", "occupationskillrelations": "relations"}
COLUMNS = {
    "skills": ("conceptType", "conceptUri", "preferredLabel", "status"),
    "occupations": ("conceptType", "conceptUri", "preferredLabel", "status", "iscoGroup"),
    "relations": ("occupationUri", "relationType", "skillUri"),
}


class NotEsco(Exception):
    """The folder, or a file in it, is not what ESCO gives out; the sentence says what is missing."""


@dataclass(frozen=True)
class File:
    """One file: what it holds, and in which language ("" where the version has none in its name)."""

    path: Path
    kind: str
    language: str


@dataclass(frozen=True)
class Row:
    """A row by the names of its columns. `line` is where it begins; `wrong` says why it cannot be read."""

    line: int
    cells: dict[str, str]
    wrong: str = ""

    def __getitem__(self, name: str) -> str:
        return self.cells.get(name, "")

    @property
    def names(self) -> list[str]:
        """The preferred name and the others, one a line in ESCO's cells (some versions put a bar between)."""
        others = re.split(r"[\n|]", self["altLabels"])
        return [self["preferredLabel"], *(one.strip() for one in others if one.strip())]


def files(folder: Path) -> list[File]:
    """What the folder holds, by kind and language. Raises NotEsco when there is nothing of ESCO."""
    found: dict[tuple[str, str], File] = {}
    for path in sorted(folder.rglob("*.csv")):
        named = _NAMED.fullmatch(path.name)
        if named is not None and (named[2] or named[1].lower() not in {"skills", "occupations"}):
            file = File(path, _KINDS[named[1].lower()], (named[2] or "").lower())
            found.setdefault((file.kind, file.language), file)
    if not any(kind in {"skills", "occupations"} for kind, _language in found):
        raise NotEsco(
            f"There is no skills_nl.csv or occupations_nl.csv (or another language) in {folder}. Download the "
            "classification as CSV from the ESCO website and unpack it there."
        )
    return list(found.values())


def rows(file: File) -> Iterator[Row]:
    """The rows of a file, one at a time. Raises NotEsco for a file without ESCO's columns, or that is not UTF-8."""
    with file.path.open(encoding="utf-8-sig", newline="") as opened:
        reader = csv.reader(opened)
        try:
            names = [name.strip() for name in next(reader, [])]
            missing = [name for name in COLUMNS[file.kind] if name not in names]
            if missing:
                raise NotEsco(f"{file.path.name} lacks the columns {', '.join(missing)}.")
            yield from _read(reader, names)
        except UnicodeDecodeError:
            raise NotEsco(f"{file.path.name} is not UTF-8. Use the files as ESCO gives them out.") from None
        except csv.Error as error:
            raise NotEsco(f"{file.path.name}, line {reader.line_num}: {error}.") from None


def _read(reader: "csv._reader", names: list[str]) -> Iterator[Row]:  # type: ignore[name-defined]
    begins = reader.line_num + 1
    for cells in reader:
        line, begins = begins, reader.line_num + 1
        if not any(cell.strip() for cell in cells):
            continue
        wrong = "" if len(cells) == len(names) else "the row has more or fewer cells than the head"
        yield Row(line, {name: cell.strip() for name, cell in zip(names, cells, strict=False)}, wrong)
