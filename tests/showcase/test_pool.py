"""The team finds people of the pool by what they can do, without a name, page after page at the same cost."""

import sqlalchemy as sa
from flask import Flask

from portal.foundation.database import db
from portal.showcase.models import PoolPerson, Profile
from tests.showcase.factories import a_candidate, a_worker, competence
from tests.showcase.test_bitsets import released


def test_the_pool_shows_what_people_can_do_and_no_name(app: Flask, visitors) -> None:
    released(6)
    page = visitors(a_worker("Noor")).open("/people/pool")
    page.says("Magazijn", "Gent").lacks("Benali", "Karim", "Krimo")
    assert page.html.count('scope="row"') == 6
    assert "collega" in page.text


def test_ones_own_people_lead_to_their_case(app: Flask, visitors) -> None:
    profiles = released(6)
    noor = a_worker("Noor")
    mine = a_candidate(noor)
    db.session.execute(
        sa.update(PoolPerson).where(PoolPerson.profile_id == profiles[0].id).values(candidate_id=mine.id)
    )
    db.session.commit()
    page = visitors(noor).open("/people/pool")
    assert page.html.count(f"/people/{mine.key}") == 1


def test_a_search_by_competences_narrows_and_keeps_what_was_chosen(app: Flask, visitors) -> None:
    released(6)
    safely, lift = competence("work_safely"), competence("lift_safely")
    noor = visitors(a_worker("Noor"))
    assert noor.open(f"/people/pool?skill={safely}:3&more={lift}&level=2").html.count('scope="row"') == 6
    page = noor.open(f"/people/pool?skill={safely}:3&more={lift}&level=3")
    page.says("Niemand in de pool past")
    assert f'value="{safely}:3"' in page.html and f'value="{lift}:3"' in page.html
    assert page.follow("Weglaten").html.count('scope="row"') == 0, "nobody lifts on their own"
    assert noor.open("/people/pool?sector=food").html.count('scope="row"') == 0
    assert noor.open("/people/pool?region=east_flanders&licence=b&form=permanent").html.count('scope="row"') == 6
    noor.open("/people/pool?skill=x:9&more=99999999999&level=7&region=mars&licence=z&after=nonsense")


def test_every_page_costs_the_same_questions(app: Flask, visitors) -> None:
    released(6)
    noor = visitors(a_worker("Noor"))
    noor.open("/people/pool")
    few = len(noor.open("/people/pool").queries)
    first = db.session.scalars(sa.select(Profile)).first()
    assert first is not None
    released(64)
    page = noor.open("/people/pool")
    noor.open("/people/pool")
    assert page.html.count('scope="row"') == 30
    second = page.follow("Volgende")
    assert second.html.count('scope="row"') == 30
    third = second.follow("Volgende")
    assert third.html.count('scope="row"') == 10
    assert few <= 8 and len(second.queries) == len(third.queries) <= few
