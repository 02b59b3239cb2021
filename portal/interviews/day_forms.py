"""What is asked on the day itself, on a phone: who comes later, and the notes."""

from dataclasses import dataclass
from typing import Self

from wtforms import HiddenField

from portal.foundation import fields
from portal.foundation.forms import Form
from portal.foundation.words import _n, lazy
from portal.interviews import delays, notes
from portal.interviews.rules import rule


@dataclass(frozen=True)
class LateAnswer:
    who: str
    minutes: str


class LateForm(Form[LateAnswer]):
    answers = LateAnswer
    rehearses = True
    who = fields.one_of(lazy("Who comes later?"), list(delays.WHO.items()))
    minutes = fields.one_of(lazy("How many minutes?"))

    @classmethod
    def from_request(cls, **start: object) -> Self:
        form = super().from_request(**start)
        fields.offer(form.minutes, minutes())
        return form


def minutes() -> list[tuple[str, str]]:
    """The choices of rules.toml, in words."""
    return [(str(one), _n("%(num)s minute", "%(num)s minutes", one)) for one in rule("late_minutes")]


@dataclass(frozen=True)
class NoteAnswer:
    words: str
    version: str
    once: str


class NoteForm(Form[NoteAnswer]):
    """`version` is what was read when the typing began; `once` names this sending."""

    answers = NoteAnswer
    words = fields.paragraph(lazy("Notes of the interview"), required=False, max=notes.MOST, rows=6)
    version = HiddenField(default="0")

    def typed(self) -> notes.Typed:
        answer = self.answer()
        number = int(answer.version) if answer.version.isdecimal() and len(answer.version) < 9 else 0
        return notes.Typed((answer.words or "").replace("\r\n", "\n"), number, answer.once[:64])
