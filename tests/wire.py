"""A visitor over real HTTP, who asks several web processes in turn, as behind a balancer."""

import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Sequence
from dataclasses import dataclass, field
from http.cookiejar import CookieJar
from itertools import cycle
from types import SimpleNamespace
from typing import Any

from tests.visitor import Page, Visitor


@dataclass
class Wire:
    """Looks like Flask's test client: `get` and `post`, each asked of the next server."""

    servers: Sequence[str]
    asked: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._next = cycle(self.servers)
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))

    def ask_only(self, *servers: str) -> None:
        """The others are out of the balancer: they failed."""
        self.servers, self._next = servers, cycle(servers)

    def get(self, path: str, **_: Any) -> Any:
        return self._ask(path, None)

    def post(self, path: str, data: Any = None, **_: Any) -> Any:
        pairs = list(data.items(multi=True)) if hasattr(data, "items") else list(data or [])
        return self._ask(path, urllib.parse.urlencode(pairs).encode())

    def _ask(self, path: str, body: bytes | None) -> Any:
        server = next(self._next)
        self.asked[server] = self.asked.get(server, 0) + 1
        parts = urllib.parse.urlsplit(path)
        local = parts.path + (f"?{parts.query}" if parts.query else "")
        try:
            answer = self._opener.open(urllib.request.Request(f"{server}{local}", data=body), timeout=30)
        except urllib.error.HTTPError as error:
            answer = error
        text = answer.read()
        seen = urllib.parse.urlsplit(answer.geturl())
        full = seen.path + (f"?{seen.query}" if seen.query else "")
        return SimpleNamespace(
            status_code=answer.status,
            request=SimpleNamespace(path=seen.path, full_path=full),
            headers=answer.headers,
            mimetype=answer.headers.get_content_type(),
            get_data=lambda as_text=False: text.decode() if as_text else text,
        )


class FarVisitor(Visitor):
    """Somebody whose requests reach one web process after another."""

    def __init__(self, servers: Sequence[str]) -> None:
        self.client = Wire(servers)  # type: ignore[assignment]

    def _ask(self, ask: Any) -> Page:
        return Page(self, ask(), [])

    def step_into(self, email: str) -> "FarVisitor":
        """The demo's sign-in, by its button."""
        page = self.open("/demo")
        assert page.tree is not None
        form = page.tree.xpath(f"//form[.//input[@name='email' and @value='{email}']]")[0]
        self.post("/demo", form.form_values())
        return self
