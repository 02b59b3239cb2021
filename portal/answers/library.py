"""The library of answers, read in the language being written: the file's texts, and over them what a coordinator published.

An answer is published in three languages or not at all, so nobody reads one that is half translated.
"""

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from portal.answers import editions
from portal.answers.editions import Texts, as_data, shipped
from portal.foundation.errors import NotFound
from portal.foundation.options import label
from portal.foundation.words import pick

ENOUGH = 70
PLACES = ("signup", "vacancy", "interview", "start")


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
    places: tuple[str, ...]


@dataclass(frozen=True)
class Heard:
    """A company's own words beside an answer, and the line under them, exactly as it agreed to."""

    text: str
    signed: str


Peers = Callable[[Collection[str]], Mapping[str, Sequence[Heard]]]
_peers: list[Peers] = []


def peers_say(words: Peers) -> None:
    """Said by the room that keeps the consent: which words stand beside these answers now, in the language being written."""
    _peers[:] = [words]


def heard(slugs: Collection[str]) -> Mapping[str, Sequence[Heard]]:
    """The words of companies beside these answers. Asked anew for each page, so that a withdrawal counts at once."""
    return _peers[0](slugs) if _peers and slugs else {}


def entries() -> Texts:
    """What is shown today, by slug, in the file's order and then in the order of adding: at most one query a page."""
    return dict(editions.texts())


def answers() -> list[Answer]:
    return [read(one) for one in entries().values() if not one.get("off")]


def answer(slug: str) -> Answer:
    """Raises NotFound, also for one that is shown no more."""
    for one in answers_to([slug]):
        return one
    raise NotFound()


def answers_to(slugs: Iterable[str]) -> list[Answer]:
    """These answers, in this order; what is shown no more is left out."""
    known = entries()
    return [read(known[slug]) for slug in dict.fromkeys(slugs) if slug in known and not known[slug].get("off")]


def near(place: str, first: Collection[str] = (), limit: int = 3) -> list[Answer]:
    """The answers that belong at a place of the portal; those to what somebody worried about (`first`) before the others."""
    fitting = [one for one in answers() if place in one.places]
    return sorted(fitting, key=lambda one: one.slug not in first)[:limit]


def questions() -> dict[str, str]:
    """Each question that has an answer, by slug."""
    return {one.slug: one.question for one in answers()}


def _opening(paragraph: str) -> str:
    """The first sentences, until they say enough to choose by: a first one is often only "That is a normal question."."""
    said: list[str] = []
    for sentence in re.split(r"(?<=[.?!]) ", paragraph):
        said.append(sentence)
        if len(" ".join(said)) >= ENOUGH:
            break
    return " ".join(said)


def read(data: dict[str, Any]) -> Answer:
    """An entry in the language being written."""
    paragraphs = tuple(part.strip() for part in re.split(r"\n\s*\n", pick(data["answer"])) if part.strip())
    return Answer(
        slug=data["slug"],
        topic=pick(data["topic"]),
        question=pick(data["question"]),
        opening=_opening(paragraphs[0] if paragraphs else ""),
        paragraphs=paragraphs,
        source=pick(data["source"]["title"]),
        source_date=data["source"]["date"],
        whom_to_call=label("answers", "whom_to_call", data["whom_to_call"], "library"),
        needs_counsel=data["needs_counsel"],
        places=tuple(data["where"]),
    )


__all__ = ["as_data", "shipped"]
