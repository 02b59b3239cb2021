"""Somebody with a browser. Every page that is opened is checked: status, one h1, a title, labels, unique ids, nothing
inline that the CSP would stop."""

import contextvars
from collections.abc import Callable
from functools import cached_property
from io import BytesIO
from typing import Any, Self

import lxml.html
import sqlalchemy as sa
from flask import Flask
from pypdf import PdfReader
from sqlalchemy import event
from sqlalchemy.engine import Engine

from portal.answers import editions
from portal.foundation.database import db

INLINE = ("onclick", "onload", "onsubmit", "onchange", "style")


def _read(response: Any) -> str:
    """What an answer says: of a PDF the words on its pages, and what it tells about itself."""
    if response.mimetype != "application/pdf":
        return str(response.get_data(as_text=True))
    reader = PdfReader(BytesIO(response.get_data()))
    return "\n".join([*(page.extract_text() for page in reader.pages), str(reader.metadata)])


class Page:
    """A page that was opened: its text, its forms, and what it cost."""

    def __init__(self, visitor: "Visitor", response: Any, queries: list[str]) -> None:
        self.visitor, self.response, self.queries = visitor, response, queries
        self.status: int = response.status_code
        self.path: str = response.request.path
        self.html: str = _read(response)
        self.is_html = response.mimetype == "text/html"

    @cached_property
    def tree(self) -> Any:
        """The page as a tree, read where somebody looks: many a page is only asked for its status or its bytes."""
        if not (self.is_html and self.html):
            return None
        tree = lxml.html.document_fromstring(self.html)
        if self.status == 200:
            tree.make_links_absolute(f"http://localhost{self.path}")
        return tree

    @property
    def text(self) -> str:
        """What a person reads on the page, with its white space folded."""
        assert self.tree is not None
        for gone in self.tree.xpath("//script|//style"):
            gone.drop_tree()
        return " ".join(self.tree.text_content().split())

    @property
    def h1(self) -> str:
        assert self.tree is not None
        return " ".join(self.tree.xpath("//h1")[0].text_content().split())

    def says(self, *wanted: str) -> Self:
        for text in wanted:
            assert text in self.text, f"{text!r} is not on {self.path}:\n{self.text[:3000]}"
        return self

    def lacks(self, *unwanted: str) -> Self:
        for text in unwanted:
            assert text not in self.html, f"{text!r} is on {self.path}"
        return self

    def link(self, text: str) -> str:
        assert self.tree is not None
        found = [a for a in self.tree.xpath("//a[@href]") if text in " ".join(a.text_content().split())]
        assert found, f"no link {text!r} on {self.path}: {[a.text_content().strip() for a in self.tree.xpath('//a')]}"
        return str(found[0].get("href"))

    def follow(self, text: str) -> "Page":
        return self.visitor.open(self.link(text))

    def form(self, button: str | None = None) -> Any:
        """The form with this button, or the last form of the page's main part."""
        assert self.tree is not None
        forms = [
            f for f in self.tree.xpath("//main//form" if button is None else "//form") if f.method.lower() == "post"
        ]
        if button is not None:
            forms = [
                f for f in forms if any(button in " ".join(b.text_content().split()) for b in f.xpath(".//button"))
            ]
        assert forms, f"no form {button or ''} on {self.path}:\n{self.text[:2000]}"
        return forms[-1]

    def send(self, button: str | None = None, **values: Any) -> "Page":
        """Fill in the form and press its button. Lists tick several boxes; unknown fields are an error of the test."""
        form = self.form(button)
        names = {e.get("name") for e in form.xpath(".//*[@name]")}
        unknown = set(values) - names
        assert not unknown, f"no field {unknown} on {self.path}: {sorted(n for n in names if n)}"
        sent: list[tuple[str, str]] = [(k, v) for k, v in form.form_values() if k not in values]
        for name, value in values.items():
            for one in value if isinstance(value, list | tuple) else [value]:
                if one is not None and one is not False:
                    sent.append((name, "y" if one is True else str(one)))
        for pressed in form.xpath(".//button[@name]"):
            if button is not None and button in " ".join(pressed.text_content().split()):
                sent.append((pressed.get("name"), pressed.get("value", "")))
        return self.visitor.post(form.get("action") or self.response.request.full_path, sent)


class Visitor:
    """A browser with its cookies. `become(person)` signs somebody in without the forms, second step and all."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.client = app.test_client()

    def become(self, person: Any) -> Self:
        from portal.accounts import service
        from portal.accounts.models import Factor

        token = service.open_sign_in(person, factor=Factor.APP)
        db.session.commit()
        with self.client.session_transaction() as session:
            session["_user_id"], session["_fresh"] = token, True
        return self

    def open(self, path: str, *, status: int = 200, **options: Any) -> Page:
        page = self._ask(lambda: self.client.get(path, follow_redirects=True, **options))
        assert page.status == status, f"{path} answered {page.status}: {page.html[:1500]}"
        check(page)
        return page

    def post(self, path: str, data: Any, *, follow: bool = True) -> Page:
        from werkzeug.datastructures import MultiDict

        page = self._ask(lambda: self.client.post(path, data=MultiDict(data), follow_redirects=follow))
        if page.is_html and page.html and page.status != 302:
            check(page)
        return page

    def _ask(self, ask: Callable[[], Any]) -> Page:
        db.session.commit()
        # Whichever page a process answers first, it keeps within its queries: nothing is warm from another test.
        editions.forget()
        queries: list[str] = []

        def count(_c: Any, _cur: Any, statement: str, *_rest: Any) -> None:
            if not statement.startswith(("BEGIN", "PRAGMA", "SAVEPOINT", "RELEASE")):
                queries.append(statement)

        event.listen(Engine, "before_cursor_execute", count)
        try:
            response = contextvars.Context().run(ask)
        finally:
            event.remove(Engine, "before_cursor_execute", count)
        db.session.expire_all()
        return Page(self, response, queries)


def check(page: Page) -> None:
    """What every page owes its reader."""
    tree = page.tree
    if tree is None:
        return
    where = f"{page.path} ({page.status})"
    assert len(tree.xpath("//h1")) == 1, f"{where}: one h1, not {len(tree.xpath('//h1'))}"
    assert (tree.findtext(".//title") or "").strip(), f"{where}: no title"
    assert tree.get("lang") in {"nl", "fr", "en"}, f"{where}: no language"
    ids = tree.xpath("//@id")
    assert len(ids) == len(set(ids)), f"{where}: ids twice: {sorted({i for i in ids if ids.count(i) > 1})}"
    labels = set(tree.xpath("//label/@for"))
    for field in tree.xpath("//input[not(@type='hidden')]|//select|//textarea"):
        named = (
            field.get("id") in labels
            or field.xpath("ancestor::label")
            or field.get("aria-label")
            or field.get("aria-labelledby")
        )
        assert named, f"{where}: the field {field.get('name')} has no label"
    for attribute in INLINE:
        assert not tree.xpath(f"//body//*[@{attribute}]"), f"{where}: inline {attribute}"
    # What describes a page to a search engine is data, which no browser runs; it carries the nonce all the same.
    data = tree.xpath("//script[@type='application/ld+json']")
    assert all(one.get("nonce") for one in data), f"{where}: data without a nonce"
    for script in tree.xpath("//script[not(@type='application/ld+json')]"):
        assert script.get("src") and script.get("nonce"), f"{where}: an inline script"
    assert "Content-Security-Policy" in page.response.headers, f"{where}: no CSP"


__all__ = ["Page", "Visitor", "check", "sa"]
