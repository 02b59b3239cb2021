"""From a partner's referral to an agreed plan, through the pages, as its people walk it."""

from datetime import timedelta
from typing import Any

import pytest

from portal.accounts.roles import Role
from portal.candidates.models import Candidate, JobWish, Plan, Precondition, Screening, Skill, WorkConstraints
from portal.candidates.states import ReferralState
from portal.foundation import clock
from portal.foundation.database import db
from portal.journal.models import Entry
from portal.tasks.models import Task
from portal.trajectories import service as trajectories
from portal.trajectories.models import TrajectoryState
from tests.candidates.factories import (
    a_booked_screening,
    a_candidate,
    a_coordinator,
    a_partner,
    a_place,
    a_referral,
    a_screened_candidate,
    a_sit_day,
    a_worker,
)

pytestmark = pytest.mark.usefixtures("app")


def _referred(page: Any, **more: Any) -> Any:
    values = {
        "first_name": "Karim", "last_name": "Haddad", "language": "nl", "motive": "I want to work in a warehouse.",
        "reach": "Through me", "consent": "y", **more,
    }  # fmt: skip
    return page.send("Send the referral", place=_first_choice(page, "place"), **values)


def _first_choice(page: Any, name: str) -> str:
    return next(v for v in page.tree.xpath(f"//select[@name='{name}']/option/@value") if v)


def test_a_person_is_referred_screened_and_agrees_a_plan(visitors: Any, post: Any) -> None:
    a_place()
    worker = a_worker()
    a_sit_day(worker)
    tom, lien = visitors(a_partner()), visitors(worker)

    sent = _referred(tom.open("/referrals").follow("Refer somebody"))
    sent.says("Karim Haddad", "Received")

    read = lien.open("/").follow("Read it")
    read.says("I want to work in a warehouse.")
    chosen = read.send("Take the case on")
    assert chosen.h1 == "Plan the screening"
    planned = chosen.send("Plan this moment")
    planned.says("The screening is planned")
    tom.open("/referrals").says("A talk is planned")

    form = lien.open("/").follow("Open the form")
    step = form.send("Save and next", talents="Good with machines", occupation="order_picking", wishes="No nights")
    assert step.h1 == "Competences"
    step = step.send("Save and next", level_work_safely="3", evidence_work_safely="Six months in the workshop")
    step = step.send(
        "Save and next", region="flemish_ardennes", experience_band="1_to_3_years", availability_band="now", hours_band="day",
        hours_week="38", mobility=["bike"], forms=["fixed_term"], language_nl="work_talk",
    )  # fmt: skip
    step = step.send("Save and next", light_transport="red", owner_transport="worker")
    check = step.send("Save and check", regime="closed", days=["mon", "tue"])
    check.says("15 working days ahead")
    plan = check.send("Finish the screening").says("The screening is done")

    written = plan.follow("Write the plan").send(
        "Keep the plan", goal="A steady job in a warehouse", step_1_text="Ask for a copy of the identity card",
        step_1_owner="person", step_1_due=(clock.today() + timedelta(days=14)).isoformat(),
    )  # fmt: skip
    written.follow("Print the plan").says("Ask for a copy of the identity card", "Signature of the project worker")
    written.send("The person agrees", channel="paper").says("The trajectory counts from now on")

    candidate = db.session.query(Candidate).one()
    way = trajectories.of(candidate.id)
    assert way.state == TrajectoryState.SCREENED
    assert way.counted_on == way.screened_on == clock.today()
    assert db.session.query(Plan).one().agreed_on == clock.today()
    assert db.session.query(JobWish).one().province == "east_flanders"
    assert db.session.query(Skill).one().level == 3
    assert db.session.query(Precondition).filter_by(kind="transport").one().light == "red"
    constraints = db.session.query(WorkConstraints).one()
    assert (constraints.permission_needed, constraints.lead_days) == (True, 15)
    open_kinds = {task.kind for task in db.session.query(Task).filter_by(closed_at=None)}
    assert open_kinds <= {"candidates.profile"}


def test_a_question_goes_back_to_the_partner_and_the_answer_returns(visitors: Any, post: Any) -> None:
    partner = a_partner()
    referral = a_referral(partner)
    tom, lien = visitors(partner), visitors(a_worker())
    lien.open(f"/people/referrals/{referral.key}").follow("Ask the partner something").send(
        "Send the question", said="Which days suit best?"
    )
    letter = post.last(partner.email, "candidates/question")
    assert "Karim" not in letter.html + letter.subject
    tom.open(letter.path("/referrals/")).says("Which days suit best?").send("Send the answer", said="Mondays")
    lien.open(f"/people/referrals/{referral.key}").says("Mondays")


