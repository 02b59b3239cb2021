"""A coordinator edits the library: a draft first, then a version that stays. Nothing half translated is published."""

import hashlib
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import joinedload

from portal.accounts.roles import Role
from portal.answers import library
from portal.answers.models import AnswerVersion, LibraryAnswer
from portal.foundation import acting, clock, crypto
from portal.foundation.database import db
from portal.foundation.errors import Conflict, DomainError, NotFound
from portal.foundation.options import load
from portal.foundation.words import LANGUAGES, lazy
from portal.journal import service as journal
from portal.tasks import service as tasks

YEAR = timedelta(days=365)
LOOK_WITHIN = timedelta(days=14)
TEXTS = ("topic", "question", "answer", "source")


class ChangedMeanwhile(Conflict):
    sentence = lazy(
        "Somebody changed this answer in the meantime. Open it anew and write your change into the new text."
    )


class NotComplete(DomainError):
    sentence = lazy("An answer is published in three languages, with its source. Keep it as a draft until it is whole.")


class ExistsAlready(Conflict):
    sentence = lazy("There is an answer to this question already. Change that one.")
    field = "question_en"


@dataclass(frozen=True)
class Written:
    """What somebody wrote. `texts`: by kind, by language."""

    texts: dict[str, dict[str, str]]
    source_date: date | None
    whom_to_call: str
    needs_counsel: bool
    places: Sequence[str]
    off: bool
    why: str

    @property
    def missing(self) -> list[str]:
        """The fields without which nobody should read it, such as "answer_fr"."""
        lacking = [
            f"{kind}_{code}" for kind in TEXTS for code in LANGUAGES if not self.texts[kind].get(code, "").strip()
        ]
        return lacking if self.source_date else [*lacking, "source_date"]


def row_of(slug: str) -> LibraryAnswer:
    """The row of an answer; of one that is in the file only, it is made when first needed. Raises NotFound."""
    statement = sa.select(LibraryAnswer).where(LibraryAnswer.slug == slug)
    found = db.session.scalar(statement.with_for_update())
    if found is not None:
        return found
    if slug not in library.shipped():
        raise NotFound()
    return _new_row(slug) or db.session.scalars(statement.with_for_update()).one()


def _new_row(slug: str) -> LibraryAnswer | None:
    row = LibraryAnswer(slug=slug)
    try:
        with db.session.begin_nested():
            db.session.add(row)
    except IntegrityError:
        return None
    return row


def add(written: Written) -> tuple[LibraryAnswer, AnswerVersion]:
    """A new answer, and its text as a draft. Its address is made from the question. Raises ExistsAlready."""
    slug = slug_of(written.texts["question"].get("en") or next(filter(None, written.texts["question"].values()), ""))
    row = None if slug in library.shipped() else _new_row(slug)
    if row is None:
        raise ExistsAlready()
    return row, keep_draft(row, written, seen=0)


def slug_of(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:60].strip("-") or "answer"


def versions(slug: str) -> Sequence[AnswerVersion]:
    """All versions of an answer, the newest first, the draft included."""
    return db.session.scalars(
        sa.select(AnswerVersion)
        .join(LibraryAnswer, LibraryAnswer.id == AnswerVersion.answer_id)
        .options(joinedload(AnswerVersion.writer))
        .where(LibraryAnswer.slug == slug)
        .order_by(AnswerVersion.number.desc())
    ).all()


def drafts() -> Sequence[AnswerVersion]:
    """What was begun and is not published, with its answer."""
    return db.session.scalars(
        sa.select(AnswerVersion).options(joinedload(AnswerVersion.answer)).where(AnswerVersion.published_at.is_(None))
    ).all()


def mark_of(draft: AnswerVersion | None) -> str:
    """Names a draft as it stands, so that nobody writes over words that were kept since; empty where there is none."""
    if draft is None:
        return ""
    day = draft.source_date.isoformat() if draft.source_date else ""
    told = [draft.texts, day, draft.whom_to_call, draft.needs_counsel, sorted(draft.places), draft.off, draft.why]
    return hashlib.sha256(crypto.dump(told).encode()).hexdigest()[:16]


def keep_draft(row: LibraryAnswer, written: Written, *, seen: int, draft_seen: str = "") -> AnswerVersion:
    """Keep what was written; nobody reads it yet. `seen`: the newest published version that the writer started from, and
    `draft_seen` the mark of the draft that stood beside it.

    Raises ChangedMeanwhile when another was published or kept since.
    """
    mine = sa.select(AnswerVersion).where(AnswerVersion.answer_id == row.id)
    published = db.session.scalar(
        sa.select(sa.func.max(AnswerVersion.number)).where(
            AnswerVersion.answer_id == row.id, AnswerVersion.published_at.is_not(None)
        )
    )
    if (published or 0) != seen:
        raise ChangedMeanwhile()
    draft = db.session.scalar(mine.where(AnswerVersion.published_at.is_(None)))
    if mark_of(draft) != draft_seen:
        raise ChangedMeanwhile()
    if draft is None:
        draft = AnswerVersion(answer_id=row.id, number=seen + 1)
        db.session.add(draft)
    draft.texts, draft.source_date, draft.whom_to_call = written.texts, written.source_date, written.whom_to_call
    draft.needs_counsel, draft.places, draft.off = written.needs_counsel, list(written.places), written.off
    draft.why, draft.written_by = written.why, acting.person_id()
    db.session.flush()
    journal.note("answer.drafted", row, number=draft.number)
    return draft


def publish(row: LibraryAnswer, written: Written, *, seen: int, draft_seen: str = "") -> AnswerVersion:
    """From the next page on everybody reads it. Raises NotComplete and ChangedMeanwhile."""
    if written.missing:
        raise NotComplete(field=written.missing[0])
    version = keep_draft(row, written, seen=seen, draft_seen=draft_seen)
    version.published_at = clock.now()
    row.review_on = clock.today() + YEAR
    tasks.close("answers.review", row)
    journal.note("answer.published", row, number=version.number)
    return version


def looked_at(row: LibraryAnswer) -> None:
    """Still right: it is looked at again in a year."""
    row.review_on = clock.today() + YEAR
    tasks.close("answers.review", row)
    journal.note("answer.looked_at", row)


def review_days() -> dict[str, date]:
    """When each answer is looked at again: a year after its text or after somebody last looked."""
    told = {slug: day for slug, day in db.session.execute(sa.select(LibraryAnswer.slug, LibraryAnswer.review_on))}
    first = load("answers", "library")["written"] + YEAR
    return {slug: told.get(slug) or first for slug, data in library.entries().items() if not data.get("off")}


def ask_to_review() -> None:
    """Each night: what nobody looked at for a year becomes a coordinator's task."""
    for slug, day in review_days().items():
        if day <= clock.today():
            question: Any = library.entries()[slug]["question"]["nl"]
            tasks.open_task(
                "answers.review", row_of(slug), due=day + LOOK_WITHIN, at=("answers.edit", {"slug": slug}),
                role=Role.COORDINATOR, question=question,
            )  # fmt: skip
    db.session.commit()
