"""Calling companies for somebody: in the right order, respecting a no, counted once each, and never with a name."""

from datetime import timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from portal.accounts.models import Person
from portal.accounts.roles import Role
from portal.ambassadors.models import Ambassador, AmbassadorState
from portal.approaches import leads as signed_up
from portal.approaches import order as asking
from portal.approaches import service
from portal.approaches.models import Approach, ApproachCall
from portal.approaches.service import CallAnswer, LeaveAlone
from portal.approaches.states import ApproachState
from portal.candidates.handles import handle
from portal.candidates.models import Candidate
from portal.candidates.profiles import job_part
from portal.employers import leads
from portal.employers.models import Employer, Lead
from portal.employers.states import EmployerState, VacancyState
from portal.foundation import acting, clock
from portal.foundation.database import db
from portal.journal.models import Entry
from portal.organisations.models import Kind, Organisation
from portal.showcase import kept_from
from portal.tasks.models import Task
from portal.trajectories.models import Milestone, Trajectory, TrajectoryState
from tests.factories import a_person, a_programme
from tests.showcase.factories import a_candidate, a_company, a_vacancy, a_worker
from tests.showcase.test_the_way_of_a_profile import _csrf

pytestmark = pytest.mark.usefixtures("app")
NAME = "Quirijntje"


@pytest.fixture
def lien() -> Person:
    return a_worker()


@pytest.fixture
def person(lien: Person) -> Candidate:
    found = a_candidate(lien, first_name=NAME, last_name="Zonderland", state=TrajectoryState.SEARCHING)
    way = db.session.scalars(sa.select(Trajectory).where(Trajectory.candidate_id == found.id)).one()
    due = clock.today() + timedelta(days=20)
    db.session.add(Milestone(trajectory_id=way.id, code="employers_approached", due_from=clock.today(), due_until=due))
    db.session.commit()
    return found


def company(name: str, *, state: EmployerState = EmployerState.ACTIVE, agency: bool = False) -> Employer:
    employer, _contact = a_company(None, name)
    employer.state = state
    if agency:
        db.session.get_one(Organisation, employer.organisation_id).kind = Kind.AGENCY
    db.session.commit()
    return employer


def an_ambassador(name: str, state: AmbassadorState = AmbassadorState.ACTIVE) -> Employer:
    employer, contact = a_company(None, name)
    db.session.add(Ambassador(employer_id=employer.id, person_id=contact.id, state=state))
    db.session.commit()
    return employer


def a_lead(name: str = "Drukkerij Zon", **more: Any) -> Employer:
    answer = leads.LeadAnswer(name=name, contact_name="Mia Zon", phone="0470 12 34 56", place="Gent", **more)
    found = leads.bring(a_programme().id, answer)
    db.session.commit()
    return found


def call(person: Candidate, employer: Employer, answer: str, **more: Any) -> Approach:
    with acting.as_(person.worker_id, Role.PROJECT_WORKER):
        given = CallAnswer(answer=answer, called_on=more.pop("on", clock.today()), **more)
        found = service.note_call(handle(person.id), _whole(employer), given)
    db.session.commit()
    return found


def _whole(employer: Employer) -> Employer:
    employer.organisation = db.session.get_one(Organisation, employer.organisation_id)
    return employer


def order(person: Candidate) -> list[tuple[str, str]]:
    db.session.expire_all()
    rows = asking.companies(handle(person.id), job_part(person.id), "9000")
    return [(one.group, one.employer.name) for one in rows]


def milestone() -> Any:
    db.session.expire_all()
    return db.session.scalars(sa.select(Milestone)).one().done_on


def open_tasks(kind: str) -> list[Task]:
    return list(db.session.scalars(sa.select(Task).where(Task.kind == kind, Task.closed_at.is_(None))))


# --- The order -----------------------------------------------------------------------------------------------------


