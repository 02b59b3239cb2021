"""Partners: a short referral, one vocabulary that gives nothing away, an outcome, and nothing of anybody else's."""

import re
from typing import Any

import pytest

from portal.accounts.roles import PARTNERS, Role
from portal.candidates import consents, outcomes, queries, screenings, service
from portal.candidates.models import Candidate, Referral
from portal.candidates.states import Channel, Purpose, ReferralState
from portal.foundation import acting
from portal.foundation.database import db
from portal.foundation.options import options
from portal.journal.models import Entry
from portal.programmes.models import SiteKind
from portal.trajectories import service as trajectories
from tests.candidates.factories import (
    DRAFT,
    a_booked_screening,
    a_candidate,
    a_partner,
    a_place,
    a_referral,
    a_screened_candidate,
    a_worker,
    loaded_candidate,
    loaded_referral,
)
from tests.factories import a_programme
from tests.visitor import Page, Visitor

pytestmark = pytest.mark.usefixtures("app")
ANSWER = {"first_name": "Karim", "last_name": "Haddad", "motive": "Magazijn.", "reach": "Via mij.", "consent": "y"}


def referral_of(candidate: Candidate) -> Referral:
    return db.session.query(Referral).filter_by(candidate_id=candidate.id).one()


def main(page: Page, *gone: str) -> str:
    """What a reader gets, without what is drawn anew for each page."""
    html = page.html.split("<main")[1].split("</main>")[0]
    for text in gone:
        html = html.replace(text, "")
    return re.sub(r'name="(csrf_token|once)"[^>]*>', "", html)


# --- The short form ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", PARTNERS)
def test_each_kind_of_partner_refers_in_a_minute_or_two_and_follows_it(role: Role, visitors: Any) -> None:
    """Six answers to type or tick; language and place stand there already."""
    a_place()
    tom: Visitor = visitors(a_partner(role))
    form = tom.open("/referrals/new").says("Two minutes")
    sent = form.send("Send the referral", **ANSWER)
    assert sent.status == 200
    sent.says("Received", "The team reads your referral and answers within five days.")
    tom.open("/referrals").says("Karim Haddad", "Received")
    asked = form.tree.xpath("//main//form//*[@required]/@name") if form.tree is not None else []
    assert {name for name in asked if name not in {"language", "place"}} == set(ANSWER)


@pytest.mark.parametrize("role", PARTNERS)
def test_a_partner_is_offered_only_the_places_of_the_own_programme(role: Role, visitors: Any) -> None:
    here, elsewhere = a_programme(), a_programme("Doorstart Luik")
    a_place(here)
    a_place(here, name="Centrum De Linde", kind=SiteKind.CENTRE)
    strange = f"{elsewhere.key}.{a_place(elsewhere, name='Gevangenis van Lantin').site.key}"
    tom: Visitor = visitors(a_partner(role))
    page = tom.open("/referrals/new").says("Oudenaarde", "De Linde").lacks("Lantin")
    assert page.send("Send the referral", **ANSWER, place=strange).status == 422
    assert db.session.query(Referral).count() == 0


def test_the_place_of_the_last_referral_is_chosen_already(visitors: Any) -> None:
    a_place()
    partner, centre = a_partner(), a_place(name="Centrum De Linde", kind=SiteKind.CENTRE)
    a_referral(partner, place=centre)
    page = visitors(partner).open("/referrals/new")
    assert page.tree.xpath("//select[@name='place']/option[@selected]")[0].text_content() == "Centrum De Linde"


@pytest.mark.engine
def test_a_referral_is_found_by_name_and_by_the_own_reference(visitors: Any) -> None:
    a_place()
    tom: Visitor = visitors(a_partner())
    tom.open("/referrals/new").send("Send the referral", **ANSWER, reference="GE-12/7")
    tom.open("/referrals/new").send("Send the referral", **{**ANSWER, "first_name": "Samira"}, reference="GE-13/7")
    for typed in ("ge 12/7", "GE127", "Karim"):
        tom.open(f"/referrals?search={typed}").says("Karim Haddad").lacks("Samira")
    tom.open("/referrals?search=GE-1").says("Nobody found")
    stored = db.session.connection().exec_driver_sql("SELECT reference FROM referral").scalars().all()
    assert all("GE" not in one[:4] and one.startswith("gAAAA") for one in stored)


def test_a_reference_of_somebody_elses_finds_nothing(visitors: Any) -> None:
    a_place()
    visitors(a_partner()).open("/referrals/new").send("Send the referral", **ANSWER, reference="GE-12")
    visitors(a_partner(Role.PSD)).open("/referrals?search=GE-12").says("Nobody found").lacks("Karim")


