"""Uploads, behind one interface: sealed before they leave the process, under a random name.

UPLOADS_URL chooses the place: empty or `file:///folder` for a folder (shared between machines by the operator), or
`database:` to keep the files in the database, which every web process already shares.
"""

import base64
import re
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

import sqlalchemy as sa
from flask import current_app
from sqlalchemy.orm import Mapped, mapped_column

from portal.foundation import crypto
from portal.foundation.database import Model, db

_NAME = re.compile(r"^[A-Za-z0-9_-]{12}$")


class Storage(Protocol):
    """Where files lie. Names come from `keep` and are never what the sender called the file."""

    def keep(self, content: bytes) -> str: ...
    def read(self, name: str) -> bytes: ...
    def forget(self, name: str) -> None: ...


class StoredFile(Model):
    """A sealed file, for set-ups without a shared folder."""

    __tablename__ = "stored_file"

    name: Mapped[str] = mapped_column(sa.String(16), unique=True)
    sealed: Mapped[str] = mapped_column(sa.Text)


def _seal(content: bytes) -> str:
    return crypto.cipher().seal(base64.b64encode(content).decode())


def _open(sealed: str) -> bytes:
    return base64.b64decode(crypto.cipher().open(sealed))


class Folder:
    """Files in a folder, written whole or not at all."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def keep(self, content: bytes) -> str:
        name = crypto.address_key()
        self.folder.mkdir(parents=True, exist_ok=True)
        half = self.folder / f"{name}.part"
        half.write_text(_seal(content))
        half.rename(self.folder / name)
        return name

    def read(self, name: str) -> bytes:
        """Raises FileNotFoundError for a name that was never given out."""
        return _open(self._path(name).read_text())

    def forget(self, name: str) -> None:
        self._path(name).unlink(missing_ok=True)

    def _path(self, name: str) -> Path:
        if not _NAME.match(name):
            raise FileNotFoundError(name)
        return self.folder / name


class InDatabase:
    """Files beside the rows that speak of them, in the same transaction."""

    def keep(self, content: bytes) -> str:
        name = crypto.address_key()
        db.session.add(StoredFile(name=name, sealed=_seal(content)))
        return name

    def read(self, name: str) -> bytes:
        """Raises FileNotFoundError for a name that was never given out."""
        sealed = db.session.scalar(sa.select(StoredFile.sealed).where(StoredFile.name == name))
        if sealed is None:
            raise FileNotFoundError(name)
        return _open(sealed)

    def forget(self, name: str) -> None:
        db.session.execute(sa.delete(StoredFile).where(StoredFile.name == name))


def storage() -> Storage:
    settings = current_app.extensions["doorstart"]
    place = urlsplit(settings.uploads_url)
    if place.scheme == "database":
        return InDatabase()
    return Folder(Path(place.path) if place.path else settings.instance / "uploads")
