"""Scorecards: who is asked for a card, and who may see which.

Nobody on the employer's side sees another's card before the own one is in, the one who decides neither.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from portal.accounts import links
from portal.accounts import service as accounts
from portal.accounts.models import Membership, Person
from portal.accounts.roles import EMPLOYERS
from portal.foundation import acting, clock
from portal.foundation.database import db
from portal.foundation.errors import Conflict, DomainError
from portal.foundation.states import WrongState
from portal.foundation.words import date_long, lazy, speaking
from portal.interviews import outcome_duties
from portal.interviews.criteria import criteria_for
from portal.interviews.letters import company_of
from portal.interviews.models import Interview, Scorecard
from portal.interviews.outcome_models import Scorer
from portal.interviews.rules import rule
from portal.interviews.states import DecisionState
from portal.journal import service as journal
from portal.outbox import service as outbox
from portal.outbox.models import Letter
from portal.showcase.models import Interest
from portal.showcase.states import InterestState

PURPOSE = "interviews.card"
ASKED, WAITING = "interviews/card_asked", "interviews/card_waiting"
_PENDING = DecisionState.PENDING


class NobodyAsked(DomainError):
    sentence = lazy("Choose a colleague, or give a name and an e-mail address.")
    field = "colleagues"


class AskedAlready(Conflict):
    sentence = lazy("This colleague was asked already.")
    field = "email"


class CardIsIn(Conflict):
    sentence = lazy("This card is in already, so it stays.")


# --- Who is asked -------------------------------------------------------------------------------------------------


def scorers(interview_id: int) -> Sequence[Scorer]:
    """Who was asked for a card, in the order of asking."""
    statement = sa.select(Scorer).options(joinedload(Scorer.person)).where(Scorer.interview_id == interview_id)
    return db.session.scalars(statement.order_by(Scorer.id)).all()


def colleagues(interview: Interview, me: int) -> Sequence[Person]:
    """The company's people with an account, besides the one who asks."""
    today = clock.today()
    return (
        db.session.scalars(
            sa.select(Person)
            .join(Membership, Membership.person_id == Person.id)
            .where(Membership.organisation_id == interview.vacancy.employer.organisation_id)
            .where(Membership.role.in_(EMPLOYERS), Membership.since <= today)
            .where(sa.or_(Membership.until.is_(None), Membership.until >= today))
            .where(Person.deactivated_at.is_(None), Person.confirmed_at.is_not(None), Person.id != me)
            .order_by(Person.last_name, Person.id)
        )
        .unique()
        .all()
    )


def is_open(interview: Interview) -> bool:
    """Whether cards may still come in or be mended: after the talk, until the decision, while the candidate goes on."""
    undecided = interview.decision is not None and interview.decision.state is _PENDING
    return undecided and interview.interest.state is not InterestState.LAPSED


def ask_colleagues(interview: Interview, people: Sequence[Person]) -> list[Scorer]:
    """Colleagues with an account: a letter and a task each. Who was asked already is not asked twice."""
    _must_be_open(interview)
    known = {one.person_id for one in scorers(interview.id)}
    fresh = [_scorer(interview, person=one, language=one.language) for one in people if one.id not in known]
    for one in fresh:
        outcome_duties.card_asked(interview, one)
        _write(interview, one, ASKED)
    return fresh


def ask_by_letter(interview: Interview, *, name: str, email: str, language: str) -> Scorer:
    """Somebody of the company without an account: a personal link to this one card, and to nothing else.

    Raises AskedAlready.
    """
    _must_be_open(interview)
    address = email.strip().lower()
    if any(one.email == address or (one.person and one.person.email == address) for one in scorers(interview.id)):
        raise AskedAlready()
    scorer = _scorer(interview, name=name, email=address, language=language)
    _write(interview, scorer, ASKED)
    return scorer


def _must_be_open(interview: Interview) -> None:
    if not is_open(interview):
        raise WrongState()


def _scorer(interview: Interview, *, person: Person | None = None, **more: Any) -> Scorer:
    scorer = Scorer(
        interview_id=interview.id, candidate_id=interview.candidate_id, person=person,
        asked_by=acting.person_id() or interview.contact_id, **more,
    )  # fmt: skip
    db.session.add(scorer)
    db.session.flush()
    journal.note("scorecard.asked", interview, scorer=scorer.id)
    return scorer


def _write(interview: Interview, scorer: Scorer, template: str) -> None:
    if scorer.person is not None:
        to = accounts.recipient(scorer.person)
        link: Any = outbox.address_of("interviews.score", key=interview.key)
    else:
        to = outbox.Recipient(scorer.email or "", scorer.language, f"scorer:{scorer.id}")
        expires = clock.now() + timedelta(days=rule("card_link_days"))
        links.withdraw(PURPOSE, scorer)
        made = links.make(PURPOSE, scorer, reader=f"scorer:{scorer.id}", expires=expires, single_use=False)
        link = links.in_letter(made)
    with speaking(to.language):
        when = date_long(interview.starts_at) if interview.starts_at else ""
    values = {
        "name": scorer.called, "asker": interview.contact.name, "company": company_of(interview), "when": when,
        "vacancy": interview.vacancy.title, "worker": interview.worker.name, "worker_phone": interview.worker.phone,
        "by_letter": scorer.person is None, "link": link,
    }  # fmt: skip
    outbox.leave(template, to=to, values=values, about=scorer)


def remind(interview: Interview, scorer: Scorer) -> None:
    _write(interview, scorer, WAITING)


