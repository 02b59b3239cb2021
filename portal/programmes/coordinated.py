"""A coordinator's own programmes, and which of them a page speaks of: the one in its address, else the first by name."""

from collections.abc import Sequence

from flask import request, url_for

from portal.foundation.access import viewer
from portal.foundation.errors import NotFound
from portal.programmes import queries
from portal.programmes.models import Programme


def own() -> Sequence[Programme]:
    """The programmes that the viewer coordinates, by name."""
    return queries.programmes_of(viewer().programmes("coordinator"))


def chosen() -> tuple[Sequence[Programme], Programme]:
    """All of them, and the one that is asked for. Raises NotFound."""
    found = own()
    return found, asked_for(found)


def asked_for(some: Sequence[Programme]) -> Programme:
    """The one of these that the address names. Raises NotFound for somebody else's, and where there is none."""
    key = request.args.get("programme", "")
    return some[0] if some and not key else named(key, some)


def named(key: str, some: Sequence[Programme] | None = None) -> Programme:
    """The one of these (of the viewer's own) with this key. Raises NotFound."""
    found = next((one for one in (own() if some is None else some) if one.key == key), None)
    if found is None:
        raise NotFound()
    return found


def address(endpoint: str, some: Sequence[Programme], programme: Programme) -> str:
    """A page about a programme; who has only one needs no name in the address."""
    return url_for(endpoint, programme=programme.key) if len(some) > 1 else url_for(endpoint)
