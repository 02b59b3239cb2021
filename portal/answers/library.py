"""The library of answers, read in the language being written: the file's texts, and over them what a coordinator published.

An answer is published in three languages or not at all, so nobody reads one that is half translated.
"""

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from flask import g, has_request_context

from portal.answers.models import AnswerVersion, LibraryAnswer
from portal.foundation.database import db
from portal.foundation.errors import NotFound
from portal.foundation.options import label, load
from portal.foundation.words import pick

ENOUGH = 70
Texts = dict[str, dict[str, Any]]
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


def shipped() -> Texts:
    return {one["slug"]: one for one in load("answers", "library")["answers"]}


Edition = tuple[int, datetime | None]


def edition() -> tuple[sa.ScalarSelect[Any], ...]:
    """Which texts the library has, as parts of a query that a page asks anyway: how many were published, and when last."""
    published = sa.select(sa.func.count(AnswerVersion.id)).where(AnswerVersion.published_at.is_not(None))
    last = sa.select(sa.func.max(AnswerVersion.published_at))
    return published.scalar_subquery(), last.scalar_subquery()


_edition: list[Callable[[], Edition | None]] = []
# The newest edition that this process read, with its texts: words of the house only, the same for everybody. Replaced
# whole, since other threads read it meanwhile.
_UNREAD: tuple[Edition, Texts] = ((-1, None), {})
_read = [_UNREAD]


def edition_is(now: Callable[[], Edition | None]) -> None:
    """Said by the room that frames the pages: the edition of this request, None where the frame did not ask it along."""
    _edition[:] = [now]


def entries() -> Texts:
    """What is shown today, by slug, in the file's order and then in the order of adding: at most one query a page."""
    if not has_request_context():
        return dict(_newest())
    if "library" not in g:
        edition_read, texts = _read[0]
        g.library = texts if _edition and _edition[0]() == edition_read else _newest()
    return dict(g.library)


def forget() -> None:
    """What this process read is forgotten, as in a process that just began."""
    _read[0] = _UNREAD


def _newest() -> Texts:
    """One query, which brings the texts along only where their edition is new to this process."""
    known, texts = _read[0]
    stamp = sa.select(
        *(part.label(name) for part, name in zip(edition(), ("published", "last"), strict=True))
    ).subquery()
    new = sa.or_(stamp.c.published != known[0], stamp.c.last.is_distinct_from(known[1]))
    newest = (
        sa.select(sa.func.max(AnswerVersion.number))
        .where(AnswerVersion.answer_id == LibraryAnswer.id, AnswerVersion.published_at.is_not(None))
        .correlate(LibraryAnswer)
        .scalar_subquery()
    )
    rows = db.session.execute(
        sa.select(stamp.c.published, stamp.c.last, LibraryAnswer.slug, AnswerVersion)
        .select_from(stamp)
        .outerjoin(LibraryAnswer, new)
        .outerjoin(AnswerVersion, sa.and_(AnswerVersion.answer_id == LibraryAnswer.id, AnswerVersion.number == newest))
        .order_by(LibraryAnswer.id)
    ).all()
    now: Edition = (rows[0].published, rows[0].last)
    if now != known:
        texts = dict(shipped()) | {row.slug: as_data(row.slug, row.AnswerVersion) for row in rows if row.AnswerVersion}
        _read[0] = (now, texts)
    return texts


def as_data(slug: str, version: AnswerVersion) -> dict[str, Any]:
    """A version in the shape that the file has."""
    texts = version.texts
    return {
        "slug": slug, "topic": texts["topic"], "question": texts["question"], "answer": texts["answer"],
        "source": {"title": texts["source"], "date": version.source_date}, "whom_to_call": version.whom_to_call,
        "needs_counsel": version.needs_counsel, "where": version.places, "off": version.off,
        "why": "" if version.published_at else version.why,
    }  # fmt: skip


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
