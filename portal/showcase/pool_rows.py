"""The pool's plain rows follow what is published: written where a profile is flushed, so that no way of releasing, changing or
withdrawing one can forget them, and in the same transaction."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.orm import Session

from portal.foundation import clock
from portal.foundation.database import db
from portal.showcase.blind import Work
from portal.showcase.models import PoolPerson, PoolSkill, PoolVersion, Profile
from portal.showcase.queries import HIDDEN

# Said of a session that has changed the pool and not committed yet.
TOUCHED = "pool_touched"
_SOME = 500


def is_out(profile: Profile) -> bool:
    return profile.published is not None and profile.state not in HIDDEN


@event.listens_for(db.session, "after_flush")
def _follow(session: Session, _context: Any) -> None:
    changed = [one for one in (*session.new, *session.dirty) if isinstance(one, Profile) and _differs(one)]
    if changed:
        session.info[TOUCHED] = True
        write(session.connection(), changed)


def _differs(profile: Profile) -> bool:
    seen = sa.inspect(profile).attrs
    return bool(seen.published.history.has_changes() or seen.state.history.has_changes())


@event.listens_for(db.session, "after_commit")
@event.listens_for(db.session, "after_rollback")
def _settled(session: Session) -> None:
    session.info.pop(TOUCHED, None)


def write(connection: sa.Connection, profiles: Iterable[Profile]) -> None:
    """Write these profiles' rows anew, under a new version of their programme's pool."""
    by_programme: dict[int, list[Profile]] = defaultdict(list)
    for one in profiles:
        by_programme[one.programme_id].append(one)
    for programme_id, everybody in by_programme.items():
        some = _known(connection, everybody)
        if not some:
            continue
        version = _next_version(connection, programme_id)
        ids = [one.id for one in some]
        connection.execute(sa.delete(PoolSkill).where(PoolSkill.profile_id.in_(ids)))
        connection.execute(sa.delete(PoolPerson).where(PoolPerson.profile_id.in_(ids)))
        connection.execute(sa.insert(PoolPerson), [_person(one, version) for one in some])
        skills = [row for one in some for row in _skills(one)]
        if skills:
            connection.execute(sa.insert(PoolSkill), skills)


def _known(connection: sa.Connection, profiles: Sequence[Profile]) -> list[Profile]:
    """Who is out, and who was: a profile that was never released leaves no row."""
    here = sa.select(PoolPerson.profile_id).where(PoolPerson.profile_id.in_([one.id for one in profiles]))
    there = set(connection.scalars(here))
    return [one for one in profiles if is_out(one) or one.id in there]


def _next_version(connection: sa.Connection, programme_id: int) -> int:
    """Raised by a locked row, so that versions are committed in their order."""
    here = PoolVersion.programme_id == programme_id
    raised = connection.execute(sa.update(PoolVersion).where(here).values(version=PoolVersion.version + 1))
    if raised.rowcount == 0:
        connection.execute(
            sa.insert(PoolVersion).values(programme_id=programme_id, version=1)
        )  # fmt: skip
    return int(connection.scalar(sa.select(PoolVersion.version).where(here)) or 0)


def _person(profile: Profile, version: int) -> dict[str, Any]:
    row: dict[str, Any] = {
        "profile_id": profile.id, "candidate_id": profile.candidate_id, "programme_id": profile.programme_id, "version": version, "out": is_out(profile),
        "created_at": clock.now(), "occupation": "", "sector": "", "region": "", "experience": "", "availability": "",
        "hours_band": "", "hours_week": 0, "licence": "", "forms": "", "languages": "",
    }  # fmt: skip
    if not row["out"]:
        return row
    work = Work.read(profile.published["work"])
    plain = ("occupation", "sector", "region", "experience", "availability", "hours_band", "hours_week", "licence")
    row.update({name: getattr(work, name) for name in plain})
    row["region"] = work.region or work.province
    row["forms"] = as_text(work.forms)
    row["languages"] = as_text([f"{code}:{level}" for code, level in work.languages.items()])
    return row


def as_text(codes: Sequence[str]) -> str:
    return f" {' '.join(codes)} " if codes else ""


def _skills(profile: Profile) -> list[dict[str, Any]]:
    if not is_out(profile):
        return []
    skills = Work.read(profile.published["work"]).skills
    return [
        {"profile_id": profile.id, "competence_id": one, "level": level, "created_at": clock.now()}
        for one, level in sorted(skills.items())
        if level > 0
    ]


def catch_up() -> int:
    """Write the rows of published profiles that have none: a portal from before the pool, a restored table. Commits nothing."""
    missing = ~sa.exists().where(PoolPerson.profile_id == Profile.id)
    left, done = sa.select(Profile).where(Profile.published.is_not(None), missing).limit(_SOME), 0
    while some := db.session.scalars(left).all():
        write(db.session.connection(), some)
        db.session.info[TOUCHED] = True
        done += len(some)
        db.session.expunge_all()
    return done
