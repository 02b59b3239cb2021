"""What an employer gets to see: three words and a random order; never a distance, a count under five or the reason of a no."""

import re
from collections import Counter, defaultdict
from typing import Any

import pytest
import sqlalchemy as sa

from portal.candidates import consents
from portal.candidates.states import Purpose
from portal.foundation.database import db
from portal.programmes.models import Programme
from portal.showcase import cards
from portal.showcase.blind import Work
from portal.showcase.cards import Person as Out
from portal.showcase.models import Listing, Profile
from portal.tasks.models import Task
from tests.showcase.factories import a_company, a_vacancy, an_approved_profile, the_programme
from tests.showcase.test_reasons import somebody
from tests.showcase.test_staying_blind import a_team, listings, open_listing, people_out

pytestmark = pytest.mark.usefixtures("app")
# A distance, how many of the competences, a share: words of the team's pages.
TEAM_ONLY = re.compile(r"\d+ ?km\b|van \d+ vaardigheden|\d ?%|Verplaatsing: (ja|nee)")
STRONG, PARTIAL = {"work_safely": 3, "be_on_time": 3, "lift_safely": 3}, {"work_safely": 2, "lift_safely": 2}


def same_bytes(page: Any, *names: str) -> str:
    """A page without what is new in every answer, and without the vacancy's own title and address."""
    told = re.sub(r'(nonce|name="csrf_token" value)="[^"]*"', "", page.html)
    for one in names:
        told = told.replace(one, "")
    return told


def people_who_fit(number: int, lien: Any, sam: Any, vacancy_licence: str = "b") -> None:
    """That many people with the licence, and others without, so that a batch is large enough."""
    for one in range(12):
        an_approved_profile(lien, sam, licence=vacancy_licence if one < number else "none")


@pytest.mark.parametrize("number", [1, 2, 3, 4])
def test_four_people_read_the_same_as_none(visitors: Any, number: int) -> None:
    lien, sam = a_team()
    employer, els = a_company(lien)
    nobody = a_vacancy(employer, els, licence="ce", title="Magazijnmedewerker")
    few = a_vacancy(employer, els, licence="b", title="Magazijnmedewerker")
    people_who_fit(number, lien, sam)
    from portal.showcase import batches

    batches.release(the_programme())
    db.session.commit()
    company = visitors(els)
    pages = [company.open(f"/vacancies/{one.key}/profiles") for one in (nobody, few)]
    first, second = (same_bytes(page, one.key) for page, one in zip(pages, (nobody, few), strict=True))
    assert first == second
    assert len(pages[1].queries) <= 8
    pages[1].says("Wat er nu gebeurt", "Lien Claes belt je ten laatste op", "09 000 00 00")


def test_five_people_are_a_list(visitors: Any) -> None:
    lien, sam = a_team()
    employer, els = a_company(lien)
    vacancy = a_vacancy(employer, els, licence="b")
    people_who_fit(5, lien, sam)
    from portal.showcase import batches

    batches.release(the_programme())
    db.session.commit()
    assert len(listings(vacancy)) == 5
    visitors(els).open(f"/vacancies/{vacancy.key}/profiles").says("Vijf mensen passen bij")


def test_a_list_that_a_withdrawal_leaves_under_five_is_gone_with_the_same_words(visitors: Any) -> None:
    lien, sam = a_team()
    employer, els = a_company(lien)
    nobody = a_vacancy(employer, els, licence="ce")
    vacancy = a_vacancy(employer, els)
    people_out(5, lien, sam)
    company, rows = visitors(els), listings(vacancy)
    open_listing(company, rows[0])
    withdraw(rows[4])
    pages = [company.open(f"/vacancies/{one.key}/profiles") for one in (nobody, vacancy)]
    first, second = (same_bytes(page, one.key) for page, one in zip(pages, (nobody, vacancy), strict=True))
    assert first == second
    company.open(f"/profiles/{rows[0].key}").says("Draagt altijd")
    for gone in rows[1:]:
        company.open(f"/profiles/{gone.key}", status=404)
    waiting = sa.select(Task.subject_id).where(Task.kind == "showcase.mediate", Task.closed_at.is_(None))
    assert set(db.session.scalars(waiting)) == {nobody.id, vacancy.id}


def withdraw(row: Listing) -> None:
    standing = consents.standing(db.session.get_one(Profile, row.profile_id).candidate_id, Purpose.PROFILE)
    assert standing is not None
    consents.withdraw(standing)
    db.session.commit()


def test_a_withdrawal_from_a_long_list_leaves_the_others(visitors: Any) -> None:
    lien, sam = a_team()
    employer, els = a_company(lien)
    vacancy = a_vacancy(employer, els)
    people_out(10, lien, sam)
    rows = listings(vacancy)
    withdraw(rows[3])
    page = visitors(els).open(f"/vacancies/{vacancy.key}/profiles").lacks(rows[3].code)
    assert len(page.tree.xpath("//article")) == len(rows) - 1


