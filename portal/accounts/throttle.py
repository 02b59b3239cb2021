"""Counting tries in a small table that all processes share (privacy.md: 5 per 15 minutes, per account and per address).

The narrow bucket is (account, address): an attacker elsewhere fills a bucket of his own and locks nobody else out. Two
wide ones bound what one address tries on many accounts, and what many addresses try on one account; a browser that
signed in to the account before does not count for the last.
"""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from portal.accounts.models import Attempt
from portal.foundation import clock, crypto
from portal.foundation.database import db
from portal.foundation.errors import DomainError
from portal.foundation.words import lazy

QUARTER = 15 * 60
LIMITS = {"pair": 5, "address": 40, "account": 60}


class TooManyTries(DomainError):
    sentence = lazy("Too many tries. Wait a quarter of an hour, or ask for a new password.")
    status = 429


def count(purpose: str, *, account: str, address: str, known_browser: bool = False) -> None:
    """Count one try, in a transaction of its own, so that a refused request still counts. Raises TooManyTries."""
    asked = {"pair": f"{account}|{address}", "address": address}
    if not known_browser:
        asked["account"] = account
    if not _all_within({_bucket(purpose, name, text): LIMITS[name] for name, text in asked.items()}):
        raise TooManyTries()


def within(purpose: str, text: str, most: int) -> bool:
    """Count one asking of something that programs ask for again and again; whether it is still one of so many a quarter."""
    return all_within((purpose, text, most))


def all_within(*asked: tuple[str, str, int]) -> bool:
    """Several such limits (purpose, text, most), counted in one statement."""
    return _all_within({_bucket(purpose, "asked", text): limit for purpose, text, limit in asked})


def _all_within(most: dict[str, int]) -> bool:
    """Count in each bucket; whether none is over what it holds."""
    counts = _count(*most)
    return all(counts[bucket] <= limit for bucket, limit in most.items())


def _bucket(purpose: str, name: str, text: str) -> str:
    return crypto.mark(f"try:{purpose}:{name}", text)


def _count(*buckets: str) -> dict[str, int]:
    """One more in each, always in the same order, so that two who count the same wait and never lock each other."""
    now = clock.now()
    rows = [
        {"bucket": one, "quarter": int(now.timestamp()) // QUARTER, "count": 1, "created_at": now}
        for one in sorted(buckets)
    ]
    insert = pg_insert if db.engine.dialect.name == "postgresql" else sqlite_insert
    statement = (
        insert(Attempt)
        .values(rows)
        .on_conflict_do_update(index_elements=["bucket", "quarter"], set_={"count": Attempt.count + 1})
        .returning(Attempt.bucket, Attempt.count)
    )
    # The request's own transaction must not hold the writing lock while this one waits for it.
    db.session.rollback()
    with db.engine.begin() as connection:
        return {bucket: int(count) for bucket, count in connection.execute(statement)}


def purge() -> None:
    """Forget tries older than a day (nightly)."""
    yesterday = int(clock.now().timestamp()) // QUARTER - 96
    db.session.execute(sa.delete(Attempt).where(Attempt.quarter < yesterday))
