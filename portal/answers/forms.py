from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import request
from wtforms import HiddenField

from portal.answers.editing import TEXTS, Written
from portal.answers.library import PLACES
from portal.foundation import fields
from portal.foundation.forms import Form
from portal.foundation.options import choices
from portal.foundation.words import LANGUAGES, _, lazy

PLACE_LABELS: dict[str, Any] = {
    "signup": lazy("signing up"), "vacancy": lazy("writing a vacancy"), "interview": lazy("the interview"), "start": lazy("the start"),
}  # fmt: skip


@dataclass(frozen=True)
class EditAnswer:
    topic_nl: str
    topic_fr: str
    topic_en: str
    question_nl: str
    question_fr: str
    question_en: str
    answer_nl: str
    answer_fr: str
    answer_en: str
    source_nl: str
    source_fr: str
    source_en: str
    source_date: date | None
    whom_to_call: str
    places: tuple[str, ...]
    needs_counsel: bool
    off: bool
    why: str
    seen: str


def _topic() -> Any:
    return fields.text(lazy("Topic of the answer"), max=60, required=False)


def _question() -> Any:
    return fields.text(lazy("Question, in a company's words"), max=140, required=False)


def _answer() -> Any:
    return fields.paragraph(
        lazy("Answer"), max=2400, rows=9, required=False, hint=lazy("An empty line begins a paragraph.")
    )


def _source() -> Any:
    return fields.text(lazy("Source"), max=240, required=False)


class EditForm(Form[EditAnswer]):
    """One answer in three languages. A draft may lack parts; what is published may not."""

    answers = EditAnswer
    topic_nl, question_nl, answer_nl, source_nl = _topic(), _question(), _answer(), _source()
    topic_fr, question_fr, answer_fr, source_fr = _topic(), _question(), _answer(), _source()
    topic_en, question_en, answer_en, source_en = _topic(), _question(), _answer(), _source()
    source_date = fields.day(lazy("Date of the source"), required=False)
    whom_to_call = fields.select(lazy("Whom to call about this"))
    places = fields.several(
        lazy("Shown at"), list(PLACE_LABELS.items()), hint=lazy("Beside the page with all answers.")
    )
    needs_counsel = fields.tick(lazy("This is about the law, and a lawyer has not read it yet"))
    off = fields.tick(lazy("Show this answer to nobody any more"))
    why = fields.text(
        lazy("What did you change, and why?"), max=300, required=False, hint=lazy("Stands in the history.")
    )
    seen = HiddenField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields.offer(self.whom_to_call, choices("answers", "whom_to_call", "library"))

    @property
    def publishes(self) -> bool:
        return request.form.get("then") == "publish"

    @property
    def number_seen(self) -> int:
        """The version from which the writer started; nonsense there is one that never was."""
        text = (self.seen.data or "").partition(".")[0]
        return int(text) if text.isdecimal() and len(text) < 7 else -1

    @property
    def draft_seen(self) -> str:
        """The mark of the draft that stood there when the writer began; empty where there was none."""
        return (self.seen.data or "").partition(".")[2]

    def validate(self, extra_validators: Any = None) -> bool:
        """What is published is whole in each language: each gap is named."""
        right = bool(super().validate(extra_validators))
        if not (right and self.publishes):
            return right
        missing = self.written().missing
        for name in missing:
            self.refuse(_("Nobody may read it before this is filled in."), name)
        return not missing

    def written(self) -> Written:
        given = self.answer()
        texts = {kind: {code: getattr(given, f"{kind}_{code}") or "" for code in LANGUAGES} for kind in TEXTS}
        texts["answer"] = {code: text.replace("\r\n", "\n") for code, text in texts["answer"].items()}
        return Written(
            texts, given.source_date, given.whom_to_call, given.needs_counsel,
            [one for one in PLACES if one in given.places], given.off, given.why or "",
        )  # fmt: skip

    @classmethod
    def beginning(cls, data: dict[str, Any] | None, seen: int, draft: str = "") -> "EditForm":
        """With an entry's texts, or empty; from which version, and beside which draft."""
        if data is None:
            return cls.from_request(seen=str(seen), whom_to_call="project_worker")
        texts = {**{kind: data[kind] for kind in TEXTS if kind != "source"}, "source": data["source"]["title"]}
        start = {f"{kind}_{code}": texts[kind].get(code, "") for kind in TEXTS for code in LANGUAGES}
        return cls.from_request(
            **start, source_date=data["source"]["date"], whom_to_call=data["whom_to_call"], places=list(data["where"]),
            needs_counsel=data["needs_counsel"], off=bool(data.get("off")), why=data.get("why", ""),
            seen=f"{seen}.{draft}",
        )  # fmt: skip
