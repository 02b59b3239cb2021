"""The pages that search engines may keep. A page that no room names here carries noindex and stands in no sitemap."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

Each = Callable[[], Iterable[dict[str, Any]]]
_pages: dict[str, Each] = {}


def page(endpoint: str, each: Each | None = None) -> None:
    """Name a public page. `each` gives the values of its addresses, for one that has several."""
    _pages[endpoint] = each or (lambda: [{}])


def is_indexed(endpoint: str | None) -> bool:
    return endpoint in _pages


def addresses() -> Iterator[tuple[str, dict[str, Any]]]:
    """Every public page: endpoint and values."""
    for endpoint in sorted(_pages):
        for values in _pages[endpoint]():
            yield endpoint, values
