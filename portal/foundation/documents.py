"""The one place where a PDF is made: a typst template of our own, and what stands in it handed over as data.

The words of a document are never part of its source, so no text of a person can become a command. Nothing is fetched: the
templates import no packages, and the letters are those that come with typst. Each document is tagged (PDF/UA-1), says its
title and its language, names no maker, and is the same to the byte for the same words.
"""

import json
import re
import unicodedata
from functools import cache
from typing import Any

from werkzeug.wrappers import Response

from portal.config import ROOT

FOLDER = ROOT / "templates" / "pdf"
# What the fonts can show: Latin, Greek, Cyrillic, Armenian, Hebrew, Arabic, Georgian, and the usual signs.
_SHOWN = re.compile(
    "[\n\u0020-\u04ff\u0531-\u060c\u061b\u061f\u0621-\u063a\u0640-\u0656\u0660-\u066d\u0679-\u067b\u067e-\u0680\u0686\u0698\u06a9\u06af"
    "\u06be\u06cc\u06f0-\u06f9\u10d0-\u10ff\u1e00-\u1ffe\u2010-\u2040\u2044-\u2052\u20a0-\u20bf\u2100-\u211e\u2122\u2190-\u22ff\u2500-\u262f"
    "\u2701-\u2704\u2706-\u2709\u270c-\u2727]"
)
_SPACES = str.maketrans({"\t": " ", "\u2028": "\n", "\u2029": "\n"})
_MAKER = re.compile(rb"Typst [0-9.]+")


class DocumentFailed(RuntimeError):
    """A template and its data do not belong together. The reason repeats nothing of what stands in the document."""

    def __init__(self, template: str, reason: str) -> None:
        super().__init__(f"{template}: {re.sub('`[^`]*`', '…', reason)}")


def pdf(template: str, data: Any, *, language: str, title: str) -> bytes:
    """The document of a template under templates/pdf, such as "interviews/sheet.typ". Raises DocumentFailed."""
    given = {"data": json.dumps(shown({**data, "title": title, "language": language}), ensure_ascii=False)}
    content = _compiled(template, given, format="pdf", pdf_standards=["ua-1"])
    # In its own length: nothing else in the file moves.
    return _MAKER.sub(lambda found: b"Doorstart".ljust(len(found[0])), content)


def pictures(template: str, data: Any, *, language: str, title: str) -> list[bytes]:
    """The pages of the same document as PNG, to be looked at."""
    given = {"data": json.dumps(shown({**data, "title": title, "language": language}), ensure_ascii=False)}
    found = _compiled(template, given, format="png", ppi=72.0)
    return found if isinstance(found, list) else [found]


def _compiled(template: str, given: dict[str, str], **how: Any) -> Any:
    import typst  # Large, and asked for by few pages: loaded by the first document of a process.

    try:
        return typst.compile(
            str(FOLDER / template), root=str(FOLDER), font_paths=_fonts(), sys_inputs=given, timestamp=0, **how
        )
    except typst.TypstError as error:
        raise DocumentFailed(template, error.message) from None


@cache
def _fonts() -> Any:
    """Those of typst itself, never the machine's: a document looks the same wherever it is made."""
    import typst

    return typst.Fonts(include_system_fonts=False)


def shown(value: Any) -> Any:
    """The same data with only what can be printed. A sign that no font has becomes a square, and so never an error."""
    if isinstance(value, str):
        return "".join(_sign(character) for character in unicodedata.normalize("NFC", value.translate(_SPACES)))
    if isinstance(value, dict):
        return {str(key): shown(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [shown(one) for one in value]
    return value


def _sign(character: str) -> str:
    kind = unicodedata.category(character)
    if kind in {"Cf", "Cs", "Co"} or (kind == "Cc" and character != "\n"):
        return ""
    return character if _SHOWN.match(character) and kind != "Cn" else "□"


def attachment(content: bytes, name: str) -> Response:
    """A document for whoever may fetch it: saved, kept by no cache, under a name that names nobody."""
    answer = Response(content, mimetype="application/pdf")
    answer.headers.set("Content-Disposition", "attachment", filename=f"{name}.pdf")
    answer.headers["Cache-Control"] = "private, no-store"
    answer.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return answer
