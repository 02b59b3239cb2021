"""Without a vacancy a company reads bands: never a number, never fewer than five, and only as the last batch left it."""

from collections import Counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.foundation.database import db
from portal.showcase import batches
from portal.showcase.bands import STEPS, bands
from portal.showcase.blind import Work
from tests.showcase.factories import a_company, a_worker, an_approved_profile, the_programme


def somebody(province: str, sector: str) -> Work:
    return Work(
        occupation="", sector=sector, sector_group="", region="", province=province, experience="", availability="",
        hours_band="", hours_week=38, forms=(), mobility=(), licence="", languages={}, certificates=(), support=(), skills={},
    )  # fmt: skip


@given(
    st.lists(
        st.tuples(st.sampled_from(["east_flanders", "antwerp", ""]), st.sampled_from(["food", "metal", "care"])),
        max_size=120,
    )
)
def test_a_band_says_only_what_is_so(people: list[tuple[str, str]]) -> None:
    told = {(province, sector): int(band) for province, sector, band in bands(somebody(*one) for one in people)}
    counted = Counter(one for one in people if one[0])
    assert set(told) == {one for one, number in counted.items() if number >= 5}
    for one, step in told.items():
        assert step in STEPS and counted[one] >= step
        assert step == 5 or counted[one] > step
        assert step == 50 or counted[one] <= STEPS[STEPS.index(step) + 1]


def test_a_programme_that_asks_more_of_a_class_tells_of_no_fewer() -> None:
    people = [somebody("antwerp", "food")] * 10 + [somebody("antwerp", "metal")] * 11
    assert bands(people, 11) == [["antwerp", "metal", "10"]]
    assert len(bands(people)) == 2


@pytest.mark.usefixtures("app")
def test_the_page_moves_with_a_batch_only(visitors: Any) -> None:
    lien, sam = a_worker(), a_worker("Sam")
    _employer, els = a_company(lien)
    company = visitors(els)
    company.open("/people-who-look").says("Nog geen ronde cijfers")
    for _ in range(5):
        an_approved_profile(lien, sam)
    company.open("/people-who-look").says("Nog geen ronde cijfers")
    batches.release(the_programme())
    db.session.commit()
    page = company.open("/vacancies").follow("Wie er werk zoekt").says("Oost-Vlaanderen", "Logistiek", "5 of meer")
    assert len(page.queries) <= 8
    for _ in range(6):
        an_approved_profile(lien, sam)
    company.open("/people-who-look").says("5 of meer")
    batches.release(the_programme())
    db.session.commit()
    company.open("/people-who-look").says("meer dan 10").lacks("11")