def test_what_a_partner_reads_is_the_same_for_every_end(visitors: Any, post: Any) -> None:
    partner = a_partner()
    worker = a_worker()
    declined, closed = (a_referral(partner, first_name="Karim", last_name="Haddad") for _ in range(2))
    lien = visitors(worker)
    lien.open(f"/people/referrals/{declined.key}/decline").send("Close the referral", because="no_capacity")
    candidate = a_candidate(worker, referral=closed)
    screening = a_booked_screening(worker, candidate)
    lien.open(f"/screenings/{screening.key}/talents").send("The talk did not take place")
    lien.open(f"/people/{candidate.key}/screening").follow("Close the referral").send(
        "Close the referral", because="own_wish"
    )
    tom = visitors(partner)
    pages = [
        tom.open(f"/referrals/{one.key}").lacks("no_capacity", "No room", "own_wish") for one in (declined, closed)
    ]
    first, second = (
        page.html.replace(one.key, "").split("<main")[1].split("</main>")[0]
        for page, one in zip(pages, (declined, closed), strict=True)
    )
    assert first == second
    tom.open("/referrals").lacks("No room in the team", "does not want it")


def test_a_missed_talk_is_booked_again(visitors: Any) -> None:
    worker = a_worker()
    candidate = a_candidate(worker)
    screening = a_booked_screening(worker, candidate)
    page = visitors(worker).open(f"/screenings/{screening.key}/talents").send("The talk did not take place")
    page.says("The last screening did not take place").send("Plan this moment").says("The screening is planned")
    assert db.session.query(Screening).filter_by(missed=False).count() == 1


def test_a_slot_goes_to_one_person_only(visitors: Any) -> None:
    worker = a_worker()
    a_sit_day(worker, slots=2)
    first, second = a_candidate(worker), a_candidate(worker)
    lien, other = visitors(worker), visitors(worker)
    seen = lien.open(f"/people/{first.key}/screening")
    late = other.open(f"/people/{second.key}/screening")
    seen.send("Plan this moment").says("The screening is planned")
    refused = late.send("Plan this moment")
    assert refused.status == 409
    refused.says("Somebody was first")
    free = refused.tree.xpath("//input[@name='slot']/@value")
    refused.send("Plan this moment", slot=free[0]).says("The screening is planned")


def test_every_step_of_a_screening_is_kept(visitors: Any) -> None:
    worker = a_worker()
    candidate = a_candidate(worker)
    screening = a_booked_screening(worker, candidate)
    lien = visitors(worker)
    lien.open(f"/screenings/{screening.key}/talents").send(
        "Save and next", talents="Cooks for forty", occupation="order_picking"
    )
    lien.open(f"/screenings/{screening.key}/preconditions").send(
        "Save and next", light_identity_papers="amber", until_identity_papers="2028-05-01"
    )
    back = visitors(worker)
    back.open(f"/screenings/{screening.key}/talents").says("Cooks for forty")
    page = back.open(f"/screenings/{screening.key}/preconditions")
    assert page.tree.xpath("//input[@name='until_identity_papers']/@value") == ["2028-05-01"]
    assert back.open(f"/screenings/{screening.key}").h1 == "Competences"
    back.open(f"/screenings/{screening.key}/check").says("Still missing", "The regime").lacks("Finish the screening")


def test_a_screening_cannot_end_with_something_missing(visitors: Any) -> None:
    worker = a_worker()
    screening = a_booked_screening(worker, a_candidate(worker))
    lien = visitors(worker)
    token = lien.open("/me").tree.xpath("//input[@name='csrf_token']/@value")[0]
    refused = lien.post(f"/screenings/{screening.key}/check", {"csrf_token": token, "once": "x" * 20})
    refused.says("Something is still missing.")
    assert db.session.get_one(Screening, screening.id).done_on is None


def test_half_a_step_of_a_plan_is_asked_to_be_whole(visitors: Any) -> None:
    worker = a_worker()
    candidate = a_screened_candidate(worker)
    page = (
        visitors(worker)
        .open(f"/people/{candidate.key}/plan/write")
        .send("Keep the plan", goal="Work", step_1_text="Papers")
    )
    assert page.status == 422
    page.says("A step says what, who, and by when.")
    assert page.tree.xpath("//input[@name='step_1_text']/@value") == ["Papers"]


