"""A worry of one company, answered by another: asked, put to one peer at a time, answered, or given to the worker.

Everything that is written goes through the redaction check: what it finds is shown to the writer before it leaves, and a
person decides. Nobody reads a question but its asker, the peer whose turn it is, and the team of the programme.
"""

from datetime import date

import sqlalchemy as sa

from portal.accounts.models import Person
from portal.accounts.roles import Role
from portal.agenda.windows import workdays_after, workdays_before
from portal.ambassadors import question_letters as letters
from portal.ambassadors.models import Ambassador
from portal.ambassadors.question_models import PeerMessage, PeerQuestion, PeerTurn, QuestionState, Side, TurnEnd
from portal.ambassadors.question_queries import whole
from portal.ambassadors.routing import next_peer, rule
from portal.employers.models import Employer
from portal.foundation import acting, clock
from portal.foundation.database import db
from portal.foundation.errors import Conflict, DomainError
from portal.foundation.words import lazy
from portal.journal import service as journal
from portal.programmes.models import Programme
from portal.showcase.redaction import Finding, Known, check
from portal.tasks import service as tasks

_Q = QuestionState
OPEN = (_Q.WITH_PEER, _Q.WITH_WORKER)


class TooManyOpen(DomainError):
    sentence = lazy(
        "Your company has the most questions open that one may have. Wait for an answer, or call your project worker."
    )
    field = "text"
    status = 429


class LookFirst(DomainError):
    sentence = lazy("Look at what is marked below. Change your text, or say that it is about nobody.")
    field = "text"
    status = 409


class NotYourTurn(Conflict):
    sentence = lazy("This question has gone to somebody else in the meantime. Thank you all the same.")


class WrittenTwice(Conflict):
    sentence = lazy("You wrote once more already. Call your project worker if something is still unclear.")


def look(text: str, language: str) -> list[Finding]:
    """What might point to a person, in the order of the text."""
    return check(text, Known(), language) if text else []


def _must_be_looked_at(text: str, language: str, looked: bool) -> None:
    if not looked and look(text, language):
        raise LookFirst()


def ask(
    asker: Employer, person: Person, text: str, *, slug: str, language: str, named: bool, looked: bool
) -> PeerQuestion:
    """A company asks. Raises TooManyOpen, and LookFirst while something was found that the asker did not look at."""
    _must_be_looked_at(text, language, looked)
    # Whoever asks for the same company queues here, so that the count holds at any load.
    db.session.execute(sa.select(Employer.id).where(Employer.id == asker.id).with_for_update())
    waiting = sa.select(sa.func.count(PeerQuestion.id)).where(
        PeerQuestion.employer_id == asker.id, PeerQuestion.state.in_(OPEN)
    )
    if (db.session.scalar(waiting) or 0) >= rule("most_of_a_company"):
        raise TooManyOpen()
    question = PeerQuestion(
        employer_id=asker.id, employer=asker, person_id=person.id, person=person, programme_id=asker.programme_id,
        slug=slug, language=language, names_company=named, state=_Q.WITH_PEER,
    )  # fmt: skip
    db.session.add(question)
    db.session.flush()
    _write(question, Side.ASKER, text)
    journal.note("peer_question.asked", question, slug=slug)
    route(question)
    return question


def route(question: PeerQuestion) -> PeerTurn | None:
    """Put it to the next peer, or give it to the worker when there is none."""
    # Whoever asks in the same programme queues here, so that nobody's hands are filled by two at once.
    queue = sa.select(Programme.id).where(Programme.id == question.programme_id)
    db.session.execute(queue.with_for_update(key_share=True))
    peer = next_peer(question, question.employer)
    if peer is None:
        _to_worker(question)
        return None
    turn = PeerTurn(
        question_id=question.id, ambassador_id=peer.id, ambassador=peer,
        due=workdays_after(clock.today(), rule("answer_workdays")),
    )  # fmt: skip
    db.session.add(turn)
    db.session.flush()
    journal.note("peer_question.routed", question, ambassador=peer.id)
    _open_turn(question, turn)
    return turn


