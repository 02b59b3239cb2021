"""A scan of the sheet that the candidate signed: kept sealed, known by its first bytes, handed out as an attachment only."""

from typing import BinaryIO

from portal.foundation.storage import storage
from portal.showcase.matching import limit

_KINDS = {
    b"%PDF-": ("application/pdf", "pdf"),
    b"\xff\xd8\xff": ("image/jpeg", "jpg"),
    b"\x89PNG\r\n\x1a\n": ("image/png", "png"),
}


def kind_of(stream: BinaryIO) -> tuple[str, str] | None:
    """The media type and file ending by the first bytes; None for anything else, or for too large a file."""
    content = stream.read(int(limit("scan_megabytes")) * 1024 * 1024 + 1)
    stream.seek(0)
    return kind_of_bytes(content) if len(content) <= limit("scan_megabytes") * 1024 * 1024 else None


def kind_of_bytes(content: bytes) -> tuple[str, str] | None:
    return next((kind for start, kind in _KINDS.items() if content.startswith(start)), None)


def keep(content: bytes) -> str:
    """Store a scan under a random name; nothing to store gives no name."""
    return storage().keep(content) if content else ""


def fetch(name: str) -> tuple[bytes, str, str]:
    """The content, its media type and a neutral file name. Raises FileNotFoundError."""
    content = storage().read(name)
    kind = kind_of_bytes(content)
    if kind is None:
        raise FileNotFoundError(name)
    return content, kind[0], f"sheet.{kind[1]}"
