"""The edge of a page of a long list as it stands in an address: sealed, so that it shows neither a name nor a row's number,
and opened by its own list only."""

import json
from typing import Any

from cryptography.fernet import InvalidToken

from portal.foundation import crypto


def sealed(of: str, *values: Any) -> str:
    """`of` is the list: an endpoint, or a search in words."""
    return crypto.cipher().seal(json.dumps([of, *values], default=str))


def opened(of: str, token: str | None) -> list[Any] | None:
    """The values at the edge; None for nonsense and for the edge of another list."""
    try:
        kept = json.loads(crypto.cipher().open(token or ""))
    except (InvalidToken, ValueError):
        return None
    return kept[1:] if isinstance(kept, list) and kept[:1] == [of] else None
