"""A company's words in public: edited by the team, agreed to by the person who said them, and taken back at any time.

What is asked is shown exactly as it will stand; a change afterwards is a new question.
"""

import hashlib
from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from portal.accounts import links
from portal.accounts import service as accounts
from portal.accounts.models import Person
from portal.accounts.roles import Role
from portal.aftercare.models import CheckIn, FormAnswer, Voice
from portal.agenda.windows import workdays_after
from portal.ambassadors.invitations import refuse_the_past
from portal.ambassadors.models import Ambassador
from portal.ambassadors.question_models import PeerQuestion, Side
from portal.ambassadors.words_models import PeerWords, WordsFrom, WordsState
from portal.candidates import identities
from portal.employers import queries as companies
from portal.employers.models import Employer
from portal.employers.states import EmployerState
from portal.foundation import acting, clock, crypto
from portal.foundation.database import db
from portal.foundation.errors import Conflict, DomainError
from portal.foundation.words import lazy
from portal.journal import service as journal
from portal.outbox import service as outbox
from portal.placements.models import Placement
from portal.showcase.redaction import Finding, Known, check
from portal.tasks import service as tasks

_W = WordsState
PURPOSE = "peer_words"
KEEPS = timedelta(days=5 * 365)
ASK_WITHIN_WORKDAYS = 10
NO = "no"


class NothingToShow(DomainError):
    sentence = lazy("Give the words and the line under them in one language at least.")
    field = "text_nl"


class NowhereToStand(DomainError):
    sentence = lazy("Say where these words may stand.")
    field = "slug"


class LookFirst(DomainError):
    sentence = lazy("Look at what is marked below. Change the words, or say that they are about nobody.")
    status = 409


class NoMore(Conflict):
    sentence = lazy("These words were answered or taken back in the meantime. Look at where they stand now.")


@dataclass(frozen=True)
class Edited:
    """What the team made of somebody's words: the words and the line under them, by language, and where they stand."""

    texts: dict[str, str]
    signed: dict[str, str]
    slug: str
    on_wall: bool
    looked: bool


def look(words: PeerWords, text: str, language: str) -> list[Finding]:
    """What might point to a person. Words about a job are compared with what is known of who has it."""
    known = Known()
    if words.candidate_id is not None:
        known = Known.from_json(identities.known(words.candidate_id, "redaction check"))
    return check(text, known, language) if text else []


# --- Where they come from -------------------------------------------------------------------------------------------


def from_question(question: PeerQuestion) -> PeerWords:
    """A good answer may enter the library: its peer's last words, to be edited. The same row when it was begun before."""
    found = db.session.scalar(sa.select(PeerWords).where(PeerWords.question_id == question.id))
    if found is not None:
        return found
    said = [one for one in question.messages if one.side is Side.PEER][-1]
    turn = next(one for one in question.turns if one.id == said.turn_id)
    peer = turn.ambassador
    text = "\n\n".join(one.text for one in question.messages if one.side is Side.PEER)
    words = _begin(peer.employer, peer.person_id, text, question.language, WordsFrom.QUESTION)
    words.question_id, words.slug = question.id, question.slug
    words.wish = "with_name" if turn.names_company else "sector_only"
    tasks.close("ambassadors.good_answer", question)
    db.session.flush()
    return words


def heard(check_in: CheckIn) -> None:
    """A company wrote in its closing form what it would tell others, and that it may be shown: a worker follows it up."""
    said = {one.question: one for one in db.session.scalars(_answers(check_in))}
    text, wish = said.get("testimonial"), said.get("testimonial_use")
    if check_in.voice is not Voice.EMPLOYER or text is None or not (text.words or "").strip():
        return
    if wish is None or wish.choice in {"", NO}:
        return
    placement = db.session.get_one(Placement, check_in.placement_id)
    employer = db.session.scalars(_employer(placement.employer_id)).one()
    person = _speaks_for(employer)
    known = db.session.scalar(sa.select(PeerWords.id).where(PeerWords.check_in_id == check_in.id))
    if person is None or known is not None:
        return
    words = _begin(employer, person.id, text.words or "", person.language, WordsFrom.AFTERCARE)
    words.check_in_id, words.candidate_id, words.wish = check_in.id, check_in.candidate_id, wish.choice
    words.on_wall = True
    give_to_team(words, employer)


def write(employer: Employer, person: Person, text: str, language: str) -> PeerWords:
    """Somebody of an ambassador writes a testimonial by itself: the team reads it first."""
    refuse_the_past(text, language)
    words = _begin(employer, person.id, text, language, WordsFrom.WRITTEN)
    words.on_wall, words.wish = True, "with_name"
    give_to_team(words, employer)
    return words


def _answers(check_in: CheckIn) -> sa.Select[FormAnswer]:
    asked = FormAnswer.question.in_(["testimonial", "testimonial_use"])
    return sa.select(FormAnswer).where(FormAnswer.check_in_id == check_in.id, asked)


def _employer(employer_id: int) -> sa.Select[Employer]:
    return sa.select(Employer).options(joinedload(Employer.organisation)).where(Employer.id == employer_id)


def _speaks_for(employer: Employer) -> Person | None:
    """Whose consent is asked: the ambassador's person, or else who looks after the company's team."""
    own = db.session.scalar(
        sa.select(Person)
        .join(Ambassador, Ambassador.person_id == Person.id)
        .where(Ambassador.employer_id == employer.id)
    )
    if own is not None and own.deactivated_at is None:
        return own
    seats = sorted(companies.team(employer), key=lambda one: one.role is not Role.EMPLOYER_ADMIN)
    return seats[0].person if seats else None


