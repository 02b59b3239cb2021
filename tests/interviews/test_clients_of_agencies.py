"""A temporary agency has clients: a name goes to one client only after a yes for that client, at an accompanied interview
with that client. Each test here is somebody who tries it otherwise."""

from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from sqlalchemy.orm import joinedload

from portal.accounts.models import Person
from portal.accounts.roles import Role
from portal.candidates import consents
from portal.candidates.models import Consent
from portal.candidates.states import Channel, Purpose
from portal.employers import clients
from portal.employers.clients import ClientAnswer
from portal.employers.models import AgencyClient, Employer, Vacancy
from portal.foundation import acting
from portal.foundation.database import db
from portal.interviews import framing, outcome, service
from portal.interviews.clients import ClientNotAgreed, ForAnotherClient
from portal.interviews.framing import Agreed
from portal.interviews.outcome_models import FramingKind
from portal.interviews.states import DecisionState, InterviewState
from portal.organisations.models import Kind, Organisation, Workplace
from portal.placements import queries as placements
from portal.placements import service as placing
from portal.showcase.states import InterestState
from portal.tasks.models import Task
from tests.employers.factories import a_number
from tests.factories import a_person
from tests.interviews.factories import (
    CANARY,
    NOW,
    Case,
    a_confirmed,
    a_requested,
    again,
    all_there,
    an_interest,
)

pytestmark = pytest.mark.usefixtures("app")


def loaded(agency: Employer) -> Employer:
    statement = sa.select(Employer).options(joinedload(Employer.organisation)).where(Employer.id == agency.id)
    return db.session.scalars(statement.execution_options(populate_existing=True)).one()


def a_client(agency: Employer, name: str = "Brouwerij Maes", number: str | None = None) -> AgencyClient:
    answer = ClientAnswer(name, number or a_number(), "Kaai 9", "9000", "Gent", "")
    client = clients.add(loaded(agency), answer)
    db.session.commit()
    return client


def at_a_client(*, yes: bool = True) -> tuple[Case, AgencyClient]:
    """Somebody for whom an agency's job at a client's place was accepted; and who said yes to that client, or did not."""
    case = an_interest(permission=False, consent=False, name="Uitzend Actief")
    case.employer.organisation = db.session.get_one(Organisation, case.employer.organisation_id)
    case.employer.organisation.kind = Kind.AGENCY
    client = a_client(case.employer)
    case.vacancy.workplace_id = client.workplace_id
    if yes:
        say_yes(case, client)
    db.session.commit()
    return case, client


def say_yes(case: Case, client: AgencyClient | None) -> Consent:
    return consents.give(
        case.candidate.id, Purpose.IDENTITY, channel=Channel.PAPER, employer_id=case.employer.id,
        client_id=client.id if client is not None else None,
    )  # fmt: skip


def an_admin(case: Case) -> Person:
    organisation = db.session.get_one(Organisation, case.employer.organisation_id)
    return a_person(role=Role.EMPLOYER_ADMIN, first_name="Els", organisation=organisation)


def the_task(kind: str) -> Task | None:
    return db.session.scalar(sa.select(Task).where(Task.kind == kind, Task.closed_at.is_(None)))


@pytest.fixture(autouse=True)
def _now(post: Any) -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


def test_with_a_yes_for_this_client_the_agencys_contact_reads_the_name_and_for_whom(visitors: Any) -> None:
    case, _client = at_a_client()
    interview = a_confirmed(case)
    an = visitors(case.contact)
    an.open(f"/interviews/{interview.key}").says(CANARY, "Alleen Brouwerij Maes mag deze naam horen")
    page = an.open(f"/interviews/{interview.key}")
    assert len(page.queries) <= 8


def test_a_yes_for_the_agency_alone_opens_nothing_at_a_client() -> None:
    case, _client = at_a_client(yes=False)
    say_yes(case, None)
    db.session.commit()
    interview = a_requested(case)
    with pytest.raises(ClientNotAgreed):
        service.confirm(again(interview))
    assert again(interview).state is not InterviewState.CONFIRMED


def test_a_yes_for_a_client_opens_nothing_at_the_agencys_own_office(visitors: Any) -> None:
    case, client = at_a_client()
    own = db.session.scalars(
        sa.select(Workplace).where(
            Workplace.organisation_id == case.employer.organisation_id, Workplace.id != client.workplace_id
        )
    ).one()
    case.vacancy.workplace_id = own.id
    db.session.commit()
    interview = a_confirmed(case)
    visitors(case.contact).open(f"/interviews/{interview.key}").lacks(CANARY)


