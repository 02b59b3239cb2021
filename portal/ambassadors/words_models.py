"""What a company says in public: its exact words, where they stand, and its consent to that."""

from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.models import Person
from portal.employers.models import Employer
from portal.foundation.database import Addressed, Encrypted, EncryptedJson, Model, choice
from portal.foundation.states import Stateful, Transitions


class WordsState(StrEnum):
    DRAFT = "draft"
    ASKED = "asked"
    AGREED = "agreed"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class WordsFrom(StrEnum):
    """Where the words were first said."""

    QUESTION = "question"
    AFTERCARE = "aftercare"
    WRITTEN = "written"


_W = WordsState
PEER_WORDS = Transitions(
    {
        _W.DRAFT: {_W.ASKED, _W.WITHDRAWN},
        _W.ASKED: {_W.AGREED, _W.REFUSED, _W.WITHDRAWN},
        _W.AGREED: {_W.WITHDRAWN},
        _W.REFUSED: set(),
        _W.WITHDRAWN: set(),
    }
)


class PeerWords(Stateful, Addressed, Model):
    """Words of a company. Nothing of them shows before the person agreed to the exact text, and nothing after a no.

    `texts` and `signed` are by language: the words, and the line under them ("a bakery in Ghent"). Only languages that have
    both are shown. `agreed_hash` names what was agreed to.
    """

    __tablename__ = "peer_words"
    __table_args__ = (
        sa.CheckConstraint("state <> 'agreed' OR (agreed_at IS NOT NULL AND agreed_hash <> '')", name="agreed_to_what"),
        sa.Index(None, "state", "slug"),
    )
    transitions: ClassVar[Transitions] = PEER_WORDS

    employer_id: Mapped[int] = mapped_column(sa.ForeignKey("employer.id"), index=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    # Whose work the words may be about, for the check of the text only. It shows nowhere.
    candidate_id: Mapped[int | None] = mapped_column(sa.ForeignKey("candidate.id"), index=True)
    question_id: Mapped[int | None] = mapped_column(sa.ForeignKey("peer_question.id"), unique=True)
    check_in_id: Mapped[int | None] = mapped_column(sa.ForeignKey("check_in.id"), unique=True)
    came_from: Mapped[WordsFrom] = mapped_column(choice(WordsFrom))
    language: Mapped[str] = mapped_column(sa.String(2), default="nl")
    original: Mapped[str] = mapped_column(Encrypted)
    wish: Mapped[str] = mapped_column(sa.String(20), default="")
    texts: Mapped[Any] = mapped_column(EncryptedJson)
    signed: Mapped[Any] = mapped_column(EncryptedJson)
    # Where they stand: beside an answer of the library, on the wall.
    slug: Mapped[str] = mapped_column(sa.String(80), default="")
    on_wall: Mapped[bool] = mapped_column(default=False)
    state: Mapped[WordsState] = mapped_column(choice(WordsState), default=WordsState.DRAFT)
    agreed_at: Mapped[datetime | None]
    agreed_hash: Mapped[str] = mapped_column(sa.String(64), default="")
    ended_at: Mapped[datetime | None]

    employer: Mapped[Employer] = relationship(lazy="raise")
    person: Mapped[Person] = relationship(lazy="raise")
