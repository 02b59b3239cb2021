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
    code: str = ""


@dataclass(frozen=True)
class Charter:
    """One version in one language. `hash` names the exact text, so that a signature can be held against it later."""

    version: int
    since: date
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


@dataclass(frozen=True)
class Change:
    """One difference between two versions. kind: new, changed or dropped; `before` is what stood there."""

    kind: str
    title: str
    text: str
    before: str = ""


def changes(old: Charter, new: Charter) -> list[Change]:
    """What another version says differently, commitment by commitment, so that nobody compares two texts by eye."""
    before = {one.code: one for one in old.commitments}
    found = [Change("changed", "", now, was) for was, now in ((old.intro, new.intro),) if was != now]
    for one in new.commitments:
        was = before.pop(one.code, None)
        if was is None:
            found.append(Change("new", one.title, one.text))
        elif (was.title, was.text) != (one.title, one.text):
            found.append(Change("changed", one.title, one.text, was.text))
    found += [Change("dropped", one.title, one.text) for one in before.values()]
    return found + [Change("changed", "", now, was) for was, now in ((old.closing, new.closing),) if was != now]


def _read(data: dict[str, Any], language: str) -> Charter:
    return Charter(
        version=data["version"],
        since=data["from"],
        language=language,
        title=pick(data["title"], language),
        intro=pick(data["intro"], language),
        closing=pick(data["closing"], language),
        commitments=tuple(
            Commitment(c["number"], pick(c["title"], language), pick(c["text"], language), c["code"])
            for c in data["commitments"]
        ),
    )
