"""Which competences a screening asks about, in groups that a phone can hold: a catalogue may have fourteen thousand."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from portal.competences import queries as catalogue
from portal.competences.models import Competence, Occupation
from portal.foundation.words import _

# What the form begins with, of the work that is looked for and of what every job asks; the rest is one button away.
MOST_ASKED = 14
_MOST_NAMED = 120


@dataclass(frozen=True)
class Group:
    """Competences that stand together under a title. `open`: unfolded on the page."""

    title: str
    competences: Sequence[Competence]
    open: bool


def jobs(draft: dict[str, Any]) -> list[Occupation]:
    """The short list of work, with what was chosen beyond it."""
    found, chosen = list(catalogue.occupations()), _job(draft)
    other = catalogue.occupation(chosen) if chosen and all(one.code != chosen for one in found) else None
    return [other, *found] if other is not None else found


def _job(draft: dict[str, Any]) -> str:
    return str(draft.get("talents", {}).get("occupation", ""))


def groups(draft: dict[str, Any], sent: Mapping[str, str]) -> list[Group]:
    """What the work asks, what every job asks, and what was added, by sector.

    `sent` is the form that comes in: what somebody typed in another tab, before other work was chosen here, counts too.
    """
    occupation = catalogue.occupation(_job(draft))
    asked = catalogue.competences_for(occupation.id if occupation else 0)[:MOST_ASKED]
    own = [one for one in asked if not _general(one) or occupation is None]
    known = {one.code for one in asked}
    added = catalogue.competences_called([code for code in _named(draft, sent) if code not in known])
    titled = [(occupation.label if occupation else _("What every job asks"), own)]
    if occupation is not None:
        titled.append((_("What every job asks"), [one for one in asked if _general(one)]))
    titled += [(title, list(some)) for title, some in groupby(added, _sector)]
    first = titled[0][0]
    filled = {code for code, one in draft.get("competences", {}).items() if one}
    return [
        Group(title, some, title == first or _any(some, filled) or some[0] in added) for title, some in titled if some
    ]


def _general(one: Competence) -> bool:
    return one.sector_id is None and one.uri is None


def _any(some: Iterable[Competence], codes: set[str]) -> bool:
    return any(one.code in codes for one in some)


def _sector(one: Competence) -> str:
    if _general(one):
        return _("Also asked in every job")
    return one.sector.label if one.sector is not None else _("In several sectors")


def _is_level(name: str) -> bool:
    """A field's name as this form makes them: what comes in is asked of the database."""
    return name.startswith("level_") and name.isprintable()


def _named(draft: dict[str, Any], sent: Mapping[str, str]) -> list[str]:
    """The codes of what was filled in or added, and of what comes in now."""
    now = [name.removeprefix("level_") for name, value in sent.items() if _is_level(name) and value]
    return list(dict.fromkeys([*draft.get("competences", {}), *draft.get("also", []), *now]))[:_MOST_NAMED]
