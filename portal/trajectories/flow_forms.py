"""What a coordinator writes about a milestone of the flow, and why."""

from dataclasses import dataclass

from wtforms import HiddenField

from portal.foundation.fields import number, paragraph, text, tick
from portal.foundation.forms import Form
from portal.foundation.words import lazy

LAST_WEEK = 52


@dataclass(frozen=True)
class MilestoneAnswer:
    nl: str
    fr: str
    en: str
    from_week: int
    to_week: int
    waits: bool
    on: bool
    because: str


class MilestoneForm(Form[MilestoneAnswer]):
    """`seen`: the version that the writer had before the eyes; `sure`: whether the preview was shown."""

    answers = MilestoneAnswer
    seen = HiddenField()
    sure = HiddenField()
    nl = text(lazy("In Dutch"), max=80)
    fr = text(lazy("In French"), max=80)
    en = text(lazy("In English"), max=80)
    from_week = number(
        lazy("From week"), most=LAST_WEEK, hint=lazy("Counted from the day on which the person is taken on.")
    )
    to_week = number(lazy("Until the end of week"), most=LAST_WEEK)
    waits = tick(lazy("Pauses while a permission is awaited"))
    on = tick(
        lazy("This milestone counts"), hint=lazy("Switched off, it is not laid out for who is taken on from now on.")
    )
    because = paragraph(
        lazy("Why do you change this?"), max=300, rows=2, hint=lazy("Who reads the history later, reads this.")
    )

    @property
    def based_on(self) -> int:
        return int(self.seen.data) if (self.seen.data or "").isdigit() else 0


@dataclass(frozen=True)
class Because:
    because: str


class GoBackForm(Form[Because]):
    answers = Because
    seen = HiddenField()
    because = paragraph(lazy("Why do you go back to it?"), max=300, rows=2)

    @property
    def based_on(self) -> int:
        return int(self.seen.data) if (self.seen.data or "").isdigit() else 0
