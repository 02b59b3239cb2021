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


def leads_to(endpoint: str, label: Any) -> None:
    """Register a page that takes `key`, the case's address (in the hooks of a later room)."""
    _doors[endpoint] = label


def there(endpoint: str) -> bool:
    """Whether this portal has that page."""
    return endpoint in current_app.view_functions


def of(key: str) -> list[Door]:
    """The doors that this portal has."""
    return [Door(str(label), url_for(name, key=key)) for name, label in _doors.items() if there(name)]