def _open_turn(question: PeerQuestion, turn: PeerTurn) -> None:
    tasks.open_task(
        "ambassadors.answer_peer", question, due=turn.due, at=("ambassadors.peer_question", {"key": question.key}),
        owner_id=turn.ambassador.person_id,
    )  # fmt: skip
    letters.to_peer("question", question, turn)


def _to_worker(question: PeerQuestion) -> None:
    if question.state is not _Q.WITH_WORKER:
        question.move_to(_Q.WITH_WORKER, "no peer")
    asker = question.employer
    tasks.open_task(
        "ambassadors.question_waits", question, due=workdays_after(clock.today(), 1),
        at=("ambassadors.question_of_team", {"key": question.key}), owner_id=asker.worker_id,
        role=None if asker.worker_id else Role.PROJECT_WORKER, programme_id=question.programme_id,
        company=asker.organisation.name,
    )  # fmt: skip


def _end(turn: PeerTurn, how: TurnEnd) -> None:
    turn.ended_how, turn.ended_at = how, clock.now()
    db.session.flush()


def reply(question: PeerQuestion, turn: PeerTurn, text: str, *, named: bool, looked: bool) -> None:
    """The peer answers. Raises NotYourTurn, and LookFirst."""
    if turn.ended_how is not None or question.state is not _Q.WITH_PEER:
        raise NotYourTurn()
    _must_be_looked_at(text, question.language, looked)
    turn.names_company = named
    _write(question, Side.PEER, text, turn)
    _end(turn, TurnEnd.ANSWERED)
    _answered(question)


def reply_as_worker(question: PeerQuestion, text: str, *, looked: bool) -> None:
    """The worker answers in the end. Raises NotYourTurn when somebody was first, and LookFirst."""
    if question.state is not _Q.WITH_WORKER:
        raise NotYourTurn()
    _must_be_looked_at(text, question.language, looked)
    _write(question, Side.WORKER, text)
    _answered(question)


def _answered(question: PeerQuestion) -> None:
    question.move_to(_Q.ANSWERED)
    tasks.close("ambassadors.answer_peer", question)
    tasks.close("ambassadors.question_waits", question)
    letters.to_asker(question)


def pass_on(question: PeerQuestion, turn: PeerTurn) -> None:
    """Not mine: it goes to the next, or to the worker. Raises NotYourTurn."""
    if turn.ended_how is not None or question.state is not _Q.WITH_PEER:
        raise NotYourTurn()
    _on(question, turn, TurnEnd.PASSED)


def _on(question: PeerQuestion, turn: PeerTurn, how: TurnEnd) -> None:
    _end(turn, how)
    tasks.close("ambassadors.answer_peer", question, outcome=how.value)
    journal.note(f"peer_question.{how.value}", question, ambassador=turn.ambassador_id)
    # Whoever wrote once more asks the same peer or the worker: a third company would read half a talk.
    if how is TurnEnd.LATE or question.wrote_again:
        _to_worker(question)
    else:
        route(question)


def helped(question: PeerQuestion) -> None:
    """The asker says that it helped: a coordinator hears of an answer that may help others."""
    if question.helped or question.state is not _Q.ANSWERED:
        return
    question.helped = True
    journal.note("peer_question.helped", question)
    if any(one.ended_how is TurnEnd.ANSWERED for one in question.turns):
        tasks.open_task(
            "ambassadors.good_answer", question, due=workdays_after(clock.today(), 10), role=Role.COORDINATOR,
            at=("ambassadors.question_of_team", {"key": question.key}), programme_id=question.programme_id,
        )  # fmt: skip


def write_again(question: PeerQuestion, text: str, *, looked: bool) -> None:
    """The asker writes once more, to whoever answered. Raises WrittenTwice, NotYourTurn and LookFirst."""
    if question.wrote_again:
        raise WrittenTwice()
    if question.state is not _Q.ANSWERED:
        raise NotYourTurn()
    _must_be_looked_at(text, question.language, looked)
    question.wrote_again = True
    _write(question, Side.ASKER, text)
    last = next((one for one in reversed(question.turns) if one.ended_how is TurnEnd.ANSWERED), None)
    if last is None or not last.ambassador.recruits or question.messages[-1].side is Side.WORKER:
        _to_worker(question)
        return
    question.move_to(_Q.WITH_PEER, "asked on")
    last.ended_how, last.ended_at, last.reminded_on = None, None, None
    last.due = workdays_after(clock.today(), rule("answer_workdays"))
    _open_turn(question, last)


