from datetime import date, datetime, time
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.models import Person
from portal.foundation.database import Addressed, Encrypted, Model, choice
from portal.programmes.models import Site


class Availability(Model):
    """A window that comes back every week, on the wall clock: of a worker, or of an employer's contact.

    `programmes`, `regions` (provinces) and `workplaces` say for what it counts; an empty list means all of them. One that
    begins and ends on the same day is a single day more.
    """

    __tablename__ = "availability"
    __table_args__ = (
        sa.CheckConstraint("weekday BETWEEN 0 AND 6", name="weekday"),
        sa.CheckConstraint("ends > starts", name="order"),
    )

    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    weekday: Mapped[int]
    starts: Mapped[time]
    ends: Mapped[time]
    valid_from: Mapped[date | None]
    valid_until: Mapped[date | None]
    programmes: Mapped[list[int]] = mapped_column(sa.JSON, default=list, server_default="[]")
    regions: Mapped[list[str]] = mapped_column(sa.JSON, default=list, server_default="[]")
    workplaces: Mapped[list[int]] = mapped_column(sa.JSON, default=list, server_default="[]")

    @property
    def once(self) -> bool:
        day = self.valid_from
        return day is not None and day == self.valid_until and day.weekday() == self.weekday


class AvailabilityException(Model):
    """One date on which a window does not come back."""

    __tablename__ = "availability_exception"
    __table_args__ = (sa.UniqueConstraint("availability_id", "day"),)

    availability_id: Mapped[int] = mapped_column(sa.ForeignKey("availability.id", ondelete="CASCADE"))
    day: Mapped[date]


class Departure(Model):
    """From where somebody leaves for a talk and comes home to: a postcode, for counting the way. Of no use to anybody else."""

    __tablename__ = "departure"

    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), unique=True)
    postcode: Mapped[str] = mapped_column(Encrypted)


class Absence(Model):
    """Time at which a person is not there. No reason is kept beyond planned or sudden."""

    __tablename__ = "absence"
    __table_args__ = (sa.CheckConstraint("ends_at > starts_at", name="order"),)

    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    sudden: Mapped[bool] = mapped_column(default=False)


class SitDayRule(Addressed, Model):
    """A sit-day that comes back: every week or every other one from `first_on` on, at an hour of the wall clock.

    Each worker of the rule brings `slots` talks of their own; after `pause_after` of them there is a pause.
    """

    __tablename__ = "sit_day_rule"
    __table_args__ = (
        sa.CheckConstraint("weekday BETWEEN 0 AND 6", name="weekday"),
        sa.CheckConstraint("every_weeks IN (1, 2)", name="every_weeks"),
        sa.CheckConstraint("slots BETWEEN 1 AND 20", name="slots"),
        sa.CheckConstraint("slot_minutes BETWEEN 15 AND 240", name="slot_minutes"),
        sa.CheckConstraint("pause_after >= 0 AND pause_minutes >= 0", name="pause"),
        sa.CheckConstraint("last_on IS NULL OR last_on >= first_on", name="order"),
    )

    programme_id: Mapped[int] = mapped_column(sa.ForeignKey("programme.id"), index=True)
    site_id: Mapped[int] = mapped_column(sa.ForeignKey("site.id"), index=True)
    weekday: Mapped[int]
    every_weeks: Mapped[int] = mapped_column(default=1)
    first_on: Mapped[date]
    last_on: Mapped[date | None]
    starts: Mapped[time]
    slots: Mapped[int]
    slot_minutes: Mapped[int] = mapped_column(default=60)
    pause_after: Mapped[int] = mapped_column(default=0)
    pause_minutes: Mapped[int] = mapped_column(default=0)
    on_holidays: Mapped[bool] = mapped_column(default=False)

    site: Mapped[Site] = relationship(lazy="raise")
    workers: Mapped[list[Person]] = relationship(
        secondary="sit_day_rule_worker", order_by=Person.id, lazy="raise", viewonly=True
    )


