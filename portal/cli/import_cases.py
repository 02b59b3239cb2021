"""Running trajectories: who somebody is comes in sealed, with the worker, the consent and how far the way has come."""

from datetime import date, timedelta

import sqlalchemy as sa

from portal.accounts.models import Person
from portal.candidates import consents, marks
from portal.candidates.models import Candidate, Identity, Plan
from portal.candidates.states import Channel, Purpose
from portal.cli.import_companies import worker_of
from portal.cli.importing import Kind, Refused, Row
from portal.foundation import clock
from portal.foundation.database import db
from portal.journal import service as journal
from portal.programmes.models import Programme, ProgrammeSite, Site
from portal.trajectories import queries as trajectory_queries
from portal.trajectories import service as trajectories
from portal.trajectories.models import Milestone, TrajectoryState

IDENTITY = (
    "first_name", "last_name", "nicknames", "pronoun", "birth_date", "birth_place", "street", "house_number", "postcode", "municipality",
    "phone", "email",
)  # fmt: skip
COLUMNS = (
    *IDENTITY,
    "language",
    "worker_email",
    "site",
    "state",
    "accepted_on",
    "screened_on",
    "plan_agreed_on",
    "goal",
    "consent_on",
)
# Later states stand on rows that no file can bring in (an interview, a start): they are reached in the portal itself.
STATES = ["intake", "screened", "searching"]
PRONOUNS = ["", "he", "she", "they"]


def bring_in(row: Row, programme: Programme, invite: bool) -> None:
    worker = worker_of(row, programme)
    if worker is None:
        raise Refused("worker_email is empty; each case has a worker")
    site = _site(row, programme)
    state, days = TrajectoryState(row.one_of("state", STATES)), _Days(row)
    days.check(state)
    first, last = row.needed("first_name", most=80), row.needed("last_name", most=80)
    if db.session.scalar(
        sa.select(Candidate.id).where(
            marks.namesakes(programme.id, first, last), Candidate.programme_id == programme.id
        )
    ):
        raise Refused("somebody of this name is in the programme already; look there first")
    candidate = Candidate(programme_id=programme.id, worker_id=worker.id, site_id=site.id, language=row.language())
    db.session.add(candidate)
    db.session.flush()
    _know(row, candidate, first, last)
    _agree(candidate, days)
    _way(candidate, worker, state, days)
    if days.plan is not None:
        goal = row.text("goal", most=500) or "–"
        review = days.plan + timedelta(weeks=12)
        db.session.add(
            Plan(candidate_id=candidate.id, goal=goal, agreed_on=days.plan, channel=Channel.PAPER, review_on=review)
        )


class _Days:
    """The days of a case, in their order, none of them in the future."""

    def __init__(self, row: Row) -> None:
        accepted, consent = row.day("accepted_on"), row.day("consent_on")
        if accepted is None or consent is None:
            raise Refused("accepted_on and consent_on are needed; without consent nothing may be kept of a person")
        self.accepted, self.consent = accepted, consent
        self.screened, self.plan = row.day("screened_on"), row.day("plan_agreed_on")

    def check(self, state: TrajectoryState) -> None:
        known = [day for day in (self.accepted, self.screened, self.plan) if day is not None]
        if known != sorted(known) or max([*known, self.consent]) > clock.today():
            raise Refused("the days are not in order (accepted, screened, plan agreed), or lie in the future")
        if state != TrajectoryState.INTAKE and self.screened is None:
            raise Refused(f"screened_on is empty; somebody in the state {state.value} was screened")
        if state == TrajectoryState.SEARCHING and self.plan is None:
            raise Refused("plan_agreed_on is empty; somebody who searches has agreed a plan")


def _site(row: Row, programme: Programme) -> Site:
    """A place where the programme works, by its code or its name in any language."""
    wanted = row.needed("site")
    found = db.session.scalars(
        sa.select(Site)
        .join(ProgrammeSite, ProgrammeSite.site_id == Site.id)
        .where(ProgrammeSite.programme_id == programme.id)
        .where(sa.or_(Site.code == wanted, Site.nl == wanted, Site.fr == wanted, Site.en == wanted))
    ).first()
    if found is None:
        raise Refused(f"site is {wanted}; {programme.name} does not work there")
    return found


def _know(row: Row, candidate: Candidate, first: str, last: str) -> None:
    born = row.day("birth_date")
    rest = {
        name: row.text(name) or None
        for name in IDENTITY
        if name not in {"first_name", "last_name", "birth_date", "pronoun", "email"}
    }
    db.session.add(
        Identity(
            candidate_id=candidate.id, first_name=first, last_name=last, pronoun=row.one_of("pronoun", PRONOUNS) or None,
            birth_date=born.isoformat() if born else None, email=row.address("email") or None, employers=[], schools=[], **rest,
        )
    )  # fmt: skip
    marks.keep(candidate, first, last, [row.text("nicknames")], born.isoformat() if born else None)


def _agree(candidate: Candidate, days: _Days) -> None:
    given = consents.give(candidate.id, Purpose.PROCESSING, channel=Channel.PAPER, language=candidate.language)
    given.given_on = days.consent


def _way(candidate: Candidate, worker: Person, state: TrajectoryState, days: _Days) -> None:
    """The trajectory as it stands, its milestones counted from the day on which it really began."""
    way = trajectories.begin(candidate)
    late = clock.today() - days.accepted
    for milestone in trajectory_queries.milestones_of(way.id):
        milestone.due_from, milestone.due_until = milestone.due_from - late, milestone.due_until - late
        milestone.done_on = _done(milestone, days)
    way.accepted_on, way.screened_on, way.state = days.accepted, days.screened, state
    way.counted_on = days.screened if days.plan is not None else None
    journal.note("trajectory.imported", way, state=state.value, worker=worker.id)


def _done(milestone: Milestone, days: _Days) -> date | None:
    return {"accepted": days.accepted, "screening": days.screened, "plan_agreed": days.plan}.get(milestone.code)


KIND = Kind(
    "cases",
    COLUMNS,
    ("first_name", "last_name", "worker_email", "site", "state", "accepted_on", "consent_on"),
    bring_in,
)
