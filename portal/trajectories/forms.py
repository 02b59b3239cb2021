"""What is asked when a way stops for a while, or for good."""

from dataclasses import dataclass
from typing import Any

from portal.foundation.fields import one_of
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
        # Completing is the end of the aftercare, not a choice here.
        self.because.choices = [
            pair for pair in choices("trajectories", "closing_reasons", "flow") if pair[0] != "completed"
        ]
