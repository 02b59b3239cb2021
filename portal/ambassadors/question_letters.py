"""The letters of a question. What was asked and answered stands behind the sign-in, never in a mailbox."""

import sqlalchemy as sa

from portal.accounts import service as accounts
from portal.accounts.models import Membership
from portal.accounts.queries import seated_today
from portal.accounts.roles import EMPLOYERS
from portal.ambassadors.question_models import PeerQuestion, PeerTurn
from portal.ambassadors.question_queries import whole
from portal.employers.states import EmployerState
from portal.foundation.database import db
from portal.foundation.words import date_long, speaking
from portal.outbox import service as outbox
from portal.outbox.models import Letter

ANSWERED = "ambassadors/question_answered"


def to_peer(template: str, question: PeerQuestion, turn: PeerTurn) -> None:
    person = turn.ambassador.person
    with speaking(person.language):
        day = date_long(turn.due)
    outbox.leave(
        f"ambassadors/{template}", to=accounts.recipient(person), about=question,
        values={
            "first_name": person.first_name, "day": day, "again": question.wrote_again,
            "link": outbox.address_of("ambassadors.peer_question", key=question.key),
        },
    )  # fmt: skip


def to_asker(question: PeerQuestion) -> None:
    person = question.person
    outbox.leave(
        ANSWERED, to=accounts.recipient(person), about=question,
        values={"first_name": person.first_name, "link": outbox.address_of("ambassadors.my_question", key=question.key)},
    )  # fmt: skip


def can_answer(turn: PeerTurn) -> bool:
    """Whether whose turn it is takes part today, and its company is not stopped."""
    return turn.ambassador.recruits and turn.ambassador.employer.state is not EmployerState.BLOCKED


def letter_stands(letter: Letter) -> bool:
    """Asked again at sending: nothing of a question for whoever left its company meanwhile, or whose company was stopped."""
    found = db.session.scalars(whole().where(PeerQuestion.id == letter.about_id)).unique().one_or_none()
    reader = int(letter.recipient_ref.partition(":")[2])
    if found is None:
        return False
    if letter.template != ANSWERED:
        turn = found.turn
        return turn is not None and turn.ambassador.person_id == reader and can_answer(turn)
    seat = sa.select(Membership.id).where(
        Membership.person_id == reader, Membership.organisation_id == found.employer.organisation_id,
        Membership.role.in_(EMPLOYERS), *seated_today(),
    )  # fmt: skip
    return found.employer.state is not EmployerState.BLOCKED and db.session.scalar(seat.limit(1)) is not None
