"""After a talk: a card per person, hidden until the own one is in; a decision with its terms; the candidate's answer counts."""

from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine

from portal.accounts.roles import Role
from portal.candidates.handles import handle
from portal.foundation import acting, clock
from portal.foundation.database import db
from portal.interviews import answers, cards, criteria, outcome, permissions, service
from portal.interviews.models import Interview, Scorecard
from portal.interviews.outcome import Terms
from portal.interviews.outcome_models import Criteria
from portal.interviews.states import DecisionState, InterviewState, Mode
from portal.organisations.models import Organisation
from portal.placements.models import Placement, PlacementState
from portal.showcase.models import Interest
from portal.showcase.states import InterestState
from portal.tasks.models import Task
from portal.trajectories import service as trajectories
from portal.trajectories.models import TrajectoryState
from tests.factories import a_person
from tests.interviews.factories import CANARY, NOW, _loaded, a_confirmed, again, all_there, an_interest, slots_of

pytestmark = pytest.mark.usefixtures("app")
D = DecisionState
CODES = ("skills", "learning", "motivation", "communication", "hours", "safety")
NAMES = (CANARY, "Kwartelslag", "Oudenaarde")


def filled(score: int = 4, line: str = "Legde het zelf uit.") -> dict[str, str]:
    return {code: str(score) for code in CODES} | {f"{code}_evidence": line for code in CODES}


def given(score: int = 3) -> cards.Scores:
    return cards.Scores({code: score for code in CODES}, {code: "x" for code in CODES})


@pytest.fixture
def at() -> Any:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


def held(at: Any, **about: Any) -> tuple[Any, Interview]:
    """A case whose talk was held an hour ago."""
    case = an_interest(permission=False, **about)
    interview = a_confirmed(case)
    at.move_to(interview.starts_at + timedelta(hours=1))
    all_there(again(interview))
    return case, again(interview)


def colleague(case: Any, name: str = "Bert", role: Role = Role.EMPLOYER_CONTACT) -> Any:
    company = db.session.get_one(Organisation, case.employer.organisation_id)
    return a_person(role=role, first_name=name, last_name="Nys", organisation=company)


def open_tasks(person: Any) -> list[str]:
    found = sa.select(Task.kind).where(Task.owner_id == person.id, Task.closed_at.is_(None)).order_by(Task.id)
    return [kind.partition(".")[2] for kind in db.session.scalars(found)]


def an_offer(**more: Any) -> Terms:
    today = clock.today()
    start = {"starts_on": today + timedelta(days=14), "stands_until": today + timedelta(days=7)}
    return Terms(**{"form": "fixed_term", "hours_week": 32, **start, **more})


def decide(case: Any, interview: Interview, what: D, *, terms: Terms = outcome.NOTHING, reasons: Any = ()) -> Interview:
    row = again(interview)
    if cards.own(row, case.contact.id) is None:
        cards.score(row, case.contact.id, given())
    outcome.decide(row, case.contact.id, what, list(reasons), terms=terms)
    return again(row)


# --- Cards ------------------------------------------------------------------------------------------------------------


@pytest.mark.engine
def test_nobody_sees_another_card_before_the_own_one_is_in_and_staff_see_them_all(
    at: Any, visitors: Any, post: Any
) -> None:
    case, interview = held(at)
    bert = colleague(case)
    path = f"/interviews/{interview.key}"
    an, b = visitors(case.contact), visitors(bert)
    b.open(path + "/scorecard", status=404)
    an.open(path).follow("Wie was er nog bij?").send("Vraag een kaart", colleagues=[bert.key]).says(
        "Bert Nys", "nog niet binnen"
    )
    assert open_tasks(bert) == ["card"]
    b.open(path + "/scorecard").send("Mijn kaart is klaar", **filled(2, "Kende de heftruck niet.")).says("2 / 5")
    assert open_tasks(bert) == []
    for page in (path, path + "/table", path + "/cards", path + "/decision"):
        an.open(page).lacks("Kende de heftruck niet.", "2 / 5")
    an.open(path).says("Bert Nys kaart is binnen")
    visitors(case.worker).open(path).says("Kende de heftruck niet.", "Bert Nys")
    an.open(path + "/scorecard").send("Mijn kaart is klaar", **filled(5)).says(
        "2 / 5", "5 / 5", "Kende de heftruck niet."
    )
    b.open(path + "/cards").says("5 / 5").lacks(*NAMES)
    b.open(path, status=404)
    b.open(path + "/decision", status=404)


