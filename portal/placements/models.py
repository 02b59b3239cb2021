from datetime import date
from enum import StrEnum
from typing import ClassVar

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.models import Person
from portal.employers.models import Employer, Vacancy
from portal.foundation.database import Addressed, Encrypted, Model, choice
from portal.foundation.states import Stateful, Transitions
from portal.organisations.models import Workplace


class PlacementState(StrEnum):
    PREPARING = "preparing"
    STARTED = "started"
    ONGOING = "ongoing"
    SUSTAINED_13 = "sustained_13"
    SUSTAINED_26 = "sustained_26"
    FELL_THROUGH = "fell_through"
    ENDED = "ended"


_P = PlacementState

PLACEMENT = Transitions(
    {
        _P.PREPARING: {_P.STARTED, _P.FELL_THROUGH},
        _P.STARTED: {_P.ONGOING, _P.ENDED},
        # Back one step only when the first day is corrected to a later one.
        _P.ONGOING: {_P.STARTED, _P.SUSTAINED_13, _P.ENDED},
        _P.SUSTAINED_13: {_P.ONGOING, _P.SUSTAINED_26, _P.ENDED},
        _P.SUSTAINED_26: {_P.ENDED},
        _P.FELL_THROUGH: set(),
        _P.ENDED: set(),
    }
)


class Placement(Stateful, Addressed, Model):
    """A person works somewhere. `paid` tells activation in the strict sense (a paid contract) from the broad one."""

    __tablename__ = "placement"
    __table_args__ = (
        sa.CheckConstraint("hours_week BETWEEN 1 AND 60", name="hours_week"),
        sa.CheckConstraint("ended_on IS NULL OR ended_on >= starts_on", name="order"),
    )
    transitions: ClassVar[Transitions] = PLACEMENT

    candidate_id: Mapped[int] = mapped_column(sa.ForeignKey("candidate.id"), index=True)
    trajectory_id: Mapped[int] = mapped_column(sa.ForeignKey("trajectory.id"), index=True)
    employer_id: Mapped[int] = mapped_column(sa.ForeignKey("employer.id"), index=True)
    vacancy_id: Mapped[int] = mapped_column(sa.ForeignKey("vacancy.id"))
    interview_id: Mapped[int | None] = mapped_column(sa.ForeignKey("interview.id"), unique=True)
    contact_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    worker_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    workplace_id: Mapped[int] = mapped_column(sa.ForeignKey("workplace.id"))
    state: Mapped[PlacementState] = mapped_column(choice(PlacementState), default=PlacementState.PREPARING, index=True)
    starts_on: Mapped[date] = mapped_column(index=True)
    form: Mapped[str] = mapped_column(sa.String(40))
    paid: Mapped[bool] = mapped_column(default=True)
    hours_week: Mapped[int]
    wage_band: Mapped[str] = mapped_column(sa.String(40), default="")
    shift: Mapped[str] = mapped_column(sa.String(40), default="day")
    supervisor: Mapped[str] = mapped_column(sa.String(120), default="")
    buddy: Mapped[str] = mapped_column(sa.String(120), default="")
    disclosure: Mapped[str] = mapped_column(sa.String(20), default="none")
    disclosure_words: Mapped[str | None] = mapped_column(Encrypted)
    transport_first_day: Mapped[str] = mapped_column(sa.String(200), default="")
    workwear_ready: Mapped[bool] = mapped_column(default=False)
    vdab_registered_on: Mapped[date | None]
    premium_checked: Mapped[bool] = mapped_column(default=False)
    insured: Mapped[bool] = mapped_column(default=False)
    schedule_approved_on: Mapped[date | None]
    right_to_work_until: Mapped[date | None]
    contract_ends_on: Mapped[date | None]
    justice_assistant_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    ended_on: Mapped[date | None]
    ended_because: Mapped[str] = mapped_column(sa.String(60), default="")
    ended_by: Mapped[str] = mapped_column(sa.String(20), default="")
    # Which version of the programme's aftercare plan this start was laid out from.
    plan_version: Mapped[int | None]
    # What the company said in the call after a start that failed.
    employer_called_on: Mapped[date | None]
    wants_another: Mapped[str] = mapped_column(sa.String(10), default="", server_default="")
    call_note: Mapped[str | None] = mapped_column(Encrypted)

    employer: Mapped[Employer] = relationship(lazy="raise")
    vacancy: Mapped[Vacancy] = relationship(lazy="raise")
    contact: Mapped[Person] = relationship(lazy="raise", foreign_keys=[contact_id])
    worker: Mapped[Person] = relationship(lazy="raise", foreign_keys=[worker_id])
    workplace: Mapped[Workplace] = relationship(lazy="raise")

    @property
    def running(self) -> bool:
        return self.state not in {PlacementState.PREPARING, PlacementState.FELL_THROUGH, PlacementState.ENDED}
