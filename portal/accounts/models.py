from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.roles import Role
from portal.foundation.database import Addressed, Model, choice
from portal.organisations.models import Organisation
from portal.programmes.models import Programme


class Person(Addressed, Model):
    """Somebody who signs in: an employer's contact, a worker, a partner. A candidate is none of these."""

    __tablename__ = "person"

    email: Mapped[str] = mapped_column(sa.String(254), unique=True)
    first_name: Mapped[str] = mapped_column(sa.String(80))
    last_name: Mapped[str] = mapped_column(sa.String(80))
    phone: Mapped[str] = mapped_column(sa.String(40), default="")
    language: Mapped[str] = mapped_column(sa.String(2), default="nl")
    password_hash: Mapped[str | None] = mapped_column(sa.String(200))
    password_version: Mapped[int] = mapped_column(default=0)
    confirmed_at: Mapped[datetime | None]
    deactivated_at: Mapped[datetime | None]

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()

    @property
    def may_sign_in(self) -> bool:
        return self.deactivated_at is None and self.confirmed_at is not None


class Membership(Model):
    """A dated seat: a person, a role, and the organisation or the programme it is held in. Several at once are usual."""

    __tablename__ = "membership"
    __table_args__ = (
        sa.CheckConstraint("until IS NULL OR until >= since", name="order"),
        sa.Index(None, "organisation_id", "role"),
        sa.Index(None, "programme_id", "role"),
    )

    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    role: Mapped[Role] = mapped_column(choice(Role))
    organisation_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organisation.id"))
    programme_id: Mapped[int | None] = mapped_column(sa.ForeignKey("programme.id"))
    since: Mapped[date]
    until: Mapped[date | None]

    person: Mapped[Person] = relationship(lazy="raise")
    organisation: Mapped[Organisation | None] = relationship(lazy="raise")
    programme: Mapped[Programme | None] = relationship(lazy="raise")


class SignIn(Model):
    """A revocable sign-in behind the cookie, which carries only its token; the row holds the token's keyed hash."""

    __tablename__ = "sign_in"

    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    token_mark: Mapped[str] = mapped_column(sa.String(64), unique=True)
    browser: Mapped[str] = mapped_column(sa.String(120), default="")
    last_seen_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship(lazy="raise")


class Attempt(Model):
    """How often something was tried in one quarter of an hour, shared by all processes."""

    __tablename__ = "attempt"
    __table_args__ = (sa.UniqueConstraint("bucket", "quarter"),)

    bucket: Mapped[str] = mapped_column(sa.String(64))
    quarter: Mapped[int] = mapped_column(sa.BigInteger)
    count: Mapped[int] = mapped_column(default=0)


class PersonalLink(Model):
    """A way in for one purpose and one reader. Its token is an HMAC of id and version: it is never stored."""

    __tablename__ = "personal_link"
    __table_args__ = (sa.Index(None, "subject_kind", "subject_id"),)

    purpose: Mapped[str] = mapped_column(sa.String(40))
    subject_kind: Mapped[str] = mapped_column(sa.String(60))
    subject_id: Mapped[int]
    reader: Mapped[str] = mapped_column(sa.String(60), default="")
    version: Mapped[int] = mapped_column(default=1)
    single_use: Mapped[bool] = mapped_column(default=True)
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