def test_ambassadors_come_first_then_agencies_then_known_companies_then_new_ones(person: Candidate) -> None:
    a_lead()
    company("Bakkerij Maes")
    company("Flex Interim", agency=True)
    an_ambassador("Garage Verlinden")
    assert order(person) == [
        ("ambassador", "Garage Verlinden"), ("agency", "Flex Interim"), ("known", "Bakkerij Maes"), ("new", "Drukkerij Zon"),
    ]  # fmt: skip


def test_only_a_charter_that_stands_puts_a_company_first(person: Candidate) -> None:
    an_ambassador("Garage Verlinden", AmbassadorState.PAUSED)
    an_ambassador("Bakkerij Maes", AmbassadorState.APPLIED)
    assert {group for group, _name in order(person)} == {"known"}


def test_within_a_group_a_fitting_open_vacancy_comes_first(person: Candidate, lien: Person) -> None:
    company("Zonder vacature")
    far, far_contact = a_company(lien, "Vraagt meer")
    a_vacancy(far, far_contact, licence="ce", musts=("work_safely", "lift_safely"))
    near, near_contact = a_company(lien, "Past goed")
    a_vacancy(near, near_contact)
    assert [name for _group, name in order(person)] == ["Past goed", "Vraagt meer", "Zonder vacature"]


def test_within_a_group_a_company_that_a_colleague_called_lately_comes_later(person: Candidate) -> None:
    maes, _nys = company("Bakkerij Maes"), company("Transport Nys")
    other = a_candidate(a_worker("Sam"), state=TrajectoryState.SEARCHING)
    call(other, maes, "thinks", on=clock.today() - timedelta(days=3))
    assert [name for _group, name in order(person)] == ["Transport Nys", "Bakkerij Maes"]
    db.session.execute(sa.update(ApproachCall).values(called_on=clock.today() - timedelta(days=30)))
    assert [name for _group, name in order(person)] == ["Bakkerij Maes", "Transport Nys"]


def test_a_blocked_company_is_not_in_the_list_and_one_that_must_not_see_stands_last(
    person: Candidate, lien: Person
) -> None:
    company("Geblokkeerd", state=EmployerState.BLOCKED)
    past = an_ambassador("Vroegere baas")
    company("Bakkerij Maes")
    with acting.as_(lien.id, Role.PROJECT_WORKER):
        kept_from.keep_from(handle(person.id), past.key, "past_employer")
    db.session.commit()
    assert order(person) == [("known", "Bakkerij Maes"), ("resting", "Vroegere baas")]


def test_who_must_not_see_is_not_called_and_what_was_planned_stops(person: Candidate, lien: Person) -> None:
    past = company("Vroegere baas")
    with acting.as_(lien.id, Role.PROJECT_WORKER):
        service.plan(handle(person.id), _whole(past), clock.today())
        db.session.commit()
        assert len(open_tasks("approaches.call_company")) == 1
        kept_from.keep_from(handle(person.id), past.key, "past_employer")
        db.session.commit()
    assert not open_tasks("approaches.call_company")
    with pytest.raises(service.MustNotSee):
        call(person, past, "interested")


# --- No, and not now -----------------------------------------------------------------------------------------------


def test_not_now_is_respected_by_colleagues_who_call_for_somebody_else(person: Candidate) -> None:
    maes = company("Bakkerij Maes")
    call(person, maes, "not_now", until=clock.today() + timedelta(days=30))
    sam = a_worker("Sam")
    other = a_candidate(sam, state=TrajectoryState.SEARCHING)
    assert order(other) == [("resting", "Bakkerij Maes")]
    with pytest.raises(LeaveAlone):
        call(other, maes, "interested")
    db.session.rollback()
    assert call(other, maes, "interested", by_company=True).state == ApproachState.INTERESTED


def test_not_now_ends_on_its_day_and_comes_back_as_a_task(person: Candidate, lien: Person) -> None:
    maes, day = company("Bakkerij Maes"), clock.today() + timedelta(days=30)
    row = call(person, maes, "not_now", until=day)
    assert (row.state, row.next_step, row.next_on) == (ApproachState.NOT_NOW, "call_again", day)
    task = open_tasks("approaches.next_step")[0]
    assert (task.due, task.owner_id, task.words["company"]) == (day, lien.id, "Bakkerij Maes")
    db.session.execute(sa.update(Approach).values(until=clock.today()))
    db.session.execute(sa.update(ApproachCall).values(until=clock.today()))
    assert order(person)[0][0] == "under_way"
    assert call(person, maes, "interested").state == ApproachState.INTERESTED


