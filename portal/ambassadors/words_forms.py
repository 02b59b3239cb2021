from dataclasses import dataclass
from typing import Any

from portal.ambassadors.words import Edited
from portal.foundation import fields
from portal.foundation.forms import Form
from portal.foundation.words import LANGUAGES, _, lazy


@dataclass(frozen=True)
class WordsAnswer:
    text_nl: str
    signed_nl: str
    text_fr: str
    signed_fr: str
    text_en: str
    signed_en: str
    slug: str
    on_wall: bool
    looked: bool


def _text() -> Any:
    return fields.paragraph(lazy("The words"), max=500, rows=4, required=False)


def _signed() -> Any:
    return fields.text(
        lazy("The line under them"), max=120, required=False, hint=lazy("A name, or: a bakery in Ghent.")
    )


class WordsForm(Form[WordsAnswer]):
    """Somebody's words as they will stand. A language that is left empty shows nothing."""

    answers = WordsAnswer
    text_nl, signed_nl = _text(), _signed()
    text_fr, signed_fr = _text(), _signed()
    text_en, signed_en = _text(), _signed()
    slug = fields.select(lazy("Beside which answer?"), [], required=False, empty=lazy("beside no answer"))
    on_wall = fields.tick(lazy("On the page with the companies that are in"))
    looked = fields.tick(lazy("I looked at what is marked. These words are about nobody in particular."))

    def offer(self, questions: dict[str, str]) -> "WordsForm":
        fields.offer(self.slug, list(questions.items()), empty=_("beside no answer"))
        return self

    def validate(self, extra_validators: Any = None) -> bool:
        """A language has both its words and its line, or neither."""
        right = bool(super().validate(extra_validators))
        for code in LANGUAGES:
            text, signed = self._fields[f"text_{code}"], self._fields[f"signed_{code}"]
            if bool(text.data) != bool(signed.data):
                self.refuse(
                    _("Give both the words and the line under them, or neither."),
                    f"signed_{code}" if text.data else f"text_{code}",
                )
                right = False
        return right

    def edited(self) -> Edited:
        given = self.answer()
        texts = {code: getattr(given, f"text_{code}") or "" for code in LANGUAGES}
        signed = {code: getattr(given, f"signed_{code}") or "" for code in LANGUAGES}
        return Edited(texts, signed, given.slug or "", given.on_wall, given.looked)


@dataclass(frozen=True)
class TestimonialAnswer:
    text: str


class TestimonialForm(Form[TestimonialAnswer]):
    answers = TestimonialAnswer
    text = fields.paragraph(
        lazy("What would you tell another company?"), max=500, rows=4,
        hint=lazy("Two sentences are enough. Write no names. We read it over, and you agree before anybody sees it."),
    )  # fmt: skip


@dataclass(frozen=True)
class NamedAnswer:
    named: bool


class NamedForm(Form[NamedAnswer]):
    answers = NamedAnswer
    named = fields.tick(lazy("Show our company on the public page: its name, its municipality and our own words"))
