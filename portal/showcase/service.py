"""The life of a blind profile: written, checked, read by a second person, approved by the candidate."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from portal.accounts import links
from portal.accounts import queries as accounts
from portal.accounts.roles import STAFF, Role
from portal.candidates import consents
from portal.candidates.handles import Handle, handle
from portal.candidates.states import Channel, Purpose
from portal.foundation import acting, clock
from portal.foundation.database import db
from portal.foundation.errors import DomainError
from portal.foundation.states import WrongState
from portal.foundation.words import lazy
from portal.journal import service as journal
from portal.showcase import checking, queries
from portal.showcase.matching import limit
from portal.showcase.models import Profile, Sentence
from portal.showcase.states import ProfileState, SentenceKind
from portal.tasks import service as tasks
from portal.trajectories import service as trajectories
from portal.trajectories.models import TrajectoryState

# The candidate's own link to the page that companies will see.
APPROVAL_LINK = "showcase.approval"
_P = ProfileState


class OpenFindings(DomainError):
    sentence = lazy(
        "The check found something that nobody has decided on yet. Change the words, or keep them and say so."
    )
    status = 409


class TooLittle(DomainError):
    sentence = lazy("Write the first sentence and at least one example of what the person can do.")
    status = 409


class NobodyToRead(DomainError):
    sentence = lazy(
        "A second person must read the sentences, and nobody else works in this programme yet. Ask your coordinator."
    )
    status = 409


class OwnSentence(DomainError):
    sentence = lazy("You wrote this sentence: somebody else must approve it.")
    status = 409


class RemarkMissing(DomainError):
    sentence = lazy("Say what should change, so that the writer can go on.")


@dataclass(frozen=True)
class Writing:
    """What the worker wrote: by kind, and by competence for the evidence; `keep` names findings that were looked at."""

    headline: str
    own_words: str
    evidence: Mapping[int, str]
    language: str = "nl"
    keep: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Verdict:
    approved: bool
    remark: str = ""


@dataclass(frozen=True)
class _Case:
    """The case's row by its number, for closing the task that led here: this room never loads the row itself."""

    id: int
    __tablename__ = "candidate"


@dataclass(frozen=True)
class Approval:
    """How the candidate approved, and the stored name of the scanned sheet where there is one."""

    channel: Channel
    scan: str = field(default="", repr=False)
    language: str = ""


def write(case: Handle, writing: Writing) -> Profile:
    """Save the sentences and check each. What changed loses its approvals, and the profile is a draft again."""
    profile = queries.profile_of(case.id) or _begin(case)
    if profile.state == _P.ARCHIVED:
        raise WrongState()
    profile.language = writing.language
    changed = _keep_sentences(profile, writing)
    db.session.flush()
    checking.look(profile, queries.sentences_of(profile), writing.keep)
    if changed and profile.state != _P.DRAFT:
        _back_to_draft(profile, "changed")
    if changed:
        profile.written_by = acting.person_id()
        journal.note("profile.written", profile, sentences=changed)
    return profile


def _begin(case: Handle) -> Profile:
    profile = Profile(candidate_id=case.id, programme_id=case.programme_id, language=case.language)
    db.session.add(profile)
    db.session.flush()
    return profile


def _keep_sentences(profile: Profile, writing: Writing) -> int:
    """Bring the rows up to what was written; returns how many changed."""
    wanted: dict[tuple[SentenceKind, int | None], str] = {
        (SentenceKind.HEADLINE, None): writing.headline,
        **{(SentenceKind.EVIDENCE, one): text for one, text in writing.evidence.items()},
        (SentenceKind.OWN_WORDS, None): writing.own_words,
    }
    there = {(row.kind, row.competence_id): row for row in queries.sentences_of(profile)}
    changed = 0
    for position, (place, text) in enumerate(wanted.items()):
        row = there.pop(place, None)
        changed += _keep_one(profile, row, place, text.strip(), position)
    for row in there.values():
        db.session.delete(row)
    return changed + len(there)


def _keep_one(
    profile: Profile, row: Sentence | None, place: tuple[SentenceKind, int | None], text: str, position: int
) -> bool:
    if row is not None and row.text == text:
        return False
    if not text:
        if row is not None:
            db.session.delete(row)
        return row is not None
    if row is None:
        row = Sentence(profile_id=profile.id, kind=place[0], competence_id=place[1], position=position)
        db.session.add(row)
    row.text, row.written_by, row.approved_by, row.approved_at = text, acting.person_id(), None, None
    row.remark = None
    return True


