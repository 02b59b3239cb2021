"""The doors of a dossier into later rooms: each leads to a page about the same case, addressed by the case's key."""

from dataclasses import dataclass
from typing import Any

from flask import current_app, url_for

from portal.foundation.words import lazy


@dataclass(frozen=True)
class Door:
    label: str
    url: str


_doors: dict[str, Any] = {"showcase.write": lazy("Profile")}
_FOR_READERS = {"showcase.write"}


def leads_to(endpoint: str, label: Any) -> None:
    """Register a page that takes `key`, the case's address (in the hooks of a later room)."""
    _doors[endpoint] = label


def there(endpoint: str) -> bool:
    """Whether this portal has that page."""
    return endpoint in current_app.view_functions


def of(key: str, *, works: bool = True) -> list[Door]:
    """The doors that this portal has; for somebody who only reads, through an opened glass, those that stay open."""
    names = [name for name in _doors if there(name) and (works or name in _FOR_READERS)]
    return [Door(str(_doors[name]), url_for(name, key=key)) for name in names]
