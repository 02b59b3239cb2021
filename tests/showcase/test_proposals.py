"""A worker proposes somebody to a company that was warm on the phone: blind, and only with two yeses."""

from threading import Barrier, Thread
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from portal.accounts.roles import Role
from portal.agenda.windows import workdays_after
from portal.approaches import service as approaches
from portal.approaches.models import Approach
from portal.approaches.service import CallAnswer
from portal.candidates import consents
from portal.candidates.handles import handle
from portal.candidates.states import Channel, Purpose
from portal.employers.models import Vacancy
from portal.employers.states import VacancyState
from portal.foundation import acting, clock
from portal.foundation.database import db
from portal.foundation.signals import interest_accepted
from portal.foundation.states import WrongState
from portal.journal.models import Entry
from portal.organisations.models import Organisation
from portal.outbox.models import Letter, LetterState
from portal.showcase import cards, interests, kept_from, proposals
from portal.showcase.models import Interest, Listing
from portal.showcase.states import InterestState
from portal.tasks.models import Task
from tests.factories import a_person
from tests.showcase.factories import a_company, a_vacancy, an_approved_profile
from tests.showcase.test_staying_blind import CANARIES, a_team, people_out

pytestmark = pytest.mark.usefixtures("app")


class Stage:
    """Somebody whose profile is out, and a company that said on the phone that it is interested."""

    def __init__(self, visitors: Any) -> None:
        self.lien, self.sam = a_team()
        self.employer, self.els = a_company(self.lien)
        profiles = people_out(5, self.lien, self.sam, first_name="Quirijntje", last_name="Zonderland")
        self.case = handle(profiles[0].candidate_id)
        self.vacancy = a_vacancy(self.employer, self.els)
        self.worker, self.company = visitors(self.lien), visitors(self.els)
        self.path = f"/people/{self.case.key}/calls/{self.employer.key}"

    def warm(self) -> Any:
        self.employer.organisation = db.session.get_one(Organisation, self.employer.organisation_id)
        with acting.as_(self.lien.id, Role.PROJECT_WORKER):
            approaches.note_call(self.case, self.employer, CallAnswer("interested", clock.today()))
        db.session.commit()
        return self.worker.open(self.path)

    def propose(self) -> Any:
        return self.warm().send("Stel voor bij deze vacature")

    def interest(self) -> Interest:
        db.session.expire_all()
        return db.session.scalars(sa.select(Interest).where(Interest.candidate_id == self.case.id)).one()

    def asked(self) -> Any:
        return self.company.open(f"/proposals/{self.interest().key}")

    def candidate_says(self, said: str) -> Any:
        page = self.worker.open(f"/interests/{self.interest().key}")
        return page.send("Bewaar het antwoord", said=said, channel="phone")


@pytest.fixture
def stage(visitors: Any) -> Stage:
    return Stage(visitors)


def open_kinds() -> set[str]:
    return set(db.session.scalars(sa.select(Task.kind).where(Task.closed_at.is_(None))))


def test_one_press_makes_an_interest_a_letter_and_a_question_to_the_candidate(stage: Stage, post: Any) -> None:
    stage.propose().says("is voorgesteld bij Garage Verlinden", "Het heeft een brief en antwoordde nog niet")
    interest = stage.interest()
    assert (interest.state, interest.proposed_by, interest.contact_id) == (
        InterestState.PROPOSED, stage.lien.id, stage.els.id,
    )  # fmt: skip
    assert db.session.scalars(sa.select(Approach)).one().interest_id == interest.id
    assert {"showcase.ask_about_proposal", "showcase.answer_proposal"} <= open_kinds()
    letter = post.last(stage.els.email, "showcase/proposed")
    for told in (letter.text, letter.html, letter.subject):
        assert not any(canary in told for canary in CANARIES)


def test_pressing_twice_proposes_once(stage: Stage, post: Any) -> None:
    page, other_tab = stage.warm(), stage.worker.open(stage.path)
    page.send("Stel voor bij deze vacature")
    page.send("Stel voor bij deze vacature")
    other_tab.send("Stel voor bij deze vacature").says("is voorgesteld bij")
    assert stage.interest().state is InterestState.PROPOSED
    assert len(db.session.scalars(sa.select(Letter).where(Letter.template == "showcase/proposed")).all()) == 1


def test_a_company_that_does_not_answer_is_called_again_and_one_that_does_is_not(stage: Stage, post: Any) -> None:
    stage.propose()
    step = db.session.scalars(
        sa.select(Task).where(Task.kind == "approaches.next_step", Task.closed_at.is_(None))
    ).one()
    assert step.due == workdays_after(clock.today(), 5) and step.owner_id == stage.lien.id
    stage.worker.open(stage.path).says("Vragen of ze het profiel al lazen")
    stage.asked().send("Stuur mijn antwoord", said="yes")
    assert "approaches.next_step" not in open_kinds()


