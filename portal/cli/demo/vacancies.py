"""About 110 vacancies over the year, some thirty of them open, and for each occupation that people look for one that many meet."""

from datetime import time

from portal.cli.demo import stories
from portal.cli.demo.world import DAY, Company, Job, World
from portal.employers.models import Vacancy, VacancyCompetence
from portal.employers.states import EmployerState, VacancyState
from portal.foundation.database import db

V = VacancyState
MUST = 2
PER_COMPANY = 3
EASY = {"nl": "few_words"}
LICENCES = {"truck_driving": "c", "parcel_delivery": "b"}
# Vacancies that everybody who looks for that work should find, by the company that offers them.
BESIDE = {
    "tyre_fitting": "verlinden", "assembly": "vlasroos", "site_helper": "kanteldijk", "carpentry_helper": "aerts",
    "warehouse_work": "nys", "order_picking": "palletpunt", "office_cleaning": "propera", "laundry": "linnenlicht",
    "bakery_helper": "soetaert", "production_food": "groentenkaai", "kitchen_helper": "roodhuis", "dishwashing": "zilvermeeuw",
    "waste_sorting": "afvalring", "reuse_shop": "tweedekans", "green_work": "stratenploeg", "greenhouse": "bloesemveld",
}  # fmt: skip


def write(world: World) -> None:
    hiring = [one for one in world.companies.values() if one.people and one.employer.state != EmployerState.REGISTERED]
    for company in hiring:
        for nth, code in enumerate(company.data["roles"]):
            _history(world, company, world.jobs[code], nth)
    for code, where in BESIDE.items():
        _open(world, world.companies[where], world.jobs[code])
    _more_open(world, hiring)
    _drafts(world)
    for company in hiring:
        db.session.add_all(company.vacancies)
    db.session.flush()
    _competences(world, hiring)


def _history(world: World, company: Company, job: Job, nth: int) -> None:
    """What a company sought earlier this year: filled, closed or expired."""
    verified = company.employer.verified_at
    if verified is None or company.employer.state == EmployerState.VERIFIED:
        return
    room = max((world.today - verified.date()).days - 10, 30)
    for again in range(1 + ((nth + len(company.data["name"])) % 6 == 0)):
        opened = world.ago(world.rng.randint(25, min(room, 420)))
        age = (world.today - opened).days
        state = world.pick([V.FILLED, V.FILLED, V.CLOSED, V.EXPIRED]) if age > 70 else V.FILLED
        vacancy = _vacancy(world, company, job, state)
        vacancy.opened_at = vacancy.created_at = world.moment(opened)
        vacancy.expires_on = opened + DAY * 60
        vacancy.closed_because = {V.CLOSED: world.pick(["filled_elsewhere", "no_longer_needed"])}.get(state, "")
        vacancy.number = 1 + again


def _open(world: World, company: Company, job: Job, state: VacancyState = V.OPEN) -> Vacancy:
    opened = max(world.ago(world.rng.randint(12, 60)), company.employer.created_at.date() + DAY * 3)
    vacancy = _vacancy(world, company, job, state)
    vacancy.opened_at = None if state == V.DRAFT else world.moment(min(opened, world.today))
    vacancy.created_at = vacancy.opened_at or world.moment(world.ago(2))
    vacancy.starts_on = world.ahead(world.rng.randint(15, 60))
    vacancy.expires_on = world.ahead(world.rng.randint(25, 90))
    return vacancy


def _more_open(world: World, hiring: list[Company]) -> None:
    """Other open places; a few in lines of work where too few people look, so that a worker mediates."""
    known = sought(world)
    for company in hiring:
        if (
            company.employer.state not in {EmployerState.ACTIVE, EmployerState.VERIFIED}
            or company.data["code"] in BESIDE.values()
        ):
            continue
        roles = sorted(company.data["roles"], key=lambda code: code not in known)
        if roles[0] in known or world.often(0.35):
            _open(world, company, world.jobs[roles[0]])


def _drafts(world: World) -> None:
    for code, state in (
        ("metalia", V.DRAFT),
        ("wolkenhof", V.DRAFT),
        ("nys", V.DRAFT),
        ("toestelwerf", V.ON_HOLD),
        ("vlasroos", V.ON_HOLD),
    ):
        company = world.companies[code]
        _open(world, company, world.jobs[company.data["roles"][-1]], state)


def _vacancy(world: World, company: Company, job: Job, state: VacancyState) -> Vacancy:
    spoken = company.data["language"]
    said = world.sentences["roles"][job.code]
    contact = company.people[-1] if len(company.people) > 1 and job.code == company.data["roles"][-1] else company.admin
    hours = world.pick([(8, 16, 38), (7, 15, 38), (8, 16, 38), (9, 15, 30)])
    vacancy = Vacancy(
        employer_id=company.employer.id, contact_id=contact.id, workplace_id=company.workplace.id, occupation_id=job.id,
        state=state, title=said["title"].get(spoken, said["title"]["nl"]), tasks="\n".join(said["tasks"].get(spoken, said["tasks"]["nl"])),
        number=world.pick([1, 1, 1, 2, 3]), hours_from=time(hours[0], 0), hours_until=time(hours[1], 30 if hours[1] == 16 else 0),
        hours_week=hours[2], shift="day", forms=["permanent", "fixed_term", *world.some(["internship", "ibo", "temporary_agency"], 2)],
        languages=dict(EASY), licence=LICENCES.get(job.code, "none"), physical_load=world.pick(["light", "medium", "medium", "heavy"]),
        flexible=world.often(0.5), interview_inside=world.often(0.3), interview_video=world.often(0.2),
        notice_days=world.pick([1, 7, 7, 14]), extract_basis="",
    )  # fmt: skip
    company.vacancies.append(vacancy)
    return vacancy


def _competences(world: World, hiring: list[Company]) -> None:
    """The first two that an occupation usually asks are musts, the rest can be learnt."""
    jobs = {job.id: job for job in world.jobs.values()}
    db.session.add_all(
        VacancyCompetence(vacancy_id=vacancy.id, competence_id=competence, must=nth < MUST)
        for company in hiring
        for vacancy in company.vacancies
        for nth, competence in enumerate(jobs[vacancy.occupation_id].competences[:5])
    )


def musts(job: Job) -> tuple[int, ...]:
    return job.competences[:MUST]


def sought(world: World) -> set[str]:
    return {code for lines in stories.SOUGHT.values() for pair in lines for code in pair}
