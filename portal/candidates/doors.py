"""The doors of a dossier into later rooms: each leads to a page about the same case, addressed by the case's key."""

from dataclasses import dataclass
from typing import Any

from flask import current_app, url_for

from portal.foundation.words import lazy


@dataclass(frozen=True)
class Door:
    label: str
    url: str


@dataclass(frozen=True)
class Dossier:
    """What the tabs of a dossier need on a page of a later room: whose it is, for the case's own worker."""

    key: str
    works: bool = True
    keeps: bool = True

    @property
    def doors(self) -> list[Door]:
        return of(self.key, works=self.works, keeps=self.keeps)


_doors: dict[str, Any] = {"showcase.write": lazy("Profile")}
_FOR_READERS = {"showcase.write"}
_FOR_KEEPERS: set[str] = set()


def leads_to(endpoint: str, label: Any, *, for_readers: bool = False, for_sitters: bool = True) -> None:
    """Register a page that takes `key`, the case's address (in the hooks of a later room).

    `for_readers`: it also opens to somebody who only reads, through an opened glass, and writes nothing. `for_sitters`:
    it also opens to who only sits the day.
    """
    _doors[endpoint] = label
    if for_readers:
        _FOR_READERS.add(endpoint)
    if not for_sitters:
        _FOR_KEEPERS.add(endpoint)


def there(endpoint: str) -> bool:
    """Whether this portal has that page."""
    return endpoint in current_app.view_functions


def of(key: str, *, works: bool = True, keeps: bool = True) -> list[Door]:
    """The doors that this portal has, for who keeps the case, only works in it (a sit-day), or only reads it."""
    names = [name for name in _doors if there(name) and _open(name, works, keeps)]
    return [Door(str(_doors[name]), url_for(name, key=key)) for name in names]


def _open(name: str, works: bool, keeps: bool) -> bool:
    if not works:
        return name in _FOR_READERS
    return keeps or name not in _FOR_KEEPERS
