"""The library of answers: kept as data in three languages, read in the language being written."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Any

from portal.foundation.errors import NotFound
from portal.foundation.options import label, load
from portal.foundation.words import pick

ENOUGH = 70


@dataclass(frozen=True)
class Answer:
    """A concern, its answer in paragraphs, where the answer comes from, and whom to call about it."""

    slug: str
    topic: str
    question: str
    opening: str
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


def _opening(paragraph: str) -> str:
    """The first sentences, until they say enough to choose by: a first one is often only "That is a normal question."."""
    said: list[str] = []
    for sentence in re.split(r"(?<=[.?!]) ", paragraph):
        said.append(sentence)
        if len(" ".join(said)) >= ENOUGH:
            break
    return " ".join(said)


def _answer(data: dict[str, Any]) -> Answer:
    paragraphs = tuple(part.strip() for part in pick(data["answer"]).split("\n\n") if part.strip())
    return Answer(
        slug=data["slug"],
        topic=pick(data["topic"]),
        question=pick(data["question"]),
        opening=_opening(paragraphs[0]),
        paragraphs=paragraphs,
        source=pick(data["source"]["title"]),
        source_date=data["source"]["date"],
        whom_to_call=label("answers", "whom_to_call", data["whom_to_call"], "library"),
        needs_counsel=data["needs_counsel"],
    )
