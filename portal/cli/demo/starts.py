"""The starts: being prepared, in each of the 26 weeks, sustained, and ended."""

from datetime import date

from portal.candidates.states import Purpose
from portal.cli.demo.cases import consent
from portal.cli.demo.stories import Stage, Story
from portal.cli.demo.talks import Talk
from portal.cli.demo.world import DAY, World, working
from portal.employers.models import Vacancy
from portal.foundation.database import db
from portal.foundation.options import options
from portal.interviews.models import Interview
from portal.placements.models import Placement, PlacementState

P = PlacementState
FORMS = (
    "permanent", "permanent", "fixed_term", "fixed_term", "fixed_term", "temporary_agency", "temporary_agency", "permanent", "ibo",
    "internship",
)  # fmt: skip
BUDDIES = ("Els", "Mario", "Rita", "Joost", "Saskia", "Filip")
ENDS = (
    ("employer", "less_work"),
    ("employee", "other_job"),
    ("together", "job_does_not_fit"),
    ("employee", "schedule_or_transport"),
)


def write(world: World) -> None:
    accepted = [talk for talk in world.talks if talk.how == "accepted"]
    ends = iter(ENDS)
    for talk in accepted:
        talk.story.placement = _placement(world, talk)
        if talk.story.stage == Stage.ENDED:
            _end(world, talk.story, *next(ends))
    db.session.add_all(talk.story.placement for talk in accepted)
    db.session.flush()


def state_on(start: date, today: date) -> PlacementState:
    """What the days since the start deserve."""
    days = (today - start).days
    for least, state in ((182, P.SUSTAINED_26), (91, P.SUSTAINED_13), (7, P.ONGOING), (0, P.STARTED)):
        if days >= least:
            return state
    return P.PREPARING


def _placement(world: World, talk: Talk) -> Placement:
    story, interview = talk.story, talk.interview
    vacancy = db.session.get_one(Vacancy, interview.vacancy_id)
    start = story.days["start"]
    ready = start <= world.today
    form = "fixed_term" if story.company else world.pick(FORMS)
    kind = options("candidates", "employment_forms")[form].data
    if ready:
        consent(world, story, Purpose.AFTERCARE, start - 5 * DAY)
    justice = _justice_assistant(world, story, start) if ready else None
    return Placement(
        candidate_id=story.id, trajectory_id=story.trajectory.id, employer_id=interview.employer_id, vacancy_id=vacancy.id,
        interview_id=interview.id, contact_id=interview.contact_id, worker_id=story.worker_id,
        workplace_id=vacancy.workplace_id, state=state_on(start, world.today), starts_on=start, form=form,
        paid=bool(kind["strict"]), hours_week=32 if story.company else vacancy.hours_week,
        wage_band=world.pick(["minimum", "scale", "scale", "above"]) if kind["strict"] else "allowance", shift=vacancy.shift,
        supervisor=_supervisor(world, interview) if ready else "", buddy=world.pick(BUDDIES) if ready and world.often(0.7) else "",
        disclosure=world.pick(["none", "none", "who"]), transport_first_day="Met de bus, iemand wacht aan de halte." if ready else "",
        workwear_ready=ready, vdab_registered_on=start - 6 * DAY if ready else None, premium_checked=ready and world.often(0.9),
        insured=ready and bool(kind["insurance"]), schedule_approved_on=start - 4 * DAY if ready else None,
        right_to_work_until=world.ahead(world.rng.randint(220, 1400)) if ready else None,
        contract_ends_on=_contract_end(world, form, start) if ready else None,
        justice_assistant_id=justice, created_at=world.moment(talk.decided or world.today),
    )  # fmt: skip


def _justice_assistant(world: World, story: Story, start: date) -> int | None:
    """Where one follows the person and the person agreed to the contact."""
    applies = options("candidates", "detention_regimes")[story.regime].data["justice_assistant"]
    partner = story.place.partners.get("house_of_justice")
    if not applies or partner is None:
        return None
    consent(world, story, Purpose.JUSTICE_CONTACT, start - 5 * DAY)
    return partner.id


def _supervisor(world: World, interview: Interview) -> str:
    contact = next(
        person for company in world.companies.values() for person in company.people if person.id == interview.contact_id
    )
    return contact.name


def _contract_end(world: World, form: str, start: date) -> date | None:
    if form not in {"fixed_term", "internship", "ibo"}:
        return None
    length = {"fixed_term": 184, "internship": 60, "ibo": 150}[form]
    # A contract that has run out went on, as long again; one of them ends within a month, so that somebody asks.
    end = start + length * DAY
    while end <= world.today + 35 * DAY:
        end += length * DAY
    return end


def _end(world: World, story: Story, by: str, reason: str) -> None:
    """A job that did not last: the person searches again."""
    placement: Placement = story.placement
    placement.state = P.ENDED
    placement.ended_on = placement.starts_on + DAY * world.rng.randint(24, 50)
    placement.ended_because, placement.ended_by = reason, by
    # The safety net: the company was called, and most want to go on.
    placement.employer_called_on = working(placement.ended_on + DAY)
    placement.wants_another = world.pick(["yes", "yes", "no"])
    placement.call_note = "Rustig gesproken over wat er misliep. Het bedrijf blijft ons kennen."
