"""The questions of the three forms, read from forms.toml: which voice is asked what at which moment, and what an answer is worth.

A question's wording never changes over time (a new wording is a new code), so answers can be compared.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from portal.foundation.options import load
from portal.foundation.words import pick

Texts = dict[str, str]
# Between where a moment stands now and the moment that it was: "week14-week13".
MOVED_FROM = "-"


def _tied(text: str) -> str:
    """French puts a space before ? : ! and ;, which must not begin a line."""
    for mark in "?:!;":
        text = text.replace(f" {mark}", f"\u00a0{mark}")
    return text


@dataclass(frozen=True)
class Question:
    """One question. Its texts speak the language that is being written."""

    code: str
    kind: str
    polarity: str
    pictogram: str
    required: bool
    moments: tuple[str, ...]
    data: dict[str, Any]

    @property
    def label(self) -> str:
        return _tied(pick(self.data["label"]))

    def text(self, name: str) -> str:
        found = self.data.get(name)
        return _tied(pick(found)) if found else ""

    @property
    def choices(self) -> list[tuple[str, str]]:
        return [(choice["code"], pick(choice)) for choice in self.data.get("choices", [])]

    def choice_label(self, code: str) -> str:
        return dict(self.choices).get(code, code)

    def worth(self, score: int | None, choice: str) -> int | None:
        """The answer on the scale of 1 to 5 where 5 is good, or None where nothing is judged."""
        if self.kind == "score" and score is not None:
            return 6 - score if self.polarity == "low_good" else score
        for offered in self.data.get("choices", []):
            if offered["code"] == choice:
                value: int | None = offered.get("value")
                return value
        return None


@dataclass(frozen=True)
class Pair:
    """Two questions of two voices that belong together."""

    code: str
    employer: str
    employee: str
    texts: Texts

    @property
    def label(self) -> str:
        return pick(self.texts)

    def of(self, voice: str) -> str:
        return self.employer if voice == "employer" else self.employee


@cache
def all_of(voice: str) -> dict[str, Question]:
    """Every question that a voice is ever asked, by code, in the order of the form."""
    asked = load("aftercare", "forms")["forms"][voice]["questions"]
    return {one["code"]: _question(one) for one in asked}


def _question(one: dict[str, Any]) -> Question:
    return Question(
        one["code"], one["kind"], one["polarity"], one["pictogram"], one["required"], tuple(one["moments"]), one
    )


def asked(voice: str, moment: str) -> list[Question]:
    """What a voice is asked at a moment."""
    origin = origin_of(moment)
    return [one for one in all_of(voice).values() if not one.moments or origin in one.moments]


def origin_of(moment: str) -> str:
    """Whose questions a moment asks: one that was moved to another week keeps those of its own ("week14-week13")."""
    here, _sign, origin = moment.partition(MOVED_FROM)
    return origin or here


def moved(moment: str, code: str) -> str:
    """The code of a moment that goes to another day; where nothing is asked at that moment alone, it simply is the new one."""
    origin = origin_of(moment)
    alone = any(
        origin in one.moments for voice in load("aftercare", "forms")["forms"] for one in all_of(voice).values()
    )
    return f"{code}{MOVED_FROM}{origin}" if alone and code != origin else code


@cache
def pairs() -> Sequence[Pair]:
    return [
        Pair(one["code"], one["employer"], one["employee"], one["label"]) for one in load("aftercare", "forms")["pairs"]
    ]


def form_text(voice: str, name: str) -> str:
    """A text of a whole form: title, intro or thanks."""
    return _tied(pick(load("aftercare", "forms")["forms"][voice][name]))


def minutes(voice: str) -> int:
    return int(load("aftercare", "forms")["forms"][voice]["minutes"])


def plan_label(kind: str, code: str, language: str | None = None) -> str:
    """The word for a moment, a channel or a voice of the plan ("moments", "channels", "voices")."""
    code = code.partition(MOVED_FROM)[0]
    for entry in load("aftercare", "plan")[kind]:
        if entry["code"] == code:
            return pick(entry["label"], language)
    return _made_here(code, language)


def _made_here(code: str, language: str | None) -> str:
    """A moment that the template of the portal lacks: a week or a day that a coordinator wrote, or a contact that was added."""
    kind, number = code.rstrip("0123456789"), code[len(code.rstrip("0123456789")) :]
    texts = _MADE_HERE.get(kind)
    return f"{pick(texts, language)} {number}".strip() if texts else code


_MADE_HERE = {
    "week": {"nl": "Week", "fr": "Semaine", "en": "Week"},
    "day": {"nl": "Dag", "fr": "Jour", "en": "Day"},
    "extra": {"nl": "Extra contact", "fr": "Contact supplémentaire", "en": "Extra contact"},
    "before": {"nl": "Dagen voor de start:", "fr": "Jours avant le début :", "en": "Days before the start:"},
}