def test_an_incomplete_referral_comes_back_with_a_question_and_the_answer_goes_on(visitors: Any, post: Any) -> None:
    partner = a_partner()
    referral = a_referral(partner)
    visitors(a_worker()).open(f"/people/referrals/{referral.key}/question").send(
        "Send the question", said="Also on Wednesday?"
    )
    tom: Visitor = visitors(partner)
    letter = post.last(partner.email, "candidates/question")
    assert "Wednesday" not in letter.html
    page = tom.open(letter.path("/referrals/")).says("Also on Wednesday?", "We have a question for you")
    page.send("Send the answer", said="Yes, all day.").says("Received")
    assert db.session.get_one(Referral, referral.id).state == ReferralState.RECEIVED


# --- One vocabulary --------------------------------------------------------------------------------------------------


def test_the_words_of_the_whole_way_say_never_why() -> None:
    words = options("candidates", "referral_outcomes")
    states = {state: code for code, word in words.items() for state in word.data["states"]}
    assert set(states) == {state.value for state in ReferralState}
    assert states["no_show"] == states["screening_planned"]
    assert states["declined"] == states["closed"]
    told = " ".join(str(word.data["label"]) + str(word.data["hint"]) for word in words.values()).casefold()
    for wrong in (
        "show",
        "opgedaagd",
        "refus",
        "weiger",
        "reject",
        "afgewezen",
        "detent",
        "gevang",
        "prison",
        "regime",
    ):
        assert wrong not in told


@pytest.mark.parametrize("because", ["own_wish", "no_capacity", "no_right_to_work", "outside_area"])
def test_a_refusal_reads_the_same_whatever_the_reason(because: str, visitors: Any, post: Any) -> None:
    """Page and letter of a referral that was refused for this reason, beside one that was refused for another."""
    partner = a_partner()
    first, second = (a_referral(partner, first_name="Karim", last_name="Haddad") for _ in range(2))
    with acting.as_(a_worker().id, "project_worker"):
        service.decline(loaded_referral(first.id), because)
        service.decline(loaded_referral(second.id), "too_early")
    db.session.commit()
    tom: Visitor = visitors(partner)
    pages = [main(tom.open(f"/referrals/{one.key}"), one.key) for one in (first, second)]
    assert pages[0] == pages[1]
    letters = [
        letter.html.replace(one.key, "") for one, letter in zip((first, second), post.to(partner.email), strict=True)
    ]
    assert letters[0] == letters[1]


def test_a_missed_talk_changes_no_byte(visitors: Any) -> None:
    worker = a_worker()
    candidate = a_candidate(worker)
    screening = a_booked_screening(worker, candidate)
    referral = referral_of(candidate)
    tom: Visitor = visitors(loaded_referral(referral.id).referrer)
    before = main(tom.open(f"/referrals/{referral.key}").says("A talk is planned"))
    with acting.as_(worker.id, "project_worker"):
        screenings.missed(screening, candidate, queries.latest_referral(candidate.id))
    db.session.commit()
    assert main(tom.open(f"/referrals/{referral.key}")) == before


@pytest.mark.parametrize("because", ["declined", "no_contact", "other"])
def test_an_end_reads_the_same_whatever_the_reason(because: str, visitors: Any, post: Any) -> None:
    candidate = a_screened_candidate()
    referral = referral_of(candidate)
    tom: Visitor = visitors(loaded_referral(referral.id).referrer)
    trajectories.close(trajectories.of(candidate.id), because)
    db.session.commit()
    page = tom.open(f"/referrals/{referral.key}").says("Ended", "You may always refer this person again.")
    page.lacks(because, "Does something change?", "Skills and wishes")
    assert outcomes.word_of(db.session.get_one(Referral, referral.id)).code == "ended"
    assert [letter.template for letter in post.to(loaded_referral(referral.id).referrer.email)] == [
        "candidates/outcome"
    ]


def test_every_outcome_has_the_same_letter(visitors: Any, post: Any) -> None:
    """Somebody who reads a mailbox learns neither who it is nor how it went."""
    worker, partner = a_worker(), a_partner()
    refused = a_referral(partner, first_name="Karim", last_name="Haddad")
    taken = a_candidate(worker, referral=a_referral(partner, first_name="Samira", last_name="Nys"))
    screening = a_booked_screening(worker, taken)
    screening.draft = DRAFT
    with acting.as_(worker.id, "project_worker"):
        service.decline(loaded_referral(refused.id), "own_wish")
        screenings.finish(screening, loaded_candidate(taken.id), queries.latest_referral(taken.id))
    db.session.commit()
    letters = post.to(partner.email, "candidates/outcome")
    keys = [refused.key, referral_of(taken).key]
    first, second = (re.sub("|".join(keys), "", f"{one.subject}{one.text}{one.html}") for one in letters)
    assert first == second
    for secret in ("Karim", "Samira", "Oudenaarde", "Not now", "together"):
        assert secret not in letters[0].html + letters[1].html
    tom: Visitor = visitors(partner)
    assert {tom.open(one.path("/referrals/")).text.split("Where it stands ")[1][:7] for one in letters} == {
        "Not now",
        "We work",
    }