@pytest.mark.engine
def test_two_presses_at_the_same_moment_propose_once(portal: Flask, visitors: Any, post: Any) -> None:
    stage = Stage(visitors)
    stage.warm()
    numbers = (stage.case, stage.vacancy.id, stage.employer.id, stage.lien.id)
    ready, found = Barrier(2), []

    def press() -> None:
        case, vacancy_id, employer_id, worker_id = numbers
        with portal.app_context(), acting.as_(worker_id, Role.PROJECT_WORKER):
            ready.wait()
            vacancy = proposals.with_vacancy(vacancy_id, employer_id)
            assert vacancy is not None
            found.append(proposals.propose(case, vacancy, code="AAA-22").id)
            db.session.commit()

    db.session.commit()
    presses = [Thread(target=press) for _ in range(2)]
    for one in presses:
        one.start()
    for one in presses:
        one.join()
    assert len(set(found)) == 1 and len(found) == 2


def test_the_company_reads_the_blind_profile_and_nobody(stage: Stage, post: Any) -> None:
    stage.propose()
    page = stage.company.open("/").follow("Lees het profiel")
    page.says("Draagt altijd de juiste bescherming.", "Wil je deze persoon ontmoeten?").lacks(*CANARIES, stage.case.key)
    assert len(page.queries) <= 8
    seen = db.session.scalars(
        sa.select(Entry).where(Entry.action == "profile.read", Entry.actor_id == stage.els.id)
    ).all()
    assert seen[-1].about == stage.case.id


def test_it_goes_on_when_both_say_yes_the_company_first(stage: Stage, post: Any) -> None:
    heard: list[Any] = []
    listener = interest_accepted.connect(lambda interest, **_more: heard.append(interest.id), weak=False)
    try:
        stage.propose()
        stage.asked().send("Stuur mijn antwoord", said="yes").says("Jouw ja", "door de projectmedewerker")
        assert stage.interest().state is InterestState.PROPOSED and not heard
        stage.candidate_says("yes").says("Het bedrijf hoort dat de kandidaat")
    finally:
        interest_accepted.disconnect(listener)
    assert stage.interest().state is InterestState.ACCEPTED and heard == [stage.interest().id]
    assert (
        "interviews.plan" in open_kinds()
        and not {"showcase.ask_about_proposal", "showcase.answer_proposal"} & open_kinds()
    )
    letter = post.last(stage.els.email, "showcase/both_agree")
    assert not any(canary in letter.text for canary in CANARIES)
    stage.asked().says("wil je ontmoeten").lacks(*CANARIES)


def test_it_goes_on_when_both_say_yes_the_candidate_first(stage: Stage, post: Any) -> None:
    stage.propose()
    stage.candidate_says("yes").says("Het gaat verder zodra ook het bedrijf ja zegt")
    assert stage.interest().state is InterestState.PROPOSED
    assert consents.standing(stage.case.id, Purpose.IDENTITY, stage.employer.id) is not None
    stage.asked().lacks(*CANARIES).send("Stuur mijn antwoord", said="yes")
    assert stage.interest().state is InterestState.ACCEPTED and "interviews.plan" in open_kinds()
    stage.worker.open(stage.path).says("wil kennismaken")


def test_a_company_that_says_no_gives_reasons_that_the_candidate_hears(stage: Stage, post: Any) -> None:
    stage.propose()
    refused = stage.asked().send("Stuur mijn antwoord", said="no")
    assert refused.status == 422 and stage.interest().state is InterestState.PROPOSED
    stage.asked().send("Stuur mijn antwoord", said="no", reasons=["hours"]).says("Dank je, we hebben je antwoord")
    assert stage.interest().state is InterestState.DECLINED
    page = stage.worker.open("/").follow("Lees waarom").says("Het bedrijf gaat niet verder")
    page.send("Ik heb het de kandidaat verteld")
    assert "showcase.tell_no" not in open_kinds() and "showcase.ask_about_proposal" not in open_kinds()


def test_a_candidate_who_says_no_ends_it_without_a_reason_for_the_company(stage: Stage, post: Any) -> None:
    stage.propose()
    db.session.execute(sa.update(Letter).values(state=LetterState.SENT))
    stage.candidate_says("no")
    letter = post.last(stage.els.email, "showcase/proposal_ends")
    assert not any(canary in letter.text for canary in CANARIES)
    stage.asked().says("Met dit profiel kunnen we niet verder").lacks("Draagt altijd", *CANARIES)
    stage.worker.open(stage.path).says("ging niet door")


def test_a_letter_that_has_not_left_is_stopped_when_the_candidate_says_no(stage: Stage, post: Any) -> None:
    stage.propose()
    stage.candidate_says("no")
    states = db.session.execute(
        sa.select(Letter.template, Letter.state).where(Letter.template.startswith("showcase/p"))
    )
    assert [tuple(one) for one in states] == [("showcase/proposed", LetterState.CANCELLED)]


