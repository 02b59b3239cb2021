"""The letters of a question. What was asked and answered stands behind the sign-in, never in a mailbox."""

from portal.accounts import service as accounts
from portal.ambassadors.question_models import PeerQuestion, PeerTurn
from portal.foundation.words import date_long, speaking
from portal.outbox import service as outbox


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
        "ambassadors/question_answered", to=accounts.recipient(person), about=question,
        values={"first_name": person.first_name, "link": outbox.address_of("ambassadors.my_question", key=question.key)},
    )  # fmt: skip
