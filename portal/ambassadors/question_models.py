"""A company asks another company: the question, whom it was put to, and what was written. Never a person's data."""

from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, ClassVar

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.models import Person
from portal.employers.models import Employer
from portal.foundation.database import Addressed, Encrypted, Model, choice
from portal.foundation.states import Stateful, Transitions

if TYPE_CHECKING:
    from portal.ambassadors.models import Ambassador


class QuestionState(StrEnum):
    WITH_PEER = "with_peer"
    WITH_WORKER = "with_worker"
    ANSWERED = "answered"
    CLOSED = "closed"


class TurnEnd(StrEnum):
    ANSWERED = "answered"
    PASSED = "passed"
    LATE = "late"
    GONE = "gone"


class Side(StrEnum):
    ASKER = "asker"
    PEER = "peer"
    WORKER = "worker"


_Q = QuestionState
PEER_QUESTION = Transitions(
    {
        _Q.WITH_PEER: {_Q.WITH_WORKER, _Q.ANSWERED, _Q.CLOSED},
        _Q.WITH_WORKER: {_Q.ANSWERED, _Q.CLOSED},
        # The asker may write once more: it goes back to whoever answered.
        _Q.ANSWERED: {_Q.WITH_PEER, _Q.WITH_WORKER, _Q.CLOSED},
        _Q.CLOSED: set(),
    }
)


class PeerQuestion(Stateful, Addressed, Model):
    """An employer's worry, put to one peer at a time. `slug`: the answer of the library where the worry arose."""

    __tablename__ = "peer_question"
    transitions: ClassVar[Transitions] = PEER_QUESTION

    employer_id: Mapped[int] = mapped_column(sa.ForeignKey("employer.id"), index=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    programme_id: Mapped[int] = mapped_column(sa.ForeignKey("programme.id"), index=True)
    slug: Mapped[str] = mapped_column(sa.String(80), default="")
    language: Mapped[str] = mapped_column(sa.String(2), default="nl")
    # Whether the peer reads which company asks.
    names_company: Mapped[bool] = mapped_column(default=False)
    state: Mapped[QuestionState] = mapped_column(choice(QuestionState), default=QuestionState.WITH_PEER, index=True)
    helped: Mapped[bool] = mapped_column(default=False)
    wrote_again: Mapped[bool] = mapped_column(default=False)

    employer: Mapped[Employer] = relationship(lazy="raise")
    person: Mapped[Person] = relationship(lazy="raise")
    turns: Mapped[list["PeerTurn"]] = relationship(lazy="raise", order_by="PeerTurn.id", back_populates="question")
    messages: Mapped[list["PeerMessage"]] = relationship(lazy="raise", order_by="PeerMessage.id")

    @property
    def turn(self) -> "PeerTurn | None":
        """Whose turn it is now."""
        return next((one for one in self.turns if one.ended_how is None), None)


class PeerTurn(Model):
    """A question was put to an ambassador, until a day. A question is with one at a time, and with each of them once."""

    __tablename__ = "peer_turn"
    __table_args__ = (
        sa.UniqueConstraint("question_id", "ambassador_id"),
        # Two nightly runs, or a run and a press, put a question to one peer only.
        sa.Index(
            "uq_peer_turn_open", "question_id", unique=True,
            sqlite_where=sa.text("ended_how IS NULL"), postgresql_where=sa.text("ended_how IS NULL"),
        ),
        sa.Index(None, "ambassador_id", "ended_how"),
    )  # fmt: skip

    question_id: Mapped[int] = mapped_column(sa.ForeignKey("peer_question.id", ondelete="CASCADE"))
    ambassador_id: Mapped[int] = mapped_column(sa.ForeignKey("ambassador.id"))
    due: Mapped[date]
    reminded_on: Mapped[date | None]
    ended_how: Mapped[TurnEnd | None] = mapped_column(choice(TurnEnd))
    ended_at: Mapped[datetime | None]
    # Whether the asker reads which company answered.
    names_company: Mapped[bool] = mapped_column(default=True, server_default=sa.true())

    question: Mapped[PeerQuestion] = relationship(lazy="raise", back_populates="turns")
    ambassador: Mapped["Ambassador"] = relationship(lazy="raise")


class PeerMessage(Model):
    """What was written, by which side."""

    __tablename__ = "peer_message"

    question_id: Mapped[int] = mapped_column(sa.ForeignKey("peer_question.id", ondelete="CASCADE"), index=True)
    side: Mapped[Side] = mapped_column(choice(Side))
    person_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    turn_id: Mapped[int | None] = mapped_column(sa.ForeignKey("peer_turn.id"))
    text: Mapped[str] = mapped_column(Encrypted)

    turn: Mapped[PeerTurn | None] = relationship(lazy="raise")