def take_back(interview: Interview, scorer: Scorer) -> None:
    """Asked by mistake: the link closes, the task goes. Raises CardIsIn."""
    if any(_by(card, scorer) for card in interview.scorecards):
        raise CardIsIn()
    stop_asking(scorer)
    outcome_duties.card_in(scorer)
    links.withdraw(PURPOSE, scorer)
    journal.note("scorecard.taken_back", interview, scorer=scorer.id)
    db.session.delete(scorer)


def stop_asking(scorer: Scorer) -> None:
    for template in (ASKED, WAITING):
        outbox.cancel_waiting(scorer, template=template)


def decided(interview: Interview) -> None:
    """Nobody is asked for a card any more."""
    for scorer in scorers(interview.id):
        stop_asking(scorer)
        outcome_duties.card_in(scorer)
        links.withdraw(PURPOSE, scorer)


def behind(token: str, *, lock: bool = False) -> Scorer:
    """Whose card a personal link opens. Raises NoSuchLink."""
    link = links.find(PURPOSE, token, lock=lock)
    scorer = db.session.scalar(sa.select(Scorer).options(joinedload(Scorer.person)).where(Scorer.id == link.subject_id))
    if scorer is None:
        raise links.NoSuchLink()
    return scorer


def letter_stands(letter: Letter) -> bool:
    """No card is asked for that is in, or whose talk was decided: asked again at sending."""
    statement = (
        sa.select(Scorer.id)
        .join(Interview, Interview.id == Scorer.interview_id)
        .join(Interest, Interest.id == Interview.interest_id)
        .where(Scorer.id == letter.about_id, Interview.decision.has(state=_PENDING), sa.not_(card_exists()))
        .where(Interest.state != InterestState.LAPSED)
    )
    return db.session.scalar(statement) is not None


def card_exists() -> sa.ColumnElement[bool]:
    """Whether the card of a scorer is in."""
    same = sa.or_(Scorecard.scorer_id == Scorer.id, Scorecard.person_id == Scorer.person_id)
    return sa.exists().where(Scorecard.interview_id == Scorer.interview_id, same)


# --- The cards ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Scores:
    """How the interview went for one person: 1 to 5 and a line of evidence per criterion."""

    scores: Mapping[str, int]
    evidence: Mapping[str, str]
    make_it_work: str = ""


def score(interview: Interview, person_id: int | None, given: Scores, *, scorer: Scorer | None = None) -> Scorecard:
    """A card comes in, or is mended. Raises WrongState before the interview was held, or once it is decided."""
    _must_be_open(interview)
    asked = scorer or _asked(interview, person_id)
    card = next((one for one in interview.scorecards if _same(one, person_id, scorer)), None)
    if card is None:
        card = Scorecard(
            interview_id=interview.id, candidate_id=interview.candidate_id, scores={}, person_id=person_id,
            scorer_id=scorer.id if scorer is not None and person_id is None else None,
        )  # fmt: skip
        db.session.add(card)
        interview.scorecards.append(card)
    card.scores, card.evidence = dict(given.scores), dict(given.evidence)
    card.make_it_work = given.make_it_work or None
    card.criteria_version = criteria_for(interview).version
    if asked is not None:
        stop_asking(asked)
        outcome_duties.card_in(asked)
    journal.note("scorecard.given", interview, person=person_id, scorer=scorer.id if scorer is not None else None)
    return card


def _asked(interview: Interview, person_id: int | None) -> Scorer | None:
    mine = sa.select(Scorer).where(Scorer.interview_id == interview.id, Scorer.person_id == person_id)
    return db.session.scalar(mine) if person_id is not None else None


def _same(card: Scorecard, person_id: int | None, scorer: Scorer | None) -> bool:
    if person_id is not None:
        return card.person_id == person_id
    return scorer is not None and card.scorer_id == scorer.id


def _by(card: Scorecard, scorer: Scorer) -> bool:
    return _same(card, scorer.person_id, scorer)


def own(interview: Interview, person_id: int | None, scorer: Scorer | None = None) -> Scorecard | None:
    return next((one for one in interview.scorecards if _same(one, person_id, scorer)), None)


@dataclass(frozen=True)
class Card:
    """One card as it is read beside the others."""

    name: str
    mine: bool
    given: datetime
    scores: dict[str, int]
    evidence: dict[str, str]
    make_it_work: str


def side_by_side(interview: Interview, *, me: int | None = None) -> list[Card]:
    """Every card with the name of who gave it, for staff, or for somebody (`me`) whose own card is in; else none."""
    if me is not None and own(interview, me) is None:
        return []
    return [replace(card, mine=number == me) for number, card in _named(interview.id)]


def _named(interview_id: int) -> list[tuple[int | None, Card]]:
    rows = db.session.execute(
        sa.select(Scorecard, Person.first_name, Person.last_name, Scorer.name)
        .outerjoin(Person, Person.id == Scorecard.person_id)
        .outerjoin(Scorer, Scorer.id == Scorecard.scorer_id)
        .where(Scorecard.interview_id == interview_id)
        .order_by(Scorecard.id)
    ).all()
    return [
        (card.person_id, Card(
            f"{first} {last}" if first else by_letter or "", False, card.created_at, dict(card.scores),
            dict(card.evidence or {}), card.make_it_work or "",
        ))
        for card, first, last, by_letter in rows
    ]  # fmt: skip


@dataclass(frozen=True)
class Seat:
    """Somebody at the table, and whether the card is in: nothing of what it says."""

    key: str
    name: str
    is_in: bool
    by_letter: bool


def seats(interview: Interview) -> list[Seat]:
    return [
        Seat(one.key, one.called, any(_by(card, one) for card in interview.scorecards), one.person_id is None)
        for one in scorers(interview.id)
    ]
