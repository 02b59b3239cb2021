"""A company that asked for at most so many new profiles a month is shown no more: on lists, in batches, by proposals."""

from threading import Barrier, Thread
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask
from sqlalchemy.orm import joinedload

from portal.accounts.roles import Role
from portal.candidates.handles import handle
from portal.employers.models import Employer, Vacancy
from portal.employers.states import VacancyState
from portal.foundation import acting
from portal.foundation.database import db
from portal.foundation.errors import DomainError
from portal.showcase import batches, capacity, proposals
from portal.showcase.models import Interest, Listing, Profile
from tests.factories import a_person
from tests.showcase.factories import a_company, a_vacancy, a_worker, an_approved_profile, the_programme
from tests.showcase.test_again_and_again import opened, shown

pytestmark = pytest.mark.usefixtures("app")


def a_pool(number: int, lien: Any = None) -> Any:
    lien, sam = lien or a_worker(), a_worker("Sam")
    for _ in range(number):
        an_approved_profile(lien, sam)
    batches.release(the_programme())
    db.session.commit()
    return lien


def a_company_of(lien: Any, most: int | None) -> tuple[Employer, Any]:
    employer, els = a_company(lien)
    employer.monthly_profiles = most
    db.session.commit()
    return employer, els


def seen_by(employer: Employer) -> set[int]:
    rows = sa.select(Listing.profile_id).join(Vacancy, Vacancy.id == Listing.vacancy_id)
    return set(db.session.scalars(rows.where(Vacancy.employer_id == employer.id)))


def test_several_vacancies_share_the_companys_month() -> None:
    lien = a_pool(24)
    employer, els = a_company_of(lien, 10)
    lists = [shown(opened(a_vacancy(employer, els, state=VacancyState.DRAFT))) for _ in range(3)]
    assert len(seen_by(employer)) == 10
    assert all(len(one) == 10 for one in lists), "who was seen before does not count again"
    free, els = a_company_of(lien, None)
    assert len(shown(opened(a_vacancy(free, els, state=VacancyState.DRAFT)))) == 20


def test_a_limit_still_shows_whole_steps_so_that_nobody_is_picked_out() -> None:
    lien = a_pool(24)
    employer, els = a_company_of(lien, 13)
    assert len(shown(opened(a_vacancy(employer, els, state=VacancyState.DRAFT)))) == 10
    less, els = a_company_of(lien, 4)
    assert shown(opened(a_vacancy(less, els, state=VacancyState.DRAFT))) == set()


@pytest.mark.parametrize(("moment", "new"), [("2026-11-30 22:59:00+00:00", 0), ("2026-11-30 23:00:00+00:00", 5)])
def test_the_month_turns_at_midnight_in_belgium(moment: str, new: int) -> None:
    with time_machine.travel("2026-11-10 09:00:00+00:00", tick=False) as at:
        lien = a_pool(24)
        employer, els = a_company_of(lien, 5)
        before = shown(opened(a_vacancy(employer, els, state=VacancyState.DRAFT)))
        assert len(before) == 5
        at.move_to(moment)
        after = shown(opened(a_vacancy(employer, els, state=VacancyState.DRAFT)))
        assert len(after - before) == new


def test_a_batch_brings_nobody_new_to_a_company_whose_month_is_full() -> None:
    lien = a_pool(10)
    employer, els = a_company_of(lien, 5)
    vacancy = opened(a_vacancy(employer, els, state=VacancyState.DRAFT))
    before = shown(vacancy)
    a_pool(10, lien)
    assert seen_by(employer) == before and shown(vacancy) <= before


def test_a_proposal_counts_and_is_refused_with_a_sentence_where_the_month_is_full(post: Any) -> None:
    lien = a_pool(12)
    employer, els = a_company_of(lien, 5)
    vacancy = opened(a_vacancy(employer, els, state=VacancyState.DRAFT))
    new = db.session.scalars(sa.select(Profile).where(Profile.id.not_in(shown(vacancy)))).first()
    old = db.session.scalars(sa.select(Profile).where(Profile.id.in_(shown(vacancy)))).first()
    assert new is not None and old is not None
    with acting.as_(lien.id, "project_worker"):
        with pytest.raises(capacity.MonthIsFull):
            proposals.propose(handle(new.candidate_id), _whole(vacancy.id), code="AAA-111")
        assert proposals.propose(handle(old.candidate_id), _whole(vacancy.id), code="BBB-222").proposed_by == lien.id
        employer.monthly_profiles = 6
        proposals.propose(handle(new.candidate_id), _whole(vacancy.id), code="AAA-111")
    db.session.commit()
    assert capacity.room(employer).full


def _whole(number: int) -> Vacancy:
    return db.session.scalars(
        sa.select(Vacancy)
        .options(joinedload(Vacancy.employer).joinedload(Employer.organisation))
        .where(Vacancy.id == number)
        .execution_options(populate_existing=True)
    ).one()


@pytest.mark.engine
def test_two_proposals_at_one_moment_do_not_both_take_the_last_place(app: Flask, post: Any) -> None:
    lien = a_pool(8)
    employer, els = a_company_of(lien, 1)
    people = [one.candidate_id for one in db.session.scalars(sa.select(Profile).limit(2))]
    jobs = [a_vacancy(employer, els, state=VacancyState.OPEN).id for _ in people]
    start, said, me = Barrier(2), [], lien.id

    def press(candidate: int, job: int) -> None:
        with app.app_context(), acting.as_(me, "project_worker"):
            start.wait()
            try:
                proposals.propose(handle(candidate), _whole(job), code=f"C{candidate}")
                db.session.commit()
                said.append("done")
            except DomainError as error:
                db.session.rollback()
                said.append(type(error).__name__)

    db.session.commit()
    presses = [Thread(target=press, args=pair) for pair in zip(people, jobs, strict=True)]
    for one in presses:
        one.start()
    for one in presses:
        one.join()
    assert sorted(said) == ["MonthIsFull", "done"]
    assert db.session.query(Interest).count() == 1


def test_the_team_sees_why_and_the_company_too(visitors: Any) -> None:
    lien = a_pool(12)
    employer, els = a_company_of(lien, 5)
    opened(a_vacancy(employer, els, state=VacancyState.DRAFT))
    other = a_vacancy(employer, els, state=VacancyState.DRAFT, musts=("work_safely",))
    db.session.query(Profile).filter(Profile.id.in_(seen_by(employer))).update({"published": None})
    db.session.commit()
    opened(other)
    assert shown(other) == set()
    page = (
        visitors(els).open(f"/vacancies/{other.key}/profiles").says("Je vroeg hoogstens 5 nieuwe profielen per maand")
    )
    assert len(page.queries) <= 8
    visitors(lien).open(f"/vacancies/{other.key}/mediate").says(
        "hoogstens 5 nieuwe profielen", "deze maand 5", "Nieuwe komen op"
    )
    coordinator = visitors(a_person(role=Role.COORDINATOR))
    page = coordinator.open("/batches").says("Garage Verlinden", "5 van 5 deze maand")
    assert len(page.queries) <= 8