def test_the_order_within_a_word_is_random_and_tells_neither_age_nor_number() -> None:
    """200 lists of ten strong and ten partial people: every place is as likely for every person (chi-square, p = 0.0001)."""
    lien, sam = a_team()
    employer, els = a_company(lien)
    vacancies = [a_vacancy(employer, els)]
    profiles = [an_approved_profile(lien, sam) for _ in range(20)]
    pool = [
        Out(one.id, one.candidate_id, somebody(skills=_levels(vacancies[0], STRONG if place < 10 else PARTIAL)))
        for place, one in enumerate(profiles)
    ]
    places: dict[int, Counter[int]] = defaultdict(Counter)
    programme = db.session.get_one(Programme, the_programme().id)
    vacancy = _with_competences(vacancies[0].id)
    for _ in range(200):
        cards.lay_out(vacancy, pool, programme, None)
        db.session.flush()
        for row in db.session.scalars(sa.select(Listing).where(Listing.vacancy_id == vacancy.id, Listing.shown)):
            places[row.profile_id][row.position] += 1
    strong, partial = [one.id for one in profiles[:10]], [one.id for one in profiles[10:]]
    assert {p for one in strong for p in places[one]} == set(range(1, 11))
    assert {p for one in partial for p in places[one]} == set(range(11, 21))
    for band, first in ((strong, 1), (partial, 11)):
        cells = [places[one][p] for one in band for p in range(first, first + 10)]
        # 81 degrees of freedom: 81 + 3.72 * sqrt(162) is the 99.99% bound.
        assert sum((n - 20) ** 2 / 20 for n in cells) < 132


def _levels(vacancy: Any, skills: dict[str, int]) -> dict[int, int]:
    from tests.showcase.factories import competence

    return {competence(code): level for code, level in skills.items()}


def _with_competences(number: int) -> Any:
    from portal.employers.models import Vacancy

    return cards.open_vacancies(Vacancy.id == number)[0]


def test_each_vacancy_and_each_company_has_an_order_of_its_own_that_stays_between_batches(visitors: Any) -> None:
    lien, sam = a_team()
    employer, els = a_company(lien, "Een")
    other, jan = a_company(lien, "Twee")
    vacancies = [a_vacancy(employer, els), a_vacancy(employer, els), a_vacancy(other, jan)]
    people_out(20, lien, sam)
    orders = [[row.profile_id for row in listings(one)] for one in vacancies]
    assert [len(one) for one in orders] == [20, 20, 20]
    assert len({tuple(one) for one in orders}) == 3
    company = visitors(els)
    pages = [company.open(f"/vacancies/{vacancies[0].key}/profiles") for _ in range(3)]
    assert len({same_bytes(page) for page in pages}) == 1


def test_nothing_that_the_team_reads_about_a_fit_reaches_the_company(visitors: Any) -> None:
    lien, sam = a_team()
    employer, els = a_company(lien)
    vacancy = a_vacancy(employer, els)
    profile = people_out(5, lien, sam)[0]
    company = visitors(els)
    row = next(one for one in listings(vacancy) if one.profile_id == profile.id)
    for page in (company.open(f"/vacancies/{vacancy.key}/profiles"), open_listing(company, row)):
        main = page.tree.xpath("//main")[0].text_content()
        assert not TEAM_ONLY.search(main)
    for path in (
        f"/vacancies/{vacancy.key}/people", f"/vacancies/{vacancy.key}/people/{profile.key}", f"/vacancies/{vacancy.key}/mediate",
    ):  # fmt: skip
        company.open(path, status=403)


def test_the_reason_of_a_no_is_never_told(visitors: Any, post: Any) -> None:
    lien, sam = a_team()
    employer, els = a_company(lien)
    vacancy = a_vacancy(employer, els)
    people_out(10, lien, sam)
    company, worker, told = visitors(els), visitors(lien), []
    for row, reason in zip(listings(vacancy)[:2], ("schedule", "transport"), strict=True):
        open_listing(company, row)
        company.open(f"/profiles/{row.key}/interest").send(reasons=["hours"])
        worker.open("/").follow("Vraag het aan de kandidaat").send(
            "Bewaar het antwoord", channel="phone", said="no", reasons=[reason]
        )
        letter = post.last(els.email, "showcase/cannot_go_on").text.replace(row.code, "")
        told.append(re.sub(r"http\S+", "", letter))
        company.open(f"/vacancies/{vacancy.key}/profiles").says("Met dit profiel kunnen we niet verder")
    assert told[0] == told[1]


def test_the_workers_name_and_phone_stand_on_every_page_of_an_employer(visitors: Any) -> None:
    lien, sam = a_team()
    employer, els = a_company(lien)
    vacancy = a_vacancy(employer, els)
    people_out(5, lien, sam)
    company, rows = visitors(els), listings(vacancy)
    open_listing(company, rows[0])
    todo, seen = ["/", f"/profiles/{rows[0].key}", f"/profiles/{rows[1].key}", f"/profiles/{rows[0].key}/ask"], set()
    while todo:
        path = todo.pop()
        # A calendar has a week after each week: a page is read with three of its questions, then it is known.
        if path in seen or sum(one.partition("?")[0] == path.partition("?")[0] for one in seen) > 2:
            continue
        seen.add(path)
        page = company._ask(lambda path=path: company.client.get(path, follow_redirects=True))
        if not page.is_html or page.status >= 500:
            continue
        assert "Lien Claes" in page.html and "09 000 00 00" in page.html, path
        assert not TEAM_ONLY.search(page.tree.xpath("//main")[0].text_content()), path
        todo += [_local(href) for href in page.tree.xpath("//a/@href") if _local(href)]
    assert len(seen) > 15
    for gone in ("/no-such-page", "/profiles/zzzzzzzzzzzz", "/people", f"/vacancies/{vacancy.key}/people"):
        page = company._ask(lambda gone=gone: company.client.get(gone, follow_redirects=True))
        assert page.status in {403, 404}
        assert "Lien Claes" in page.html and "09 000 00 00" in page.html, gone


def _local(href: str) -> str:
    """An address of the portal's own, without its anchor; "" for another's."""
    path = str(href).removeprefix("http://localhost").split("#")[0]
    return path if path.startswith("/") and not path.startswith("//") and "/static/" not in path else ""


def test_two_lists_never_share_a_code_and_a_work_is_read_as_released() -> None:
    assert Work.read(somebody().as_json()) == somebody()