@pytest.mark.engine
def test_somebody_without_an_account_fills_in_one_card_by_letter_and_sees_nothing_else(
    at: Any, visitors: Any, post: Any
) -> None:
    case, interview = held(at)
    an = visitors(case.contact)
    path = f"/interviews/{interview.key}"
    page = an.open(path + "/table").send("Vraag een kaart", name="Mia Peeters", email="mia@nys.example", language="nl")
    page.says("Mia Peeters", "per brief")
    page.send("Vraag een kaart", name="Mia Peeters", email="MIA@nys.example", language="nl").says("al gevraagd")
    letter = post.last("mia@nys.example", "interviews/card_asked")
    link = letter.path("/card/")
    for name in NAMES:
        assert name not in letter.subject + letter.text + letter.html
    mia = visitors(None)
    mia.open(link).lacks(*NAMES, "5 / 5")
    assert again(interview).scorecards == []
    mia.open(link).send("Mijn kaart is klaar", **filled(3, "Vroeg goed door.")).says("Je kaart is binnen")
    mia.open(link).send("Mijn kaart aanpassen", **filled(4, "Vroeg heel goed door."))
    assert [card.scores["skills"] for card in again(interview).scorecards] == [4]
    an.open(path).lacks("Vroeg heel goed door.")
    an.open(path + "/scorecard").send("Mijn kaart is klaar", **filled(5)).says("Mia Peeters", "Vroeg heel goed door.")
    decide(case, interview, D.REJECTED, reasons=["skills"])
    mia.open(link, status=410)


def test_who_was_asked_by_mistake_has_a_link_that_is_closed(at: Any, visitors: Any, post: Any) -> None:
    case, interview = held(at)
    an = visitors(case.contact)
    page = an.open(f"/interviews/{interview.key}/table").send(
        "Vraag een kaart", name="Mia", email="mia@nys.example", language="fr"
    )
    link = post.last("mia@nys.example", "interviews/card_asked").path("/card/")
    page.send("Intrekken").lacks("mia@nys.example")
    visitors(None).open(link, status=410)


def test_a_card_may_be_mended_until_the_decision_and_no_longer(at: Any, visitors: Any, post: Any) -> None:
    case, interview = held(at)
    an = visitors(case.contact)
    path = f"/interviews/{interview.key}/scorecard"
    an.open(path).send("Mijn kaart is klaar", **filled(2))
    form, other = an.open(path), an.open(path)
    form.send("Mijn kaart is klaar", **filled(4))
    assert again(interview).scorecards[0].scores["skills"] == 4
    decide(case, interview, D.REJECTED, reasons=["schedule"])
    other.send("Mijn kaart is klaar", **filled(1)).says("Deze stap kan niet meer")
    assert db.session.scalars(sa.select(Scorecard)).one().scores["skills"] == 4


@pytest.mark.engine
def test_the_criteria_are_those_that_stood_before_the_profile_was_opened(at: Any, visitors: Any, post: Any) -> None:
    case, interview = held(at)
    an = visitors(case.contact)
    page = an.open(f"/vacancies/{case.vacancy.key}/criteria")
    assert page.send("Leg deze vast", codes=["skills", "safety"]).says("vier tot zes").status == 422
    page.send("Leg deze vast", codes=["skills", "learning", "hours", "safety"]).says("Versie 1")
    assert list(criteria.criteria_for(again(interview)).criteria) == list(CODES), (
        "opened before: the standard set stays"
    )
    at.shift(timedelta(days=1))
    later = an_interest(permission=False, company=(case.employer, case.contact, case.vacancy))
    second = a_confirmed(later, slot=3)
    assert list(criteria.criteria_for(again(second)).criteria) == ["skills", "learning", "hours", "safety"]
    at.move_to(second.starts_at + timedelta(hours=1))
    all_there(again(second))
    page = (
        visitors(case.contact)
        .open(f"/interviews/{second.key}/scorecard")
        .says("4 vragen")
        .lacks("Motivatie voor dit werk")
    )
    four = {code: "3" for code in ("skills", "learning", "hours", "safety")}
    page.send("Mijn kaart is klaar", **four, **{f"{code}_evidence": "Ja." for code in four})
    assert again(second).scorecards[0].criteria_version == 1
    criteria_rows = db.session.scalars(sa.select(Criteria)).all()
    assert [row.version for row in criteria_rows] == [1]


