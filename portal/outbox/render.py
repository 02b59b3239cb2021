"""A letter is one template of blocks (subject, preview, body, button); its plain text is made from its HTML, so that
both always say the same."""

from dataclasses import dataclass
from typing import Any

import lxml.html
from flask import current_app
from inscriptis import get_text
from inscriptis.model.config import ParserConfig

from portal.foundation.host import operator_name
from portal.foundation.words import speaking
from portal.outbox import service

_AS_TEXT = ParserConfig(display_links=True)


@dataclass(frozen=True)
class Rendered:
    subject: str
    text: str
    html: str
    # Where one press ends this kind of letter (RFC 8058); empty for a letter that somebody must have.
    unsubscribe: str = ""


def render(template: str, language: str, values: dict[str, Any], *, rehearsed: bool = False) -> Rendered:
    """The letter as its reader will see it. Raises jinja2.UndefinedError when a value is missing.

    `rehearsed`: for somebody else's eyes, so that personal links open nothing.
    """
    operator = operator_name()
    with current_app.test_request_context(base_url=current_app.extensions["doorstart"].public_url), speaking(language):
        given = {**service.resolved(values, rehearsed=rehearsed), "operator_name": operator, "page_language": language}
        html = current_app.jinja_env.get_template(f"mail/{template}.html").render(**given)
    tree = lxml.html.document_fromstring(html)
    subject = " ".join(str(tree.findtext(".//title")).split())
    sheet = lxml.html.tostring(tree.find_class("mail-sheet")[0], encoding="unicode")
    text = f"{get_text(sheet, _AS_TEXT).strip()}\n\n-- \n{operator}\n"
    return Rendered(subject, text, html, str(given.get("unsubscribe") or ""))