# --- What a partner reads besides ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "job", "constraints"),
    [(Role.VDAB, 200, 403), (Role.CENTRE_WORKER, 200, 403), (Role.PSD, 200, 200), (Role.JUSTICE_ASSISTANT, 403, 200)],
)
def test_each_role_reads_its_own_part_once_we_work_together(
    role: Role, job: int, constraints: int, visitors: Any
) -> None:
    partner = a_partner(role)
    candidate = a_screened_candidate(referral=a_referral(partner))
    consents.give(candidate.id, Purpose.JUSTICE_CONTACT, channel=Channel.PAPER)
    db.session.commit()
    tom: Visitor = visitors(partner)
    key = referral_of(candidate).key
    page = tom.open(f"/referrals/{key}")
    assert ("Skills and wishes" in page.html) == (job == 200)
    assert ("What work must reckon with" in page.html) == (constraints == 200)
    skills = tom.open(f"/referrals/{key}/skills", status=job)
    reckon = tom.open(f"/referrals/{key}/constraints", status=constraints)
    if job == 200:
        skills.says("Work safely", "Flemish Ardennes").lacks(
            "Zes maanden in het atelier", "Werkt graag", "Closed regime"
        )
    if constraints == 200:
        reckon.says("Closed regime").lacks("Zes maanden")
    seen = {
        entry.action for entry in db.session.query(Entry).filter_by(about=candidate.id, actor_id=partner.id, seen=True)
    }
    assert ("job_part.read" in seen, "constraints.read" in seen) == (job == 200, constraints == 200)


@pytest.mark.parametrize("part", ["skills", "constraints"])
def test_a_part_is_not_there_before_the_screening_nor_after_a_withdrawal_and_reads_the_same(
    part: str, visitors: Any
) -> None:
    partner = a_partner(Role.PSD)
    early = a_candidate(referral=a_referral(partner))
    late = a_screened_candidate(referral=a_referral(partner))
    tom: Visitor = visitors(partner)
    keys = [referral_of(one).key for one in (early, late)]
    tom.open(f"/referrals/{keys[1]}/{part}").lacks("Nothing to read")
    consents.withdraw(consents.standing(late.id, Purpose.PROCESSING))  # type: ignore[arg-type]
    db.session.commit()
    first, second = (
        main(tom.open(f"/referrals/{key}/{part}").says("Nothing to read at the moment"), key) for key in keys
    )
    assert first == second


def test_a_justice_assistant_reads_constraints_only_with_the_persons_yes(visitors: Any) -> None:
    partner = a_partner(Role.JUSTICE_ASSISTANT)
    candidate = a_screened_candidate(referral=a_referral(partner))
    jo: Visitor = visitors(partner)
    path = f"/referrals/{referral_of(candidate).key}/constraints"
    jo.open(path).says("Nothing to read").lacks("Closed regime")
    given = consents.give(candidate.id, Purpose.JUSTICE_CONTACT, channel=Channel.PAPER)
    db.session.commit()
    jo.open(path).says("Closed regime")
    consents.withdraw(given)
    db.session.commit()
    jo.open(path).says("Nothing to read").lacks("Closed regime")


def test_nobody_elses_referral_is_there(visitors: Any) -> None:
    """Another partner of the programme, and the same role in another programme: the body of an unknown address."""
    candidate = a_screened_candidate()
    key = referral_of(candidate).key
    strangers = [a_partner(Role.PSD, name="Ilse"), a_partner(Role.PSD, a_programme("Doorstart Luik"), name="Marc")]
    for path in ("", "/news/other", "/skills", "/constraints"):
        for stranger in strangers:
            found = visitors(stranger).open(f"/referrals/{key}{path}", status=404).text
            assert found == visitors(stranger).open(f"/referrals/zzzzzzzzzzzz{path}", status=404).text


@pytest.mark.parametrize("path", ["", "/skills", "/constraints"])
def test_no_page_of_a_partner_asks_more_than_eight_times(path: str, visitors: Any) -> None:
    partner = a_partner(Role.PSD)
    candidate = a_screened_candidate(referral=a_referral(partner))
    tom: Visitor = visitors(partner)
    assert len(tom.open(f"/referrals/{referral_of(candidate).key}{path}").queries) <= 8


def test_a_searched_list_costs_the_same_at_one_and_at_thirty(visitors: Any) -> None:
    partner = a_partner()
    a_referral(partner, first_name="Karim")
    tom: Visitor = visitors(partner)
    short = tom.open("/referrals?search=Karim").queries
    for _ in range(29):
        a_referral(partner, first_name="Karim")
    assert len(short) == len(tom.open("/referrals?search=Karim").queries) <= 8