# --- The decision -----------------------------------------------------------------------------------------------------


def test_an_offer_says_form_hours_start_and_until_when_it_stands(at: Any, visitors: Any, post: Any) -> None:
    case, interview = held(at)
    an = visitors(case.contact)
    an.open(f"/interviews/{interview.key}/decision?outcome=offer").says("Hoe was het gesprek?")
    cards.score(again(interview), case.contact.id, given())
    db.session.commit()
    page = an.open(f"/interviews/{interview.key}/decision").follow("We bieden de job aan")
    past = page.send(
        "Stuur mijn antwoord", form="permanent", hours_week="38", starts_on="2027-01-04", stands_until="2026-01-01"
    )
    assert past.says("Deze dag is voorbij").status == 422
    page.send(
        "Stuur mijn antwoord", form="permanent", hours_week="38", starts_on="2027-01-04", stands_until="2026-12-18"
    ).says("Contract onbepaalde duur", "18 december 2026")
    visitors(case.worker).open(f"/interviews/{interview.key}/tell").says("4 januari 2027", "18 december 2026")


def test_the_admin_of_the_company_decides_too_after_an_own_card(at: Any, visitors: Any, post: Any) -> None:
    case, interview = held(at)
    admin = visitors(colleague(case, role=Role.EMPLOYER_ADMIN))
    no = f"/interviews/{interview.key}/decision?outcome=rejected"
    admin.open(no).says("Hoe was het gesprek?").send("Mijn kaart is klaar", **filled(2))
    admin.open(no).send("Stuur mijn antwoord", reasons=["skills"]).says("Dank je").lacks(*NAMES)
    assert again(interview).decision.state is D.REJECTED


@pytest.mark.engine
def test_a_double_or_late_press_changes_nothing_and_says_so(at: Any, visitors: Any, post: Any) -> None:
    case, interview = held(at)
    an = visitors(case.contact)
    cards.score(again(interview), case.contact.id, given())
    db.session.commit()
    old = an.open(f"/interviews/{interview.key}/decision?outcome=rejected")
    other = an.open(f"/interviews/{interview.key}/decision?outcome=rejected")
    old.send("Stuur mijn antwoord", reasons=["skills"])
    other.send("Stuur mijn antwoord", reasons=["transport"]).says(
        "Je bedrijf heeft al geantwoord. Er is niets veranderd"
    )
    assert again(interview).decision.reasons == ["skills"]
    lien = visitors(case.worker)
    late = lien.open(f"/interviews/{interview.key}")
    late.follow("Vertel het de kandidaat").send("De kandidaat weet het")
    with pytest.raises(answers.HasAnswered):
        answers.told(again(interview), "accepted")


def test_a_second_talk_has_its_own_moment_companion_permission_and_decision(at: Any, visitors: Any, post: Any) -> None:
    case = an_interest()
    first = a_confirmed(case)
    at.move_to(first.starts_at + timedelta(hours=1))
    all_there(again(first))
    an = visitors(case.contact)
    cards.score(again(first), case.contact.id, given())
    db.session.commit()
    asked = an.open(f"/interviews/{first.key}/decision").follow("We willen graag een tweede gesprek")
    asked.send(
        "Stuur mijn antwoord", wish="De werkplek tonen", wish_when="Volgende week", wish_who="De ploegbaas"
    ).says("De ploegbaas")
    visitors(case.worker).open(f"/interviews/{first.key}/tell").says("De werkplek tonen", "Volgende week")
    assert "plan" in open_tasks(case.worker)
    with acting.as_(case.worker.id, "project_worker"):
        second = service.request(_loaded(case), handle(case.candidate.id), slots_of(case)[1][0], mode=Mode.AT_COMPANY)
        db.session.commit()
        assert again(second).permission.id != again(first).permission.id
        permissions.requested(again(second), clock.today())
        permissions.granted(again(second), permissions.needed_span(again(second)))
        service.confirm(again(second))
        db.session.commit()
    with pytest.raises(outcome.Answered):
        outcome.decide(again(first), case.contact.id, D.OFFER, [])
    with pytest.raises(answers.HasAnswered):
        answers.steps_out(again(first), ["pay"])
    at.move_to(again(second).starts_at + timedelta(hours=1))
    all_there(again(second))
    assert decide(case, second, D.OFFER, terms=an_offer()).decision.state is D.OFFER
    assert again(first).decision.state is D.SECOND_TALK
    assert again(second).state is InterviewState.HELD


