"""Finding people by part of their name.

A worker's own people are few: their names are read and searched freely. A coordinator's may be a hundred thousand: keyed
marks bring a handful through an index, those few names are read, and every word that was typed is verified.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from portal.candidates import marks
from portal.candidates.identities import Name
from portal.candidates.models import Candidate, Identity, NameMark
from portal.foundation import crypto, edges
from portal.foundation.database import db
from portal.foundation.options import load

PAGE = 25
# A chunk reads a bit more than a page, so that a false hit or two costs no second chunk; after so many chunks the page
# leaves with what it has and offers to search on.
CHUNK, CHUNKS = 30, 2
# Of several words the rarest is not known beforehand: so many rows of one are compared with the others in the index.
SCAN = 2_000
_SEALED = (Identity.first_name, Identity.last_name, Identity.nicknames)
_ABOVE_ALL = 2**31 - 1


@dataclass(frozen=True)
class Found:
    """A page of people, the newest first. `further`: the number from which to search on, or None at the end."""

    people: Sequence[tuple[Candidate, Name]]
    further: int | None


@dataclass(frozen=True)
class Wanted:
    """A search in words: `drive` is the mark that the index is read by, `also` are those that must be there as well."""

    typed: tuple[str, ...]
    drive: tuple[tuple[int, str], ...]
    also: tuple[tuple[str, ...], ...]

    @property
    def several(self) -> bool:
        return bool(self.also)


def wanted(text: str, programmes: Collection[int]) -> Wanted | None:
    """What to look for; None when no word has three letters and it is no whole name of short words (Li Bo)."""
    typed = tuple(dict.fromkeys(marks.folded(text)))
    long = sorted((word for word in typed if len(word) >= marks.START), key=len, reverse=True)
    here = sorted(set(programmes))
    if not long:
        whole = len(typed) > 1
        return Wanted(typed, tuple((one, marks.whole(one, text, "")) for one in here), ()) if whole else None
    other = next((word for word in long[1:] if word[: marks.START] != long[0][: marks.START]), None)
    if other is None:
        return Wanted(typed, tuple((one, marks.starts(one, long[0])) for one in here), ())
    also = tuple(tuple(marks.starts(one, word) for one in here) for word in long)
    return Wanted(typed, tuple((one, marks.pair(one, long[0], other)) for one in here), also)


def by_name(what: Wanted, before: int | None = None) -> Found:
    """A page of the people whose names fit, read through the index only: what it costs does not grow with the people."""
    people: list[tuple[Candidate, Name]] = []
    edge = before or _ABOVE_ALL
    for _chunk in range(CHUNKS):
        rows = db.session.execute(_chunk_of(what, edge)).all()
        for row in rows:
            name = _verified(what.typed, *row[1:])
            if name is not None and len(people) == PAGE:
                return Found(people, people[-1][0].id)
            if name is not None:
                people.append((row[0], name))
        end = rows[-1][0].id if len(rows) == CHUNK else _end_of_scan(what, edge)
        if end is None:
            return Found(people, None)
        edge = end
    return Found(people, edge)


def _verified(typed: Sequence[str], first: str, last: str, nicknames: str | None) -> Name | None:
    """The name behind a mark, opened and read; None when it does not fit. Nicknames are opened only if they must be."""
    opened = crypto.cipher().open
    name = Name(opened(first), opened(last))
    if marks.fits(typed, name.first, name.last):
        return name
    return name if nicknames and marks.fits(typed, name.first, name.last, opened(nicknames)) else None


def _near(what: Wanted, edge: int) -> sa.Select[int]:
    """The newest candidates under an edge that carry the driving mark, of each programme as many as may be looked at."""
    most = SCAN if what.several else CHUNK
    each = [
        sa.select(NameMark.candidate_id)
        .where(NameMark.mark == mark, NameMark.candidate_id < edge)
        .order_by(NameMark.candidate_id.desc())
        .limit(most)
        .subquery()
        for _programme, mark in what.drive
    ]
    if len(each) == 1:
        return sa.select(each[0].c.candidate_id)
    both = sa.union_all(*[sa.select(one.c.candidate_id) for one in each]).subquery()
    return sa.select(both.c.candidate_id).order_by(both.c.candidate_id.desc()).limit(most)


def _chunk_of(what: Wanted, edge: int) -> sa.Select:
    near = _near(what, edge).subquery()
    statement = (
        sa.select(Candidate, *[sa.type_coerce(one, sa.Text) for one in _SEALED])
        .select_from(near)
        .join(Candidate, Candidate.id == near.c.candidate_id)
        .join(Identity, Identity.candidate_id == near.c.candidate_id)
        .options(joinedload(Candidate.worker), joinedload(Candidate.site))
        .order_by(near.c.candidate_id.desc())
        .limit(CHUNK)
    )
    for number, any_of in enumerate(what.also):
        other = sa.orm.aliased(NameMark, name=f"also_{number}")
        statement = statement.where(
            sa.exists().where(other.mark.in_(any_of), other.candidate_id == near.c.candidate_id)
        )
    return statement


def _end_of_scan(what: Wanted, edge: int) -> int | None:
    """Where a scan that was cut off goes on; None when everybody with the driving mark was looked at."""
    if not what.several:
        return None
    near = _near(what, edge).subquery()
    return db.session.scalar(
        sa.select(sa.func.min(near.c.candidate_id)).select_from(near).having(sa.func.count() >= SCAN)
    )


# --- One's own people ---


def among_own(mine: sa.ColumnElement[bool], text: str) -> sa.ColumnElement[bool]:
    """Those of one's own people in whose name, nickname or phone number this stands, anywhere.

    Of the latest few hundred the names are read; of older ones the beginnings are looked up.
    """
    most = int(load("candidates", "caseload")["own_search"])
    rows = db.session.execute(
        sa.select(Candidate.id, Identity.first_name, Identity.last_name, Identity.nicknames, Identity.phone)
        .join(Identity, Identity.candidate_id == Candidate.id)
        .where(mine)
        .order_by(Candidate.id.desc())
        .limit(most)
    ).all()
    ids = [row[0] for row in rows if _holds(text, *row[1:])]
    begins = _begins(text, mine) if len(rows) == most else sa.false()
    return sa.or_(Candidate.id.in_(ids), begins)


def _holds(text: str, first: str, last: str, nicknames: str | None, phone: str | None) -> bool:
    """Whether each word stands somewhere in the name; or the digits, three at least, in the phone number."""
    typed, digits = marks.folded(text), _digits(text)
    name = " ".join([*marks.folded(f"{first} {last}"), *marks.folded(nicknames or "")])
    joined = f"{name} {name.replace(' ', '')}"
    by_phone = len(digits) >= marks.START and digits in _digits(phone or "")
    return by_phone or (bool(typed) and all(word in joined for word in typed))


def _digits(text: str) -> str:
    """The digits of a number as it is dialled here: +32 470 and 0470 are the same."""
    found = "".join(c for c in text if c.isdigit())
    return found.removeprefix("0032").removeprefix("32").removeprefix("0") if len(found) > marks.START else found


def _begins(text: str, mine: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    long = [word for word in marks.folded(text) if len(word) >= marks.START]
    programmes = db.session.scalars(sa.select(Candidate.programme_id).where(mine).distinct()).all() if long else ()
    each = [
        Candidate.id.in_(
            sa.select(NameMark.candidate_id).where(NameMark.mark.in_([marks.starts(one, word) for one in programmes]))
        )
        for word in long
    ]
    return sa.and_(*each) if each else sa.false()


# --- The way from one page of hits to the next ---


def sealed(edge: int, text: str) -> str:
    """The edge of a page as it stands in an address: it tells no number, and fits this search only."""
    return edges.sealed(f"name {text}", edge)


def unsealed(token: str | None, text: str) -> int | None:
    found = edges.opened(f"name {text}", token)
    return int(found[0]) if found else None