def test_a_no_for_one_profile_leaves_the_company_to_others_and_a_no_to_calls_does_not(person: Candidate) -> None:
    maes, nys = company("Bakkerij Maes"), company("Transport Nys")
    other = a_candidate(a_worker("Sam"), state=TrajectoryState.SEARCHING)
    call(person, maes, "not_this_profile")
    call(person, nys, "no_calls")
    assert order(other) == [("known", "Bakkerij Maes"), ("resting", "Transport Nys")]
    assert [group for group, _name in order(person)] == ["resting", "resting"]
    with pytest.raises(LeaveAlone):
        call(person, maes, "interested")


def test_a_company_that_says_not_now_says_until_when(visitors: Any, person: Candidate, lien: Person) -> None:
    maes = company("Bakkerij Maes")
    page = visitors(lien).open(f"/people/{person.key}/calls/{maes.key}")
    page = page.send("Bewaar het telefoontje", said="not_now").says("tot wanneer het bedrijf met rust")
    assert page.status == 422
    assert db.session.scalar(sa.select(sa.func.count(ApproachCall.id))) == 0


# --- Three companies -----------------------------------------------------------------------------------------------


def test_the_third_different_company_that_was_spoken_to_reaches_the_milestone(person: Candidate) -> None:
    maes, nys, zon = company("Bakkerij Maes"), company("Transport Nys"), a_lead()
    call(person, maes, "thinks")
    call(person, maes, "not_this_profile")
    call(person, nys, "not_this_profile")
    assert milestone() is None
    call(person, zon, "not_reached")
    assert milestone() is None, "a call that nobody took is no approach"
    call(person, zon, "wants_visit")
    assert milestone() == clock.today()


def test_what_is_planned_does_not_count(person: Candidate, lien: Person) -> None:
    for name in ("Bakkerij Maes", "Transport Nys", "Garage Verlinden"):
        with acting.as_(lien.id, Role.PROJECT_WORKER):
            service.plan(handle(person.id), _whole(company(name)), clock.today())
    assert service.count_approached(handle(person.id)) == 0 and milestone() is None


def test_calls_of_an_earlier_way_do_not_count(person: Candidate) -> None:
    way = db.session.scalars(sa.select(Trajectory)).one()
    old = way.accepted_on - timedelta(days=1)
    for name in ("Bakkerij Maes", "Transport Nys", "Garage Verlinden"):
        call(person, company(name), "thinks", on=old)
    assert milestone() is None


# --- Leads ---------------------------------------------------------------------------------------------------------


def test_a_company_without_an_account_is_written_down_and_called(
    visitors: Any, person: Candidate, lien: Person
) -> None:
    worker = visitors(lien)
    page = worker.open(f"/people/{person.key}/calls/new").send(
        "Bewaar en bel", name="Drukkerij Zon", contact_name="Mia Zon", phone="0470 12 34 56", place="gent"
    )
    page.says("Drukkerij Zon", "Mia Zon", "0470 12 34 56", "Gent")
    page.send("Bewaar het telefoontje", said="thinks", spoke_with="Mia").says("Denkt erover na", "Mia")
    employer = db.session.scalars(sa.select(Employer)).one()
    assert employer.state is EmployerState.LEAD
    kept = db.session.execute(sa.text("SELECT contact_name, phone FROM lead")).one()
    assert "Mia" not in kept[0] and "0470" not in kept[1], "sealed"


def test_a_company_is_written_down_once(person: Candidate) -> None:
    company("Bakkerij Maes BV")
    with pytest.raises(leads.KnownAlready):
        a_lead("bakkerij maes")