def test_nothing_is_decided_about_somebody_who_no_longer_wants_the_second_talk(at: Any, post: Any) -> None:
    case, first = held(at)
    decide(case, first, D.SECOND_TALK)
    with acting.as_(case.worker.id, "project_worker"):
        second = service.request(_loaded(case), handle(case.candidate.id), slots_of(case)[1][0], mode=Mode.AT_COMPANY)
        db.session.commit()
        service.cancel(again(second), "candidate_withdraws")
        db.session.commit()
    assert outcome.may_decide(again(first)) == ()
    with pytest.raises(outcome.Answered):
        outcome.decide(again(first), case.contact.id, D.OFFER, [])


@pytest.mark.engine
def test_a_trial_has_its_own_dates_and_ends_in_an_offer_or_a_no(at: Any, visitors: Any, post: Any) -> None:
    case, interview = held(at)
    today = clock.today()
    terms = an_offer(form="internship", ends_on=today + timedelta(days=28), wish="Pakken", wish_who="Els")
    decide(case, interview, D.TRIAL, terms=terms)
    answers.told(again(interview), "accepted")
    db.session.commit()
    interview = again(interview)
    assert interview.decision.state is D.TRYING
    assert "proef" in post.last(case.contact.email, "interviews/offer_answered").text
    trial = db.session.scalars(sa.select(Placement)).one()
    assert (trial.form, trial.starts_on, trial.contract_ends_on, trial.paid) == (
        "internship",
        terms.starts_on,
        terms.ends_on,
        False,
    )
    assert open_tasks(case.contact) == ["trial_over"]
    with pytest.raises(outcome.Answered):
        outcome.decide(again(interview), case.contact.id, D.TRIAL, [])
    at.shift(timedelta(days=29))
    an = visitors(case.contact)
    an.open(f"/interviews/{interview.key}").follow("Geef je antwoord").says(
        "We bieden de job aan", "Deze keer niet"
    ).lacks("een proef aan")
    decide(case, interview, D.OFFER, terms=an_offer())
    assert "trial_over" not in open_tasks(case.contact)
    answers.told(again(interview), "accepted")
    db.session.commit()
    assert again(interview).decision.state is D.ACCEPTED
    forms = db.session.scalars(sa.select(Placement.form).order_by(Placement.id)).all()
    assert forms == ["internship", "fixed_term"], "the job is a start of its own"
    assert all(one.state is PlacementState.PREPARING for one in db.session.scalars(sa.select(Placement)))


# --- The candidate's answer -------------------------------------------------------------------------------------------


def test_a_candidate_thinks_until_a_day_and_an_offer_that_ended_is_not_accepted(
    at: Any, visitors: Any, post: Any
) -> None:
    case, interview = held(at)
    decide(case, interview, D.OFFER, terms=an_offer())
    until = again(interview).decision.stands_until
    lien = visitors(case.worker)
    page = lien.open(f"/interviews/{interview.key}/tell")
    page.send("De kandidaat weet het", reply="later").says("Tot welke dag?")
    page.send("De kandidaat weet het", reply="later", until=(until + timedelta(days=1)).isoformat()).says(
        "Het aanbod geldt tot"
    )
    page.send("De kandidaat weet het", reply="later", until=(until - timedelta(days=1)).isoformat()).says(
        "denkt na tot"
    )
    due = db.session.scalars(sa.select(Task.due).where(Task.kind == "interviews.tell", Task.closed_at.is_(None))).one()
    assert due == until - timedelta(days=1)
    assert answers.offers_over() == 0
    at.shift(timedelta(days=8))
    assert answers.offers_over() == 1
    assert "offer_over" in open_tasks(case.worker)
    late = (
        visitors(case.worker).open(f"/interviews/{interview.key}/tell").send("De kandidaat weet het", reply="accepted")
    )
    assert late.says("Dit aanbod gold tot").status == 409
    assert again(interview).decision.state is D.OFFER
    more = (clock.today() + timedelta(days=5)).isoformat()
    visitors(case.contact).open(f"/interviews/{interview.key}").follow("Laat het aanbod langer gelden").send(
        "Bewaar dit", until=more
    )
    assert "offer_over" not in open_tasks(case.worker)
    answers.told(again(interview), "accepted")
    assert again(interview).decision.state is D.ACCEPTED


