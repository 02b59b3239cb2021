"""What was written down on the day of an interview: notes of whoever went along, and once somebody came later."""

from datetime import timedelta

import sqlalchemy as sa

from portal.cli.demo.world import World
from portal.foundation.database import db
from portal.interviews.day_models import InterviewNote, RunningLate
from portal.interviews.models import Decision, Interview
from portal.interviews.states import DecisionState, InterviewState

WORDS = (
    "Was op tijd en stelde goede vragen over de ploegen. De leidinggevende liet de werkvloer zien.\n"
    "Vraag van het bedrijf: kan de start een week later?",
    "Eerst wat zenuwachtig, daarna vlot. Kent het werk. Vervoer in de vroege ploeg nog uitzoeken.",
    "Rustig gesprek. Het bedrijf wil graag een proefdag voor het beslist.",
)


def write(world: World) -> None:
    waits = (DecisionState.PENDING, DecisionState.OFFER, DecisionState.TRIAL, DecisionState.SECOND_TALK)
    held = (
        sa.select(Interview)
        .join(Decision, Decision.interview_id == Interview.id)
        .where(Interview.state == InterviewState.HELD, Interview.companion_id.is_not(None), Decision.state.in_(waits))
        .order_by(Interview.id)
    )
    for nth, interview in enumerate(db.session.scalars(held)):
        if interview.starts_at is None or interview.ends_at is None or interview.companion_id is None:
            continue
        written = interview.ends_at + timedelta(minutes=20)
        whose = {
            "interview_id": interview.id,
            "candidate_id": interview.candidate_id,
            "person_id": interview.companion_id,
        }
        db.session.add(
            InterviewNote(**whose, words=WORDS[nth % len(WORDS)], last_key="", changed_at=written, created_at=written)
        )
        if nth == 1:
            told = interview.starts_at - timedelta(minutes=25)
            db.session.add(RunningLate(**whose, who="companion", minutes=10, created_at=told))
