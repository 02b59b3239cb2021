from dataclasses import dataclass
from datetime import date, time
from typing import Any, Self

from wtforms import RadioField
from wtforms.validators import InputRequired

from portal.foundation import clock, fields
from portal.foundation.forms import Form
from portal.foundation.options import Option, choices, options
from portal.foundation.words import _, lazy
from portal.interviews.outcome import Scores
from portal.interviews.states import DecisionState, Presence

SECOND_LINE = "_evidence"


def _moments() -> RadioField:
    """Moments are checked by the rule itself, which offers the next free ones, not against the page's own list."""
    return RadioField(lazy("Moment"), [InputRequired(lazy("Choose a moment."))], choices=[], validate_choice=False)


@dataclass(frozen=True)
class MomentAnswer:
    slot: str


class MomentForm(Form[MomentAnswer]):
    answers = MomentAnswer
    slot = _moments()


@dataclass(frozen=True)
class PlanAnswer:
    slot: str
    framing: str


class PlanForm(Form[PlanAnswer]):
    answers = PlanAnswer
    slot = _moments()
    framing = fields.paragraph(
        lazy("Words of framing"), required=False, max=600, rows=3,
        hint=lazy("Only what the candidate wants to say beforehand, in words chosen together. The contact reads it once the interview is confirmed."),
    )  # fmt: skip


@dataclass(frozen=True)
class CancelAnswer:
    reason: str


class CancelForm(Form[CancelAnswer]):
    answers = CancelAnswer
    reason = fields.one_of(lazy("Why does it not go on?"))

    @classmethod
    def from_request(cls, **start: Any) -> Self:
        form = super().from_request(**start)
        # Moving has a page of its own.
        fields.offer(form.reason, [one for one in choices("interviews", "cancel_reasons") if one[0] != "must_move"])
        return form


@dataclass(frozen=True)
class RequestedAnswer:
    on: date


class RequestedForm(Form[RequestedAnswer]):
    answers = RequestedAnswer
    on = fields.day(
        lazy("Requested on"),
        within=fields.Between(
            lambda: date(2020, 1, 1), clock.today, lazy("Give the day on which you filed it: today or earlier.")
        ),
    )


@dataclass(frozen=True)
class PermissionAnswer:
    outcome: str
    begins: time | None
    until: time | None


class PermissionForm(Form[PermissionAnswer]):
    answers = PermissionAnswer
    outcome = fields.one_of(lazy("What is the answer?"), [("granted", lazy("Granted")), ("refused", lazy("Refused"))])
    begins = fields.hour(lazy("Away from"), required=False)
    until = fields.hour(lazy("Back by"), required=False)

    def validate(self, extra_validators: Any = None) -> bool:
        whole = bool(super().validate(extra_validators))
        for hour in (self.begins, self.until):
            if self.outcome.data == "granted" and hour.data is None and not hour.errors:
                hour.errors = [*hour.errors, str(lazy("Give an hour, such as 9:30."))]
                whole = False
        return whole


PRESENCES = [
    (Presence.PRESENT.value, lazy("was there")),
    (Presence.NO_SHOW.value, lazy("did not come")),
    (Presence.EXCUSED.value, lazy("let us know beforehand")),
]


@dataclass(frozen=True)
class PresenceAnswer:
    candidate: str
    contact: str
    companion: str


class PresenceForm(Form[PresenceAnswer]):
    answers = PresenceAnswer
    candidate = fields.one_of(lazy("The candidate"), PRESENCES)
    contact = fields.one_of(lazy("The employer"), PRESENCES)
    companion = fields.one_of(lazy("The companion"), PRESENCES)


class ScorecardForm(Form[Scores]):
    """One criterion at a time: a score and a line of evidence. The criteria are data (lists.toml)."""

    answers = Scores
    make_it_work = fields.paragraph("", required=False, max=600, rows=3)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for code, criterion in criteria().items():
            self._fields[code].label.text = criterion.text("question")
            # Named in full, because the summary of errors shows the labels without their cards.
            self._fields[code + SECOND_LINE].label.text = _(
                "%(about)s: what did you see or hear?", about=criterion.label
            )
        question = options("interviews", "scorecard_questions")["make_it_work"]
        self.make_it_work.label.text, self.make_it_work.description = question.label, question.text("hint")

    def answer(self) -> Scores:
        return Scores(
            {code: int(self._fields[code].data) for code in criteria()},
            {code: self._fields[code + SECOND_LINE].data for code in criteria()},
            self.make_it_work.data or "",
        )


def criteria() -> dict[str, Option]:
    return options("interviews", "scorecard")


for _code in criteria():
    setattr(ScorecardForm, _code, fields.score(""))
    setattr(ScorecardForm, _code + SECOND_LINE, fields.text("", max=200))


@dataclass(frozen=True)
class DecisionAnswer:
    outcome: str
    reasons: tuple[str, ...]
    note: str


class DecisionForm(Form[DecisionAnswer]):
    answers = DecisionAnswer
    outcome = fields.one_of(
        lazy("What do you decide?"),
        [
            (DecisionState.OFFER.value, lazy("We offer the job")),
            (DecisionState.TRIAL.value, lazy("We offer a trial first (an internship or on-the-job training)")),
            (DecisionState.SECOND_TALK.value, lazy("We would like a second interview")),
            (DecisionState.REJECTED.value, lazy("Not this time")),
        ],
    )
    reasons = fields.several(
        lazy("Not this time: because"), hint=lazy("The candidate hears it from the worker, in plain words.")
    )
    note = fields.paragraph(
        lazy("In your own words"), required=False, max=600, rows=3,
        hint=lazy("About the work only. Your project worker reads it first."),
    )  # fmt: skip

    @classmethod
    def from_request(cls, **start: Any) -> Self:
        form = super().from_request(**start)
        fields.offer(form.reasons, choices("interviews", "employer_reasons"))
        return form


@dataclass(frozen=True)
class TellAnswer:
    reply: str
    reasons: tuple[str, ...]


class TellForm(Form[TellAnswer]):
    answers = TellAnswer
    reply = fields.one_of(
        lazy("What does the candidate say?"),
        [("accepted", lazy("Yes")), ("declined", lazy("No")), ("later", lazy("Wants to think it over"))],
    )
    reasons = fields.several(lazy("No: because"), hint=lazy("The company reads it as a reason about the job."))

    @classmethod
    def from_request(cls, **start: Any) -> Self:
        form = super().from_request(**start)
        fields.offer(form.reasons, choices("interviews", "candidate_reasons"))
        return form
