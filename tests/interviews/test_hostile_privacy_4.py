"""Who learns what around an interview: a link that is handed on, a way that ends half-way, a count of one person, a stranger."""

from typing import Any

import pytest
import time_machine

from portal.accounts.roles import Role
from portal.agenda.windows import Span
from portal.candidates import consents
from portal.candidates.handles import handle
from portal.candidates.states import Channel, Purpose
from portal.dashboard import passing
from portal.employers.models import Employer
from portal.foundation import acting, clock
from portal.foundation.database import db
from portal.interviews import answers, cards, people, planning, proposal_queries, proposals, silence, steps
from portal.organisations.models import Kind, Organisation
from portal.showcase import kept_from
from portal.trajectories import service as trajectories
from tests.factories import a_person, a_programme
from tests.interviews.factories import (
    CANARY,
    NOW,
    a_confirmed,
    a_coordinator,
    a_requested,
    a_worker,
    again,
    an_interest,
    slots_of,
)
from tests.interviews.test_framing_and_guide import OWN, agree
from tests.interviews.test_outcome import NAMES, D, colleague, decide, filled, given, held

pytestmark = pytest.mark.usefixtures("app")


@pytest.fixture
def at() -> Any:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


# --- A link that is handed on ---------------------------------------------------------------------------------------


def test_a_card_by_letter_takes_answers_and_shows_none_to_who_got_the_letter_later(
    at: Any, visitors: Any, post: Any
) -> None:
    _case, interview = held(at)
    cards.ask_by_letter(interview, name="Mia", email="mia@nys.example", language="nl")
    link = post.last("mia@nys.example", "interviews/card_asked").path("/card/")
    mine = filled(2, "Kende de heftruck niet.") | {"make_it_work": "Rustiger uitleggen."}
    visitors(None).open(link).send("Mijn kaart is klaar", **mine).says("Je kaart is binnen")
    page = visitors(None).open(link).lacks("Kende de heftruck niet.", "Rustiger uitleggen.", *NAMES)
    assert page.tree.xpath("//input[@type='radio'][@checked]") == []
    again_open = filled(4, "Beter dan ik dacht.")
    visitors(None).open(link).send("Mijn kaart aanpassen", **again_open)
    [card] = again(interview).scorecards
    assert set(card.scores.values()) == {4}


# --- A way that ends half-way ---------------------------------------------------------------------------------------


def _ended(case: Any, how: str) -> None:
    if how == "closed":
        with acting.as_(case.worker.id, "project_worker"):
            trajectories.close(trajectories.of(case.candidate.id), "own_choice")
    else:
        purpose = Purpose.PROCESSING
        given_one = consents.standing(case.candidate.id, purpose)
        if given_one is None:
            given_one = consents.give(case.candidate.id, purpose, channel=Channel.PAPER)
            db.session.flush()
        consents.withdraw(given_one)
    db.session.commit()


@pytest.mark.parametrize("how", ["closed", "withdrawn"])
def test_nobody_is_asked_about_somebody_who_has_stopped(at: Any, visitors: Any, post: Any, how: str) -> None:
    case, interview = held(at)
    bert = colleague(case)
    cards.ask_by_letter(again(interview), name="Mia", email="mia@nys.example", language="nl")
    cards.ask_colleagues(again(interview), [bert])
    agree(visitors, case, interview)
    link = post.last("mia@nys.example", "interviews/card_asked").path("/card/")
    path = f"/interviews/{interview.key}"
    visitors(case.contact).open(path).says(CANARY, OWN)
    _ended(case, how)
    an = visitors(case.contact)
    an.open(path).lacks(*NAMES, OWN)
    visitors(None).open(link, status=410)
    visitors(bert).open(path + "/scorecard").lacks("Mijn kaart is klaar")
    an.open(path + "/table").lacks("Vraag een kaart")
    before = len(post.all())
    at.move_to("2027-01-15 03:00:00+00:00")
    silence.ask_for_answers()
    assert len(post.all()) == before


