"""Reading the register's open files (Crossroads Bank for Enterprises): a folder or the ZIP itself, row by row.

UTF-8 with a head, commas, cells in quotes. A full extract holds every active enterprise; an update holds `_delete` and
`_insert` files. `meta.csv` says which of the two it is, and its number. Columns are read by their names.
"""

import csv
import heapq
import io
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from itertools import chain, pairwise
from pathlib import Path
from typing import IO

_EVERY = 100_000
# Rows that are sorted in memory at once; the rest of a file waits on disk, already in order.
RUN = 50_000

Told = Callable[[str, int], None]
Wrong = Callable[[str, int, str, str], None]
Cells = tuple[str, ...]


class NotTheRegister(Exception):
    """The folder, or a file in it, is not what the register gives out; the sentence says what is missing."""


@dataclass(frozen=True)
class Meta:
    extract: int
    full: bool
    snapshot_on: date


class Source:
    """Where the files lie. `told` hears how far a file is read, `wrong` which line could not be read and why."""

    def __init__(self, path: Path, told: Told, wrong: Wrong) -> None:
        self.path, self.told, self.wrong = path, told, wrong
        try:
            self.zip = zipfile.ZipFile(path) if path.is_file() else None
        except zipfile.BadZipFile:
            raise NotTheRegister(f"{path} is neither a folder nor a ZIP file.") from None
        names = self.zip.namelist() if self.zip else [str(one) for one in sorted(path.rglob("*.csv"))]
        self.names = {name.replace("\\", "/").rpartition("/")[2].lower(): name for name in names}

    def has(self, name: str) -> bool:
        return name in self.names

    def meta(self) -> Meta:
        said = {variable: value for variable, value in self.rows("meta.csv", ("Variable", "Value"))}
        try:
            day = datetime.strptime(said["SnapshotDate"], "%d-%m-%Y").date()  # noqa: DTZ007 - a day has no zone
            return Meta(int(said["ExtractNumber"]), said["ExtractType"].lower() == "full", day)
        except (KeyError, ValueError):
            raise NotTheRegister("meta.csv does not say ExtractNumber, ExtractType and SnapshotDate.") from None

    def rows(self, name: str, columns: Sequence[str]) -> Iterator[Cells]:
        """These columns of each row of a file. Raises NotTheRegister where the file or a column is not there."""
        if not self.has(name):
            raise NotTheRegister(f"There is no {name} in {self.path}.")
        with self._open(name) as binary, io.TextIOWrapper(binary, encoding="utf-8-sig", newline="") as opened:
            reader = csv.reader(opened)
            try:
                yield from self._picked(name, reader, columns)
            except UnicodeDecodeError:
                raise NotTheRegister(f"{name} is not UTF-8. Use the files as the register gives them out.") from None
            except csv.Error as error:
                raise NotTheRegister(f"{name}, line {reader.line_num}: {error}.") from None

    def _open(self, name: str) -> IO[bytes]:
        return self.zip.open(self.names[name]) if self.zip else Path(self.names[name]).open("rb")

    def _picked(self, name: str, reader: "csv._reader", columns: Sequence[str]) -> Iterator[Cells]:  # type: ignore[name-defined]
        head = [one.strip() for one in next(reader, [])]
        missing = [one for one in columns if one not in head]
        if missing:
            raise NotTheRegister(f"{name} lacks the columns {', '.join(missing)}.")
        at, width, number = [head.index(one) for one in columns], len(head), 0
        for cells in reader:
            if len(cells) != width:
                if cells:
                    self.wrong(name, reader.line_num, "the row has more or fewer cells than the head", "")
                continue
            number += 1
            if not number % _EVERY:
                self.told(name, number)
            yield tuple([cells[one].strip() for one in at])
        self.told(name, number)


def digits(number: str) -> str:
    """ "0200.065.765" as "0200065765"; nothing for what is no number of an enterprise (an establishment begins with 2)."""
    bare = number.replace(".", "")
    if len(bare) != 10 or bare[0] not in "01" or not bare.isascii() or not bare.isdigit():
        return ""
    return bare if 97 - int(bare[:8]) % 97 == int(bare[8:]) else ""


def in_order(rows: Iterable[Cells], folder: Path, name: str) -> Iterator[Cells]:
    """The rows by their first cell, whatever their number: runs that are sorted in memory wait on disk and are merged."""
    runs: list[tuple[Path, str, str]] = []
    batch: list[Cells] = []

    def put_away() -> None:
        batch.sort()
        path = folder / f"{name}-{len(runs)}"
        with path.open("w", encoding="utf-8", newline="") as out:
            csv.writer(out).writerows(batch)
        runs.append((path, batch[0][0], batch[-1][0]))
        batch.clear()

    for row in rows:
        batch.append(row)
        if len(batch) == RUN:
            put_away()
    if batch:
        put_away()
    apart = all(before[2] <= after[1] for before, after in pairwise(runs))
    kept = [_read(path) for path, _first, _last in runs]
    return chain.from_iterable(kept) if apart else heapq.merge(*kept, key=lambda row: row[0])


def _read(path: Path) -> Iterator[Cells]:
    with path.open(encoding="utf-8", newline="") as opened:
        yield from map(tuple, csv.reader(opened))
    with suppress(OSError):
        path.unlink()


class Beside:
    """The rows of a sorted file that belong to a number, for numbers that only go up. The others have no owner."""

    def __init__(self, rows: Iterator[Cells], lost: Callable[[str], None]) -> None:
        self.rows, self.lost = rows, lost
        self.next = next(rows, None)

    def of(self, number: str) -> list[Cells]:
        while self.next is not None and self.next[0] < number:
            self.lost(self.next[0])
            self.next = next(self.rows, None)
        found = []
        while self.next is not None and self.next[0] == number:
            found.append(self.next)
            self.next = next(self.rows, None)
        return found

    def rest(self) -> None:
        """Nobody comes any more."""
        self.of("9")
