from datetime import date, datetime
from typing import ClassVar

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.models import Person
from portal.employers.models import Employer
from portal.events.states import EVENT, SEAT, EventKind, EventState, SeatState
from portal.foundation.database import Addressed, Encrypted, Model, choice
from portal.foundation.states import Stateful, Transitions
from portal.organisations.models import Workplace
from portal.programmes.models import Programme, Site


class Event(Stateful, Addressed, Model):
    """A few companies visit a company or a prison, or meet. `seats` counts companies, not people.

    `sequence` grows with each change that calendars must see (RFC 5546). `open` lets companies that were not invited ask
    for a seat, and shows it on the public page: what, which day, which municipality.
    """

    __tablename__ = "event"
    __table_args__ = (
        sa.CheckConstraint("seats BETWEEN 1 AND 30", name="seats"),
        sa.CheckConstraint("ends_at > starts_at", name="order"),
        sa.CheckConstraint("site_id IS NULL OR workplace_id IS NULL", name="one_place"),
    )
    transitions: ClassVar[Transitions] = EVENT

    programme_id: Mapped[int] = mapped_column(sa.ForeignKey("programme.id"), index=True)
    kind: Mapped[EventKind] = mapped_column(choice(EventKind))
    state: Mapped[EventState] = mapped_column(choice(EventState), default=EventState.DRAFT, index=True)
    title: Mapped[str] = mapped_column(sa.String(120))
    words: Mapped[str] = mapped_column(sa.Text)
    bring: Mapped[str] = mapped_column(sa.String(300), default="")
    organiser_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    host_id: Mapped[int | None] = mapped_column(sa.ForeignKey("employer.id"), index=True)
    workplace_id: Mapped[int | None] = mapped_column(sa.ForeignKey("workplace.id"))
    site_id: Mapped[int | None] = mapped_column(sa.ForeignKey("site.id"))
    # A place that is neither a company's nor a prison's.
    street: Mapped[str] = mapped_column(sa.String(160), default="")
    postcode: Mapped[str] = mapped_column(sa.String(10), default="")
    municipality: Mapped[str] = mapped_column(sa.String(80), default="")
    starts_at: Mapped[datetime] = mapped_column(index=True)
    ends_at: Mapped[datetime]
    answer_by: Mapped[date]
    seats: Mapped[int] = mapped_column(default=6)
    open: Mapped[bool] = mapped_column(default=False)
    sequence: Mapped[int] = mapped_column(default=0)
    reminded_at: Mapped[datetime | None]

    programme: Mapped[Programme] = relationship(lazy="raise")
    organiser: Mapped[Person] = relationship(lazy="raise")
    host: Mapped[Employer | None] = relationship(lazy="raise")
    workplace: Mapped[Workplace | None] = relationship(lazy="raise")
    site: Mapped[Site | None] = relationship(lazy="raise")

    @property
    def uid(self) -> str:
        return f"event-{self.key}@doorstart"


class EventSeat(Stateful, Addressed, Model):
    """One company at one event: whether it comes, with whom, and what came of it.

    `names`: who comes, since a prison's gate asks for names. `sent`: the sequence that the contact's calendar has.
    """

    __tablename__ = "event_seat"
    __table_args__ = (
        sa.UniqueConstraint("event_id", "employer_id"),
        sa.CheckConstraint("people BETWEEN 1 AND 4", name="people"),
    )
    transitions: ClassVar[Transitions] = SEAT

    event_id: Mapped[int] = mapped_column(sa.ForeignKey("event.id"))
    employer_id: Mapped[int] = mapped_column(sa.ForeignKey("employer.id"), index=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    state: Mapped[SeatState] = mapped_column(choice(SeatState), default=SeatState.INVITED)
    people: Mapped[int] = mapped_column(default=1)
    names: Mapped[str] = mapped_column(Encrypted, default="")
    # Who waits longest moves up first.
    asked_at: Mapped[datetime | None]
    sent: Mapped[int | None]
    outcome: Mapped[str] = mapped_column(sa.String(30), default="")
    outcome_note: Mapped[str] = mapped_column(Encrypted, default="")
    followed_on: Mapped[date | None]

    event: Mapped[Event] = relationship(lazy="raise")
    employer: Mapped[Employer] = relationship(lazy="raise")
    person: Mapped[Person] = relationship(lazy="raise")
