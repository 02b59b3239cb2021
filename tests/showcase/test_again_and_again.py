"""A company that writes vacancy after vacancy, or tries every address: it learns no more than one honest look."""

import re
from datetime import timedelta
from typing import Any

import lxml.html
import pytest
import sqlalchemy as sa
import time_machine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.employers.models import Vacancy
from portal.employers.states import VacancyState
from portal.foundation import clock
from portal.foundation.database import db
from portal.foundation.options import load
from portal.showcase import batches, cards
from portal.showcase.models import Listing, Profile
from tests.showcase.factories import a_company, a_vacancy, a_worker, an_approved_profile, the_programme
from tests.showcase.test_staying_blind import _body

pytestmark = pytest.mark.usefixtures("app")


def a_pool(number: int) -> Any:
    lien, sam = a_worker(), a_worker("Sam")
    for _ in range(number):
        an_approved_profile(lien, sam)
    batches.release(the_programme())
    db.session.commit()
    return lien


def opened(vacancy: Vacancy) -> Vacancy:
    """The vacancy as one that opens now."""
    vacancy.state, vacancy.opened_at = VacancyState.OPEN, clock.now()
    cards.lay_out_opened(Vacancy.id == vacancy.id)
    db.session.commit()
    return vacancy


def shown(vacancy: Vacancy) -> set[int]:
    found = sa.select(Listing.profile_id).where(Listing.vacancy_id == vacancy.id, Listing.shown)
    return set(db.session.scalars(found))


def test_the_same_vacancy_again_shows_the_same_people() -> None:
    lien = a_pool(13)
    employer, els = a_company(lien)
    first, again = (opened(a_vacancy(employer, els, state=VacancyState.DRAFT)) for _ in range(2))
    other = opened(a_vacancy(*a_company(lien, "Een tweede bedrijf"), state=VacancyState.DRAFT))
    assert shown(first) == shown(again) == shown(other) and len(shown(first)) == 10


def test_who_came_with_the_last_batch_is_seen_at_once() -> None:
    """Nobody waits for a second batch to be seen: those sit out who were there before."""
    lien = a_pool(8)
    before = set(db.session.scalars(sa.select(Profile.id)))
    sam = a_worker("Sofie")
    for _ in range(5):
        an_approved_profile(lien, sam)
    vacancy = opened(a_vacancy(*a_company(lien), state=VacancyState.DRAFT))
    batches.release(the_programme())
    db.session.commit()
    fresh = set(db.session.scalars(sa.select(Profile.id))) - before
    assert len(shown(vacancy)) == 10 and fresh <= shown(vacancy)


def test_after_ten_lists_in_a_week_a_worker_helps_and_the_page_says_no_more_than_for_too_few(visitors: Any) -> None:
    lien = a_pool(6)
    employer, els = a_company(lien)
    most = int(load("showcase", "limits")["lists_a_week"])
    made = [opened(a_vacancy(employer, els, state=VacancyState.DRAFT)) for _ in range(most + 1)]
    assert [len(shown(one)) for one in made] == [5] * most + [0]
    nobody = opened(a_vacancy(employer, els, state=VacancyState.DRAFT, licence="ce"))
    company = visitors(els)
    pages = [_body(company.open(f"/vacancies/{one.key}/profiles")).replace(one.key, "") for one in (made[-1], nobody)]
    assert pages[0] == pages[1]
    with time_machine.travel(clock.now() + timedelta(days=8), tick=False):
        cards.lay_out_opened(Vacancy.id == made[-1].id)
        assert len(shown(made[-1])) == 5


def test_four_people_and_nobody_read_the_same(visitors: Any) -> None:
    lien, sam = a_worker(), a_worker("Sam")
    for number in range(5):
        an_approved_profile(lien, sam, licence="ce" if number else "b")
    batches.release(the_programme())
    employer, els = a_company(lien)
    four = opened(a_vacancy(employer, els, state=VacancyState.DRAFT, licence="ce"))
    nobody = opened(a_vacancy(employer, els, state=VacancyState.DRAFT, licence="d"))
    company = visitors(els)
    pages = [_body(company.open(f"/vacancies/{one.key}/profiles")).replace(one.key, "") for one in (four, nobody)]
    assert pages[0] == pages[1] and shown(four) == shown(nobody) == set()


def _list(page: Any) -> str:
    """The page itself, without the frame, whose language switch leads back to the address that was asked."""
    told = lxml.html.tostring(page.tree.xpath("//main")[0], encoding="unicode")
    return re.sub(r'(name="(csrf_token|once)"[^>]*?value)="[^"]*"', "", told)


words = st.sampled_from(
    [
        "page",
        "sort",
        "order",
        "region",
        "sector",
        "fit",
        "skill",
        "after",
        "before",
        "q",
        "limit",
        "count",
        "licence",
        "k",
    ]
)
values = st.one_of(st.integers(-5, 9999).map(str), st.sampled_from(["asc", "ghent_area", "strong", "*", "%", "' OR 1=1 --", "1", "desc"]), st.text(max_size=8))  # fmt: skip


def test_no_filter_in_the_address_changes_a_byte_of_the_list(visitors: Any) -> None:
    lien = a_pool(7)
    employer, els = a_company(lien)
    vacancy = opened(a_vacancy(employer, els, state=VacancyState.DRAFT))
    company = visitors(els)
    path = f"/vacancies/{vacancy.key}/profiles"
    honest = _list(company.open(path))

    @given(st.dictionaries(words, values, min_size=1, max_size=4))
    @settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
    def tries(filters: dict[str, str]) -> None:
        answer = company._ask(lambda: company.client.get(path, query_string=filters))
        if "\0" in "".join([*filters, *filters.values()]):
            assert answer.status == 400
        else:
            assert answer.status == 200 and _list(answer) == honest

    tries()
