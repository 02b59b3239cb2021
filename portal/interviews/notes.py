"""What the companion writes down of an interview: sealed, for the team, and never overwritten unseen."""

from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa

from portal.foundation import clock
from portal.foundation.access import Viewer
from portal.foundation.database import db
from portal.foundation.errors import Conflict, NotFound
from portal.foundation.states import WrongState
from portal.foundation.words import lazy
from portal.interviews import queries
from portal.interviews.day_models import InterviewNote
from portal.interviews.models import Interview
from portal.journal import service as journal

MOST = 6000
# One line in the journal for each sitting, not for each draft of it.
SITTING = timedelta(minutes=15)


class ChangedElsewhere(Conflict):
    sentence = lazy("These notes were changed on another device. Both stand below: put them together, then keep them.")
    field = "words"


@dataclass(frozen=True)
class Typed:
    """What was typed, over which version, and the key of this sending: one that comes twice is kept once."""

    words: str
    version: int
    key: str


def writable(viewer: Viewer, key: str, *, lock: bool = False) -> Interview:
    """The interview whose notes this viewer writes: who goes along, and nobody else. Raises NotFound."""
    interview = queries.staff_interview(viewer, key, lock=lock)
    if interview.companion_id != viewer.me:
        raise NotFound()
    return interview


def of(interview: Interview) -> InterviewNote | None:
    return db.session.scalar(
        sa.select(InterviewNote)
        .where(InterviewNote.interview_id == interview.id)
        .execution_options(populate_existing=True)
    )


def keep(interview: Interview, typed: Typed, person_id: int) -> InterviewNote:
    """Raises ChangedElsewhere when somebody wrote over the version that was read; WrongState while nothing is certain."""
    note = of(interview)
    if note is None:
        if not interview.shows_identity:
            raise WrongState()
        note = InterviewNote(
            interview_id=interview.id, candidate_id=interview.candidate_id, words="", version=0, last_key=""
        )
        db.session.add(note)
    elif note.last_key == typed.key or note.words == typed.words:
        return note
    elif note.version != typed.version:
        raise ChangedElsewhere()
    sitting = note.version == 0 or clock.now() - note.changed_at > SITTING
    note.words, note.person_id, note.changed_at = typed.words, person_id, clock.now()
    note.version, note.last_key = note.version + 1, typed.key
    db.session.flush()
    if sitting:
        journal.note("interview.note_written", note)
    return note


def read(interview: Interview) -> InterviewNote | None:
    """As it stands at this moment, for who writes it; the reading is journalled."""
    return _seen(of(interview))


def shown(interview: Interview) -> InterviewNote | None:
    """For a page of the team, as it was read with the interview; the reading is journalled."""
    return _seen(interview.note)


def _seen(note: InterviewNote | None) -> InterviewNote | None:
    if note is not None:
        journal.saw("interview.note_read", note)
    return note
