"""On the day itself: somebody is on the road and comes later. The company hears it by letter, in neutral words; the
moment in everybody's calendar stays as it is."""

from collections.abc import Sequence

import sqlalchemy as sa

from portal.foundation import acting, clock
from portal.foundation.database import db
from portal.foundation.errors import Conflict, DomainError
from portal.foundation.words import lazy
from portal.interviews import letters
from portal.interviews.day_models import RunningLate
from portal.interviews.models import Interview
from portal.interviews.rules import rule
from portal.interviews.states import InterviewState
from portal.journal import service as journal
from portal.outbox.models import Letter

LETTER = "interviews/late"
COMPANION, CANDIDATE = "companion", "candidate"
WHO = {COMPANION: lazy("I am late"), CANDIDATE: lazy("The candidate is late")}


class NotToday(DomainError):
    sentence = lazy("This works on the day of the interview itself, until it ends. Before that, choose another moment.")


class ToldEnough(Conflict):
    sentence = lazy("The company has had several letters about this today. Call instead.")


def tells(interview: Interview) -> bool:
    """Whether it makes sense now to tell the company that somebody comes later."""
    if interview.state is not InterviewState.CONFIRMED or interview.starts_at is None or interview.ends_at is None:
        return False
    return clock.local(interview.starts_at).date() == clock.today() and clock.now() < interview.ends_at


def of(interview: Interview) -> list[RunningLate]:
    return list(
        db.session.scalars(
            sa.select(RunningLate).where(RunningLate.interview_id == interview.id).order_by(RunningLate.id)
        )
    )


def today(lates: Sequence[RunningLate]) -> list[RunningLate]:
    """What the company was told today, the last one at the end."""
    return [one for one in lates if one.created_at >= clock.midnight(clock.today())]


def left(lates: Sequence[RunningLate]) -> int:
    """How many more times today."""
    return max(0, int(rule("late_most")) - len(today(lates)))


def tell(interview: Interview, lates: Sequence[RunningLate], *, who: str, minutes: int) -> RunningLate:
    """One letter to the contact. Raises NotToday or ToldEnough."""
    if not tells(interview):
        raise NotToday()
    if not left(lates):
        raise ToldEnough()
    told = RunningLate(
        interview_id=interview.id, candidate_id=interview.candidate_id,
        person_id=acting.person_id() or interview.worker_id, who=who, minutes=minutes,
    )  # fmt: skip
    db.session.add(told)
    letters.late(interview, who, minutes)
    journal.note("interview.running_late", interview, who=who, minutes=minutes)
    return told


def still_late(letter: Letter) -> bool:
    """A letter that could not leave in time says nothing true any more: asked again at sending."""
    interview = db.session.get(Interview, letter.about_id) if letter.about_id is not None else None
    if interview is None or not tells(interview) or not letter.values or interview.starts_at is None:
        return False
    return bool(letter.values.get("starts") == interview.starts_at.isoformat())
