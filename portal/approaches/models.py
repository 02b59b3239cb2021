from datetime import date
from typing import ClassVar

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.models import Person
from portal.approaches.states import APPROACH, ApproachState
from portal.employers.models import Employer
from portal.foundation.database import Addressed, Encrypted, Model, choice
from portal.foundation.states import Stateful, Transitions
from portal.showcase.models import Interest


class Approach(Stateful, Addressed, Model):
    """A company that is asked for somebody, by phone. `code` is what the company and colleagues hear; it belongs to this
    company only, so that two of them cannot join what they heard.

    `called_on`: the first time that somebody there was spoken to, which is what counts as approached.
    """

    __tablename__ = "approach"
    # Once for a person and a company, whoever plans it.
    __table_args__ = (sa.UniqueConstraint("candidate_id", "employer_id"),)
    transitions: ClassVar[Transitions] = APPROACH

    candidate_id: Mapped[int] = mapped_column(sa.ForeignKey("candidate.id"))
    employer_id: Mapped[int] = mapped_column(sa.ForeignKey("employer.id"), index=True)
    state: Mapped[ApproachState] = mapped_column(choice(ApproachState), default=ApproachState.PLANNED)
    code: Mapped[str] = mapped_column(sa.String(8))
    called_on: Mapped[date | None]
    until: Mapped[date | None]
    next_step: Mapped[str] = mapped_column(sa.String(40), default="")
    # The list of what is due, over all cases.
    next_on: Mapped[date | None] = mapped_column(index=True)
    interest_id: Mapped[int | None] = mapped_column(sa.ForeignKey("interest.id"))

    employer: Mapped[Employer] = relationship(lazy="raise")
    interest: Mapped[Interest | None] = relationship(lazy="raise")


class ApproachCall(Model):
    """One call about somebody: who called, with whom, the coded answer. `until`: not before that day, for everybody."""

    __tablename__ = "approach_call"
    # What a company said last, whoever it was called for.
    __table_args__ = (sa.Index(None, "employer_id", "called_on"),)

    approach_id: Mapped[int] = mapped_column(sa.ForeignKey("approach.id", ondelete="CASCADE"), index=True)
    candidate_id: Mapped[int] = mapped_column(sa.ForeignKey("candidate.id"), index=True)
    employer_id: Mapped[int] = mapped_column(sa.ForeignKey("employer.id"))
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    called_on: Mapped[date]
    reached: Mapped[bool]
    by_company: Mapped[bool] = mapped_column(default=False)
    answer: Mapped[str] = mapped_column(sa.String(40))
    until: Mapped[date | None]
    spoke_with: Mapped[str | None] = mapped_column(Encrypted)
    note: Mapped[str | None] = mapped_column(Encrypted)

    approach: Mapped[Approach] = relationship(lazy="raise")
    person: Mapped[Person] = relationship(lazy="raise")