def test_a_no_of_the_candidate_is_told_neutrally_counted_and_has_a_next_step(at: Any, visitors: Any, post: Any) -> None:
    case, interview = held(at)
    decide(case, interview, D.OFFER, terms=an_offer())
    lien = visitors(case.worker)
    page = lien.open(f"/interviews/{interview.key}/tell")
    assert page.send("De kandidaat weet het", reply="declined").status == 422
    page.send("De kandidaat weet het", reply="declined", reasons=["not_comfortable", "transport"]).says(
        "Ik raak er moeilijk"
    )
    letter = post.last(case.contact.email, "interviews/offer_answered")
    assert "De kandidaat kiest voor een andere werkplek." in letter.text
    assert "gemak" not in letter.text
    assert again(interview).decision.candidate_reasons == ["not_comfortable", "transport"]
    assert trajectories.of(case.candidate.id).state is TrajectoryState.SEARCHING
    assert db.session.get_one(Interest, case.interest.id).state is InterestState.LAPSED
    assert open_tasks(case.worker) == ["after_no"]
    lien.open(f"/interviews/{interview.key}").send("De volgende stap is afgesproken")
    assert open_tasks(case.worker) == []


def test_a_no_with_which_the_team_may_help_becomes_a_task_of_the_worker(at: Any, visitors: Any, post: Any) -> None:
    case, interview = held(at)
    decide(case, interview, D.REJECTED, reasons=["internal_resistance", "skills"])
    assert set(open_tasks(case.worker)) == {"tell", "support"}
    visitors(case.worker).open(f"/interviews/{interview.key}").send("De volgende stap is afgesproken")
    assert open_tasks(case.worker) == ["tell"]


@pytest.mark.parametrize("when", ["pending", "second_talk", "trying"])
def test_a_candidate_may_step_out_at_any_moment(at: Any, visitors: Any, post: Any, when: str) -> None:
    case, interview = held(at)
    if when == "second_talk":
        decide(case, interview, D.SECOND_TALK)
    elif when == "trying":
        decide(case, interview, D.TRIAL, terms=an_offer(form="ibo", ends_on=date(2027, 1, 29)))
        answers.told(again(interview), "accepted")
        db.session.commit()
    lien = visitors(case.worker)
    page = lien.open(f"/interviews/{interview.key}").follow("De kandidaat zegt nee")
    other = lien.open(f"/interviews/{interview.key}/candidate-no")
    assert page.send("Noteer de nee").status == 422
    page.send("Noteer de nee", reasons=["other_job"]).says("Ik heb ander werk of een opleiding")
    assert again(interview).decision.state is D.DECLINED
    text = post.last(case.contact.email, "interviews/offer_answered").text
    assert "gaat niet verder" in text
    assert "aanbod" not in text
    assert open_tasks(case.contact) == []
    assert "after_no" in open_tasks(case.worker)
    assert "plan" not in open_tasks(case.worker)
    other.send("Noteer de nee", reasons=["pay"]).says("al genoteerd")
    assert again(interview).decision.candidate_reasons == ["other_job"]


@pytest.mark.engine
def test_the_pages_of_an_outcome_cost_at_most_eight_queries(at: Any, visitors: Any, post: Any) -> None:
    case, interview = held(at)
    an, lien = visitors(case.contact), visitors(case.worker)
    path = f"/interviews/{interview.key}"

    def costs() -> list[int]:
        own = [
            len(an.open(path + page).queries) for page in ("", "/scorecard", "/cards", "/table", "/decision", "/guide")
        ]
        return [*own, len(lien.open(path).queries), len(lien.open(path + "/framing").queries)]

    an.open(path + "/scorecard").send("Mijn kaart is klaar", **filled())
    few = costs()
    assert max(few) <= 8, few
    for number in range(6):
        bert = colleague(case, f"Bert {number}")
        cards.ask_colleagues(again(interview), [bert])
        cards.score(again(interview), bert.id, given())
    db.session.commit()
    assert costs() == few
