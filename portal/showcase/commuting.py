"""How far somebody is from a job, for the team only: kilometres by road, and whether the person's own means get there."""

from collections.abc import Sequence
from dataclasses import dataclass

from portal.agenda.travel import UnknownPlace, kilometres, place_of
from portal.foundation.options import options
from portal.showcase.matching import limit


@dataclass(frozen=True)
class Commute:
    """`km` by road from home, None where no home is known; `fits`: None where nothing can be said."""

    km: int | None
    fits: bool | None


def commute(mobility: Sequence[str], region: str, home: str, workplace: str) -> Commute:
    """From a home's postcode ("" when it is not known, or not the reader's to know) to a workplace's.

    It fits when the farthest of the person's means reaches the workplace, from home or from the middle of the travel
    region: many people look for a home where they find work.
    """
    from_home, from_region = road(home, workplace), road(_centre(region), workplace)
    reach = max((_radius(one) for one in mobility), default=0)
    known = [km for km in (from_home, from_region) if km is not None]
    if not known or not reach:
        return Commute(from_home, None)
    near = from_region is not None and from_region <= min(reach, limit("region_km"))
    return Commute(from_home, near or (from_home is not None and from_home <= reach))


def road(start: str, end: str) -> int | None:
    """Kilometres by road between two postcodes, rounded; None when one of them is not known."""
    if not start or not end:
        return None
    try:
        straight = kilometres(place_of(start).nis, place_of(end).nis)
    except UnknownPlace:
        return None
    return round(straight * float(limit("detour")))


def _centre(region: str) -> str:
    found = options("candidates", "regions").get(region)
    return str(found.data.get("centre_postcode", "")) if found is not None else ""


def _radius(code: str) -> int:
    found = options("candidates", "mobility").get(code)
    return int(found.data["radius_km"]) if found is not None else 0
