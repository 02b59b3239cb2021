"""The library of answers: kept as data in three languages, read in the language being written."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from portal.foundation.errors import NotFound
from portal.foundation.options import label, load
from portal.foundation.words import pick


@dataclass(frozen=True)
class Answer:
    """A concern, its answer in paragraphs, where the answer comes from, and whom to call about it."""

    slug: str
    topic: str
    question: str
    paragraphs: tuple[str, ...]
    source: str
    source_date: date
    whom_to_call: str
    needs_counsel: bool


def answers() -> list[Answer]:
    return [_answer(one) for one in load("answers", "library")["answers"]]


def answer(slug: str) -> Answer:
    """Raises NotFound."""
    for one in load("answers", "library")["answers"]:
        if one["slug"] == slug:
            return _answer(one)
    raise NotFound()


def _answer(data: dict[str, Any]) -> Answer:
    return Answer(
        slug=data["slug"],
        topic=pick(data["topic"]),
        question=pick(data["question"]),
        paragraphs=tuple(part.strip() for part in pick(data["answer"]).split("\n\n") if part.strip()),
        source=pick(data["source"]["title"]),
        source_date=data["source"]["date"],
        whom_to_call=label("answers", "whom_to_call", data["whom_to_call"], "library"),
        needs_counsel=data["needs_counsel"],
    )