def test_a_coordinator_gives_the_case_to_a_worker(visitors: Any) -> None:
    worker, other = a_worker(), a_worker("Jonas")
    referral = a_referral()
    griet = visitors(a_coordinator())
    page = griet.open(f"/people/referrals/{referral.key}")
    page.send("Take the case on", worker=worker.key)
    candidate = db.session.query(Candidate).one()
    assert candidate.worker_id == worker.id
    griet.open(f"/people/{candidate.key}").follow("Give to another worker").send("Give the case", worker=other.key)
    assert db.session.query(Task).filter_by(kind="candidates.plan_screening", closed_at=None).one().owner_id == other.id


def test_a_person_who_is_referred_again_is_found_and_not_made_twice(visitors: Any) -> None:
    worker = a_worker()
    known = a_candidate(worker, first_name="Anaïs", last_name="De Smet")
    again = a_referral(a_partner(Role.PSD), first_name="anais", last_name="de smet")
    lien = visitors(worker)
    page = lien.open(f"/people/referrals/{again.key}").says("Perhaps we know this person already.")
    page.follow("Compare and choose").send("It is the same person", known=known.key)
    assert db.session.query(Candidate).count() == 1
    db.session.expire_all()
    assert db.session.get_one(type(again), again.id).candidate_id == known.id
    lien.open(f"/people/referrals/{again.key}").send("Take the case on")
    assert db.session.get_one(type(again), again.id).state == ReferralState.ACCEPTED


def test_reading_somebody_is_written_in_the_journal(visitors: Any) -> None:
    worker = a_worker()
    candidate = a_candidate(worker)
    before = db.session.query(Entry).filter_by(seen=True, about=candidate.id, actor_id=worker.id).count()
    lien = visitors(worker)
    lien.open("/people")
    lien.open(f"/people/{candidate.key}")
    read = db.session.query(Entry).filter_by(seen=True, about=candidate.id, actor_id=worker.id).order_by(Entry.id).all()
    assert [entry.action for entry in read[before:]] == ["identity.name_read", "identity.read"]
    lien.open(f"/people/{candidate.key}/journal").says("Dossier opened", "Taken on", "Lien Claes")


def test_a_sheet_of_the_day_has_the_names_and_no_number(visitors: Any) -> None:
    worker = a_worker()
    a_booked_screening(worker, a_candidate(worker))
    sheet = visitors(worker).open("/sit-days").follow("Sheet of the day")
    sheet.says("Karim", "take it back, and destroy it", "free")


def test_contacts_and_agreements_are_kept_and_taken_back(visitors: Any) -> None:
    worker = a_worker()
    candidate = a_candidate(worker)
    lien = visitors(worker)
    page = lien.open(f"/people/{candidate.key}/contacts").follow("Write down a contact")
    page = page.send(
        "Keep the contact", whom="psd", channel="phone", note="Leave was asked for.", next_step="Call on Monday"
    )
    page.says("Leave was asked for.", "Call on Monday")
    page = page.follow("Record an agreement").send("Keep the agreement", purpose="aftercare", channel="paper")
    page.says("Follow-up after the start").send("The person takes this back").says("withdrawn on")


def test_lights_and_constraints_are_kept_up_to_date_by_the_own_worker(visitors: Any) -> None:
    worker = a_worker()
    candidate = a_screened_candidate(worker)
    lien = visitors(worker)
    page = (
        lien.open(f"/people/{candidate.key}/screened")
        .says("Werkt graag met machines.", "In the way")
        .follow("Bring up to date")
    )
    assert page.tree.xpath("//input[@name='until_identity_papers']/@value") == ["2028-01-01"]
    page.send("Keep", light_transport="green").lacks("In the way")
    assert db.session.query(Precondition).filter_by(kind="identity_papers").one().valid_until is not None
    lien.open(f"/people/{candidate.key}/constraints").send("Keep", regime="electronic_monitoring").says(
        "5 working days ahead"
    )
    visitors(a_coordinator()).open(f"/people/{candidate.key}/constraints", status=403)
    visitors(a_worker("Jonas")).open(f"/people/{candidate.key}/preconditions", status=404)


def test_somebody_who_wants_to_stop_becomes_a_task_until_the_case_is_closed(visitors: Any, post: Any) -> None:
    worker = a_worker()
    candidate = a_candidate(worker)
    lien = visitors(worker)
    lien.open(f"/people/{candidate.key}/contacts").send("The person takes this back")
    lien.open("/").says("wants to stop").follow("Close the case").follow("Pause, go on or close").follow(
        "Close the trajectory"
    ).send("Close it", because="own_request")
    lien.open("/").lacks("wants to stop", "Plan the screening")
