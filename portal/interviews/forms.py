from dataclasses import dataclass
from typing import Any, Self

from wtforms import RadioField
from wtforms.validators import InputRequired

from portal.foundation import fields
from portal.foundation.forms import Form
from portal.foundation.options import choices
from portal.foundation.words import lazy
from portal.interviews.states import Presence


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
    rehearses = True
    slot = _moments()
    framing = fields.paragraph(
        lazy("Words of framing"), required=False, max=600, rows=3,
        hint=lazy("Only what the candidate wants to say beforehand, in words chosen together. The contact reads it once you note that the candidate agrees."),
    )  # fmt: skip


@dataclass(frozen=True)
class CancelAnswer:
    reason: str


class CancelForm(Form[CancelAnswer]):
    answers = CancelAnswer
    rehearses = True
    reason = fields.one_of(lazy("Why does it not go on?"))

    @classmethod
    def from_request(cls, **start: Any) -> Self:
        form = super().from_request(**start)
        # Moving has a page of its own.
        fields.offer(form.reason, [one for one in choices("interviews", "cancel_reasons") if one[0] != "must_move"])
        return form


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
