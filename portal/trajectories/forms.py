"""What is asked when a way stops for a while, or for good."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from portal.foundation.fields import day, offer, one_of, paragraph, select
from portal.foundation.forms import Form
from portal.foundation.options import choices
from portal.foundation.words import lazy


@dataclass(frozen=True)
class Because:
    because: str


class PauseForm(Form[Because]):
    answers = Because
    because = one_of(lazy("Why does it wait?"))

    def __init__(self, **start: Any) -> None:
        super().__init__(**start)
        self.because.choices = choices("trajectories", "deviation_reasons", "flow")


class CloseForm(Form[Because]):
    answers = Because
    because = one_of(lazy("Why does it end?"))

    def __init__(self, **start: Any) -> None:
        super().__init__(**start)
        self.because.choices = _closing()


def _closing() -> list[tuple[str, str]]:
    """Completing is the end of the aftercare, and referring back is an outcome of the review: no choices here."""
    found = choices("trajectories", "closing_reasons", "flow")
    return [pair for pair in found if pair[0] not in {"completed", "referred_back"}]


@dataclass(frozen=True)
class FinishAnswer:
    on: date


class FinishForm(Form[FinishAnswer]):
    answers = FinishAnswer
    on = day(lazy("On which day was it done?"))


@dataclass(frozen=True)
class DeviateAnswer:
    because: str
    words: str
    until: date | None


class DeviateForm(Form[DeviateAnswer]):
    answers = DeviateAnswer
    because = one_of(lazy("Why is it different for this person?"))
    words = paragraph(
        lazy("In your own words"), max=500, rows=3, required=False, hint=lazy("Only what the work needs. The team reads it."),
    )  # fmt: skip
    until = day(
        lazy("Until when do you agree to wait?"), required=False,
        hint=lazy("Leave it empty when this milestone is left out for this person."),
    )  # fmt: skip

    def __init__(self, **start: Any) -> None:
        super().__init__(**start)
        self.because.choices = choices("trajectories", "deviation_reasons", "flow")


@dataclass(frozen=True)
class ReviewAnswers:
    outcome: str
    until: date | None
    because: str
    words: str


class ReviewForm(Form[ReviewAnswers]):
    answers = ReviewAnswers
    outcome = one_of(lazy("How does it go on?"))
    until = day(lazy("Extended until"), required=False, hint=lazy("Only when it is extended."))
    because = select(lazy("Why does it end?"), required=False, hint=lazy("Only when it is closed."))
    words = paragraph(
        lazy("What do you take along from these weeks?"), max=1000, rows=4, required=False,
        hint=lazy("What the person says of it goes first."),
    )  # fmt: skip

    def __init__(self, **start: Any) -> None:
        super().__init__(**start)
        self.outcome.choices = choices("trajectories", "review_outcomes", "flow")
        offer(self.because, _closing(), lazy("Choose"))
