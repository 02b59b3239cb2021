"""A small register in the layout of the open files, for tests: quotes, accents, rows that miss a cell, ended companies."""

import csv
import zipfile
from collections.abc import Iterable
from pathlib import Path

from portal.cli.bench_register import HEADS

VERLINDEN, SOLO, BAKER, GONE = "0100.000.763", "0100.000.862", "0100.000.961", "0100.001.060"
Rows = dict[str, Iterable[tuple[str, ...]]]


def seat(
    number: str,
    *,
    kind: str = "REGO",
    postcode: str = "9000",
    nl: str = "Gent",
    fr: str = "Gand",
    box: str = "",
    struck: str = "",
) -> tuple[str, ...]:
    return (number, kind, "", "", postcode, nl, fr, "Dok Noord", "Quai Nord", "4", box, "", struck)


def full() -> Rows:
    return {
        "enterprise": [
            (VERLINDEN, "AC", "000", "2", "610", "", "01-02-2003"),
            (SOLO, "AC", "000", "1", "", "", "01-02-2003"),
            (BAKER, "AC", "000", "1", "", "", "01-02-2003"),
            (GONE, "AC", "050", "2", "014", "", "01-02-2003"),
            ("0100.000.764", "AC", "000", "2", "014", "", "01-02-2003"),
            ("0100.001.159", "ST", "000", "2", "014", "", "01-02-2003"),
        ],
        "denomination": [
            (SOLO, "2", "001", "Peeters, Jan"),
            (VERLINDEN, "2", "003", "Garage"),
            (VERLINDEN, "2", "001", 'Garage "Verlinden", broers'),
            (VERLINDEN, "1", "001", "Garage Verlinden & Frères d'Été"),
            (VERLINDEN, "2", "002", "GV"),
            (BAKER, "2", "001", "Janssens, Mieke"),
            (BAKER, "2", "003", "Bakkerij De Korst"),
            (GONE, "0", "001", "Vereffend"),
            ("2.000.000.339", "2", "001", "De Vestiging"),
            ("0100.009.176", "2", "001", "Van niemand"),
        ],
        "address": [
            seat(BAKER), seat(VERLINDEN, box="2"), seat("2.000.000.339", kind="BAET"), seat(GONE, struck="01-01-2020"),
        ],
        "activity": [
            (VERLINDEN, "001", "2003", "50200", "MAIN"),
            (VERLINDEN, "001", "2008", "45201", "MAIN"),
            (VERLINDEN, "001", "2025", "95310", "SECO"),
            (BAKER, "001", "2025", "10711", "MAIN"),
        ],
    }  # fmt: skip


def write(folder: Path, rows: Rows, *, extract: int = 140, kind: str = "full") -> Path:
    """The files of an extract; names that end in `_delete` have the number's column only."""
    folder.mkdir(parents=True, exist_ok=True)
    said = {
        "SnapshotDate": "01-11-2026",
        "ExtractTimestamp": "02-11-2026",
        "ExtractType": kind,
        "ExtractNumber": str(extract),
    }
    for name, lines in {"meta": list(said.items()), **rows}.items():
        head = HEADS[name.partition("_")[0]]
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as out:
            writer = csv.writer(out, quoting=csv.QUOTE_ALL)
            writer.writerow(head[:1] if name.endswith("_delete") else head)
            writer.writerows(lines)
    return folder


def packed(folder: Path) -> Path:
    path = folder.with_suffix(".zip")
    with zipfile.ZipFile(path, "w") as into:
        for one in folder.iterdir():
            into.write(one, f"extract/{one.name}")
    return path
