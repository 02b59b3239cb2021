"""Reading accounts: who a cookie belongs to, who holds a role where."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from flask import current_app
from sqlalchemy.orm import joinedload

from portal.accounts import ways
from portal.accounts.models import Factor, Membership, Person, SignIn
from portal.accounts.roles import EMPLOYERS, LABELS, SECOND_STEP, STAFF, Role
from portal.foundation import clock, crypto
from portal.foundation.access import Half, Seat, Viewer
from portal.foundation.database import db, is_reading
from portal.foundation.errors import NotFound
from portal.foundation.lists import Page, page
from portal.organisations.models import Kind, Organisation

STAFF_IDLE = timedelta(minutes=15)
OTHERS_IDLE = timedelta(hours=12)
# How long the password waits for its second step, and how long a second step counts.
HALF_LIVES = timedelta(minutes=15)
FACTOR_LIVES = timedelta(hours=8)


def seated_today() -> tuple[sa.ColumnElement[Any], ...]:
    """Of seats: that they are held today."""
    today = clock.today()
    return Membership.since <= today, sa.or_(Membership.until.is_(None), Membership.until >= today)


def current_memberships(person_id: int) -> Sequence[Membership]:
    statement = (
        sa.select(Membership)
        .options(joinedload(Membership.organisation))
        .where(Membership.person_id == person_id, *seated_today())
        .order_by(Membership.id)
    )
    return db.session.scalars(statement).all()


def holders(role: Role, *, programme_id: int | None = None, organisation_id: int | None = None) -> Sequence[Person]:
    """The active people who hold a role today, in a programme or an organisation."""
    statement = (
        sa.select(Person)
        .join(Membership, Membership.person_id == Person.id)
        .where(Membership.role == role, Person.deactivated_at.is_(None), *seated_today())
        .order_by(Person.id)
    )
    if programme_id is not None:
        statement = statement.where(Membership.programme_id == programme_id)
    if organisation_id is not None:
        statement = statement.where(Membership.organisation_id == organisation_id)
    return db.session.scalars(statement).unique().all()


def by_email(email: str) -> Person | None:
    return db.session.scalar(sa.select(Person).where(Person.email == email.strip().lower()))


def people(name: str = "") -> Page[Person]:
    """Everybody with an account, by family name, a page at a time."""
    statement = sa.select(Person)
    if name:
        full = Person.first_name + " " + Person.last_name
        statement = statement.where(
            sa.or_(full.icontains(name, autoescape=True), Person.email.icontains(name, autoescape=True))
        )
    return page(statement, Person.last_name, Person.id)


def by_key(key: str) -> Person:
    """Raises NotFound."""
    found = db.session.scalar(sa.select(Person).where(Person.key == key))
    if found is None:
        raise NotFound()
    return found


def works_in(person_id: int) -> set[int]:
    """The programmes in which somebody is a project worker today."""
    seats = current_memberships(person_id)
    return {s.programme_id for s in seats if s.role is Role.PROJECT_WORKER and s.programme_id is not None}


def seats_of(person_ids: Sequence[int]) -> dict[int, list[Membership]]:
    """What these people hold today, each seat with its place."""
    found: dict[int, list[Membership]] = {number: [] for number in person_ids}
    statement = (
        sa.select(Membership)
        .options(joinedload(Membership.organisation), joinedload(Membership.programme))
        .where(Membership.person_id.in_(person_ids), *seated_today())
        .order_by(Membership.id)
    )
    for membership in db.session.scalars(statement):
        found[membership.person_id].append(membership)
    return found


def sign_ins_of(person_id: int, seats: Sequence[Seat]) -> Sequence[SignIn]:
    """The open sign-ins of a person with these seats, the latest used first."""
    return db.session.scalars(
        sa.select(SignIn)
        .where(SignIn.person_id == person_id, SignIn.ended_at.is_(None), SignIn.passed_at.is_not(None))
        .where(SignIn.last_seen_at > clock.now() - _idle(seats))
        .order_by(SignIn.last_seen_at.desc())
        .limit(20)
    ).all()


def sign_in_of(person_id: int, token: str) -> SignIn | None:
    """Somebody's own sign-in that was not ended, by its cookie's token; it may be idle."""
    return db.session.scalar(
        sa.select(SignIn)
        .where(SignIn.token_mark == crypto.mark("sign-in", token))
        .where(SignIn.person_id == person_id, SignIn.ended_at.is_(None))
    )


def held_by(token: str) -> int | None:
    """Whose sign-in a token was, also when it has ended."""
    return db.session.scalar(sa.select(SignIn.person_id).where(SignIn.token_mark == crypto.mark("sign-in", token)))


# Every page asks this first: columns, not rows, in one statement that is built once.
# Asked along with who signs in, since it stands below every page.
_HOST = sa.orm.aliased(Organisation)
_OPERATOR = sa.select(_HOST.name).where(_HOST.kind == Kind.OPERATOR).order_by(_HOST.id).limit(1)
_HOLDER = (
    sa.select(
        SignIn.id, SignIn.created_at, SignIn.last_seen_at, SignIn.factor, SignIn.passed_at, Person.id.label("person_id"), Person.first_name, Person.last_name, Person.language,
        Membership.role, Membership.organisation_id, Membership.programme_id, Organisation.name.label("organisation"),
        _OPERATOR.scalar_subquery().label("house"),
    )
    .join(Person, Person.id == SignIn.person_id)
    .outerjoin(
        Membership,
        sa.and_(
            Membership.person_id == Person.id,
            Membership.since <= sa.bindparam("today"),
            sa.or_(Membership.until.is_(None), Membership.until >= sa.bindparam("today")),
        ),
    )
    .outerjoin(Organisation, Organisation.id == Membership.organisation_id)
    .where(SignIn.token_mark == sa.bindparam("mark"), SignIn.ended_at.is_(None))
    .where(Person.deactivated_at.is_(None), Person.confirmed_at.is_not(None))
    .order_by(Membership.id)
)  # fmt: skip


def viewer_of(token: str, *, first: int | None = None) -> Viewer | None:
    """Who holds this sign-in token, or None when it was ended, is idle too long, or the account was closed. Pages are about
    the first seat: the one that somebody has had longest, or of the organisation `first` where there is one there."""
    values = {"mark": crypto.mark("sign-in", token), "today": clock.today()}
    rows = db.session.connection().execute(_HOLDER, values).all()
    if not rows:
        return None
    held = rows if first is None else sorted(rows, key=lambda row: row.organisation_id != first)
    return _viewer(held, token)


def _viewer(held: Sequence[Any], token: str) -> Viewer | None:
    first = held[0]
    if first.passed_at is None:
        return _halfway(first, token)
    seats = tuple(Seat(row.role, row.organisation_id, row.programme_id) for row in held if row.role is not None)
    if clock.now() - first.last_seen_at > _idle(seats) or not _whole(first, seats):
        return None
    _seen(first.id, first.last_seen_at)
    return Viewer(
        first.person_id, f"{first.first_name} {first.last_name}".strip(), first.first_name, first.language, first.id, token,
        seats, role_label=_standing(first), house=first.house or "",
    )  # fmt: skip


def _idle(seats: Sequence[Seat]) -> timedelta:
    return STAFF_IDLE if any(seat.role in STAFF for seat in seats) else OTHERS_IDLE


def _whole(first: Any, seats: Sequence[Seat]) -> bool:
    """Whether the second step was taken by whom it is asked of, also where the role came after the signing in."""
    if first.factor == Factor.DEMO:
        return bool(current_app.extensions["doorstart"].demo)
    if not any(seat.role in SECOND_STEP for seat in seats):
        return True
    return first.factor != Factor.NONE and clock.now() - first.passed_at <= FACTOR_LIVES


def _halfway(first: Any, token: str) -> Viewer | None:
    """After the password and before the second step: a visitor, to whom that step alone opens, for a quarter of an hour."""
    if clock.now() - first.created_at > HALF_LIVES:
        return None
    half = Half(first.person_id, first.id, enrols=not ways.any_of(first.person_id))
    return Viewer(token=token, language=first.language, half=half)


def _standing(first: Any) -> Any:
    """Under a name: the company that an employer speaks for, for anybody else the role."""
    if first.role is None:
        return ""
    return first.organisation if first.role in EMPLOYERS and first.organisation else LABELS[first.role]


def _seen(sign_in_id: int, last_seen_at: datetime) -> None:
    """Last-seen, at most once a minute: a reading page in a short transaction of its own, a writing one in its own work."""
    now = clock.now()
    if now - last_seen_at < timedelta(minutes=1):
        return
    statement = sa.update(SignIn).where(SignIn.id == sign_in_id).values(last_seen_at=now)
    if not is_reading():
        db.session.execute(statement)
        return
    with db.engine.begin() as connection:
        connection.execute(statement)
