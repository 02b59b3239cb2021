"""Following every link that somebody finds, a few of each kind of page."""

from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from flask import Flask
from werkzeug.exceptions import HTTPException

from portal.foundation.database import db
from tests.visitor import Page, Visitor

DEPTH, OF_A_KIND = 3, 2


def crawl(visitor: Visitor, *, depth: int = DEPTH, of_a_kind: int = OF_A_KIND) -> Iterator[Any]:
    """The pages that links lead to, a few of each kind."""
    seen: set[str] = {"/"}
    kinds: Counter[str] = Counter()
    todo = deque([("/", 0)])
    while todo:
        path, far = todo.popleft()
        page = _open(visitor, path)
        yield page
        if page.tree is None or page.status != 200 or far == depth:
            continue
        for link in _links(page):
            kind = _kind(visitor.app, link)
            if link not in seen and kind and kinds[kind] < of_a_kind:
                seen.add(link)
                kinds[kind] += 1
                todo.append((link, far + 1))


@dataclass(frozen=True)
class Broken:
    """A page that raised instead of answering."""

    path: str
    status: str
    html: str = ""
    tree: None = None


def _open(visitor: Visitor, path: str) -> Any:
    try:
        return visitor._ask(lambda: visitor.client.get(path, follow_redirects=True))
    except Exception as error:
        db.session.rollback()
        return Broken(path, repr(error))


def _links(page: Page) -> list[str]:
    assert page.tree is not None
    found = [urlsplit(str(a.get("href"))) for a in page.tree.xpath("//a[@href]")]
    here = [one for one in found if one.scheme in {"", "http"} and one.netloc in {"", "localhost"} and one.path]
    return [f"{one.path}?{one.query}" if one.query else one.path for one in here]


def _kind(app: Flask, path: str) -> str:
    """The page that an address leads to; nothing for a file or for leaving."""
    try:
        endpoint, _ = app.url_map.bind("localhost").match(urlsplit(path).path)
    except HTTPException:
        return "unknown"
    return "" if endpoint == "static" or endpoint.endswith((".static", "sign_out", "language")) else str(endpoint)