def test_a_no_on_the_phone_takes_the_proposal_back(stage: Stage, post: Any) -> None:
    stage.propose()
    page = stage.worker.open(stage.path)
    page.send("Bewaar het telefoontje", said="not_this_profile")
    assert stage.interest().state is InterestState.LAPSED
    assert not {"showcase.ask_about_proposal", "showcase.answer_proposal"} & open_kinds()


def test_a_profile_that_is_not_out_is_not_proposed(stage: Stage, visitors: Any) -> None:
    waiting = handle(an_approved_profile(stage.lien, stage.sam).candidate_id)
    stage.case = waiting
    stage.path = f"/people/{waiting.key}/calls/{stage.employer.key}"
    stage.warm().says("Het profiel is nog niet zichtbaar").send("Stel voor bij deze vacature").says(
        "nog niet zichtbaar"
    )
    assert not db.session.scalars(sa.select(Interest)).all()


def test_whom_a_company_must_not_see_is_not_proposed_and_a_proposal_ends(stage: Stage, post: Any) -> None:
    stage.propose()
    with acting.as_(stage.lien.id, Role.PROJECT_WORKER):
        kept_from.keep_from(stage.case, stage.employer.key, "past_employer")
    db.session.commit()
    assert stage.interest().state is InterestState.LAPSED
    stage.asked().lacks("Draagt altijd")
    with pytest.raises(proposals.EndedBefore):
        proposals.propose(stage.case, _loaded(stage.vacancy), code="AAA-22")
    other = a_vacancy(stage.employer, stage.els, title="Ander werk")
    with pytest.raises(proposals.MustNotSee):
        proposals.propose(stage.case, _loaded(other), code="AAA-22")


def test_nothing_is_proposed_before_the_company_said_that_it_is_interested(stage: Stage) -> None:
    stage.employer.organisation = db.session.get_one(Organisation, stage.employer.organisation_id)
    with acting.as_(stage.lien.id, Role.PROJECT_WORKER):
        row = approaches.note_call(stage.case, stage.employer, CallAnswer("thinks", clock.today()))
        with pytest.raises(approaches.NotInterested):
            approaches.propose(stage.case, row, _loaded(stage.vacancy))


def test_without_an_open_vacancy_the_press_becomes_the_next_step(stage: Stage, post: Any) -> None:
    stage.vacancy.move_to(VacancyState.CLOSED)
    db.session.commit()
    stage.warm().send("Maak er mijn volgende stap van").says("Samen de vacature schrijven")
    task = db.session.scalars(sa.select(Task).where(Task.kind == "approaches.next_step")).one()
    assert task.owner_id == stage.lien.id and task.due > clock.today()


def test_only_whom_the_proposal_is_for_reads_it(stage: Stage, visitors: Any, post: Any) -> None:
    stage.propose()
    path = f"/proposals/{stage.interest().key}"
    organisation = db.session.get_one(Organisation, stage.employer.organisation_id)
    jo = a_person(role=Role.EMPLOYER_CONTACT, first_name="Jo", organisation=organisation)
    visitors(jo).open(path, status=404)
    _other, jan = a_company(stage.lien, "Bakkerij Maes")
    visitors(jan).open(path, status=404)
    stage.worker.open(path, status=403)


def test_an_answer_counts_once(stage: Stage, post: Any) -> None:
    stage.propose()
    page = stage.asked()
    page.send("Stuur mijn antwoord", said="yes")
    page.send("Stuur mijn antwoord", said="yes")
    late = stage.interest()
    with pytest.raises(WrongState):
        proposals.decline(late, ("hours",))
    db.session.rollback()
    assert stage.interest().employer_answered_at is not None


def test_the_code_of_a_card_that_the_company_sees_already_stays(stage: Stage, post: Any) -> None:
    cards.lay_out_opened(Vacancy.id == stage.vacancy.id)
    db.session.commit()
    stage.propose()
    interest = stage.interest()
    assert interest.listing_id is not None
    row = db.session.get_one(Listing, interest.listing_id)
    assert interest.code == row.code
    stage.company.open(f"/vacancies/{stage.vacancy.key}/profiles").says(row.code)


def test_without_a_card_the_company_hears_the_code_of_the_call(stage: Stage, post: Any) -> None:
    stage.propose()
    assert stage.interest().listing_id is None
    assert stage.interest().code == db.session.scalars(sa.select(Approach.code)).one()


def test_both_say_yes_at_the_same_moment_and_neither_is_lost(stage: Stage, post: Any) -> None:
    """Each reads the row again, alone, before it decides what the other said."""
    stage.propose()
    interest = stage.interest()
    interest.vacancy = _loaded(stage.vacancy)
    db.session.execute(
        sa.update(Interest).values(employer_answered_at=clock.now()).execution_options(synchronize_session=False)
    )
    interests.agree(interest, stage.case, channel=Channel.PHONE, fields=())
    assert interest.state is InterestState.ACCEPTED


def _loaded(vacancy: Vacancy) -> Vacancy:
    found = proposals.with_vacancy(vacancy.id, vacancy.employer_id)
    assert found is not None
    return found
