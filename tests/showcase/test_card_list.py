"""An employer's list is laid out in one go, and what is kept for everybody holds nothing of anybody."""

import re
from typing import Any

import pytest
from flask import Flask

from portal.employers.models import Vacancy
from portal.foundation.database import db
from portal.showcase.card_words import Deck
from portal.showcase.employer_queries import CardRow
from portal.showcase.models import Listing
from tests.showcase.factories import a_company, a_vacancy, a_worker
from tests.showcase.test_bitsets import released

TOLD = '{"fit": "good", "region": "belgium", "sector": "any", "experience": "any", "availability": "now"}'


@pytest.fixture
def listed(app: Flask, post: Any) -> tuple[Any, Vacancy]:
    """A company's admin, and a vacancy with cards."""
    employer, els = a_company(a_worker("Ans"))
    vacancy = a_vacancy(employer, els)
    released(6)
    return els, vacancy


@pytest.mark.engine
def test_a_list_asks_two_questions_beside_the_session(listed: tuple[Any, Vacancy], visitors: Any) -> None:
    els, vacancy = listed
    page = visitors(els).open(f"/vacancies/{vacancy.key}/profiles")
    assert page.html.count("profile-card") >= 5
    assert len([one for one in page.queries if "FROM sign_in" not in one]) == 2
    assert len(page.queries) == 3


def test_each_reader_gets_an_own_token_nonce_and_language(listed: tuple[Any, Vacancy], visitors: Any) -> None:
    els, vacancy = listed
    path = f"/vacancies/{vacancy.key}/profiles"
    here, there = visitors(els).open(path), visitors(els).open(path)
    for pattern in (r'name="csrf_token" value="([^"]+)"', r'nonce="([^"]+)"'):
        mine, yours = set(re.findall(pattern, here.html)), set(re.findall(pattern, there.html))
        assert len(mine) == len(yours) == 1 and mine != yours
    assert here.response.headers["Cache-Control"] == "no-store"
    els.language = "fr"
    db.session.commit()
    visitors(els).open(path).says("Ouvrir le profil").lacks("Open het profiel")


def test_what_is_withdrawn_is_gone_although_cards_are_kept(listed: tuple[Any, Vacancy], visitors: Any) -> None:
    els, vacancy = listed
    path = f"/vacancies/{vacancy.key}/profiles"
    reader = visitors(els)
    assert "profile-card" in reader.open(path).html
    for row in db.session.query(Listing).filter_by(vacancy_id=vacancy.id):
        row.shown = False
    db.session.commit()
    assert "profile-card" not in reader.open(path).html


def test_a_card_is_laid_out_once_and_keeps_no_code_key_or_token(app: Flask) -> None:
    rows = [CardRow(f"key{n}", f"{n:03}-XY", TOLD, False, False, None) for n in range(50)]
    with app.test_request_context("/"):
        deck = Deck({})
        text = deck.laid_out(rows, "token")
    assert text.count("profile-card") == 50 and text.count('value="token"') == 50
    assert "049-XY" in text and "/profiles/key49/open" in text
    assert len(deck) == 1
    assert not re.search("key0|000-XY|value=.token", next(iter(deck.values())))