@pytest.mark.parametrize("how", ["closed", "withdrawn"])
@pytest.mark.parametrize("planned", [a_requested, a_confirmed])
def test_an_interview_that_still_stands_for_somebody_who_stopped_waits_for_its_worker(
    visitors: Any, post: Any, how: str, planned: Any, at: Any
) -> None:
    case = an_interest()
    interview = planned(case)
    db.session.commit()
    _ended(case, how)
    page = visitors(case.worker).open("/").says("Het traject van deze persoon is gestopt", "Transport Nys")
    page.follow("Zeg het af").send("Laat het niet doorgaan", reason="candidate_withdraws")
    assert again(interview).cancelled_because == "candidate_withdraws"
    visitors(case.worker).open("/").lacks("Het traject van deze persoon is gestopt")
    assert not post.all() or all(CANARY not in str(one) for one in post.all())


def test_a_company_that_must_not_see_somebody_no_longer_reads_the_name_after_a_no(
    at: Any, visitors: Any, post: Any
) -> None:
    case, interview = held(at)
    path = f"/interviews/{interview.key}"
    decide(case, interview, D.REJECTED, reasons=["skills"])
    an = visitors(case.contact)
    an.open(path).says(CANARY)
    with acting.as_(case.worker.id, "project_worker"):
        kept_from.keep_from(handle(case.candidate.id), case.employer.key, "own_wish")
    db.session.commit()
    an.open(path).lacks(*NAMES)


# --- A count of one person ------------------------------------------------------------------------------------------


def test_a_reason_that_few_people_gave_often_stays_hidden() -> None:
    """Six noes about two people are a small cell."""
    two = [
        passing.Way(number % 2, number, clock.today(), employer_no=["skills", "skills"]) for number in range(6)
    ]  # fmt: skip
    assert passing.reasons(two, "employer_no", exactly=False) == [("skills", None)]
    assert passing.reasons(two, "employer_no", exactly=True) == [("skills", 6)]


def test_a_stage_that_few_people_reached_for_many_jobs_stays_hidden() -> None:
    """One person whose profile seven companies opened is one person, beside twenty others."""
    ways = [passing.Way(0, number, clock.today(), size="big", section="C") for number in range(7)]
    ways += [passing.Way(number, number, clock.today(), size="small", section="F") for number in range(100, 120)]
    for table in passing.hidden(ways, "size", "section"):
        assert all(number is None for name, row in table.rows if name in {"big", "C"} for number in row)


# --- Strangers ------------------------------------------------------------------------------------------------------

OUTSIDE = ("visitor", "worker", "coordinator", "employer_admin", "ambassador", "vdab", "psd", "justice_assistant", "centre_worker", "administrator")  # fmt: skip
STAFF_PAGES = (
    "", "/move", "/cancel", "/companion", "/contact", "/permission", "/permission/answer", "/permission/revoked", "/presence",
    "/tell", "/candidate-no", "/sheet", "/sheet.pdf", "/file-letter", "/file-letter.pdf", "/framing", "/note", "/late",
)  # fmt: skip
EMPLOYER_PAGES = ("/scorecard", "/cards", "/table", "/decision", "/offer", "/guide")
PRESSES = (
    "/confirm", "/identity", "/told", "/framing/look", "/framing/take-back", "/next-step", "/times", "/note", "/late",
    "/table/zzzzzzzzzzzz/take-back", "/scorecard", "/decision?outcome=offer", "/framing", "/contact",
)  # fmt: skip


def _from_outside(who: str) -> Any:
    if who == "visitor":
        return None
    elsewhere = a_programme("Doorstart Luik")
    if who == "worker":
        return a_worker("Karim", elsewhere)
    if who == "coordinator":
        return a_coordinator(elsewhere)
    if who in {"employer_admin", "ambassador"}:
        company = Organisation(kind=Kind.COMPANY, name="Bakkerij Joos")
        db.session.add(company)
        db.session.flush()
        return a_person(role=Role(who), organisation=company)
    # A partner of this very programme, who referred somebody else.
    return a_person(role=Role(who), programme=elsewhere if who == "administrator" else a_programme())


