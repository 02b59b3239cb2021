"""What is asked after a talk: the card, who else was there, the decision with its terms, and the candidate's answer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, ClassVar, Self

from portal.foundation import fields
from portal.foundation.forms import Form
from portal.foundation.options import choices, options
from portal.foundation.words import LANGUAGES, _, lazy
from portal.interviews.cards import Scores
from portal.interviews.criteria import all_criteria
from portal.interviews.outcome import Terms
from portal.interviews.states import DecisionState

SECOND_LINE = "_evidence"


# --- The card -----------------------------------------------------------------------------------------------------


class ScorecardForm(Form[Scores]):
    """One criterion at a time: a score and a line of evidence. Which criteria: those fixed for the vacancy."""

    answers = Scores
    asked: ClassVar[tuple[str, ...]] = ()
    make_it_work = fields.paragraph("", required=False, max=600, rows=3)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for code in self.asked:
            criterion = all_criteria()[code]
            self._fields[code].label.text = criterion.text("question")
            # Named in full, because the summary of errors shows the labels without their cards.
            self._fields[code + SECOND_LINE].label.text = _(
                "%(about)s: what did you see or hear?", about=criterion.label
            )
        question = options("interviews", "scorecard_questions")["make_it_work"]
        self.make_it_work.label.text, self.make_it_work.description = question.label, question.text("hint")

    def answer(self) -> Scores:
        return Scores(
            {code: int(self._fields[code].data) for code in self.asked},
            {code: self._fields[code + SECOND_LINE].data for code in self.asked},
            self.make_it_work.data or "",
        )


@cache
def scorecard_form(codes: tuple[str, ...]) -> type[ScorecardForm]:
    """The card that asks these criteria."""
    asked: dict[str, Any] = {"asked": codes}
    for code in codes:
        asked |= {code: fields.score(""), code + SECOND_LINE: fields.text("", max=200)}
    return type("CriteriaForm", (ScorecardForm,), asked)


@dataclass(frozen=True)
class CriteriaAnswer:
    codes: tuple[str, ...]


class CriteriaForm(Form[CriteriaAnswer]):
    answers = CriteriaAnswer
    codes = fields.several(lazy("What matters for this job"), required=True, hint=lazy("Choose four to six."))

    @classmethod
    def from_request(cls, **start: Any) -> Self:
        form = super().from_request(**start)
        labels = [(code, f"{one.label}: {one.text('question')}") for code, one in all_criteria().items()]
        fields.offer(form.codes, labels)
        return form


@dataclass(frozen=True)
class TableAnswer:
    colleagues: tuple[str, ...]
    name: str
    email: str
    language: str


class TableForm(Form[TableAnswer]):
    answers = TableAnswer
    colleagues = fields.several(lazy("Colleagues with an account"))
    name = fields.text(lazy("Name of somebody without an account"), required=False, max=80)
    email = fields.text(
        lazy("E-mail address"), required=False, kind="email", max=120,
        hint=lazy("Gets a letter with a link to this one card, and sees nothing else."),
    )  # fmt: skip
    language = fields.select(lazy("Language of the letter"), LANGUAGES.items())

    @classmethod
    def among(cls, people: Sequence[tuple[str, str]], **start: Any) -> Self:
        form = cls.from_request(**start)
        fields.offer(form.colleagues, people)
        if not people:
            del form.colleagues
        return form

    def validate(self, extra_validators: Any = None) -> bool:
        whole = bool(super().validate(extra_validators))
        for one, other in ((self.name, self.email), (self.email, self.name)):
            if other.data and not one.data and not one.errors:
                one.errors = [*one.errors, _("Give both the name and the e-mail address.")]
                whole = False
        return whole

    def answer(self) -> TableAnswer:
        chosen = self._fields["colleagues"].data if "colleagues" in self._fields else []
        return TableAnswer(tuple(chosen or ()), self.name.data or "", self.email.data or "", self.language.data)


# --- The decision -------------------------------------------------------------------------------------------------

OUTCOMES: dict[DecisionState, Any] = {
    DecisionState.OFFER: lazy("We offer the job"),
    DecisionState.TRIAL: lazy("We offer a trial first (an internship or on-the-job training)"),
    DecisionState.SECOND_TALK: lazy("We would like a second interview"),
    DecisionState.REJECTED: lazy("Not this time"),
}


@dataclass(frozen=True)
class DecisionAnswer:
    terms: Terms
    reasons: tuple[str, ...]
    note: str


def _note() -> Any:
    return fields.paragraph(
        lazy("In your own words"), required=False, max=600, rows=3,
        hint=lazy("About the work only. Your project worker reads it first."),
    )  # fmt: skip


def _hours() -> Any:
    return fields.number(lazy("Hours a week"), least=1, most=40)


class DecisionForm(Form[DecisionAnswer]):
    """What goes with one outcome; each outcome asks its own."""

    answers = DecisionAnswer

    def answer(self) -> DecisionAnswer:
        terms = {
            name: one.data for name, one in self._fields.items() if name in Terms.__dataclass_fields__ and one.data
        }
        reasons = self._fields["reasons"].data if "reasons" in self._fields else ()
        return DecisionAnswer(Terms(**terms), tuple(reasons or ()), self._fields["note"].data or "")


class OfferForm(DecisionForm):
    form = fields.select(lazy("Form of employment"))
    hours_week = _hours()
    starts_on = fields.day(lazy("First day of work"))
    stands_until = fields.day(
        lazy("Until when does the offer stand?"),
        hint=lazy("The candidate needs a few days to think and to arrange things."),
    )
    note = _note()

    @classmethod
    def from_request(cls, **start: Any) -> Self:
        form = super().from_request(**start)
        fields.offer(form.form, choices("candidates", "employment_forms"))
        return form


def _trials() -> list[tuple[str, str]]:
    """What a company may try: there it is bound by more than a handshake, and an accident is insured."""
    offered = options("candidates", "employment_forms").values()
    return [(one.code, one.label) for one in offered if one.data.get("trial") and not one.data.get("off")]


class TrialForm(DecisionForm):
    form = fields.select(lazy("Form of the trial"))
    hours_week = _hours()
    starts_on = fields.day(lazy("First day"))
    ends_on = fields.day(lazy("Last day"), hint=lazy("The next working day you say whether you offer the job."))
    wish = fields.text(lazy("What will the candidate do?"), max=200)
    wish_who = fields.text(lazy("Who guides the candidate?"), max=120)
    stands_until = fields.day(lazy("Until when may the candidate answer?"))
    note = _note()

    @classmethod
    def from_request(cls, **start: Any) -> Self:
        form = super().from_request(**start)
        fields.offer(form.form, _trials())
        return form


class SecondTalkForm(DecisionForm):
    wish = fields.text(
        lazy("What is the second interview about?"), max=200, hint=lazy("The candidate hears it, and can prepare.")
    )
    wish_when = fields.text(
        lazy("When would it suit you?"), max=120, hint=lazy("For example: next week, in the morning.")
    )
    wish_who = fields.text(lazy("Who will be there?"), max=120)
    note = _note()


class RejectForm(DecisionForm):
    reasons = fields.several(
        lazy("Not this time: because"), hint=lazy("The candidate hears it from the worker, in plain words.")
    )
    note = _note()

    @classmethod
    def from_request(cls, **start: Any) -> Self:
        form = super().from_request(**start)
        fields.offer(form.reasons, choices("interviews", "employer_reasons"))
        return form


FORMS: dict[DecisionState, type[DecisionForm]] = {
    DecisionState.OFFER: OfferForm,
    DecisionState.TRIAL: TrialForm,
    DecisionState.SECOND_TALK: SecondTalkForm,
    DecisionState.REJECTED: RejectForm,
}


@dataclass(frozen=True)
class LongerAnswer:
    until: date


class LongerForm(Form[LongerAnswer]):
    answers = LongerAnswer
    until = fields.day(lazy("Until when does the offer stand?"))


# --- The candidate's answer ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class TellAnswer:
    reply: str
    reasons: tuple[str, ...]
    until: date | None


def _candidates_no() -> Any:
    return fields.several(lazy("No: because"), hint=lazy("The company reads it as a reason about the job."))


class _CandidatesNo:
    """For the forms in which a candidate may say no."""

    reasons: Any

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        fields.offer(self.reasons, choices("interviews", "candidate_reasons"))


class TellForm(_CandidatesNo, Form[TellAnswer]):
    answers = TellAnswer
    rehearses = True
    reply = fields.one_of(
        lazy("What does the candidate say?"),
        [("accepted", lazy("Yes")), ("declined", lazy("No")), ("later", lazy("Wants to think it over"))],
    )
    reasons = _candidates_no()
    until = fields.day(lazy("Thinks it over until"), required=False)

    def validate(self, extra_validators: Any = None) -> bool:
        whole = bool(super().validate(extra_validators))
        if self.reply.data == "later" and self.until.data is None and not self.until.errors:
            self.until.errors = [*self.until.errors, _("Until which day? Then we ask again.")]
            whole = False
        return whole


@dataclass(frozen=True)
class StepsOutAnswer:
    reasons: tuple[str, ...]


class StepsOutForm(_CandidatesNo, Form[StepsOutAnswer]):
    answers = StepsOutAnswer
    rehearses = True
    reasons = _candidates_no()


__all__ = [
    "FORMS", "OUTCOMES", "SECOND_LINE", "CriteriaForm", "LongerForm", "ScorecardForm", "StepsOutForm", "TableForm", "TellForm",
    "scorecard_form",
]  # fmt: skip