def test_a_lead_that_signs_up_by_its_number_is_the_same_company(person: Candidate, visitors: Any, post: Any) -> None:
    zon = a_lead(number="0403.170.701")
    call(person, zon, "interested")
    from portal.employers.signing import sign_up

    sign_up(_sign_up_answer("0403.170.701"), "nl")
    db.session.commit()
    db.session.expire_all()
    assert db.session.scalars(sa.select(Employer)).one().state is EmployerState.REGISTERED
    assert [one.employer_id for one in db.session.scalars(sa.select(Approach))] == [zon.id]


def test_a_lead_that_signs_up_under_its_name_is_put_together_by_a_press(
    person: Candidate, lien: Person, visitors: Any, post: Any
) -> None:
    zon = a_lead()
    call(person, zon, "thinks", next_step="call_again", next_on=clock.today() + timedelta(days=3))
    from portal.employers.signing import sign_up

    new = sign_up(_sign_up_answer("0403.170.701"), "nl")
    assert new is not None
    db.session.commit()
    page = visitors(lien).open("/").follow("Bekijk en voeg samen").says("Drukkerij Zon", "met de hand opgeschreven")
    page.send("Ja, voeg ze samen").says("Denkt erover na")
    db.session.expire_all()
    left = db.session.scalars(sa.select(Employer)).all()
    assert [one.id for one in left] == [new.id] and not db.session.scalars(sa.select(Lead)).all()
    assert db.session.scalars(sa.select(ApproachCall)).one().employer_id == new.id
    assert not open_tasks("approaches.same_company")
    visitors(lien).open("/").follow("Bekijk wat er gezegd is").says("Drukkerij Zon", "Denkt erover na")


def test_two_calls_for_one_person_to_the_same_company_become_one_approach(person: Candidate, lien: Person) -> None:
    zon, real = a_lead(), company("Drukkerij Zon NV")
    call(person, zon, "thinks")
    call(person, real, "interested")
    with acting.as_(lien.id, Role.PROJECT_WORKER):
        signed_up.put_together(_whole(zon), _whole(real))
    db.session.commit()
    db.session.expire_all()
    row = db.session.scalars(sa.select(Approach)).one()
    assert (row.employer_id, row.state) == (real.id, ApproachState.INTERESTED)
    assert db.session.scalar(sa.select(sa.func.count(ApproachCall.id))) == 2


def test_only_what_was_written_down_by_hand_is_put_together(lien: Person) -> None:
    with pytest.raises(leads.NotTheSame):
        signed_up.put_together(_whole(company("Bakkerij Maes")), _whole(company("Bakkerij Maes BV")))


def _sign_up_answer(number: str) -> Any:
    from portal.employers.answers import SignUpAnswer

    values: dict[str, Any] = {
        "number": number, "name": "Drukkerij Zon", "section": "C", "size": "small", "concerns": (), "shifts": ("day",),
        "forms_offered": ("permanent",), "first_name": "Mia", "last_name": "Zon", "email": "mia@zon.example", "phone": "0470 12 34 56",
        "street": "Dok 1", "postcode": "9000", "municipality": "Gent", "public_transport": "",
    }  # fmt: skip
    return SignUpAnswer(**{name: values.get(name, "") for name in SignUpAnswer.__dataclass_fields__})


# --- The pages -----------------------------------------------------------------------------------------------------


def test_the_worker_finds_the_companies_in_the_dossier_and_notes_a_call(
    visitors: Any, person: Candidate, lien: Person
) -> None:
    an_ambassador("Garage Verlinden")
    worker = visitors(lien)
    page = worker.open(f"/people/{person.key}").follow("Bellen").says("Eerst: ambassadeurs", "Garage Verlinden")
    page = page.follow("Garage Verlinden").says("Wat je mag zeggen").lacks(NAME, "Zonderland")
    day = clock.today() + timedelta(days=2)
    page = page.send(
        "Bewaar het telefoontje", said="thinks", spoke_with="Els", next_step="call_again", next_on=day.isoformat()
    )
    page.says("Denkt erover na", "Els", "Opnieuw bellen")
    assert len(open_tasks("approaches.next_step")) == 1
    worker.open("/").follow("Bekijk wat er gezegd is").says("Denkt erover na")
    lines = set(db.session.scalars(sa.select(Entry.action).where(Entry.about == person.id)))
    assert {"approach.call_noted", "approach.called"} <= lines


