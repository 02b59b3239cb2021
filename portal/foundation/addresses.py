"""Addresses of pages, for letters, sheets and tasks: built without a request, from PUBLIC_URL and never from a Host header."""

from typing import Any

from flask import current_app


def path_of(endpoint: str, **values: Any) -> str:
    """The local path of a page."""
    return current_app.url_map.bind("portal").build(endpoint, values)


def address_of(endpoint: str, **values: Any) -> str:
    """The full address of a page."""
    return f"{current_app.extensions['doorstart'].public_url}{path_of(endpoint, **values)}"
