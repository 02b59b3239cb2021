from typing import Any, Self

from portal.candidates.channels import channel_choices
from portal.candidates.states import Channel
from portal.foundation import clock, fields
from portal.foundation.forms import Form
from portal.foundation.options import options
from portal.foundation.words import LANGUAGES, lazy
from portal.interviews.framing import Agreed
from portal.interviews.outcome_models import FramingFrom, FramingKind


class FramingForm(Form[Agreed]):
    """Whose words the company hears, which ones, from when, and that the candidate agreed."""

    answers = Agreed
    kind = fields.one_of(
        lazy("What may the company hear?"),
        [
            (FramingKind.OWN_WORDS.value, lazy("The candidate's own words")),
            (FramingKind.MAY_TELL.value, lazy("What the worker may tell")),
            (FramingKind.NOTHING.value, lazy("Nothing")),
        ],
    )
    topics = fields.several(lazy("What the worker may tell"), hint=lazy("Only what the candidate chose."))
    words = fields.paragraph(
        lazy("The words"), required=False, max=600, rows=4,
        hint=lazy("Chosen together. Without a name, a place or a date: the check looks along while you type."),
    )  # fmt: skip
    language = fields.select(lazy("Language of the words"), LANGUAGES.items())
    shown_from = fields.one_of(
        lazy("From when may the contact read it?"),
        [
            (FramingFrom.CONFIRMED.value, lazy("Once the interview is confirmed")),
            (FramingFrom.TALK.value, lazy("From the start of the interview")),
        ],
    )
    agreed_on = fields.day(lazy("The candidate agreed on"))
    channel = fields.one_of(lazy("How did the person agree?"), channel_choices(*(one for one in Channel)))
    keep = fields.several(lazy("Keep"))

    def __init__(self, *args: Any, marks: tuple[str, ...] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        topics = [(one.code, one.text("to_employer")) for one in options("interviews", "framing_topics").values()]
        fields.offer(self.topics, topics)
        fields.offer(self.keep, [(one, one) for one in marks])

    @classmethod
    def from_request(cls, **start: Any) -> Self:
        return super().from_request(**{"agreed_on": clock.today(), "shown_from": FramingFrom.CONFIRMED.value} | start)

    def answer(self) -> Agreed:
        return Agreed(
            FramingKind(self.kind.data), tuple(self.topics.data or ()), self.words.data or "",
            FramingFrom(self.shown_from.data), self.agreed_on.data, Channel(self.channel.data),
            frozenset(self.keep.data or ()), self.language.data,
        )  # fmt: skip