def test_a_call_is_planned_among_the_tasks_and_taken_off_again(visitors: Any, person: Candidate, lien: Person) -> None:
    maes = company("Bakkerij Maes")
    worker = visitors(lien)
    worker.open(f"/people/{person.key}/calls/{maes.key}").send("Zet bij mijn taken").says("Loopt voor deze persoon")
    task = open_tasks("approaches.call_company")[0]
    assert task.owner_id == lien.id and NAME not in str(task.words)
    page = worker.open("/").follow("Bel en noteer het antwoord")
    page.send("Toch niet dit bedrijf")
    assert not open_tasks("approaches.call_company") and not db.session.scalars(sa.select(Approach)).all()


def test_sending_the_same_call_twice_keeps_it_once(visitors: Any, person: Candidate, lien: Person) -> None:
    maes = company("Bakkerij Maes")
    page = visitors(lien).open(f"/people/{person.key}/calls/{maes.key}")
    for _click in range(2):
        page.send("Bewaar het telefoontje", said="thinks")
    assert db.session.scalar(sa.select(sa.func.count(ApproachCall.id))) == 1


def test_a_colleague_sees_that_the_company_was_called_and_never_for_whom(
    visitors: Any, person: Candidate, lien: Person
) -> None:
    maes = company("Bakkerij Maes")
    row = call(person, maes, "thinks", note="Over de nachtploeg gesproken.", spoke_with="Jan")
    sam = a_worker("Sam")
    other = a_candidate(sam, first_name="Otto", last_name="Other", state=TrajectoryState.SEARCHING)
    colleague = visitors(sam)
    for path in (f"/people/{other.key}/calls", f"/people/{other.key}/calls/{maes.key}", "/calls", f"/companies/{maes.key}/calls"):  # fmt: skip
        colleague.open(path).says("Lien", row.code, "Denkt erover na").lacks(NAME, "Zonderland", "nachtploeg", "Jan", person.key)  # fmt: skip


def test_the_list_of_the_team_shows_what_is_due_and_who_was_called_this_month(
    visitors: Any, person: Candidate, lien: Person
) -> None:
    maes = company("Bakkerij Maes")
    call(person, maes, "thinks", next_step="visit", next_on=clock.today())
    page = (
        visitors(lien).open("/companies").follow("Wie belde wie").says("Langsgaan", "Bakkerij Maes", "Denkt erover na")
    )
    page.follow("Bakkerij Maes").lacks(NAME)
    visitors(a_person(role=Role.COORDINATOR)).open("/calls").follow("Bakkerij Maes").says("Noteer een telefoontje")


def test_nobody_else_opens_the_companies_of_a_case(visitors: Any, person: Candidate, lien: Person) -> None:
    maes = company("Bakkerij Maes")
    call(person, maes, "thinks")
    stranger = visitors(a_worker("Sam"))
    for path in ("calls", "calls/new", f"calls/{maes.key}"):
        stranger.open(f"/people/{person.key}/{path}", status=404)
    token = [("csrf_token", _csrf(stranger.open("/calls")))]
    for verb in ("plan", "drop", "vacancy"):
        assert stranger.post(f"/people/{person.key}/calls/{maes.key}/{verb}", token).status == 404
    elsewhere = a_person(role=Role.PROJECT_WORKER, first_name="Ver", programme=a_programme("Elders"))
    visitors(elsewhere).open("/calls").lacks("Bakkerij Maes")
    visitors(elsewhere).open(f"/companies/{maes.key}/calls", status=404)


def test_a_company_sees_nothing_of_the_calls(visitors: Any, person: Candidate, lien: Person) -> None:
    employer, els = a_company(lien)
    row = call(person, employer, "thinks", note="Twijfelt.")
    theirs = visitors(els)
    for path in (f"/people/{person.key}/calls", "/calls", f"/companies/{employer.key}/calls"):
        theirs.open(path, status=403)
    for path in ("/", "/company", "/vacancies"):
        theirs.open(path).lacks(row.code, "Twijfelt", NAME)


