"""Finding people by name without keeping a readable name: keyed hashes of folded words and of their first letters."""

import unicodedata
from collections.abc import Iterable

import sqlalchemy as sa

from portal.candidates.models import Candidate, NameMark
from portal.foundation import crypto
from portal.foundation.database import db

START = 3
_LENGTH = 16


def folded(name: str) -> list[str]:
    """The words of a name without case, accents or signs: "Aït-Saïd" becomes ait and said."""
    plain = unicodedata.normalize("NFKD", name.casefold())
    letters = "".join(c if c.isalpha() else " " for c in plain if not unicodedata.combining(c))
    return letters.split()


def _mark(kind: str, text: str) -> str:
    return crypto.mark(f"name {kind}", text)[:_LENGTH]


def whole(first: str, last: str) -> str:
    """The mark of a whole name, in whichever order its words were written."""
    return _mark("whole", " ".join(sorted([*folded(first), *folded(last)])))


def keep(candidate: Candidate, first: str, last: str, more: Iterable[str] = ()) -> None:
    """Write the marks of a candidate's names anew."""
    db.session.execute(sa.delete(NameMark).where(NameMark.candidate_id == candidate.id))
    words = {word for name in (first, last, *more) for word in folded(name)}
    marks = {
        whole(first, last),
        *(_mark("word", word) for word in words),
        *(_mark("start", word[:START]) for word in words),
    }
    db.session.add_all(NameMark(candidate_id=candidate.id, mark=mark) for mark in sorted(marks))


def found(text: str) -> sa.ColumnElement[bool] | None:
    """The candidates whose names begin like every word of a search; None when no word has three letters."""
    words = [word for word in folded(text) if len(word) >= START]
    if not words:
        return None
    marked = [sa.select(NameMark.candidate_id).where(NameMark.mark == _mark("start", word[:START])) for word in words]
    return sa.and_(*[Candidate.id.in_(one) for one in marked])


def namesakes(first: str, last: str) -> sa.ColumnElement[bool]:
    """The candidates with exactly this name."""
    return Candidate.id.in_(sa.select(NameMark.candidate_id).where(NameMark.mark == whole(first, last)))
