"""Who is in the pool, as sets of bits: a whole number per coded word, whose bit n is the profile with number n.

A closed list has few codes and a pool many people, so a rule is asked once per code and not once per person; what is left is
`and` and `or` of long numbers, which Python does in C. Pure: it knows no database and nothing of anybody but codes.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from portal.employers.needs import Needs
from portal.showcase.matching import band, hours_fit, language_allows, licence_allows, limit
from portal.showcase.states import Fit

# A kind of word ("skill", "licence" …) and the word: for a skill (competence, level), for a language (language, level).
Mark = tuple[str, Any]
EVERYBODY: Mark = ("everybody", "")
_FILLED = re.compile(rb"[^\0]")


@dataclass(frozen=True)
class Match:
    """A profile that has every must, with how many of the extras, and what that makes it."""

    profile_id: int
    extras: int
    fit: Fit


def gathered(marks: Iterable[tuple[int, Mark]], longest: int) -> dict[Mark, int]:
    """Sets from (profile, word) pairs, in one pass. `longest` is the highest number of a profile."""
    rows: dict[Mark, bytearray] = {}
    size = longest // 8 + 1
    for number, mark in marks:
        row = rows.get(mark)
        if row is None:
            row = rows[mark] = bytearray(size)
        row[number >> 3] |= 1 << (number & 7)
    return {mark: int.from_bytes(row, "little") for mark, row in rows.items()}


def numbers(bits: int, after: int = -1) -> Iterator[int]:
    """The profiles of a set from the lowest number on, beyond `after`."""
    data = bits.to_bytes((bits.bit_length() + 7) // 8, "little")
    at = (after + 1) >> 3
    while (found := _FILLED.search(data, at)) is not None:
        at = found.start()
        byte, first = data[at], at * 8
        yield from (first + bit for bit in range(8) if byte >> bit & 1 and first + bit > after)
        at += 1


@dataclass(frozen=True)
class Sets:
    """A pool as it was at one version. It never changes: a later version is another one (`with_changes`)."""

    rows: Mapping[Mark, int] = field(default_factory=dict)

    @property
    def everybody(self) -> int:
        return self.rows.get(EVERYBODY, 0)

    def with_changes(self, changed: int, fresh: Mapping[Mark, int]) -> "Sets":
        """The pool after these profiles changed: their old words gone, their new ones in."""
        old = {mark: row & ~changed for mark, row in self.rows.items()} if changed else dict(self.rows)
        merged = {mark: old.get(mark, 0) | fresh.get(mark, 0) for mark in old.keys() | fresh.keys()}
        return Sets({mark: row for mark, row in merged.items() if row})

    def where(self, kind: str, allows: Callable[[Any], bool]) -> int:
        """Everybody with a word of this kind that the rule allows."""
        found = 0
        for mark, row in self.rows.items():
            if mark[0] == kind and allows(mark[1]):
                found |= row
        return found

    def at_least(self, competence: int, level: int) -> int:
        found = 0
        for one in range(level, 5):
            found |= self.rows.get(("skill", (competence, one)), 0)
        return found

    def meeting(self, needs: Needs) -> int:
        """Everybody who has every must (matching.missing is empty)."""
        least = int(limit("must_level"))
        found = self.everybody
        for one in needs.must:
            found &= self.at_least(one, least)
        found &= self.where("hours_band", lambda band: hours_fit(needs, band))
        if needs.forms:
            found &= self.where("form", lambda form: form in needs.forms)
        found &= self.where("licence", lambda licence: licence_allows(licence, needs.licence))
        for code, level in needs.languages.items():
            if not language_allows(None, level):
                found &= self._speaking(code, level)
        return found

    def _speaking(self, code: str, level: str) -> int:
        return self.where("language", lambda one: one[0] == code and language_allows(one[1], level))

    def best(self, needs: Needs, most: int) -> list[Match]:
        """Who fits best: by the number of extras, then by the profile's number, so that the order is one."""
        meeting, extras = self.meeting(needs), list(self._extras(needs))
        planes = _added(row & meeting for row in extras)
        found: list[Match] = []
        for count in range(len(extras), -1, -1):
            if len(found) >= most:
                break
            equal, word = _equal(planes, count, meeting), band(count / len(extras))
            for number in numbers(equal):
                found.append(Match(number, count, word))
                if len(found) >= most:
                    break
        return found

    def _extras(self, needs: Needs) -> Iterator[int]:
        able, begun = int(limit("able_level")), int(limit("learnable_level"))
        yield from (self.at_least(one, able) for one in needs.must)
        yield from (self.at_least(one, begun) for one in needs.learnable)
        yield self.where("hours_week", lambda hours: hours >= needs.hours_week)


def _added(rows: Iterable[int]) -> list[int]:
    """The rows added up, person by person: plane n holds the bit of weight 2ⁿ of everybody's count."""
    planes: list[int] = []
    for row in rows:
        carry = row
        for place, plane in enumerate(planes):
            planes[place], carry = plane ^ carry, plane & carry
            if not carry:
                break
        if carry:
            planes.append(carry)
    return planes


def _equal(planes: list[int], count: int, among: int) -> int:
    """Everybody of `among` whose count is exactly this."""
    if count >> len(planes):
        return 0
    for place, plane in enumerate(planes):
        among = among & plane if count >> place & 1 else among & ~plane
    return among
