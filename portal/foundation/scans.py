"""A scan of a signed sheet: known by its first bytes, put together anew without what says who made it and where, kept
sealed under a random name, and handed out as an attachment only.

Pictures are taken apart and only the picture goes on: no EXIF, no comments, no thumbnails, nothing behind the end. A PDF
keeps its pages; what names its maker is blanked where it stands in clear, and one that does something is refused.
"""

import re
import zlib
from typing import Any, BinaryIO

from wtforms.validators import ValidationError

from portal.foundation.errors import DomainError
from portal.foundation.storage import storage
from portal.foundation.words import lazy

MOST_MEGABYTES = 5
MOST_PIXELS = 40_000_000
MOST_PAGES = 20

_PDF, _JPEG, _PNG = b"%PDF-", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n"
_KINDS = {_PDF: ("application/pdf", "pdf"), _JPEG: ("image/jpeg", "jpg"), _PNG: ("image/png", "png")}
# What a picture is made of: the parts of a PNG, and the segments of a JPEG (0xEE says how its colours are meant).
_PNG_PARTS = {b"IHDR", b"PLTE", b"tRNS", b"gAMA", b"sRGB", b"IDAT", b"IEND"}
_JPEG_FRAMES = set(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_JPEG_PARTS = _JPEG_FRAMES | {0xC4, 0xDB, 0xDD, 0xEE}
_PDF_DOES = re.compile(rb"/(?:JavaScript|JS|Launch|EmbeddedFile|OpenAction|AA|RichMedia|Encrypt)\b")
_PDF_PAGE = re.compile(rb"/Type\s*/Page(?![A-Za-z])")
_PDF_STREAM = re.compile(rb"\bstream\r?\n.*?endstream", re.S)
_PDF_MAKER = re.compile(
    rb"(/(?:Author|Creator|Producer|Title|Subject|Keywords|Company)\s*)(\((?:\\.|[^\\)])*\)|<[0-9A-Fa-f\s]*>)", re.S
)
_PDF_XMP = re.compile(rb"(<x:xmpmeta[^>]*>)(.*?)(</x:xmpmeta>)", re.S)


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


def content_of(field: Any) -> bytes:
    """The bytes that a field took; empty when none was chosen."""
    return bytes(field.data.stream.read()) if field.data else b""


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


def made_anew(content: bytes) -> bytes:
    """The same sheet without what came along with it. Raises NoScan for one that is broken, too large, or does something."""
    if len(content) > MOST_MEGABYTES * 1024 * 1024:
        raise NoScan()
    try:
        if content.startswith(_PNG):
            return _png(content)
        if content.startswith(_JPEG):
            return _jpeg(content)
    except (IndexError, ValueError):
        raise NoScan() from None
    if content.startswith(_PDF):
        return _pdf(content)
    raise NoScan()


def _png(content: bytes) -> bytes:
    parts, at = [_PNG], len(_PNG)
    while True:
        size, name = int.from_bytes(content[at : at + 4]), content[at + 4 : at + 8]
        whole = content[at : at + 12 + size]
        if len(whole) != 12 + size or zlib.crc32(whole[4:-4]) != int.from_bytes(whole[-4:]):
            raise NoScan()
        if name == b"IHDR":
            _fits(int.from_bytes(whole[8:12]), int.from_bytes(whole[12:16]))
        if name in _PNG_PARTS:
            parts.append(whole)
        if name == b"IEND":
            return b"".join(parts)
        at += 12 + size


def _jpeg(content: bytes) -> bytes:
    parts, at = [content[:2]], 2
    while True:
        mark = content[at + 1]
        if content[at] != 0xFF:
            raise NoScan()
        if mark == 0xFF:
            at += 1
            continue
        if mark == 0xD9:
            return b"".join([*parts, b"\xff\xd9"])
        size = int.from_bytes(content[at + 2 : at + 4])
        end = _end_of_scan(content, at + 2 + size) if mark == 0xDA else at + 2 + size
        if mark in _JPEG_FRAMES:
            _fits(int.from_bytes(content[at + 5 : at + 7]), int.from_bytes(content[at + 7 : at + 9]))
        if mark in _JPEG_PARTS or mark == 0xDA:
            parts.append(content[at:end])
        at = end


def _end_of_scan(content: bytes, at: int) -> int:
    """Where the picture's own data end: at the first mark that is no restart and no stuffed byte."""
    while True:
        at = content.index(b"\xff", at)
        if content[at + 1] != 0 and not 0xD0 <= content[at + 1] <= 0xD7:
            return at
        at += 2


def _fits(width: int, height: int) -> None:
    if not 0 < width * height <= MOST_PIXELS:
        raise NoScan()


def _pdf(content: bytes) -> bytes:
    """Blanked in place, byte for byte, so that what a PDF says about its own positions stays true."""
    outside = _PDF_STREAM.sub(b"", content)
    if _PDF_DOES.search(outside) or len(_PDF_PAGE.findall(outside)) > MOST_PAGES:
        raise NoScan()
    blank = _PDF_MAKER.sub(lambda m: m[1] + m[2][:1] + b" " * (len(m[2]) - 2) + m[2][-1:], content)
    return _PDF_XMP.sub(lambda m: m[1] + b" " * len(m[2]) + m[3], blank)