def close(question: PeerQuestion) -> None:
    """The asker needs no answer any more."""
    question.move_to(_Q.CLOSED, "by the asker")
    for turn in question.turns:
        if turn.ended_how is None:
            _end(turn, TurnEnd.GONE)
    tasks.close(None, question, outcome="closed")


def _write(question: PeerQuestion, side: Side, text: str, turn: PeerTurn | None = None) -> None:
    db.session.add(
        PeerMessage(
            question_id=question.id, side=side, person_id=acting.person_id(), turn_id=turn.id if turn else None, text=text
        )
    )  # fmt: skip
    journal.note("peer_question.written", question, side=side.value)


# --- Every night, and when an ambassador stops ----------------------------------------------------------------------


def keep_moving() -> None:
    """Reminders once, and what was not answered in time goes to the worker. Each question in its own transaction."""
    for number in _with_peers():
        question = locked(number)
        turn = question.turn if question is not None else None
        if question is not None and turn is not None and question.state is _Q.WITH_PEER:
            _look_at(question, turn)
        db.session.commit()


def _look_at(question: PeerQuestion, turn: PeerTurn) -> None:
    today = clock.today()
    if not letters.can_answer(turn) or turn.ambassador.person.deactivated_at is not None:
        _on(question, turn, TurnEnd.GONE)
    elif today > turn.due:
        _on(question, turn, TurnEnd.LATE)
    elif turn.reminded_on is None and today >= _reminder_day(turn):
        turn.reminded_on = today
        letters.to_peer("question_reminder", question, turn)


def _reminder_day(turn: PeerTurn) -> date:
    """So many workdays after the turn began, counted back from its last day."""
    return workdays_before(turn.due, rule("answer_workdays") - rule("remind_after_workdays"))


def peer_stops(ambassador_id: int) -> None:
    """A peer rests or leaves: its open questions go on to others at once."""
    numbers = sa.select(PeerTurn.question_id).where(
        PeerTurn.ambassador_id == ambassador_id, PeerTurn.ended_how.is_(None)
    )
    for number in db.session.scalars(numbers).all():
        question = locked(number)
        turn = question.turn if question is not None else None
        if question is not None and turn is not None and question.state is _Q.WITH_PEER:
            _on(question, turn, TurnEnd.GONE)


def hand_over(employer: Employer, person: Person, successor: Person) -> None:
    """Somebody left the company's team: who takes over reads the answers to what it asked, and answers what it was asked."""
    asked = sa.select(PeerQuestion).where(
        PeerQuestion.employer_id == employer.id, PeerQuestion.person_id == person.id, PeerQuestion.state != _Q.CLOSED
    )
    for question in db.session.scalars(asked).all():
        question.person_id = successor.id
        journal.note("peer_question.handed_over", question, before=person.id, now=successor.id)
    put = (
        sa.select(PeerQuestion)
        .join(PeerTurn, PeerTurn.question_id == PeerQuestion.id)
        .join(Ambassador, Ambassador.id == PeerTurn.ambassador_id)
        .where(Ambassador.employer_id == employer.id, PeerTurn.ended_how.is_(None))
    )
    for question in db.session.scalars(put).all():
        tasks.give(question, old_owner=person.id, new_owner=successor.id)


def _with_peers() -> list[int]:
    waiting = sa.select(PeerQuestion.id).where(PeerQuestion.state == _Q.WITH_PEER).order_by(PeerQuestion.id)
    found = list(db.session.scalars(waiting))
    db.session.commit()
    return found


def locked(number: int) -> PeerQuestion | None:
    """A question with all of it, held until the end of the transaction: two runs at once take turns."""
    db.session.execute(sa.select(PeerQuestion.id).where(PeerQuestion.id == number).with_for_update())
    return (
        db.session.scalars(whole().where(PeerQuestion.id == number).execution_options(populate_existing=True))
        .unique()
        .one_or_none()
    )
