"""The one way to make a personal link: bound to a purpose and a reader, expiring, and never stored as a token.

A link shows; a button acts: a mail scanner's GET changes nothing (scheduling.md, case 23).
"""

from collections.abc import Collection
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from portal.accounts.models import PersonalLink
from portal.foundation import clock, crypto
from portal.foundation.database import db
from portal.foundation.errors import LinkGone
from portal.foundation.words import lazy
from portal.outbox import service as outbox

# Which page a purpose opens: rooms register theirs, each with an endpoint that takes `token`.
_pages: dict[str, str] = {}


class NoSuchLink(LinkGone):
    sentence = lazy(
        "This link is no longer open: it was used, has expired or was withdrawn. Ask for a new one: we send it again."
    )


def opens(purpose: str, endpoint: str) -> None:
    """Say which page the links of a purpose open."""
    _pages[purpose] = endpoint


def make(purpose: str, subject: Any, *, reader: str = "", expires: datetime, single_use: bool = True) -> PersonalLink:
    """A new link to a row, for one purpose. `reader` names who holds it ("person:12", "candidate:7", "employer:3")."""
    if subject.id is None:
        db.session.flush()
    link = PersonalLink(
        purpose=purpose,
        subject_kind=subject.__tablename__,
        subject_id=subject.id,
        reader=reader,
        expires_at=expires,
        single_use=single_use,
        version=1,
    )
    db.session.add(link)
    db.session.flush()
    return link


def token_of(link: PersonalLink) -> str:
    return f"{link.id}-{_proof(link)}"


def url_of(link: PersonalLink) -> str:
    """The full address that a letter or a sheet carries."""
    return outbox.address_of(_pages[link.purpose], token=token_of(link))


def in_letter(link: PersonalLink) -> dict[str, int]:
    """The value to leave in a letter: written out at sending, so that no token lies in the outbox."""
    return {"$link": link.id}


def _only_in_the_letter(link_id: int) -> str:
    """Where a personal link stands, for whoever reads the letter beforehand: the address of nothing."""
    return outbox.address_of(_pages[db.session.get_one(PersonalLink, link_id).purpose], token="0" * 8)


@outbox.resolves("link", beforehand=_only_in_the_letter)
def _written_out(link_id: int) -> str:
    return url_of(db.session.get_one(PersonalLink, link_id))


def find(purpose: str, token: str, *, lock: bool = False) -> PersonalLink:
    """The open link of a token. Raises NoSuchLink for one that is wrong, used, expired, withdrawn or of another purpose."""
    number, _, proof = token.partition("-")
    if not number.isdecimal() or len(number) > 9:
        raise NoSuchLink()
    statement = sa.select(PersonalLink).where(PersonalLink.id == int(number))
    link = db.session.scalar(statement.with_for_update() if lock else statement)
    if link is None or link.purpose != purpose or not _same(proof, _proof(link)):
        raise NoSuchLink()
    if (
        link.withdrawn_at is not None
        or link.expires_at <= clock.now()
        or (link.single_use and link.used_at is not None)
    ):
        raise NoSuchLink()
    return link


def standing(purpose: str, subject: Any, *, reader: str | None = None) -> PersonalLink | None:
    """The newest link of a purpose to a row that still works (of one reader)."""
    statement = (
        sa.select(PersonalLink)
        .where(PersonalLink.purpose == purpose, PersonalLink.subject_kind == subject.__tablename__)
        .where(PersonalLink.subject_id == subject.id, *still_opens())
        .order_by(PersonalLink.id.desc())
        .limit(1)
    )
    return db.session.scalar(statement if reader is None else statement.where(PersonalLink.reader == reader))


def still_opens() -> tuple[sa.ColumnElement[bool], ...]:
    """What a link must be to open its page: neither withdrawn, nor used, nor expired."""
    return PersonalLink.withdrawn_at.is_(None), PersonalLink.used_at.is_(None), PersonalLink.expires_at > clock.now()


def make_for(
    purpose: str, subject_kind: str, whose: Collection[tuple[int, str]], *, expires: datetime
) -> dict[tuple[int, str], PersonalLink]:
    """A new link for each of these rows and readers, written together."""
    made = {
        (row, reader): PersonalLink(
            purpose=purpose, subject_kind=subject_kind, subject_id=row, reader=reader, expires_at=expires, single_use=True,
            version=1,
        )
        for row, reader in sorted(whose)
    }  # fmt: skip
    db.session.add_all(made.values())
    db.session.flush()
    return made


def use(link: PersonalLink) -> None:
    """Spend it, in the transaction of what it does. Two uses at once, or a use and a withdrawal: the second finds nothing."""
    spent = db.session.execute(
        sa.update(PersonalLink)
        .where(PersonalLink.id == link.id, PersonalLink.withdrawn_at.is_(None))
        .where(sa.or_(PersonalLink.used_at.is_(None), sa.not_(PersonalLink.single_use)))
        .values(used_at=clock.now())
    )
    if spent.rowcount == 0:  # type: ignore[attr-defined]
        raise NoSuchLink()


def withdraw(purpose: str, subject: Any, *, reader: str | None = None) -> None:
    """Close every open link of a purpose to a row."""
    statement = sa.update(PersonalLink).where(
        PersonalLink.purpose == purpose,
        PersonalLink.subject_kind == subject.__tablename__,
        PersonalLink.subject_id == subject.id,
        PersonalLink.withdrawn_at.is_(None),
    )
    if reader is not None:
        statement = statement.where(PersonalLink.reader == reader)
    db.session.execute(statement.values(withdrawn_at=clock.now()))


def _proof(link: PersonalLink) -> str:
    return crypto.mark("link", f"{link.id}:{link.version}:{link.purpose}")[:40]


def _same(given: str, wanted: str) -> bool:
    import hmac

    return hmac.compare_digest(given.encode(), wanted.encode())
