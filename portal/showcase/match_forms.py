from dataclasses import dataclass
from typing import Any

from portal.foundation.fields import offer, one_of, paragraph, select, several
from portal.foundation.forms import Form
from portal.foundation.options import choices
from portal.foundation.words import LANGUAGES, lazy
from portal.showcase.questions import Reply


@dataclass(frozen=True)
class ChoiceAnswer:
    reason: str


class ChoiceForm(Form[ChoiceAnswer]):
    """Why the team overrules the list."""

    answers = ChoiceAnswer
    reason = paragraph(
        lazy("Why?"),
        max=300,
        rows=3,
        hint=lazy("For the team, about the job and without a name. The journal keeps it."),
    )


@dataclass(frozen=True)
class KeptFromAnswer:
    company: str
    reason: str


class KeptFromForm(Form[KeptFromAnswer]):
    answers = KeptFromAnswer
    company = select(lazy("Which company?"), empty=lazy("Choose a company"))
    reason = one_of(lazy("Why?"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self.reason, choices("showcase", "kept_from_reasons"))


@dataclass(frozen=True)
class QuestionAnswer:
    text: str


class QuestionForm(Form[QuestionAnswer]):
    answers = QuestionAnswer
    text = paragraph(
        lazy("Your question"), max=500, rows=4,
        hint=lazy("About the work: a task, a machine, the hours, what helps in the first weeks."),
    )  # fmt: skip


class ReplyForm(Form[Reply]):
    """A worker's answer: own words that pass the check, or a ready text that gives nothing away."""

    answers = Reply
    # The name `answer` is the form's own verb.
    said = one_of(
        lazy("What do you do?"), [("answer", lazy("Answer in my own words")), ("decline", lazy("Send a ready text"))]
    )
    text = paragraph(lazy("Your answer"), max=500, required=False, rows=4)
    language = select(lazy("Language of the answer"), LANGUAGES.items())
    shown = several(
        lazy("The question itself"),
        [("shown", lazy("Colleagues at the company may read the words of the question too"))],
    )
    because = one_of(lazy("Ready text"), required=False)
    keep = several(lazy("Keep"))

    def __init__(self, *args: Any, marks: tuple[str, ...] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self.because, choices("showcase", "question_refusals"))
        offer(self.keep, [(one, one) for one in marks])

    def answer(self) -> Reply:
        return Reply(
            self.said.data == "decline", self.text.data or "", self.language.data, bool(self.shown.data),
            self.because.data or "", frozenset(self.keep.data or ()),
        )  # fmt: skip