class SitDayRuleWorker(Model):
    """Somebody who is present on the days of a rule."""

    __tablename__ = "sit_day_rule_worker"
    __table_args__ = (sa.UniqueConstraint("rule_id", "person_id"),)

    rule_id: Mapped[int] = mapped_column(sa.ForeignKey("sit_day_rule.id", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)


class SitDayException(Model):
    """One date on which a rule's day does not go on, or goes on on another date."""

    __tablename__ = "sit_day_exception"
    __table_args__ = (sa.UniqueConstraint("rule_id", "day"),)

    rule_id: Mapped[int] = mapped_column(sa.ForeignKey("sit_day_rule.id", ondelete="CASCADE"))
    day: Mapped[date]
    moved_to: Mapped[date | None]


class SitDay(Addressed, Model):
    """A day on which a worker sits at a site; screenings take its slots of `slot_minutes` one after another.

    Made from a rule, or once. One that does not go on is `off` and stays, for the talks that were planned on it.
    """

    __tablename__ = "sit_day"
    __table_args__ = (
        sa.UniqueConstraint("site_id", "worker_id", "day"),
        sa.CheckConstraint("slots BETWEEN 1 AND 20", name="slots"),
        sa.CheckConstraint("slot_minutes BETWEEN 15 AND 240", name="slot_minutes"),
    )

    programme_id: Mapped[int] = mapped_column(sa.ForeignKey("programme.id"))
    site_id: Mapped[int] = mapped_column(sa.ForeignKey("site.id"))
    worker_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    day: Mapped[date] = mapped_column(index=True)
    starts: Mapped[time]
    slots: Mapped[int]
    slot_minutes: Mapped[int] = mapped_column(default=60)
    rule_id: Mapped[int | None] = mapped_column(sa.ForeignKey("sit_day_rule.id", ondelete="SET NULL"), index=True)
    pause_after: Mapped[int] = mapped_column(default=0, server_default="0")
    pause_minutes: Mapped[int] = mapped_column(default=0, server_default="0")
    off: Mapped[bool] = mapped_column(default=False, server_default=sa.false())

    site: Mapped[Site] = relationship(lazy="raise")
    worker: Mapped[Person] = relationship(lazy="raise")


class HoldKind(StrEnum):
    SCREENING = "screening"
    INTERVIEW = "interview"
    VISIT = "visit"


class Hold(Model):
    """The held time of one party ("person:12", "candidate:7") for one thing. Nobody is held twice: see HoldCell."""

    __tablename__ = "hold"
    __table_args__ = (
        sa.UniqueConstraint("subject_kind", "subject_id", "party"),
        sa.CheckConstraint("ends_at > starts_at", name="order"),
        sa.Index(None, "party", "starts_at"),
    )

    kind: Mapped[HoldKind] = mapped_column(choice(HoldKind))
    subject_kind: Mapped[str] = mapped_column(sa.String(60))
    subject_id: Mapped[int]
    party: Mapped[str] = mapped_column(sa.String(40))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    blocked_from: Mapped[datetime]
    blocked_until: Mapped[datetime]
    postcode: Mapped[str] = mapped_column(sa.String(10), default="")


class HoldCell(Model):
    """A quarter of an hour of a party's time: the UNIQUE is what keeps anybody from being booked twice, on both engines."""

    __tablename__ = "hold_cell"
    __table_args__ = (sa.UniqueConstraint("party", "cell", name="uq_hold_cell_party_cell"),)

    hold_id: Mapped[int] = mapped_column(sa.ForeignKey("hold.id", ondelete="CASCADE"), index=True)
    party: Mapped[str] = mapped_column(sa.String(40))
    cell: Mapped[int] = mapped_column(sa.BigInteger)


class BusyKind(StrEnum):
    ADDRESS = "address"
    FILE = "file"


class BusyState(StrEnum):
    """Waiting for its first look; read; read before, but not at the last look; not read for so long that it counts no more."""

    WAITING = "waiting"
    READ = "read"
    STALE = "stale"
    LOST = "lost"


class BusySource(Addressed, Model):
    """Another calendar of somebody's, of which only the taken hours are kept. `read_at`: when all of it was last read.

    The address is often a secret of its own (whoever holds it reads the calendar), so it is sealed and never shown again.
    """

    __tablename__ = "busy_source"
    __table_args__ = (
        sa.CheckConstraint("kind <> 'address' OR address IS NOT NULL", name="address"),
        # Only an address is looked at again: what the worker asks each minute is answered from this index.
        sa.CheckConstraint("kind = 'address' OR next_look_at IS NULL", name="looked_at"),
    )

    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    kind: Mapped[BusyKind] = mapped_column(choice(BusyKind))
    address: Mapped[str | None] = mapped_column(Encrypted)
    state: Mapped[BusyState] = mapped_column(choice(BusyState), default=BusyState.WAITING)
    etag: Mapped[str] = mapped_column(sa.String(200), default="")
    trouble: Mapped[str] = mapped_column(sa.String(20), default="")
    last_fetched_at: Mapped[datetime | None]
    read_at: Mapped[datetime | None]
    reads_until: Mapped[date | None]
    failed_since: Mapped[datetime | None]
    next_look_at: Mapped[datetime | None] = mapped_column(index=True)


class BusySpan(Model):
    """Taken time out of another calendar, in whole quarters: no title, no place, no people, no number of the event."""

    __tablename__ = "busy_span"
    __table_args__ = (sa.CheckConstraint("ends_at > starts_at", name="order"), sa.Index(None, "source_id", "ends_at"))

    source_id: Mapped[int] = mapped_column(sa.ForeignKey("busy_source.id", ondelete="CASCADE"))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]


class FeedUse(Model):
    """When a private calendar address was last asked for, so that its owner sees whether it is in use."""

    __tablename__ = "feed_use"

    link_id: Mapped[int] = mapped_column(sa.ForeignKey("personal_link.id", ondelete="CASCADE"), unique=True)
    fetched_at: Mapped[datetime]
