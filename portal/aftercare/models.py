from datetime import date, datetime
from enum import StrEnum
from typing import ClassVar

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.foundation.database import Addressed, Encrypted, Model, choice
from portal.foundation.states import Stateful, Transitions
from portal.placements.models import Placement


class Voice(StrEnum):
    EMPLOYEE = "employee"
    EMPLOYER = "employer"
    JUSTICE_ASSISTANT = "justice_assistant"


class CheckInState(StrEnum):
    PLANNED = "planned"
    DUE = "due"
    DONE = "done"
    OVERDUE = "overdue"
    SKIPPED = "skipped"


class AlertState(StrEnum):
    OPEN = "open"
    RESOLVED = "resolved"


_C, _A = CheckInState, AlertState

CHECK_IN = Transitions(
    {
        _C.PLANNED: {_C.DUE, _C.DONE, _C.SKIPPED},
        # Back to planned: the first day was corrected, and the moment's day is still to come.
        _C.DUE: {_C.PLANNED, _C.DONE, _C.OVERDUE, _C.SKIPPED},
        _C.OVERDUE: {_C.PLANNED, _C.DONE, _C.SKIPPED},
        _C.DONE: set(),
        _C.SKIPPED: {_C.PLANNED},
    }
)
ALERT = Transitions({_A.OPEN: {_A.RESOLVED}, _A.RESOLVED: set()})


class CheckIn(Stateful, Addressed, Model):
    """One moment of one voice in the 26 weeks. `planned_for` keeps the template's date when a moment is moved singly.

    `asked_on` is the day on which the first letter with a form left; reminders are counted from it.
    """

    __tablename__ = "check_in"
    __table_args__ = (
        sa.UniqueConstraint("placement_id", "voice", "moment"),
        sa.Index(None, "state", "due"),
        sa.CheckConstraint("state <> 'skipped' OR skipped_because <> ''", name="skipped_has_reason"),
    )
    transitions: ClassVar[Transitions] = CHECK_IN

    placement_id: Mapped[int] = mapped_column(sa.ForeignKey("placement.id"))
    candidate_id: Mapped[int] = mapped_column(sa.ForeignKey("candidate.id"), index=True)
    voice: Mapped[Voice] = mapped_column(choice(Voice))
    moment: Mapped[str] = mapped_column(sa.String(20))
    week: Mapped[int]
    channel: Mapped[str] = mapped_column(sa.String(20))
    planned_for: Mapped[date]
    due: Mapped[date]
    state: Mapped[CheckInState] = mapped_column(choice(CheckInState), default=CheckInState.PLANNED)
    answered_by: Mapped[str] = mapped_column(sa.String(20), default="")
    asked_on: Mapped[date | None]
    done_at: Mapped[datetime | None]
    skipped_because: Mapped[str] = mapped_column(sa.String(200), default="")
    reminders: Mapped[int] = mapped_column(default=0)
    note: Mapped[str | None] = mapped_column(Encrypted)
    # What a worker who types along kept so far; gone once the form is sent.
    draft: Mapped[str | None] = mapped_column(Encrypted)

    placement: Mapped[Placement] = relationship(lazy="raise")
    answers: Mapped[list["FormAnswer"]] = relationship(lazy="raise", order_by="FormAnswer.id")

    @property
    def open(self) -> bool:
        return self.state in {CheckInState.PLANNED, CheckInState.DUE, CheckInState.OVERDUE}

    @property
    def waits(self) -> bool:
        return self.state in {CheckInState.DUE, CheckInState.OVERDUE}

    @property
    def has_form(self) -> bool:
        return self.channel.endswith("form")


class FormAnswer(Model):
    """One answer of a form. A score is a number for figures and trends; words are sealed."""

    __tablename__ = "form_answer"
    __table_args__ = (
        sa.UniqueConstraint("check_in_id", "question"),
        sa.CheckConstraint("score IS NULL OR score BETWEEN 0 AND 100", name="score"),
    )

    check_in_id: Mapped[int] = mapped_column(sa.ForeignKey("check_in.id", ondelete="CASCADE"))
    question: Mapped[str] = mapped_column(sa.String(40))
    score: Mapped[int | None]
    choice: Mapped[str] = mapped_column(sa.String(40), default="")
    words: Mapped[str | None] = mapped_column(Encrypted)


class Alert(Stateful, Addressed, Model):
    """A worrying or missing answer: a named worker answers within 2 working days, with a note."""

    __tablename__ = "alert"
    __table_args__ = (
        sa.UniqueConstraint("check_in_id", "rule", "question"),
        sa.CheckConstraint("state <> 'resolved' OR resolved_at IS NOT NULL", name="resolved_when"),
    )
    transitions: ClassVar[Transitions] = ALERT

    placement_id: Mapped[int] = mapped_column(sa.ForeignKey("placement.id"), index=True)
    check_in_id: Mapped[int] = mapped_column(sa.ForeignKey("check_in.id"))
    candidate_id: Mapped[int] = mapped_column(sa.ForeignKey("candidate.id"), index=True)
    rule: Mapped[str] = mapped_column(sa.String(40))
    question: Mapped[str] = mapped_column(sa.String(40), default="")
    value: Mapped[int | None]
    # The number that the rule had when it spoke: a coordinator may change it, and what was said stays said.
    threshold: Mapped[int | None]
    state: Mapped[AlertState] = mapped_column(choice(AlertState), default=AlertState.OPEN, index=True)
    owner_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    due: Mapped[date]
    resolved_at: Mapped[datetime | None]
    resolved_by: Mapped[int | None]
    note: Mapped[str | None] = mapped_column(Encrypted)

    placement: Mapped[Placement] = relationship(lazy="raise")
    check_in: Mapped[CheckIn] = relationship(lazy="raise")