def _back_to_draft(profile: Profile, reason: str) -> None:
    links.withdraw(APPROVAL_LINK, profile)
    tasks.close("showcase.read_sentences", profile, reason)
    tasks.close("showcase.record_approval", profile, reason)
    if profile.state != _P.REDACTION_CHECK:
        profile.move_to(_P.REDACTION_CHECK, reason)
    profile.move_to(_P.DRAFT, reason)


def hand_over(profile: Profile) -> None:
    """Give the sentences to a second reader. Raises OpenFindings, TooLittle or NobodyToRead."""
    sentences = queries.sentences_of(profile)
    kinds = {one.kind for one in sentences}
    if not {SentenceKind.HEADLINE, SentenceKind.EVIDENCE} <= kinds:
        raise TooLittle()
    if checking.undecided(sentences):
        raise OpenFindings()
    profile.move_to(_P.REDACTION_CHECK)
    tasks.close("candidates.profile", _Case(profile.candidate_id))
    tasks.close("showcase.rewrite", profile)
    readers = _second_readers(profile.programme_id)
    if not readers:
        raise NobodyToRead()
    for reader in readers:
        tasks.open_task(
            "showcase.read_sentences", profile, due=_in(limit("read_within_days")), owner_id=reader,
            at=("showcase.read_sentences", {"key": profile.key}), about=profile.candidate_id,
        )  # fmt: skip


def _second_readers(programme_id: int) -> list[int]:
    """Everybody else of the team: whoever comes first reads."""
    people = {one.id for role in STAFF for one in accounts.holders(role, programme_id=programme_id)}
    return sorted(people - {acting.person_id()})


def _in(days: int) -> date:
    return clock.today() + timedelta(days=days)


def read(profile: Profile, verdicts: Mapping[int, Verdict]) -> None:
    """A second person approves or returns sentences, by their number. All approved: the candidate is next."""
    if profile.state != _P.REDACTION_CHECK:
        raise WrongState()
    sentences = queries.sentences_of(profile)
    for sentence in sentences:
        if sentence.id in verdicts:
            _judge(sentence, verdicts[sentence.id])
    journal.note("profile.read", profile, returned=sum(not one.approved for one in verdicts.values()))
    if any(one.remark for one in sentences):
        send_back(profile, "returned")
    elif all(one.approved_by is not None for one in sentences):
        tasks.close("showcase.read_sentences", profile)
        profile.move_to(_P.CANDIDATE_APPROVAL)
        _ask_worker("showcase.record_approval", profile, "showcase.approval")


def send_back(profile: Profile, reason: str) -> None:
    """To its writer again: something must change before it can be seen."""
    _back_to_draft(profile, reason)
    _ask_worker("showcase.rewrite", profile, "showcase.write")


def _judge(sentence: Sentence, verdict: Verdict) -> None:
    if sentence.written_by == acting.person_id():
        raise OwnSentence()
    if not verdict.approved and not verdict.remark:
        raise RemarkMissing()
    sentence.remark = None if verdict.approved else verdict.remark
    sentence.approved_by = acting.person_id() if verdict.approved else None
    sentence.approved_at = clock.now() if verdict.approved else None


def _ask_worker(kind: str, profile: Profile, endpoint: str) -> None:
    case = handle(profile.candidate_id)
    tasks.open_task(
        kind, profile, due=_in(limit("read_within_days")), at=(endpoint, {"key": case.key}), about=case.id,
        owner_id=case.worker_id, role=None if case.worker_id else Role.PROJECT_WORKER, programme_id=case.programme_id,
    )  # fmt: skip


def must_wait_for_candidate(profile: Profile) -> None:
    """Raises WrongState unless the candidate's yes is what the profile waits for."""
    if profile.state != _P.CANDIDATE_APPROVAL:
        raise WrongState()


def approve(profile: Profile, approval: Approval) -> None:
    """The candidate approved the whole on the very page that an employer will see; it now waits for a batch."""
    case = handle(profile.candidate_id)
    profile.move_to(_P.APPROVED)
    links.withdraw(APPROVAL_LINK, profile)
    profile.candidate_remark = None
    profile.approved_on_paper_at = clock.now()
    profile.approval_channel = approval.channel.value
    profile.approval_scan = approval.scan or profile.approval_scan or ""
    consents.give(case.id, Purpose.PROFILE, channel=approval.channel, language=approval.language or case.language)
    tasks.close("showcase.record_approval", profile)
    trajectories.push(case.id, TrajectoryState.PROFILE_READY)
    trajectories.reach(case.id, "profile_approved")


def withdraw(profile: Profile) -> None:
    """The candidate no longer wants the profile to be seen: the consent ends, and with it every card, at once."""
    standing = consents.standing(profile.candidate_id, Purpose.PROFILE)
    if standing is None:
        raise WrongState()
    consents.withdraw(standing)