def test_the_admin_takes_another_client_after_the_yes_and_the_name_closes(visitors: Any) -> None:
    case, _client = at_a_client()
    other = a_client(case.employer, "Slachthuis Peeters")
    interview = a_confirmed(case)
    an = visitors(case.contact)
    an.open(f"/interviews/{interview.key}").says(CANARY)
    page = (
        visitors(an_admin(case))
        .open(f"/vacancies/{case.vacancy.key}/place")
        .says("Een andere klant is een nieuwe vraag")
    )
    page.send("Bewaar deze plaats", workplace=db.session.get_one(Workplace, other.workplace_id).key)
    an.open(f"/interviews/{interview.key}").lacks(CANARY)
    assert the_task("interviews.other_client") is not None and the_task("showcase.ask_about_client") is not None


def test_the_yes_of_before_does_not_count_and_a_new_one_needs_a_new_interview(visitors: Any) -> None:
    case, _client = at_a_client()
    other = a_client(case.employer, "Slachthuis Peeters")
    interview = a_confirmed(case)
    db.session.get_one(Vacancy, case.vacancy.id).workplace_id = other.workplace_id
    case.interest.state = InterestState.INTERVIEW
    db.session.commit()
    lien = visitors(case.worker)
    page = lien.open(f"/interests/{case.interest.key}").says("De job is nu voor een andere klant")
    page.follow("Vraag het over deze klant").says("Slachthuis Peeters", "Geen andere klant").send(
        "Bewaar het antwoord", said="yes", channel="phone"
    ).says("telt alleen voor deze klant")
    # The new yes is for the new client; the interview that stands is with the old one, and stays closed.
    visitors(case.contact).open(f"/interviews/{interview.key}").lacks(CANARY)
    service.cancel(again(interview), "illness")
    db.session.commit()
    fresh = a_confirmed(case)
    visitors(case.contact).open(f"/interviews/{fresh.key}").says(CANARY, "Alleen Slachthuis Peeters mag")


def test_a_no_to_the_new_client_is_kept_and_nothing_is_confirmed_there(visitors: Any) -> None:
    case, _client = at_a_client()
    db.session.get_one(Vacancy, case.vacancy.id).workplace_id = a_client(case.employer, "Peeters").workplace_id
    db.session.commit()
    visitors(case.worker).open(f"/interests/{case.interest.key}/client").send(
        "Bewaar het antwoord", said="no", channel="phone"
    ).says("Deze klant hoort geen naam")
    db.session.expire_all()
    assert case.interest.state is InterestState.DECLINED


def test_a_seat_at_the_client_opens_nothing_of_the_agency(visitors: Any) -> None:
    case, client = at_a_client()
    organisation = Organisation(kind=Kind.COMPANY, name="Brouwerij Maes", number=client.number)
    db.session.add(organisation)
    db.session.flush()
    db.session.add(Employer(organisation_id=organisation.id, programme_id=case.programme.id))
    boss = a_person(role=Role.EMPLOYER_ADMIN, first_name="Bert", organisation=organisation)
    interview = a_confirmed(case)
    there = visitors(boss)
    for path in (
        f"/interviews/{interview.key}",
        f"/vacancies/{case.vacancy.key}",
        f"/vacancies/{case.vacancy.key}/profiles",
    ):
        there.open(path, status=404).lacks(CANARY)
    there.open("/interviews").lacks(CANARY, case.interest.code)


@pytest.mark.parametrize("same", [True, False])
def test_who_also_sits_at_another_client_reads_no_name_as_the_agencys_contact(visitors: Any, same: bool) -> None:
    """The agency gives a client's people a seat of its own: only the client that the yes was for may read."""
    case, client = at_a_client()
    other = a_client(case.employer, "Slachthuis Peeters")
    organisation = Organisation(kind=Kind.COMPANY, name="Dubbel", number=client.number if same else other.number)
    db.session.add(organisation)
    db.session.flush()
    from portal.accounts import service as accounts

    accounts.seat(case.contact, Role.EMPLOYER_CONTACT, organisation_id=organisation.id)
    db.session.commit()
    page = visitors(case.contact).open(f"/interviews/{a_confirmed(case).key}")
    assert (CANARY in page.text) is same


