"""What a whole company register costs: its files are made by arithmetic, read into a portal made for it, and looked up."""

import csv
import resource
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from time import perf_counter

import click
import sqlalchemy as sa

from portal.cli.bench import empty
from portal.foundation import acting
from portal.foundation.database import db
from portal.organisations import register, register_lookup
from portal.organisations.models import RegisterEntry

HEADS = {
    "meta": ("Variable", "Value"),
    "code": ("Category", "Code", "Language", "Description"),
    "enterprise": (
        "EnterpriseNumber", "Status", "JuridicalSituation", "TypeOfEnterprise", "JuridicalForm", "JuridicalFormCAC", "StartDate",
    ),
    "establishment": ("EstablishmentNumber", "StartDate", "EnterpriseNumber"),
    "denomination": ("EntityNumber", "Language", "TypeOfDenomination", "Denomination"),
    "address": (
        "EntityNumber", "TypeOfAddress", "CountryNL", "CountryFR", "Zipcode", "MunicipalityNL", "MunicipalityFR", "StreetNL",
        "StreetFR", "HouseNumber", "Box", "ExtraAddressInfo", "DateStrikingOff",
    ),
    "contact": ("EntityNumber", "EntityContact", "ContactType", "Value"),
    "activity": ("EntityNumber", "ActivityGroup", "NaceVersion", "NaceCode", "Classification"),
}  # fmt: skip
_PLACES = (
    ("9000", "Gent", "Gand"),
    ("2000", "Antwerpen", "Anvers"),
    ("1000", "Brussel", "Bruxelles"),
    ("8500", "Kortrijk", "Courtrai"),
)
_WORKS = ("43320", "56101", "81210", "25620", "47112", "01130")
# Companies are more than somebody alone in three of five.
_ALONE = 5


def number(n: int) -> str:
    """The n-th number, with its check digits and dots."""
    base = 2_000_000 + n
    text = f"{base:08d}{97 - base % 97:02d}"
    return f"{text[:4]}.{text[4:7]}.{text[7:]}"


def write(folder: Path, companies: int) -> None:
    """The files of a full extract, line by line."""
    with ExitStack() as open_:
        out = {}
        for name, head in HEADS.items():
            file = open_.enter_context((folder / f"{name}.csv").open("w", encoding="utf-8", newline=""))
            out[name] = csv.writer(file, quoting=csv.QUOTE_ALL)
            out[name].writerow(head)
        said = {"SnapshotDate": "01-11-2026", "ExtractTimestamp": "02-11-2026 06:00:00", "ExtractType": "full"}
        out["meta"].writerows([*said.items(), ("ExtractNumber", "140"), ("Version", "1.0.0")])
        for n in range(companies):
            for name, row in lines(n):
                out[name].writerow(row)


def lines(n: int) -> Iterator[tuple[str, Sequence[str]]]:
    """What the files say of one company: its own lines, an establishment's, and activities of which one is the main one."""
    whose, alone = number(n), n % _ALONE in (1, 3)
    postcode, nl, fr = _PLACES[n % len(_PLACES)]
    site = f"2.{n // 1_000_000:03d}.{n // 1000 % 1000:03d}.{n % 1000:03d}"
    at = ("", "", postcode, nl, fr, "Kerkstraat", "Rue de l'Église", str(n % 300 + 1), "" if n % 7 else "3", "", "")
    yield "enterprise", (whose, "AC", "000", "1" if alone else "2", "" if alone else "610", "", "01-02-2003")
    yield "establishment", (site, "01-02-2003", whose)
    yield "denomination", (whose, "2", "001", f'Bedrijf "De {n}" bv')
    if not n % 3:
        yield "denomination", (whose, "1", "003", f"Société {n}")
    if not alone:
        yield "address", (whose, "REGO", *at)
    yield "address", (site, "BAET", *at)
    yield "contact", (whose, "ENT", "TEL", "09 000 00 00")
    for group, version, kind in (
        ("001", "2008", "MAIN"),
        ("001", "2025", "MAIN"),
        ("001", "2025", "SECO"),
        ("006", "2008", "MAIN"),
    ):
        yield "activity", (whose, group, version, _WORKS[n % len(_WORKS)], kind)


@click.command("bench-register")
@click.option("--companies", default=1_000_000, show_default=True)
@click.option("--database-url", default="", help="an empty PostgreSQL database of its own; its tables are dropped")
def bench_register(companies: int, database_url: str) -> None:
    """Measure reading a company register, and looking up a number in it, in a portal made for it."""
    with tempfile.TemporaryDirectory(prefix="doorstart-register-") as folder, empty(database_url) as app:
        write(Path(folder), companies)
        before = _peak()
        report = register.Report(lambda name, rows: None, lambda *cells: None)
        with app.app_context(), acting.as_(None, "bench"):
            began = perf_counter()
            register.bring(Path(folder), report)
            seconds = perf_counter() - began
            kept = db.session.scalar(sa.select(sa.func.count()).select_from(RegisterEntry)) or 0
            looked = _looked_up(companies)
    click.echo(f"{companies:,} enterprises, {kept:,} kept: {seconds:.0f} s, {companies / seconds:,.0f} a second")
    click.echo(f"memory: {before:.0f} MB before, {_peak():.0f} MB at its peak")
    click.echo(f"a number looked up: {looked * 1000:.2f} ms")


def _looked_up(companies: int, times: int = 200) -> float:
    """The median of looking up numbers from all over the register."""
    taken = []
    for n in range(0, companies, max(companies // times, 1)):
        began = perf_counter()
        register_lookup.find(number(n).replace(".", ""))
        taken.append(perf_counter() - began)
    return sorted(taken)[len(taken) // 2]


def _peak() -> float:
    """The most memory that this process ever had, in megabytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