def _begin(employer: Employer, person_id: int, text: str, language: str, came_from: WordsFrom) -> PeerWords:
    words = PeerWords(
        employer_id=employer.id, person_id=person_id, came_from=came_from, language=language, original=text,
        texts={language: text}, signed={}, state=_W.DRAFT,
    )  # fmt: skip
    db.session.add(words)
    db.session.flush()
    journal.note("peer_words.begun", words)
    return words


def give_to_team(words: PeerWords, employer: Employer) -> None:
    tasks.open_task(
        "ambassadors.edit_words", words, due=workdays_after(clock.today(), ASK_WITHIN_WORKDAYS),
        at=("ambassadors.edit_words", {"key": words.key}), owner_id=employer.worker_id,
        role=None if employer.worker_id else Role.PROJECT_WORKER, programme_id=employer.programme_id,
        company=employer.organisation.name,
    )  # fmt: skip


# --- Edited, asked, agreed, taken back ------------------------------------------------------------------------------


def put_before(words: PeerWords, edited: Edited) -> None:
    """Ask the person, with the exact text. Raises NothingToShow, NowhereToStand, LookFirst, and SpeaksOfThePast."""
    if words.state is not _W.DRAFT:
        raise NoMore()
    keep(words, edited)
    whole = [code for code, text in words.texts.items() if text and words.signed.get(code)]
    if not whole:
        raise NothingToShow()
    if not (words.slug or words.on_wall):
        raise NowhereToStand()
    for code in whole:
        _check(words, code, looked=edited.looked)
    words.texts = {code: words.texts[code] for code in whole}
    words.signed = {code: words.signed[code] for code in whole}
    words.move_to(_W.ASKED)
    tasks.close("ambassadors.edit_words", words)
    _ask(words)


def _check(words: PeerWords, code: str, *, looked: bool) -> None:
    for text in (words.texts[code], words.signed[code]):
        refuse_the_past(text, code)
    if not looked and look(words, words.texts[code], code):
        raise LookFirst(field=f"text_{code}")


def keep(words: PeerWords, edited: Edited) -> None:
    """Keep what was written. Raises NoMore once somebody was asked."""
    if words.state is not _W.DRAFT:
        raise NoMore()
    words.texts, words.signed = dict(edited.texts), dict(edited.signed)
    words.slug, words.on_wall = edited.slug, edited.on_wall


def _ask(words: PeerWords) -> None:
    link = links.make(PURPOSE, words, reader=f"person:{words.person_id}", expires=clock.now() + KEEPS, single_use=False)
    person = words.person
    outbox.leave(
        "ambassadors/words_asked", to=accounts.recipient(person), about=words,
        values={"first_name": person.first_name, "link": links.in_letter(link)},
    )  # fmt: skip
    tasks.open_task(
        "ambassadors.agree_words", words, due=workdays_after(clock.today(), ASK_WITHIN_WORKDAYS),
        at=("ambassadors.my_words", {}), owner_id=words.person_id,
    )  # fmt: skip


def ask_instead(words: PeerWords) -> None:
    """Somebody else speaks for the company now: nobody else's task, and a letter with a link of its own."""
    tasks.close("ambassadors.agree_words", words, outcome="handed over")
    _ask(words)


def mark_of(words: PeerWords) -> str:
    """Names the exact words, the lines under them and the places, as they were agreed to."""
    return hashlib.sha256(crypto.dump([words.texts, words.signed, words.slug, words.on_wall]).encode()).hexdigest()


def agree(words: PeerWords) -> None:
    """Yes, to exactly this. From the next request on it stands. Raises NoMore, also for who no longer speaks for the company."""
    if words.state is not _W.ASKED or not _still_speaks(words):
        raise NoMore()
    words.agreed_at, words.agreed_hash = clock.now(), mark_of(words)
    words.move_to(_W.AGREED)
    journal.note("peer_words.consent", words, by=acting.person_id() or words.person_id, hash=words.agreed_hash)
    tasks.close("ambassadors.agree_words", words, outcome="agreed")
    link = links.standing(PURPOSE, words)
    person = words.person
    values = {
        "first_name": person.first_name,
        "link": links.in_letter(link) if link else outbox.address_of("ambassadors.my_words"),
    }
    outbox.leave("ambassadors/words_agreed", to=accounts.recipient(person), about=words, values=values)


def _still_speaks(words: PeerWords) -> bool:
    """The letter's link lives for years: a yes in a company's name is of somebody who is there today."""
    here = {one.person_id for one in companies.team(words.employer)}
    return words.person_id in here and words.employer.state is not EmployerState.BLOCKED


def refuse(words: PeerWords) -> None:
    if words.state is not _W.ASKED:
        raise NoMore()
    _end(words, _W.REFUSED)


def withdraw(words: PeerWords) -> None:
    """Gone at the next request, whoever of the company or of the team asks. Raises NoMore when it is gone already."""
    if not words.may_move_to(_W.WITHDRAWN):
        raise NoMore()
    _end(words, _W.WITHDRAWN)


def _end(words: PeerWords, state: WordsState) -> None:
    words.move_to(state)
    words.ended_at = clock.now()
    # What nobody may show any more is not kept either; that it was agreed to, when and by whom stays.
    words.original, words.texts, words.signed = "", {}, {}
    tasks.close(None, words, outcome=state.value)
