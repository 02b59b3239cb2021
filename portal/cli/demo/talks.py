"""What came of a talk: scorecards, the decision with its reasons, and how long the name stays readable."""

from dataclasses import dataclass
from datetime import date, timedelta

from portal.cli.demo import outcomes
from portal.cli.demo.stories import Story
from portal.cli.demo.world import DAY, World
from portal.employers.models import Vacancy
from portal.foundation.database import db
from portal.interviews.models import Decision, Interview, Reveal, Scorecard
from portal.interviews.states import DecisionState, InterviewState

D, T = DecisionState, InterviewState
STATES = {
    "accepted": D.ACCEPTED, "pending": D.PENDING, "offer": D.OFFER, "second_talk": D.SECOND_TALK, "trial": D.TRIAL,
    "rejected": D.REJECTED, "declined": D.DECLINED,
}  # fmt: skip
CRITERIA = ("skills", "learning", "motivation", "communication", "hours", "safety")
KEPT_AFTER_NO = timedelta(days=30)


@dataclass
class Talk:
    """An interview of a story, how it ended (or what it waits for), and when that was decided."""

    story: Story
    interview: Interview
    how: str
    decided: date | None

    @property
    def is_no(self) -> bool:
        return self.how in {"rejected", "declined"}


def settle(world: World) -> None:
    for talk in world.talks:
        if talk.interview.state in {T.HELD, T.CONFIRMED}:
            _reveal(world, talk)
        if talk.interview.state == T.HELD:
            _decide(world, talk)
    outcomes.around(
        world, [one.interview for one in world.talks], [one.interview for one in world.talks if one.how == "pending"]
    )
    db.session.flush()


def _reveal(world: World, talk: Talk) -> None:
    given = world.told.get((talk.story.id, talk.interview.employer_id))
    if given is None:
        return
    ends = world.moment(talk.decided) + KEPT_AFTER_NO if talk.is_no and talk.decided else None
    db.session.add(
        Reveal(
            interview_id=talk.interview.id, candidate_id=talk.story.id, person_id=talk.interview.contact_id,
            consent_id=given.id, ends_at=ends, created_at=talk.interview.created_at,
        )
    )  # fmt: skip


def _decide(world: World, talk: Talk) -> None:
    decided = talk.how != "pending"
    note = world.pick(world.sentences["decision_notes"])
    rejected, day = talk.how == "rejected", talk.decided or world.today
    told = decided and talk.how not in {"second_talk", "trial"} and day + 2 * DAY <= world.today
    decision = Decision(
        interview_id=talk.interview.id, candidate_id=talk.story.id, state=STATES[talk.how],
            reasons=[note["reason"]] if rejected else [], note=note["nl"] if rejected else None,
            decided_by=talk.interview.contact_id if decided else None, decided_at=world.moment(day) if decided else None,
            told_at=world.moment(min(day + 2 * DAY, world.today)) if told else None,
            candidate_reasons=[world.pick(["schedule", "transport", "job_content"])] if talk.how == "declined" else [],
            created_at=talk.interview.ends_at or world.now,
    )  # fmt: skip
    vacancy = db.session.get_one(Vacancy, talk.interview.vacancy_id)
    outcomes.terms(decision, vacancy.forms[0] if vacancy.forms else "permanent", vacancy.hours_week, day)
    db.session.add(decision)
    if decided:
        db.session.add(_scorecard(world, talk, low=rejected))


def _scorecard(world: World, talk: Talk, *, low: bool) -> Scorecard:
    said = set(world.some(CRITERIA, 3))
    lines = {one["criterion"]: one["nl"] for one in world.sentences["scorecard_evidence"]}
    return Scorecard(
        interview_id=talk.interview.id, candidate_id=talk.story.id, person_id=talk.interview.contact_id,
        scores={code: world.rng.randint(2, 4) if low else world.rng.randint(3, 5) for code in CRITERIA},
        evidence={code: lines[code] if code in said else "" for code in CRITERIA},
        make_it_work=None if low else world.pick(["Een uur later beginnen de eerste maand.", "Een buddy in de ploeg.", "Eerst twee dagen meelopen."]),
        created_at=talk.interview.ends_at or world.now,
    )  # fmt: skip
