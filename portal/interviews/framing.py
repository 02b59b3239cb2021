"""What a company may hear about somebody's situation: in the candidate's own words, what the worker may tell, or nothing.

The candidate agreed to it, on a day and in a way that are kept. It is shown to the one contact, from the stage that the
candidate chose, and no longer once it is taken back.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from portal.candidates.states import Channel, Purpose
from portal.foundation import acting, clock
from portal.foundation.database import db
from portal.foundation.errors import DomainError
from portal.foundation.options import options
from portal.foundation.states import WrongState
from portal.foundation.words import lazy
from portal.interviews import clients
from portal.interviews.models import Interview
from portal.interviews.outcome_models import Framing, FramingFrom, FramingKind
from portal.interviews.states import InterviewState
from portal.journal import service as journal
from portal.showcase.checking import Found, look_at

_K = FramingKind
# Whoever takes one of these back takes back what was told with it.
_ENDS_WITH = (Purpose.PROCESSING, Purpose.IDENTITY)


class NothingChosen(DomainError):
    sentence = lazy("Choose what may be told, or say that nothing is told.")
    field = "topics"


class NoWords(DomainError):
    sentence = lazy("Write the candidate's own words, or choose another way.")
    field = "words"


class NotAgreedYet(DomainError):
    sentence = lazy("Give the day on which the candidate agreed: today or earlier.")
    field = "agreed_on"


class FoundSomething(DomainError):
    sentence = lazy(
        "The check found something in these words. Change them, or keep them because the candidate wants to say it."
    )
    field = "words"
    status = 409


@dataclass(frozen=True)
class Agreed:
    """What was agreed with the candidate. `keep`: marks of findings that the candidate wants to say all the same."""

    kind: FramingKind
    topics: tuple[str, ...] = ()
    words: str = ""
    shown_from: FramingFrom = FramingFrom.CONFIRMED
    agreed_on: date | None = None
    channel: Channel = Channel.IN_PERSON
    keep: frozenset[str] = frozenset()
    language: str = "nl"


def look(interview: Interview, words: str, language: str) -> list[Found]:
    """What the redaction check finds in the words, as they are typed."""
    return look_at(interview.candidate_id, "framing", words, language)


def agree(interview: Interview, given: Agreed) -> Framing:
    """Write down what the candidate agreed to; a newer agreement takes the place of an older one.

    Raises WrongState, NothingChosen, NoWords, NotAgreedYet or FoundSomething.
    """
    if interview.state is InterviewState.CANCELLED:
        raise WrongState()
    words = given.words if given.kind is not _K.NOTHING else ""
    topics = [code for code in options("interviews", "framing_topics") if code in given.topics]
    if given.kind is _K.MAY_TELL and not topics:
        raise NothingChosen()
    if given.kind is _K.OWN_WORDS and not words:
        raise NoWords()
    if given.agreed_on is None or given.agreed_on > clock.today():
        raise NotAgreedYet()
    found = look(interview, words, given.language)
    if any(one.mark not in given.keep for one in found):
        raise FoundSomething()
    row = interview.framed or Framing(interview_id=interview.id, candidate_id=interview.candidate_id)
    row.kind, row.topics, row.words = given.kind, topics if given.kind is _K.MAY_TELL else [], words or None
    row.shown_from, row.agreed_on, row.channel = given.shown_from, given.agreed_on, given.channel
    row.language, row.written_by, row.withdrawn_at = given.language, acting.person_id(), None
    row.kept_findings = [asdict(one) for one in found]
    interview.framed = row
    for one in found:
        journal.note("finding.kept", interview, kind=one.kind, why=one.why)
    journal.note("framing.agreed", interview, kind=given.kind.value, topics=row.topics, channel=given.channel.value)
    return row


def take_back(interview: Interview, row: Framing) -> None:
    """The candidate takes it back: the company reads nothing of it at the next request."""
    if row.stands:
        row.withdrawn_at = clock.now()
        journal.note("framing.withdrawn", interview)


def end_with_consent(consent: Any) -> None:
    """Who takes back the dossier, or the name for this company, takes back the framing too."""
    if consent.purpose not in _ENDS_WITH:
        return
    mine = [Framing.candidate_id == consent.candidate_id, Framing.withdrawn_at.is_(None)]
    if consent.employer_id is not None:
        theirs = sa.select(Interview.id).where(Interview.employer_id == consent.employer_id)
        if consent.client_id is not None:
            there = clients.places_of(consent.employer_id, consent.client_id)
            theirs = theirs.where(Interview.workplace_id.in_(there))
        mine.append(Framing.interview_id.in_(theirs))
    db.session.execute(sa.update(Framing).where(*mine).values(withdrawn_at=clock.now()))


@dataclass(frozen=True)
class Told:
    """What the contact reads: sentences of a closed list, and words."""

    topics: Sequence[str]
    words: str
    own_words: bool
    language: str


def shown(interview: Interview) -> Told | None:
    """What the contact may read now, each reading journalled; None before the stage, after a no, without an agreement or
    after it was taken back."""
    row = interview.framed
    if row is None or not row.stands or row.kind is _K.NOTHING or not _stage_reached(interview, row):
        return None
    if clients.who_reads(interview, interview.contact_id) is None:
        return None
    journal.saw("framing.read", interview)
    known = options("interviews", "framing_topics")
    told = [known[code].text("to_employer") for code in row.topics if code in known]
    return Told(told, row.words or "", row.kind is _K.OWN_WORDS, row.language)


def _stage_reached(interview: Interview, row: Framing) -> bool:
    if not interview.shows_identity or (interview.decision is not None and interview.decision.is_no):
        return False
    return row.shown_from is FramingFrom.CONFIRMED or interview.begun