def test_the_framing_closes_with_the_client(visitors: Any) -> None:
    from portal.foundation import clock

    case, _client = at_a_client()
    interview = a_confirmed(case)
    with acting.as_(case.worker.id, "project_worker"):
        told = Agreed(FramingKind.OWN_WORDS, words="Vraag me gerust naar mijn ervaring.", agreed_on=clock.today())
        framing.agree(again(interview), told)
    db.session.commit()
    an = visitors(case.contact)
    an.open(f"/interviews/{interview.key}").says("Vraag me gerust")
    db.session.get_one(Vacancy, case.vacancy.id).workplace_id = a_client(case.employer, "Peeters").workplace_id
    db.session.commit()
    an.open(f"/interviews/{interview.key}").lacks("Vraag me gerust")


def test_an_offer_is_for_the_client_that_was_met(post: Any) -> None:
    case, _client = at_a_client()
    interview = a_confirmed(case)
    with time_machine.travel(interview.starts_at, tick=False):
        all_there(again(interview))
        db.session.get_one(Vacancy, case.vacancy.id).workplace_id = a_client(case.employer, "Peeters").workplace_id
        db.session.commit()
        row = again(interview)
        from portal.interviews import cards

        cards.score(row, case.contact.id, cards.Scores({"skills": 3}, {"skills": "x"}))
        with pytest.raises(ForAnotherClient):
            outcome.decide(row, case.contact.id, DecisionState.OFFER, [])


def test_a_start_is_at_the_client_of_the_interview_and_nowhere_else() -> None:
    case, client = at_a_client()
    a_client(case.employer, "Slachthuis Peeters")
    interview = a_confirmed(case)
    placement = placing.prepare(interview)
    placement.employer = db.session.get_one(Employer, case.employer.id)
    assert placement.workplace_id == client.workplace_id
    assert [one.id for one in placements.workplaces_of(placement)] == [client.workplace_id]


def test_taking_back_the_yes_for_the_agency_takes_back_every_client(visitors: Any) -> None:
    case, _client = at_a_client()
    own = say_yes(case, None)
    interview = a_confirmed(case)
    consents.withdraw(own)
    db.session.commit()
    visitors(case.contact).open(f"/interviews/{interview.key}").lacks(CANARY)


def test_taking_back_one_client_leaves_the_agency_its_own_yes() -> None:
    case, client = at_a_client()
    say_yes(case, None)
    theirs = consents.standing(case.candidate.id, Purpose.IDENTITY, case.employer.id, client.id)
    assert theirs is not None
    consents.withdraw(theirs)
    assert consents.standing(case.candidate.id, Purpose.IDENTITY, case.employer.id, client.id) is None
    assert consents.standing(case.candidate.id, Purpose.IDENTITY, case.employer.id) is not None


def test_a_retired_client_hears_nothing_any_more(visitors: Any) -> None:
    from portal.employers.states import VacancyState

    case, client = at_a_client()
    interview = a_confirmed(case)
    case.vacancy.state = VacancyState.FILLED
    db.session.commit()
    clients.retire(db.session.get_one(AgencyClient, client.id))
    db.session.commit()
    visitors(case.contact).open(f"/interviews/{interview.key}").lacks(CANARY)


def test_no_letter_to_the_agency_names_anybody(post: Any) -> None:
    case, _client = at_a_client()
    other = a_client(case.employer, "Slachthuis Peeters")
    interview = a_confirmed(case)
    vacancy = db.session.get_one(Vacancy, case.vacancy.id)
    vacancy.employer = loaded(case.employer)
    clients.move(vacancy, db.session.get_one(Workplace, other.workplace_id))
    service.cancel(again(interview), "illness")
    db.session.commit()
    letters = post.all()
    assert letters
    for letter in letters:
        assert CANARY not in letter.subject + letter.text + letter.html + str(letter.calendar), letter.template


def test_the_candidate_reads_which_client_it_is_before_saying_yes(visitors: Any) -> None:
    case, client = at_a_client(yes=False)
    case.interest.state, case.interest.answered_at = InterestState.EXPRESSED, None
    db.session.commit()
    page = visitors(case.worker).open(f"/interests/{case.interest.key}")
    assert len(page.queries) <= 8
    page.says("Uitzend Actief", "Brouwerij Maes", "Dit uitzendkantoor en deze ene klant").send(
        "Bewaar het antwoord", said="yes", channel="phone", fields=["last_name"]
    )
    given = consents.standing(case.candidate.id, Purpose.IDENTITY, case.employer.id, client.id)
    assert given is not None and "Geen andere klant" in str(consents.as_given(given))
    assert consents.standing(case.candidate.id, Purpose.IDENTITY, case.employer.id) is None
    visitors(case.worker).open(f"/people/{case.candidate.key}/agreements").says("Uitzend Actief → Brouwerij Maes")
