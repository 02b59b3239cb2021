"""From an accepted offer to a start, and to the end of a job."""

from datetime import date, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from portal.accounts.models import Person
from portal.agenda.windows import next_workday, workdays_after
from portal.candidates import consents
from portal.candidates.handles import handle, right_to_work_until
from portal.candidates.states import Channel, Purpose
from portal.employers.models import Employer, Vacancy
from portal.foundation import clock
from portal.foundation.database import db
from portal.foundation.errors import DomainError
from portal.foundation.signals import placement_ended, placement_started
from portal.foundation.words import lazy
from portal.interviews.models import Decision, Interview
from portal.interviews.states import DecisionState, InterviewState
from portal.journal import service as journal
from portal.organisations.models import Workplace
from portal.placements import safety
from portal.placements.answers import EndAnswer, StartAnswer
from portal.placements.guards import FIELD_OF, Guard, blockers
from portal.placements.guards import of as guards_of
from portal.placements.models import Placement, PlacementState
from portal.programmes import employment
from portal.tasks import service as tasks
from portal.trajectories import service as trajectories
from portal.trajectories.models import TrajectoryState

PREPARE_WITHIN = 2
USUAL_LEAD = timedelta(days=14)
AHEAD = timedelta(days=31)
# Sustained employment is measured in days from the start (product.md, Figures).
WEEKS_26 = timedelta(days=182)
MILESTONES = (
    (PlacementState.STARTED, PlacementState.ONGOING, timedelta(days=7)),
    (PlacementState.ONGOING, PlacementState.SUSTAINED_13, timedelta(days=91)),
    (PlacementState.SUSTAINED_13, PlacementState.SUSTAINED_26, WEEKS_26),
)


class EndsBeforeStart(DomainError):
    sentence = lazy("The contract cannot end before the first day. Look at both dates.")
    field = "contract_ends_on"


class NoRightToWork(DomainError):
    sentence = lazy(
        "On the first day the right to work has already ended. Move the start or ask for the extension first."
    )
    field = "right_to_work_until"


class StillMissing(DomainError):
    """The programme wants this arranged before a start is recorded."""

    def __init__(self, guard: Guard) -> None:
        super().__init__(
            lazy("In this programme a start needs this first: %(what)s.", what=guard.title),
            field=FIELD_OF.get(guard.code, guard.code),
        )


class NotAgreed(DomainError):
    sentence = lazy("The person has not agreed to contact with the justice assistant. Ask first, then tick it.")
    field = "justice_consent"


class TooEarly(DomainError):
    sentence = lazy("Record the start from a month before the first day. Until then, keep the draft.")
    field = "starts_on"


class ImpossibleEnd(DomainError):
    sentence = lazy("Give the last day worked: not before the start, and not in the future.")
    field = "ended_on"


def prepare(interview: Interview) -> Placement:
    """An accepted offer (or trial) becomes a placement that is being prepared, with what the offer and the vacancy say.

    The first day is a proposal until the worker keeps the form: the offer's date, the vacancy's, else two weeks from now.
    An offer after a trial is a start of its own: the trial keeps its form, its days and its interview.
    """
    offer = db.session.scalar(sa.select(Decision).where(Decision.interview_id == interview.id))
    found = db.session.scalar(sa.select(Placement).where(Placement.interview_id == interview.id))
    after_trial = offer is not None and offer.tried and offer.state is DecisionState.ACCEPTED
    if found is not None and not after_trial:
        return found
    vacancy, case = db.session.get_one(Vacancy, interview.vacancy_id), handle(interview.candidate_id)
    trajectory = trajectories.push(interview.candidate_id, TrajectoryState.STARTING)
    offered = offer.form if offer is not None else ""
    form = offered or (vacancy.forms[0] if vacancy.forms else "permanent")
    proposed = next_workday(clock.today() + USUAL_LEAD)
    wished = (offer.starts_on if offer is not None else None) or vacancy.starts_on
    placement = Placement(
        candidate_id=interview.candidate_id, trajectory_id=trajectory.id, employer_id=interview.employer_id,
        vacancy_id=vacancy.id, interview_id=None if found else interview.id, contact_id=interview.contact_id,
        worker_id=case.worker_id or interview.worker_id, workplace_id=interview.workplace_id, form=form,
        starts_on=wished if wished and wished > clock.today() else proposed, shift=vacancy.shift, paid=_paid(trajectory.programme_id, form),
        hours_week=(offer.hours_week if offer is not None else None) or vacancy.hours_week,
        contract_ends_on=offer.ends_on if offer is not None else None,
        right_to_work_until=right_to_work_until(interview.candidate_id),
    )  # fmt: skip
    db.session.add(placement)
    db.session.flush()
    journal.note("placement.preparing", placement)
    _ask_to_prepare(placement, vacancy)
    return placement


def _ask_to_prepare(placement: Placement, vacancy: Vacancy) -> None:
    employer = db.session.scalar(
        sa.select(Employer).options(joinedload(Employer.organisation)).where(Employer.id == placement.employer_id)
    )
    tasks.open_task(
        "placements.prepare", placement, owner_id=placement.worker_id, about=placement.candidate_id,
        due=workdays_after(clock.today(), PREPARE_WITHIN), at=("placements.prepare", {"key": placement.key}),
        company=employer.organisation.name if employer else "", job=vacancy.title,
    )  # fmt: skip


def _paid(programme_id: int, form: str) -> bool:
    return employment.asks(programme_id, form).strict


