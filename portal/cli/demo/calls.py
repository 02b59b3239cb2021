"""Companies that were called for people who look for work: who said what, what is next, and one that nobody knew before."""

from collections.abc import Iterator
from datetime import date

import sqlalchemy as sa

from portal.accounts.roles import Role
from portal.approaches import order, queries, service
from portal.approaches.models import Approach
from portal.approaches.service import CallAnswer
from portal.approaches.states import ApproachState
from portal.candidates.handles import Handle, handle
from portal.candidates.profiles import job_part
from portal.cli.demo.stories import Stage, Story
from portal.cli.demo.world import DAY, World
from portal.employers import leads
from portal.employers.leads import LeadAnswer
from portal.employers.models import Employer, Vacancy
from portal.foundation import acting
from portal.foundation.database import db
from portal.showcase.models import Interest

# The answer, the next step, in how many days, and what was said; in turns over the companies from the top down.
HEARD = (
    ("interested", "", 0, "Zoekt iemand die rustig doorwerkt. Wil het profiel lezen."),
    ("thinks", "call_again", 2, "Overlegt met de ploegbaas."),
    ("wants_visit", "visit", -1, "Kent ons programma niet. Koffie op de zaak voorgesteld."),
    ("not_this_profile", "", 0, "Zoekt alleen mensen met een rijbewijs C."),
    ("not_reached", "call_again", 1, ""),
    ("not_now", "", 0, "Na de verhuis opnieuw proberen."),
)
NEW = LeadAnswer(name="Houtbewerking Zonneveld", contact_name="Mieke Zonneveld", phone="0470 12 34 56", place="Gent")
CALLERS = ("lien", "karim", "joke")


def write(world: World) -> None:
    """A few people of three workers; the first of Lien's has a warm company, ready to be proposed to."""
    new = leads.bring(world.programmes["brug"].id, NEW)
    for turn, code in enumerate(CALLERS):
        worker = world.staff[code]
        with acting.as_(worker.id, Role.PROJECT_WORKER):
            for number, story in enumerate(_searching(world, worker.id)):
                _call(world, story, turn + 2 * number)
                if number == 1:
                    service.plan(handle(story.id), new, world.ahead(turn + 1))

    _propose(world)


def _propose(world: World) -> None:
    """One warm company of a colleague of Lien's has the proposal, and has not answered yet."""
    workers = [world.staff[code].id for code in CALLERS[1:]]
    warm = db.session.scalars(
        sa.select(Approach).where(Approach.state == ApproachState.INTERESTED).order_by(Approach.id)
    ).all()
    for approach in warm:
        case = handle(approach.candidate_id)
        approach.employer = db.session.get_one(Employer, approach.employer_id)
        vacancy = next((one for one, fit in _open(case, approach) if fit != "far"), None)
        if case.worker_id in workers and vacancy is not None and not _known(case, vacancy):
            with acting.as_(case.worker_id, Role.PROJECT_WORKER):
                service.propose(case, approach, vacancy)
            return


def _open(case: Handle, approach: Approach) -> list[tuple[Vacancy, str]]:
    """The open vacancies of its company, each with what a proposal needs, the one that fits best first."""
    return order.fits(queries.open_vacancies(approach.employer), job_part(case.id))


def _known(case: Handle, vacancy: Vacancy) -> bool:
    """Whether the two were brought together earlier in the year."""
    before = sa.select(Interest.id).where(Interest.candidate_id == case.id, Interest.vacancy_id == vacancy.id)
    return db.session.scalar(before) is not None


def _searching(world: World, worker_id: int) -> list[Story]:
    found = [one for one in world.stories if one.stage == Stage.SEARCHING and one.worker_id == worker_id]
    return found[:2]


def _call(world: World, story: Story, turn: int) -> None:
    case = handle(story.id)
    companies = _in_order(case, again=turn == 1)
    for number in range(3 + turn % 2):
        employer = next(companies, None)
        if employer is None:
            return
        _note(world, case, employer, HEARD[(turn + number) % len(HEARD)], world.ago(1 + 3 * number + turn))


def _in_order(case: Handle, *, again: bool) -> Iterator[Employer]:
    """As the list tells: from the top down, whom nobody asked to leave alone, and mostly whom nobody called lately."""
    for row in order.companies(case, job_part(case.id), ""):
        if row.group != order.RESTING and row.approach is None and (again or not row.lately):
            yield row.employer


def _note(world: World, case: Handle, employer: Employer, heard: tuple[str, str, int, str], on: date) -> None:
    answer, step, days, said = heard
    service.note_call(
        case, employer,
        CallAnswer(
            answer=answer, called_on=on, until=world.today + 60 * DAY if answer == "not_now" else None, next_step=step,
            next_on=max(world.today, world.ahead(days)) if step else None, note=said,
        ),
    )  # fmt: skip
