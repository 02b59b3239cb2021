"""What goes with a decision, who else sat at the table, and what a company may hear about somebody's situation."""

from collections.abc import Sequence
from datetime import date, timedelta

import sqlalchemy as sa

from portal.agenda.windows import next_workday
from portal.candidates.states import Channel
from portal.cli.demo.world import DAY, World
from portal.foundation import acting, clock
from portal.foundation.database import db
from portal.interviews import answers
from portal.interviews.models import Decision, Interview, Scorecard
from portal.interviews.outcome_models import Framing, FramingFrom, FramingKind, Scorer
from portal.interviews.queries import whole
from portal.interviews.states import DecisionState, InterviewState

D = DecisionState
WEEK = timedelta(days=7)
OWN_WORDS = "Ik heb een tijd niet gewerkt. Ik leer snel als iemand het één keer voordoet."


def terms(decision: Decision, form: str, hours: int, day: date) -> None:
    """What the company said with its decision of that day, and how often it had to be asked."""
    if decision.state is not D.PENDING:
        decision.asked_workdays = {0: 3, 1: 5}.get(decision.candidate_id % 5)
    if decision.state in (D.OFFER, D.ACCEPTED, D.DECLINED):
        decision.form, decision.hours_week = form, hours
        decision.starts_on, decision.stands_until = next_workday(day + 3 * WEEK), _stands(day)
    elif decision.state is D.TRIAL:
        decision.form, decision.hours_week, decision.wish, decision.wish_who = (
            "internship",
            20,
            "Meedraaien in de ploeg",
            "De ploegbaas",
        )
        decision.starts_on, decision.ends_on = next_workday(day + 2 * WEEK), next_workday(day + 4 * WEEK)
        decision.stands_until = _stands(day)
    elif decision.state is D.SECOND_TALK:
        decision.wish, decision.wish_when, decision.wish_who = (
            "De werkplek tonen",
            "Volgende week, in de voormiddag",
            "De ploegbaas",
        )


def _stands(day: date) -> date:
    return next_workday(max(day + WEEK, clock.today() + 4 * DAY))


def around(world: World, interviews: Sequence[Interview], pending: Sequence[Interview]) -> None:
    for number, interview in enumerate(one for one in interviews if one.state == InterviewState.CONFIRMED):
        _frame(world, interview, own_words=number % 2 == 0)
    for interview in list(pending)[:2]:
        _at_the_table(world, interview)


def _frame(world: World, interview: Interview, *, own_words: bool) -> None:
    db.session.add(
        Framing(
            interview_id=interview.id, candidate_id=interview.candidate_id, agreed_on=world.today - 2 * DAY,
            kind=FramingKind.OWN_WORDS if own_words else FramingKind.MAY_TELL, words=OWN_WORDS if own_words else None,
            topics=[] if own_words else ["programme", "appointments"], channel=Channel.IN_PERSON, language="nl",
            shown_from=FramingFrom.CONFIRMED, written_by=interview.worker_id, created_at=world.now,
        )
    )  # fmt: skip


def _at_the_table(world: World, interview: Interview) -> None:
    """A colleague without an account has sent a card already; the contact sees it after the own one."""
    since = interview.ends_at or world.now
    scorer = Scorer(
        interview_id=interview.id, candidate_id=interview.candidate_id, name="Tom De Ridder", email=f"tom.{interview.id}@bedrijf.example",
        language="nl", asked_by=interview.contact_id, created_at=since,
    )  # fmt: skip
    db.session.add(scorer)
    db.session.flush()
    db.session.add(
        Scorecard(
            interview_id=interview.id, candidate_id=interview.candidate_id, scorer_id=scorer.id, created_at=since,
            scores={"skills": 3, "learning": 4, "motivation": 5, "communication": 3, "hours": 4, "safety": 4},
            evidence={"learning": "Vroeg na één keer voordoen zelf verder.", "motivation": "Had de werking van de machine opgezocht."},
            make_it_work="Twee dagen meelopen met een vaste collega.",
        )
    )  # fmt: skip


def try_one(world: World) -> None:
    """One candidate said yes to a trial: its start is prepared, and on its last day the company decides."""
    asked = sa.select(Decision.interview_id).where(Decision.state == D.TRIAL).order_by(Decision.id.desc()).limit(1)
    for interview in whole(list(db.session.scalars(asked))):
        with acting.as_(interview.worker_id, "project_worker"):
            answers.told(interview, "accepted")
