"""The states of a profile and of an interest (product.md), and the one table of steps for each."""

from enum import StrEnum

from portal.foundation.states import Transitions


class ProfileState(StrEnum):
    DRAFT = "draft"
    REDACTION_CHECK = "redaction_check"
    CANDIDATE_APPROVAL = "candidate_approval"
    APPROVED = "approved"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"
    ARCHIVED = "archived"


class InterestState(StrEnum):
    EXPRESSED = "expressed"
    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    INTERVIEW = "interview"
    LAPSED = "lapsed"


class QuestionState(StrEnum):
    ASKED = "asked"
    ANSWERED = "answered"
    DECLINED = "declined"


class SentenceKind(StrEnum):
    HEADLINE = "headline"
    EVIDENCE = "evidence"
    OWN_WORDS = "own_words"


class Fit(StrEnum):
    """How well a vacancy's requirements are met. Never a score, never a rank."""

    STRONG = "strong"
    GOOD = "good"
    PARTIAL = "partial"


_P, _I = ProfileState, InterestState

# "approved" waits for the next batch: cards appear together, so that no date tells whose they are (privacy.md).
PROFILE = Transitions(
    {
        _P.DRAFT: {_P.REDACTION_CHECK, _P.ARCHIVED},
        _P.REDACTION_CHECK: {_P.DRAFT, _P.CANDIDATE_APPROVAL, _P.ARCHIVED},
        _P.CANDIDATE_APPROVAL: {_P.REDACTION_CHECK, _P.APPROVED, _P.ARCHIVED},
        _P.APPROVED: {_P.PUBLISHED, _P.REDACTION_CHECK, _P.WITHDRAWN, _P.ARCHIVED},
        _P.PUBLISHED: {_P.REDACTION_CHECK, _P.WITHDRAWN, _P.ARCHIVED},
        _P.WITHDRAWN: {_P.APPROVED, _P.REDACTION_CHECK, _P.ARCHIVED},
        _P.ARCHIVED: set(),
    }
)
INTEREST = Transitions(
    {
        _I.EXPRESSED: {_I.ACCEPTED, _I.DECLINED, _I.LAPSED},
        _I.PROPOSED: {_I.ACCEPTED, _I.DECLINED, _I.LAPSED},
        _I.ACCEPTED: {_I.INTERVIEW, _I.DECLINED, _I.LAPSED},
        _I.DECLINED: set(),
        _I.INTERVIEW: {_I.LAPSED},
        _I.LAPSED: set(),
    }
)
QUESTION = Transitions(
    {
        QuestionState.ASKED: {QuestionState.ANSWERED, QuestionState.DECLINED},
        QuestionState.ANSWERED: set(),
        QuestionState.DECLINED: set(),
    }
)
