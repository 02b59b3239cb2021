"""The charter as data: the text in force, its commitments, and the hash that a signature keeps."""

import hashlib
from dataclasses import dataclass
from datetime import date
from typing import Any

from portal.foundation import clock, crypto
from portal.foundation.options import load
from portal.foundation.words import pick


@dataclass(frozen=True)
class Commitment:
    number: int
    title: str
    text: str


@dataclass(frozen=True)
class Charter:
    """One version in one language. `hash` names the exact text, so that a signature can be held against it later."""

    version: int
    language: str
    title: str
    intro: str
    closing: str
    commitments: tuple[Commitment, ...]

    @property
    def hash(self) -> str:
        text = [self.version, self.language, self.title, self.intro, self.closing]
        lines = [[c.number, c.title, c.text] for c in self.commitments]
        return hashlib.sha256(crypto.dump([*text, lines]).encode()).hexdigest()


def in_force(language: str, on: date | None = None) -> Charter:
    """The newest version that applies on a day (today when not said)."""
    day = on or clock.today()
    versions = [one for one in load("ambassadors", "charter")["versions"] if one["from"] <= day]
    return _read(max(versions, key=lambda one: one["version"]), language)


def version(number: int, language: str) -> Charter:
    """A version that somebody signed, also when a newer one is in force. Raises KeyError for one that never was."""
    for one in load("ambassadors", "charter")["versions"]:
        if one["version"] == number:
            return _read(one, language)
    raise KeyError(number)


def _read(data: dict[str, Any], language: str) -> Charter:
    return Charter(
        version=data["version"],
        language=language,
        title=pick(data["title"], language),
        intro=pick(data["intro"], language),
        closing=pick(data["closing"], language),
        commitments=tuple(
            Commitment(c["number"], pick(c["title"], language), pick(c["text"], language)) for c in data["commitments"]
        ),
    )