@pytest.mark.parametrize("who", OUTSIDE)
def test_a_stranger_learns_nothing_on_any_page_of_a_real_interview(at: Any, visitors: Any, post: Any, who: str) -> None:
    case, interview = held(at)
    scorer = cards.ask_by_letter(again(interview), name="Wilhelmina", email="mia@nys.example", language="nl")
    other = an_interest(case.worker, permission=False, name="Smederij Claes")
    asked = proposals.ask(other.interest)
    company = db.session.get_one(Employer, case.employer.id)
    one, person = f"/interviews/{interview.key}", handle(case.candidate.id).key
    reads = [one + page for page in (*STAFF_PAGES, *EMPLOYER_PAGES)]
    reads += [
        f"/interviews/plan/{other.interest.key}", f"/interviews/times/{asked.key}", f"/people/{person}/calls",
        f"/people/{person}/calls/new", f"/people/{person}/calls/{company.key}", f"/companies/{company.key}/calls",
        f"/proposals/{other.interest.key}", f"/vacancies/{case.vacancy.key}/criteria",
        f"/figures/passing?programme={a_programme().key}", f"/figures/passing/held/cases?programme={a_programme().key}",
        f"/agenda/team/{case.worker.key}/away", f"/interviews/{interview.key}/note/state",
    ]  # fmt: skip
    writes = [one + page for page in PRESSES]
    writes += [
        f"/interviews/times/{asked.key}/settle", f"/interviews/plan/{other.interest.key}/times", f"/proposals/{other.interest.key}",
        f"{one}/table/{scorer.key}/take-back", f"/people/{person}/calls/{company.key}/plan",
        f"/people/{person}/calls/{company.key}/drop", f"/people/{person}/calls/{company.key}/vacancy",
        f"/people/{person}/calls/{company.key}/propose/{case.vacancy.key}", f"/companies/{company.key}/calls/same/{company.key}",
    ]  # fmt: skip
    db.session.commit()
    stranger = visitors(_from_outside(who))
    said = (*NAMES, "Transport Nys", "Smederij Claes", "Magazijnmedewerker", "Wilhelmina", case.interest.code)
    opened = []
    for path in reads:
        page = stranger._ask(lambda path=path: stranger.client.get(path))
        quiet = page.status in {303, 403, 404} or (who == "visitor" and path.endswith("/note/state"))
        if not quiet or any(word in page.html for word in said):
            opened.append((path, page.status))
    for path in writes:
        page = stranger._ask(lambda path=path: stranger.client.post(path, data={}))
        if page.status not in {303, 400, 403, 404} or any(word in page.html for word in said):
            opened.append((path, page.status))
    for path in ("/interviews", "/interviews/week", "/interviews/silence", "/calls", "/agenda", "/agenda/day", "/agenda/day/paper", "/agenda/day/team", "/agenda/team"):  # fmt: skip
        page = stranger._ask(lambda path=path: stranger.client.get(path, query_string={"day": "2026-11-17"}))
        if page.status >= 500 or any(word in page.html for word in said):
            opened.append((path, page.status))
    assert opened == []


# --- Refused or none fits -------------------------------------------------------------------------------------------

TELLING = (
    "Gevangenis", "gevangenis", "penitentiair", "verlof", "vergunning", "uitgaansvergunning", "enkelband", "elektronisch toezicht",
    "detentie", "regime", "aangevraagd", "geweigerd", "toelating",
)  # fmt: skip


def _employer_pages(browser: Any, interview: Any, asked: Any) -> dict[str, str]:
    pages = (f"/interviews/{interview.key}", f"/interviews/{interview.key}/guide", f"/interviews/times/{asked.key}",
             "/interviews", "/interviews/week", "/agenda", "/")  # fmt: skip
    return {page: browser.open(page).text for page in pages}


@pytest.mark.parametrize("lead", [2, 20])
def test_whatever_leave_somebody_needs_the_company_reads_the_same_words(
    at: Any, visitors: Any, post: Any, lead: int
) -> None:
    """With leave to ask and without: the pages while it is arranged, the letters and their calendar."""
    said: list[Any] = []
    for permission in (False, True):
        case = an_interest(permission=permission, lead=lead, name=f"Transport {lead}{permission}")
        interview = a_requested(case)
        asked = proposal_queries.standing(case.interest.id)
        pages = _employer_pages(visitors(case.contact), again(interview), asked)
        row = again(interview)
        letters = [one for one in post.all() if one.to == case.contact.email]
        everything = " ".join([*pages.values(), *(one.subject + one.text + str(one.calendar) for one in letters)])
        for word in (*TELLING, *NAMES):
            assert word not in everything, word
        steps_drawn = visitors(case.contact).open(f"/interviews/{row.key}").tree.xpath("count(//ol//li)")
        said.append(([one.template for one in letters], steps_drawn))
    assert said[0] == said[1]


