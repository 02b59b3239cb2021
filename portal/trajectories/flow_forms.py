"""What a coordinator writes about a milestone of the flow, and why."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, Self

from wtforms import HiddenField

from portal.foundation.fields import number, paragraph, text, tick
from portal.foundation.forms import Form
from portal.foundation.words import lazy
from portal.programmes.versioned import Versioned
from portal.trajectories.flows import Wording

LAST_WEEK = 52


@dataclass(frozen=True)
class Because:
    because: str


class MilestoneForm(Versioned, Form[Because]):
    """`sure`: whether the preview was shown."""

    answers = Because
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
    hint_nl = text(
        lazy("A hint in Dutch"),
        max=160,
        required=False,
        hint=lazy("What helps to reach it. Leave all three empty for none."),
    )
    hint_fr = text(lazy("A hint in French"), max=160, required=False)
    hint_en = text(lazy("A hint in English"), max=160, required=False)
    minimum = number(
        lazy("How many at least"),
        least=1,
        most=20,
        hint=lazy("Where the name says the number too, change it there as well."),
    )
    because = paragraph(
        lazy("Why do you change this?"), max=300, rows=2, hint=lazy("Who reads the history later, reads this.")
    )

    @classmethod
    def of(cls, version: int, step: Mapping[str, Any] | None, before: Wording | None) -> Self:
        """The form of a milestone, or of a new one. Only a milestone that counts something asks how many."""
        form = cls.from_request(seen=str(version), **(asdict(before) if before is not None else {"on": True}))
        if step is None or "minimum" not in step:
            del form.minimum
        return form

    def wording(self) -> Wording:
        given = {field.name: self._fields[field.name].data for field in fields(Wording) if field.name in self._fields}
        return Wording(**given)


class GoBackForm(Versioned, Form[Because]):
    answers = Because
    because = paragraph(lazy("Why do you go back to it?"), max=300, rows=2)
