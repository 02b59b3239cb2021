"""What the pages of this room ask. Forms over a profile have a field per sentence, named after what it is about."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from wtforms import HiddenField

from portal.competences.models import Competence
from portal.foundation.fields import offer, one_of, paragraph, select, several, text, tick
from portal.foundation.forms import Form
from portal.foundation.options import choices
from portal.foundation.scans import ScanField
from portal.foundation.words import LANGUAGES, lazy
from portal.showcase.models import Sentence
from portal.showcase.service import Verdict, Writing
from portal.showcase.states import SentenceKind

LONGEST = 240


class ProfileForm(Form[Writing]):
    """The sentences of a profile. `evidence` maps the names of the fields to the competences they are about."""

    answers = Writing
    competences: Mapping[str, int] = {}

    headline = paragraph(
        lazy("The first sentence"), max=140, required=False, rows=2,
        hint=lazy("What this person is good at, in one sentence that begins with the verb. It stands large on top."),
    )  # fmt: skip
    own_words = paragraph(
        lazy("In their own words"), max=LONGEST, required=False, rows=3,
        hint=lazy("What the person says about the work they like. Write it down as it is said."),
    )  # fmt: skip
    language = select(
        lazy("Language of the profile"), LANGUAGES.items(), hint=lazy("The language that the sentences are in.")
    )
    keep = several(lazy("Keep"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # A draft may lack it; handing over may not, so the page does not call it optional.
        self.headline.flags.optional = False

    def answer(self) -> Writing:
        evidence = {number: self._fields[name].data or "" for name, number in self.competences.items()}
        return Writing(
            " ".join((self.headline.data or "").split()),
            self.own_words.data or "",
            evidence,
            self.language.data,
            frozenset(self.keep.data or ()),
        )


def profile_form(competences: Sequence[Competence], marks: Sequence[str]) -> type[ProfileForm]:
    """The form for a person who has these competences; `marks` names the findings that may be kept."""
    fields: dict[str, Any] = {
        field_name(SentenceKind.EVIDENCE, one): paragraph(one.label, max=LONGEST, required=False, rows=2)
        for one in competences
    }
    numbers = {field_name(SentenceKind.EVIDENCE, one): one.id for one in competences}
    keep = several(lazy("Keep"), [(mark, mark) for mark in marks])
    return type("ProfileFormOf", (ProfileForm,), {**fields, "competences": numbers, "keep": keep})


def field_name(kind: SentenceKind, competence: Competence | None) -> str:
    return f"evidence_{competence.code}" if competence is not None else kind.value


@dataclass(frozen=True)
class Look:
    text: str
    language: str


class LookForm(Form[Look]):
    """A sentence on its way: looked at while it is written, never kept."""

    answers = Look
    text = paragraph(lazy("The sentence"), max=LONGEST, required=False)
    language = select(lazy("Language of the profile"), LANGUAGES.items())


class ReadForm(Form[None]):
    """A verdict and a remark for each sentence. `sentences` maps the names of the fields to the rows; `version` tells
    which words stood on the page."""

    sentences: Mapping[str, int] = {}
    version = HiddenField()

    def verdicts(self) -> dict[int, Verdict]:
        return {
            number: Verdict(
                self._fields[f"verdict_{name}"].data == "approve", self._fields[f"remark_{name}"].data or ""
            )
            for name, number in self.sentences.items()
        }


def read_form(sentences: Mapping[str, Sentence]) -> type[ReadForm]:
    verdicts = [("approve", lazy("This may be seen")), ("return", lazy("Send it back"))]
    fields: dict[str, Any] = {}
    for name in sentences:
        fields[f"verdict_{name}"] = one_of(lazy("Your decision"), verdicts)
        fields[f"remark_{name}"] = text(lazy("What should change?"), max=300, required=False)
    return type("ReadFormOf", (ReadForm,), {**fields, "sentences": {name: row.id for name, row in sentences.items()}})


@dataclass(frozen=True)
class ApprovalAnswer:
    channel: str
    agreed: bool
    scan: Any


class ApprovalForm(Form[ApprovalAnswer]):
    answers = ApprovalAnswer
    channel = one_of(lazy("How did the candidate approve?"))
    agreed = tick(
        lazy("The candidate read the whole page, or it was read aloud, and agrees that companies see it."),
        required=True,
    )
    scan = ScanField(
        lazy("A scan of the signed sheet"),
        description=lazy("PDF, JPEG or PNG. Only your team can fetch it."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self.channel, choices("showcase", "approval_channels"))


@dataclass(frozen=True)
class OwnApproval:
    said: str
    change: str


class OwnApprovalForm(Form[OwnApproval]):
    answers = OwnApproval
    said = one_of(
        lazy("Is this page right?"),
        [("yes", lazy("Yes. Companies may see this page.")), ("change", lazy("No, I want something to change."))],
    )
    change = paragraph(lazy("What should change?"), max=500, required=False, rows=3)


class OpenForm(Form[None]):
    """Opening a profile asks nothing, but a refusal stands on the card's page with its own status."""


@dataclass(frozen=True)
class InterestAnswer:
    reasons: tuple[str, ...]
    note: str


class InterestForm(Form[InterestAnswer]):
    answers = InterestAnswer
    reasons = several(lazy("What appeals to you?"), required=True, hint=lazy("Tick what fits. The candidate hears it."))
    note = paragraph(
        lazy("Something to add about the work?"), max=500, required=False, rows=3,
        hint=lazy("Your project worker reads this first."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self.reasons, choices("interviews", "interest_reasons"))


@dataclass(frozen=True)
class NotFittingAnswer:
    reasons: tuple[str, ...]


class NotFittingForm(Form[NotFittingAnswer]):
    answers = NotFittingAnswer
    reasons = several(lazy("What does not fit the job?"), required=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self.reasons, choices("interviews", "not_fitting_reasons"))


@dataclass(frozen=True)
class CandidateAnswer:
    answer: str
    channel: str
    fields: tuple[str, ...]
    reasons: tuple[str, ...]


class AnswerForm(Form[CandidateAnswer]):
    answers = CandidateAnswer
    channel = one_of(lazy("How did you ask?"))
    # The name `answer` is the form's own verb.
    said = one_of(lazy("What does the candidate say?"), [("yes", lazy("Yes, I want to meet them")), ("no", lazy("No"))])
    fields = several(
        lazy("If yes: what may this company know beside the first name and how to address the person?"),
        hint=lazy("Only this company, only once the interview is confirmed. Nothing ticked is fine."),
    )
    reasons = several(
        lazy("If no: why?"),
        hint=lazy("For the team. The company only reads that it cannot go on, whatever the reason."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self.channel, choices("showcase", "answer_channels"))
        offer(self.fields, choices("showcase", "reveals"))
        offer(self.reasons, choices("interviews", "candidate_reasons"))

    def answer(self) -> CandidateAnswer:
        return CandidateAnswer(
            self.said.data, self.channel.data, tuple(self.fields.data or ()), tuple(self.reasons.data or ())
        )


@dataclass(frozen=True)
class MediateAnswer:
    note: str


class MediateForm(Form[MediateAnswer]):
    answers = MediateAnswer
    note = text(
        lazy("What did you agree with the company?"), max=300,
        hint=lazy("About the job, without a name: it is kept with the vacancy."),
    )  # fmt: skip


__all__ = [
    "AnswerForm", "ApprovalForm", "InterestForm", "LookForm", "MediateForm", "NotFittingForm", "OpenForm", "OwnApprovalForm",
    "ProfileForm", "ReadForm",
    "field_name", "profile_form", "read_form",
]  # fmt: skip