# --- Notes and a day that changed hands -----------------------------------------------------------------------------


def test_who_handed_an_interview_over_no_longer_reads_its_notes_its_day_or_its_papers(
    at: Any, visitors: Any, post: Any
) -> None:
    case, karim = an_interest(permission=False), a_worker("Karim")
    interview = a_confirmed(case)
    path = f"/interviews/{interview.key}"
    lien = visitors(case.worker)
    lien.open(path + "/note").send(words="Wil graag starten.")
    found, _slots = slots_of(case, interview=again(interview))
    free = planning.free_companions(found, Span(interview.starts_at, interview.ends_at))
    with acting.as_(case.worker.id, "project_worker"):
        people.hand_over(again(interview), free[karim.id])
    db.session.commit()
    day = clock.local(interview.starts_at).date().isoformat()
    for page in ("", "/note", "/note/state", "/sheet", "/sheet.pdf", "/framing"):
        lien.open(path + page, status=404)
    lien.open(f"/agenda/day?day={day}").lacks(CANARY, "Wil graag starten.", interview.key)
    lien.open(f"/agenda/day/paper?day={day}").lacks(CANARY)
    visitors(karim).open(path).says("Wil graag starten.")
    visitors(a_coordinator()).open(f"/agenda/day/team?day={day}").lacks(*NAMES, "Wil graag starten.")


# --- Nonsense -------------------------------------------------------------------------------------------------------


def test_nonsense_on_a_card_a_decision_or_a_framing_is_refused_and_never_stumbles(
    at: Any, visitors: Any, post: Any
) -> None:
    case, interview = held(at)
    cards.ask_by_letter(again(interview), name="Mia", email="mia@nys.example", language="nl")
    link = post.last("mia@nys.example", "interviews/card_asked").path("/card/")
    one = f"/interviews/{interview.key}"
    cards.score(again(interview), case.contact.id, given())
    db.session.commit()
    an, lien = visitors(case.contact), visitors(case.worker)
    doors = [(visitors(None), link), (an, one + "/scorecard"), (an, one + "/table"), (lien, one + "/framing")]
    doors += [(an, f"{one}/decision?outcome={what}") for what in ("offer", "trial", "rejected")]
    for browser, path in doors:
        form = browser.open(path).form()
        fields = sorted({field.get("name") for field in form.xpath(".//*[@name]")} - {"csrf_token", "once"})
        for odd in ("\x00", "²", "9" * 400, "2100-12-31", "0001-01-01", "🚜\ud7ff", "-1", "NaN"):
            form = browser.open(path).form()
            sent = [(k, v) for k, v in form.form_values() if k in {"csrf_token", "once"}]
            page = browser.post(path, [*sent, *((name, odd) for name in fields), *((name, odd) for name in fields)])
            assert page.status in {200, 303, 409, 422}, (path, odd, page.status)
    for odd in ("²", "zzzz", "9" * 400, "offer\x00"):
        address = f"{one}/decision?outcome={odd}"
        assert an._ask(lambda address=address: an.client.get(address)).status < 500
    assert steps.standing(again(interview), employer=True)[1] == "wait"


def test_the_last_day_of_a_trial_may_be_far_and_nothing_stumbles(at: Any, visitors: Any, post: Any) -> None:
    case, interview = held(at)
    cards.score(again(interview), case.contact.id, given())
    db.session.commit()
    page = visitors(case.contact).open(f"/interviews/{interview.key}/decision?outcome=trial").send(
        form="ibo", hours_week="38", starts_on="2100-12-31", ends_on="2100-12-31", stands_until="2100-12-31",
        wish="Meelopen", wish_who="Bert",
    )  # fmt: skip
    assert page.status in {200, 422}
    decision = again(interview).decision
    if decision is not None and decision.state is D.TRIAL:
        answers.told(again(interview), "accepted")
        db.session.commit()