def keep(
    placement: Placement, answer: StartAnswer, *, workplace: Workplace, justice_assistant: Person | None = None
) -> None:
    """Write down what is agreed so far. Raises EndsBeforeStart or NotAgreed."""
    _check_dates(answer)
    placement.starts_on, placement.form = answer.starts_on, answer.form
    placement.paid = _paid(handle(placement.candidate_id).programme_id, answer.form)
    placement.workplace_id = workplace.id
    for name in _AS_ANSWERED:
        setattr(placement, name, getattr(answer, name))
    placement.disclosure_words = answer.disclosure_words or None
    _keep_consents(placement, answer, justice_assistant)
    placement.justice_assistant_id = justice_assistant.id if justice_assistant else None
    journal.note("placement.kept", placement)


_AS_ANSWERED = (
    "hours_week", "wage_band", "shift", "supervisor", "buddy", "disclosure", "transport_first_day", "workwear_ready",
    "vdab_registered_on", "premium_checked", "insured", "schedule_approved_on", "right_to_work_until", "contract_ends_on",
)  # fmt: skip


def _check_dates(answer: StartAnswer) -> None:
    if answer.contract_ends_on is not None and answer.contract_ends_on <= answer.starts_on:
        raise EndsBeforeStart()


def _keep_consents(placement: Placement, answer: StartAnswer, justice_assistant: Person | None) -> None:
    wanted = {Purpose.AFTERCARE: answer.aftercare_consent, Purpose.JUSTICE_CONTACT: answer.justice_consent}
    for purpose, given in wanted.items():
        if given and consents.standing(placement.candidate_id, purpose) is None:
            language = handle(placement.candidate_id).language
            consents.give(placement.candidate_id, purpose, channel=Channel.PAPER, language=language)
    if justice_assistant is not None and consents.standing(placement.candidate_id, Purpose.JUSTICE_CONTACT) is None:
        raise NotAgreed()


def record_start(placement: Placement) -> None:
    """The person starts: aftercare lays out its 26 weeks. Raises TooEarly, NoRightToWork or StillMissing."""
    if placement.starts_on > clock.today() + AHEAD:
        raise TooEarly()
    _stop_where_the_programme_says(placement)
    placement.move_to(PlacementState.STARTED)
    trajectories.push(placement.candidate_id, TrajectoryState.IN_AFTERCARE)
    tasks.close("placements.prepare", placement)
    db.session.flush()
    placement_started.send(placement)


def _stop_where_the_programme_says(placement: Placement) -> None:
    stops = blockers(trajectories.of(placement.candidate_id).programme_id)
    for guard in guards_of(placement) if stops else ():
        if guard.code == "right_to_work_start" and guard.code in stops:
            raise NoRightToWork()
        if guard.code in stops:
            raise StillMissing(guard)


def fall_through(placement: Placement, reason: str, by: str = "") -> None:
    """The start does not come; the search goes on the same day, and the company is called."""
    placement.ended_because, placement.ended_by = reason, by
    placement.move_to(PlacementState.FELL_THROUGH, reason)
    search_again(placement, reason)
    tasks.close("placements.prepare", placement, outcome="fell_through")
    safety.ask_to_call(placement)


def search_again(placement: Placement, reason: str) -> None:
    """The person searches from today, unless another start is there already or the way is over."""
    way = trajectories.of(placement.candidate_id)
    other = sa.select(Placement.id).where(
        Placement.candidate_id == placement.candidate_id, Placement.id != placement.id,
        Placement.state.not_in((PlacementState.FELL_THROUGH, PlacementState.ENDED)),
    )  # fmt: skip
    if (
        way.id == placement.trajectory_id
        and way.may_move_to(TrajectoryState.SEARCHING)
        and not db.session.scalar(other.limit(1))
    ):
        trajectories.push(placement.candidate_id, TrajectoryState.SEARCHING, reason)
        if _still_meets(placement):
            trajectories.push(placement.candidate_id, TrajectoryState.INTERVIEWING)


def _still_meets(placement: Placement) -> bool:
    """Whether another company meets this person, so that the search is further than its beginning."""
    stands = (
        InterviewState.REQUESTED,
        InterviewState.AWAITING_PERMISSION,
        InterviewState.CONFIRMED,
        InterviewState.NEEDS_WORKER,
    )
    met = sa.select(Interview.id).where(Interview.candidate_id == placement.candidate_id, Interview.state.in_(stands))
    return db.session.scalar(met.where(Interview.id != placement.interview_id).limit(1)) is not None


def end(placement: Placement, answer: EndAnswer) -> None:
    """The job is over. Somebody whose way is not completed yet searches again. Raises ImpossibleEnd."""
    if not placement.starts_on <= answer.ended_on <= max(clock.today(), placement.starts_on):
        raise ImpossibleEnd()
    completed = placement.state == PlacementState.SUSTAINED_26
    placement.ended_on, placement.ended_because, placement.ended_by = answer.ended_on, answer.reason, answer.by
    placement.move_to(PlacementState.ENDED, answer.reason)
    if not completed:
        search_again(placement, answer.reason)
        safety.ask_to_call(placement)
    placement_ended.send(placement)


def advance(placement: Placement, today: date) -> bool:
    """Move a running placement to the state that its days deserve; says whether anything changed (nightly)."""
    changed = False
    for before, state, after in MILESTONES:
        if placement.state == before and today >= placement.starts_on + after:
            placement.move_to(state)
            changed = True
    if changed and placement.state == PlacementState.SUSTAINED_26:
        trajectories.push(placement.candidate_id, TrajectoryState.COMPLETED)
    return changed
