from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.roles import Role
from portal.foundation.database import Addressed, Encrypted, Model, choice
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


class Factor(StrEnum):
    """By which second step a sign-in was completed; the demo's own door counts in demo mode only."""

    NONE = "none"
    PASSKEY = "passkey"
    APP = "app"
    CODE = "code"
    DEMO = "demo"


class SignIn(Model):
    """A revocable sign-in behind the cookie, which carries only its token; the row holds the token's keyed hash.

    `passed_at`: when everything was asked that had to be, and by which `factor`; without it the password alone was given,
    and nothing opens. `proved_at`: when its person last showed who it is (before changes to the account itself).
    """

    __tablename__ = "sign_in"

    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    token_mark: Mapped[str] = mapped_column(sa.String(64), unique=True)
    browser: Mapped[str] = mapped_column(sa.String(120), default="")
    last_seen_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    factor: Mapped[Factor] = mapped_column(choice(Factor), default=Factor.NONE, server_default=Factor.NONE.value)
    passed_at: Mapped[datetime | None]
    proved_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship(lazy="raise")


class Passkey(Addressed, Model):
    """A passkey or a hardware key of a person. Found by the keyed hash of its credential's id; the name is the person's own."""

    __tablename__ = "passkey"

    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    name: Mapped[str] = mapped_column(Encrypted)
    credential_mark: Mapped[str] = mapped_column(sa.String(64), unique=True)
    credential: Mapped[str] = mapped_column(Encrypted)
    public_key: Mapped[str] = mapped_column(Encrypted)
    transports: Mapped[list[str]] = mapped_column(default=list)
    sign_count: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    last_used_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship(lazy="raise")


class Authenticator(Model):
    """The app on somebody's telephone that makes codes (TOTP). `last_step`: the half minute of the last code that was used."""

    __tablename__ = "authenticator"

    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), unique=True)
    secret: Mapped[str] = mapped_column(Encrypted)
    last_step: Mapped[int] = mapped_column(sa.BigInteger, default=0)


class SheetKind(StrEnum):
    """Printed: the second step of who works where no telephone may enter. Recovery: for the day when the other way is lost."""

    PRINTED = "printed"
    RECOVERY = "recovery"


class CodeSheet(Model):
    """A list of codes, each good once. A printed one counts from its first code on (then it lies there), and ends the one
    before it; while it counts, an empty one still does."""

    __tablename__ = "code_sheet"

    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    kind: Mapped[SheetKind] = mapped_column(choice(SheetKind))
    confirmed_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]


class OneTimeCode(Model):
    """One code of a list, as a keyed hash that holds its list's number."""

    __tablename__ = "one_time_code"
    __table_args__ = (sa.UniqueConstraint("sheet_id", "mark"),)

    sheet_id: Mapped[int] = mapped_column(sa.ForeignKey("code_sheet.id", ondelete="CASCADE"))
    mark: Mapped[str] = mapped_column(sa.String(64))
    used_at: Mapped[datetime | None]


class KnownBrowser(Model):
    """A browser in which somebody signed in before, by the keyed hash of the random word in its cookie; by nothing else."""

    __tablename__ = "known_browser"
    __table_args__ = (sa.UniqueConstraint("person_id", "mark"),)

    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    mark: Mapped[str] = mapped_column(sa.String(64))
    last_used_at: Mapped[datetime] = mapped_column(index=True)


class AddressChange(Model):
    """A new address that somebody asked for. It counts once its reader confirmed it, and the old one can stop it or turn it back."""

    __tablename__ = "address_change"

    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    old: Mapped[str] = mapped_column(Encrypted)
    new: Mapped[str] = mapped_column(Encrypted)
    confirmed_at: Mapped[datetime | None]
    stopped_at: Mapped[datetime | None]

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