def test_the_pages_cost_the_same_for_one_company_and_for_thirty(visitors: Any, person: Candidate, lien: Person) -> None:
    worker = visitors(lien)

    def counts() -> list[int]:
        first = db.session.scalars(sa.select(Employer.key).order_by(Employer.id)).first()
        paths = (
            f"/people/{person.key}/calls",
            f"/people/{person.key}/calls/{first}",
            "/calls",
            f"/companies/{first}/calls",
        )
        return [len(worker.open(path).queries) for path in paths]

    def add(number: int) -> None:
        employer, contact = a_company(lien, f"Bedrijf {number}")
        a_vacancy(employer, contact)
        call(person, employer, "interested", next_step="visit", next_on=clock.today())

    add(0)
    counts()
    few = counts()
    for number in range(1, 30):
        add(number)
    assert counts() == few and max(few) <= 8, few


def test_the_next_steps_of_the_team_are_read_a_page_at_a_time(visitors: Any, person: Candidate, lien: Person) -> None:
    for number in range(30):
        day = clock.today() + timedelta(days=number)
        call(person, company(f"Bedrijf {number:02}"), "thinks", next_step="visit", next_on=day)

    def listed(page: Any) -> list[str]:
        return [one.text_content() for one in page.tree.xpath("(//table)[1]//td[@data-label='Bedrijf']")]

    first = visitors(lien).open("/calls")
    names = listed(first)
    names += listed(first.follow("Volgende"))
    assert names == [f"Bedrijf {number:02}" for number in range(30)]


def test_who_works_or_has_stopped_is_called_for_no_more(person: Candidate) -> None:
    call(person, company("Bakkerij Maes"), "thinks", next_step="visit", next_on=clock.today())
    way = db.session.scalars(sa.select(Trajectory)).one()
    way.move_to(TrajectoryState.CLOSED, "moved away")
    db.session.commit()
    assert not open_tasks("approaches.next_step")
    assert db.session.scalars(sa.select(Approach)).one().next_on is None


@pytest.mark.engine
def test_two_who_note_a_first_call_at_the_same_moment_write_one_approach(portal: Flask) -> None:
    worker = a_worker()
    seeker, maes = a_candidate(worker, state=TrajectoryState.SEARCHING), company("Bakkerij Maes")
    case, number, me = handle(seeker.id), maes.id, worker.id
    db.session.commit()
    ready, failed = Barrier(2), []

    def note(answer: str) -> None:
        with portal.app_context(), acting.as_(me, Role.PROJECT_WORKER):
            employer = _whole(db.session.get_one(Employer, number))
            db.session.rollback()
            ready.wait()
            try:
                employer = _whole(db.session.get_one(Employer, number))
                service.note_call(case, employer, CallAnswer(answer, clock.today()))
                db.session.commit()
            except Exception as error:
                failed.append(error)

    both = [Thread(target=note, args=(answer,)) for answer in ("thinks", "wants_visit")]
    for one in both:
        one.start()
    for one in both:
        one.join()
    db.session.expire_all()
    assert not failed
    assert db.session.scalar(sa.select(sa.func.count(Approach.id))) == 1
    assert db.session.scalar(sa.select(sa.func.count(ApproachCall.id))) == 2


def test_a_vacancy_that_opens_at_a_warm_company_asks_to_propose(person: Candidate, lien: Person) -> None:
    employer, contact = a_company(lien)
    call(person, employer, "interested")
    vacancy = a_vacancy(employer, contact, state=VacancyState.ON_HOLD)
    with acting.as_(contact.id, Role.EMPLOYER_ADMIN):
        vacancy.employer = _whole(employer)
        vacancy.employer.worker = lien
        vacancy.move_to(VacancyState.OPEN)
    db.session.commit()
    assert [one.owner_id for one in open_tasks("approaches.propose_now")] == [lien.id]
