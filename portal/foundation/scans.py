"""A scan of a signed sheet: known by its first bytes, written anew without what says who made it and where, kept sealed
under a random name, and handed out as an attachment only.

A picture is decoded, turned upright and encoded again: no EXIF, no comments, no thumbnails, nothing behind the end. Of a PDF
only the pages go on: no maker, no title, no scripts, no attachments, no notes upon a page.
"""

import warnings
from io import BytesIO
from typing import Any, BinaryIO

from flask_wtf.file import FileField
from PIL import Image, ImageOps, UnidentifiedImageError
from pypdf import PdfReader, PdfWriter
from pypdf.errors import PyPdfError
from werkzeug.wrappers import Response
from wtforms.validators import Optional, ValidationError

from portal.foundation.errors import DomainError
from portal.foundation.storage import storage
from portal.foundation.words import lazy

MOST_MEGABYTES = 5
MOST_PIXELS = 40_000_000
MOST_PAGES = 20

_KINDS = {
    b"%PDF-": ("application/pdf", "pdf"), b"\xff\xd8\xff": ("image/jpeg", "jpg"), b"\x89PNG\r\n\x1a\n": ("image/png", "png"),
}  # fmt: skip
# What a page of a PDF may do beside being looked at.
_PAGE_DOES = ("/AA", "/Annots", "/Metadata", "/PieceInfo", "/LastModified", "/Thumb")
_BROKEN = (PyPdfError, OSError, ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError)


class NoScan(DomainError):
    sentence = lazy(
        "This file cannot be kept. Scan the sheet again as PDF, JPEG or PNG: at most 5 megabytes and 20 pages."
    )
    field = "scan"


def kind_of(stream: BinaryIO) -> tuple[str, str] | None:
    """The media type and file ending by the first bytes; None for anything else, or for too large a file."""
    content = stream.read(MOST_MEGABYTES * 1024 * 1024 + 1)
    stream.seek(0)
    return kind_of_bytes(content) if len(content) <= MOST_MEGABYTES * 1024 * 1024 else None


def kind_of_bytes(content: bytes) -> tuple[str, str] | None:
    return next((kind for start, kind in _KINDS.items() if content.startswith(start)), None)


class IsScan:
    """A form's field that takes a scan, or nothing."""

    def __call__(self, form: Any, field: Any) -> None:
        if field.data and kind_of(field.data.stream) is None:
            raise ValidationError(lazy("Choose a PDF, JPEG or PNG of at most %(most)s megabytes.", most=MOST_MEGABYTES))


class ScanField(FileField):
    """Where a form takes a scan, or nothing."""

    def __init__(self, label: Any, **more: Any) -> None:
        super().__init__(label, [Optional(), IsScan()], **more)

    def content(self) -> bytes:
        """The bytes that were sent; empty when no file was chosen."""
        return bytes(self.data.stream.read()) if self.data else b""


def keep(content: bytes) -> str:
    """Store a scan, made anew, under a random name; nothing to store gives no name. Raises NoScan."""
    return storage().keep(made_anew(content)) if content else ""


def fetch(name: str) -> tuple[bytes, str, str]:
    """The content, its media type and a neutral file name. Raises FileNotFoundError."""
    content = storage().read(name)
    kind = kind_of_bytes(content)
    if kind is None:
        raise FileNotFoundError(name)
    return content, kind[0], f"sheet.{kind[1]}"


def attachment(name: str) -> Response:
    """A scan for whoever may fetch it: saved, never shown by the portal's own page. Raises FileNotFoundError."""
    content, kind, neutral = fetch(name)
    answer = Response(content, mimetype=kind)
    answer.headers.set("Content-Disposition", "attachment", filename=neutral)
    answer.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return answer


def made_anew(content: bytes) -> bytes:
    """The same sheet without what came along with it. Raises NoScan for one that is broken, locked or too large."""
    kind = kind_of_bytes(content)
    if kind is None or len(content) > MOST_MEGABYTES * 1024 * 1024:
        raise NoScan()
    try:
        return _pages(content) if kind[1] == "pdf" else _picture(content)
    except (*_BROKEN, UnidentifiedImageError, Image.DecompressionBombError, SyntaxError):
        raise NoScan() from None


def _picture(content: bytes) -> bytes:
    """Decoded and encoded again; its size is known before a pixel is read."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)
        picture = Image.open(BytesIO(content), formats=("PNG", "JPEG"))
    if not 0 < picture.width * picture.height <= MOST_PIXELS:
        raise NoScan()
    kind = picture.format
    upright = ImageOps.exif_transpose(picture)
    plain = upright if upright.mode in {"1", "L", "RGB"} else upright.convert("RGB")
    plain.info.clear()
    kept = BytesIO()
    plain.save(kept, format=kind, **({"quality": 90} if kind == "JPEG" else {}))
    return kept.getvalue()


def _pages(content: bytes) -> bytes:
    """The pages in a new document; what a page can do is left behind."""
    sent = PdfReader(BytesIO(content))
    if sent.is_encrypted or not 0 < len(sent.pages) <= MOST_PAGES:
        raise NoScan()
    kept = PdfWriter()
    for page in sent.pages:
        for does in _PAGE_DOES:
            page.pop(does, None)
        kept.add_page(page)
    kept.metadata = None
    written = BytesIO()
    kept.write(written)
    return written.getvalue()
