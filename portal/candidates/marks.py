"""Finding people by name without keeping a readable name: truncated keyed hashes of how the words of a name begin.

What these marks give away to somebody who steals the database, and why they were chosen, stands in docs/privacy.md.
Each programme has marks of its own, so that no row tells who is in two programmes.
"""

from collections.abc import Iterable, Sequence
from itertools import combinations

import sqlalchemy as sa

from portal.candidates.models import Candidate, NameMark
from portal.foundation import crypto, folding
from portal.foundation.database import db

START = 3
# Beginnings of three to eight letters have a mark of their own; a longer word is found by its first eight and then read.
LONGEST = 8
# 40 bits: two of a million different beginnings share a mark once in a million searches, and then the name is read anyway.
_LENGTH = 10
_MOST_WORDS = 12
# Letters that Unicode does not take apart, as people type them without their keyboard.
_PLAIN = str.maketrans({"œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i", "ħ": "h"})


def folded(name: str) -> list[str]:
    """The words of a name without case, accents or signs: "Aït-Saïd" becomes ait and said."""
    plain = folding.folded(name).translate(_PLAIN)
    return "".join(c if c.isalpha() else " " for c in plain).split()


def words(first: str, last: str, more: str = "") -> set[str]:
    """Every word by which a person may be looked for; a name of several words also written as one (de smet, desmet)."""
    parts = [folded(first), folded(last), folded(more)]
    return {word for part in parts for word in part} | {"".join(part) for part in parts[:2] if len(part) > 1}


def fits(typed: Sequence[str], first: str, last: str, more: str = "") -> bool:
    """Whether every word that was typed begins a word of this name: what a mark promised, read and verified."""
    own = words(first, last, more)
    return all(any(word.startswith(one) for word in own) for one in typed)


def _mark(programme_id: int, kind: str, text: str) -> str:
    return crypto.mark(f"name {programme_id} {kind}", text)[:_LENGTH]


def starts(programme_id: int, word: str) -> str:
    """The mark of everybody with a word that begins like this one."""
    return _mark(programme_id, "start", word[:LONGEST])


def pair(programme_id: int, one: str, other: str) -> str:
    """The mark of everybody with two words that begin like these: an intersection that needs no list of either."""
    return _mark(programme_id, "pair", " ".join(sorted((one[:START], other[:START]))))


def whole(programme_id: int, first: str, last: str) -> str:
    """The mark of a whole name, in whichever order its words were written."""
    return _mark(programme_id, "whole", " ".join(sorted([*folded(first), *folded(last)])))


def born(programme_id: int, day: str) -> str:
    """The mark of a birth date (2001-02-03)."""
    return _mark(programme_id, "born", day)


def of(programme_id: int, first: str, last: str, more: str = "", day: str | None = None) -> set[str]:
    """All marks of one person."""
    own = {word for word in words(first, last, more) if len(word) >= START}
    beginnings = {word[:length] for word in own for length in range(START, min(len(word), LONGEST) + 1)}
    twos = combinations(sorted({word[:START] for word in own})[:_MOST_WORDS], 2)
    return {
        whole(programme_id, first, last),
        *(starts(programme_id, one) for one in beginnings),
        *(pair(programme_id, *two) for two in twos),
        *([born(programme_id, day)] if day else []),
    }


def keep(candidate: Candidate, first: str, last: str, more: Iterable[str] = (), born_on: str | None = None) -> None:
    """Write the marks of a candidate anew."""
    db.session.execute(sa.delete(NameMark).where(NameMark.candidate_id == candidate.id))
    found = of(candidate.programme_id, first, last, " ".join(more), born_on)
    db.session.add_all(NameMark(candidate_id=candidate.id, mark=mark) for mark in sorted(found))


def namesakes(programme_id: int, first: str, last: str) -> sa.ColumnElement[bool]:
    """The candidates of a programme with exactly this name."""
    return _marked(whole(programme_id, first, last))


def same_birth(programme_id: int, first: str, last: str, day: str) -> sa.ColumnElement[bool]:
    """The candidates of a programme born on this day with a word of their name that begins like one of these."""
    like = [starts(programme_id, word[:START]) for word in words(first, last) if len(word) >= START]
    return sa.and_(_marked(born(programme_id, day)), _marked(*like))


def _marked(*wanted: str) -> sa.ColumnElement[bool]:
    return Candidate.id.in_(sa.select(NameMark.candidate_id).where(NameMark.mark.in_(wanted)))
