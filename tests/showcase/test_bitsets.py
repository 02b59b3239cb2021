"""The pool as sets of bits gives what the pure rules and the SQL join give, and hears of every change, whoever made it."""

import random
import threading
from datetime import time
from types import SimpleNamespace
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from portal.employers.needs import Needs
from portal.foundation import clock
from portal.foundation.database import db, reads_only
from portal.foundation.options import options
from portal.showcase import batches, bitsets, pool, pool_rows, sql_matching
from portal.showcase.bitsets import EVERYBODY, Sets, gathered, numbers
from portal.showcase.blind import Work
from portal.showcase.matching import fit, meets
from portal.showcase.models import PoolPerson, PoolSkill, PoolVersion, Profile
from portal.showcase.states import Fit, ProfileState
from tests.factories import a_programme
from tests.showcase.factories import a_worker, an_approved_profile, competence

COMPETENCES = range(1, 9)


def codes(key: str) -> list[str]:
    return list(options("candidates", key))


def somebody(dice: random.Random) -> Work:
    some = lambda key, most: tuple(dice.sample(codes(key), dice.randint(0, most)))  # noqa: E731
    languages = {code: dice.choice(codes("language_levels")) for code in some("languages", 3)}
    return Work(
        occupation="warehouse_work", sector=dice.choice(["logistics", "food"]), sector_group="goods", region=dice.choice(codes("regions")),
        province="", experience="none", availability="now", hours_band=dice.choice([*codes("hours_windows"), ""]),
        hours_week=dice.choice([19, 24, 30, 38]), forms=some("employment_forms", 3), mobility=(),
        licence=dice.choice(codes("licences")), languages=languages, certificates=(), support=(),
        skills={one: dice.randint(1, 4) for one in COMPETENCES if dice.random() < 0.7},
    )  # fmt: skip


def a_need(dice: random.Random) -> Needs:
    asked = dice.sample(list(COMPETENCES), dice.randint(0, 6))
    must = dice.randint(0, min(3, len(asked)))
    start = dice.choice([6, 7, 8, 14, 22])
    return Needs(
        must=frozenset(asked[:must]), learnable=frozenset(asked[must:]), hours_from=time(start), hours_until=time((start + 8) % 24),
        shift=dice.choice(["day", "weekend", "flexible"]), hours_week=dice.choice([19, 30, 38]),
        forms=frozenset(dice.sample(codes("employment_forms"), dice.randint(0, 3))), licence=dice.choice(["", "none", "am", "b", "c"]),
        languages={code: dice.choice(codes("language_levels")) for code in dice.sample(codes("languages"), dice.randint(0, 2))},
    )  # fmt: skip


def as_sets(people: dict[int, Work]) -> Sets:
    def marks() -> Any:
        for number, work in people.items():
            values = [getattr(work, name) for name in pool._CODES]
            texts = pool_rows.as_text(work.forms), pool_rows.as_text([f"{k}:{v}" for k, v in work.languages.items()])
            yield from pool._words(number, values, *texts)
            yield from ((number, ("skill", pair)) for pair in work.skills.items())

    return Sets(gathered(marks(), max(people, default=0)))


def by_the_rules(people: dict[int, Work], needs: Needs) -> dict[int, Fit]:
    return {number: fit(needs, work) for number, work in people.items() if meets(needs, work)}


@pytest.mark.parametrize("seed", range(10))
def test_a_hundred_random_pools_give_the_bands_of_the_pure_rules(seed: int) -> None:
    dice = random.Random(seed)
    for _ in range(100):
        people = {number: somebody(dice) for number in dice.sample(range(1, 400), dice.randint(0, 25))}
        needs = a_need(dice)
        found = as_sets(people).best(needs, 1000)
        assert {one.profile_id: one.fit for one in found} == by_the_rules(people, needs)
        assert found == sorted(found, key=lambda one: (-one.extras, one.profile_id))


def test_a_set_is_read_from_its_lowest_number_on_and_beyond_an_edge() -> None:
    bits = sum(1 << number for number in (0, 7, 8, 4000, 4001))
    assert list(numbers(bits)) == [0, 7, 8, 4000, 4001]
    assert list(numbers(bits, after=7)) == [8, 4000, 4001]
    assert list(numbers(bits, after=4001)) == []
    assert list(numbers(0)) == []


def test_a_change_takes_the_old_words_away_and_leaves_the_others() -> None:
    before = Sets(gathered([(1, EVERYBODY), (2, EVERYBODY), (2, ("licence", "b"))], 2))
    after = before.with_changes(1 << 2, gathered([(2, EVERYBODY), (2, ("licence", "c"))], 2))
    assert list(numbers(after.everybody)) == [1, 2]
    assert ("licence", "b") not in after.rows
    assert list(numbers(after.rows["licence", "c"])) == [2]
    assert list(numbers(before.rows["licence", "b"])) == [2]


# --- With a database ----------------------------------------------------------------------------------------------


def released(number: int) -> list[Profile]:
    """So many people whose profiles the coordinator released."""
    lien, mieke = a_worker(), a_worker("Mieke")
    for _ in range(number):
        an_approved_profile(lien, mieke)
    batches.release(a_programme())
    db.session.commit()
    return list(db.session.scalars(sa.select(Profile).order_by(Profile.id)))


def asking(*codes_of: str) -> Needs:
    return Needs(
        must=frozenset(competence(code) for code in codes_of), learnable=frozenset(), hours_from=time(8), hours_until=time(16), shift="day",
        hours_week=38, forms=frozenset(), licence="none", languages={},
    )  # fmt: skip


def who(needs: Needs) -> list[int]:
    return [one.profile_id for one in pool.matches(a_programme().id, needs)]


def write_pool(people: dict[int, Work], programme_id: int) -> None:
    """A pool of these people, written as rows."""
    db.session.execute(sa.delete(PoolSkill))
    db.session.execute(sa.delete(PoolPerson))
    rows = [
        SimpleNamespace(id=number, candidate_id=number, programme_id=programme_id, state=ProfileState.PUBLISHED, published={"work": work.as_json()})
        for number, work in people.items()
    ]  # fmt: skip
    pool_rows.write(db.session.connection(), rows)  # type: ignore[arg-type]
    db.session.commit()


@pytest.mark.engine
def test_the_sets_and_the_join_agree_on_the_first_25_ties_included(app: Flask) -> None:
    profiles = released(40)
    dice, programme = random.Random(1), a_programme().id
    people = {one.id: somebody(dice) for one in profiles}
    write_pool(people, programme)
    filled = 0
    for _ in range(60):
        needs = a_need(dice)
        oracle = sql_matching.best(programme, needs, 25)
        assert pool.matches(programme, needs) == oracle
        assert {one.profile_id: one.fit for one in sql_matching.best(programme, needs, 99)} == by_the_rules(
            people, needs
        )
        filled += len(oracle) > 1
    assert filled > 10


@pytest.mark.engine
def test_a_search_finds_the_same_in_the_sets_and_in_sql_page_by_page(app: Flask) -> None:
    profiles = released(40)
    dice, programme = random.Random(2), a_programme().id
    write_pool({one.id: somebody(dice) for one in profiles}, programme)
    for _ in range(40):
        skills = tuple((one, dice.randint(1, 4)) for one in dice.sample(list(COMPETENCES), dice.randint(0, 3)))
        wish = pool.Wish(
            dice.choice(["", "food"]), frozenset(), dice.choice(["", "b"]), dice.choice(["", "permanent"]), skills
        )
        everybody = pool._found_in_sql(programme, wish, 0, 99)
        assert pool.found(programme, wish, most=99) == everybody
        if len(everybody) > 2:
            assert pool.found(programme, wish, after=everybody[0], most=1) == everybody[1:2]


@pytest.mark.engine
def test_a_release_and_a_withdrawal_are_seen_at_the_next_question(app: Flask) -> None:
    needs = asking("work_safely")
    assert who(needs) == []
    first, *others = released(6)
    assert who(needs) == [first.id, *[one.id for one in others]]
    batches.hide(first)
    first.move_to(ProfileState.WITHDRAWN, "consent withdrawn")
    db.session.commit()
    assert who(needs) == [one.id for one in others]
    row = db.session.scalars(sa.select(PoolPerson).where(PoolPerson.profile_id == first.id)).one()
    assert (row.out, row.occupation, row.languages) == (False, "", ""), "nothing of the person is left in the pool"
    assert not db.session.scalar(sa.select(sa.func.count()).where(PoolSkill.profile_id == first.id))


@pytest.mark.engine
def test_what_another_process_withdraws_is_seen_here(app: Flask) -> None:
    """Another process is another set of kept pools and another connection: only the database tells."""
    needs = asking("work_safely")
    first, *others = released(6)
    number = first.id
    assert number in who(needs)

    def elsewhere() -> None:
        reads_only(False)
        with app.app_context():
            batches.hide(db.session.get_one(Profile, number))
            db.session.commit()

    thread = threading.Thread(target=elsewhere)
    db.session.rollback()
    thread.start()
    thread.join(20)
    assert who(needs) == [one.id for one in others]


def test_what_is_not_committed_is_answered_by_sql_and_never_kept(app: Flask) -> None:
    needs = asking("work_safely")
    profiles = released(6)
    before = [one.id for one in profiles]
    assert who(needs) == before
    kept = pool._kept(a_programme().id)
    profiles[0].published = None
    db.session.flush()
    assert who(needs) == before[1:]
    assert kept.sets.everybody.bit_count() == 6
    db.session.rollback()
    assert who(needs) == before


def test_a_large_pool_is_read_beside_while_sql_answers(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool, "AT_ONCE", 3)
    begun: list[int] = []
    monkeypatch.setattr(pool, "_read_beside", lambda programme_id, kept: begun.append(programme_id))
    needs = asking("work_safely")
    ids = [one.id for one in released(6)]
    assert who(needs) == ids
    assert begun == [a_programme().id]
    programme = a_programme().id
    db.session.rollback()
    pool.read_now(programme)
    assert pool._kept(a_programme().id).sets.everybody.bit_count() == 6
    assert who(needs) == ids
    assert len(begun) == 1


def test_profiles_from_before_the_pool_are_written_by_the_night(app: Flask) -> None:
    ids = [one.id for one in released(6)]
    for table in (PoolSkill, PoolPerson, PoolVersion):
        db.session.execute(sa.delete(table))
    db.session.commit()
    pool.forget()
    assert who(asking("work_safely")) == []
    assert pool_rows.catch_up() == 6
    db.session.commit()
    assert who(asking("work_safely")) == ids


@pytest.mark.engine("sqlite")
def test_the_join_reads_a_competence_by_its_index(app: Flask) -> None:
    """The fallback scans no table of skills; what SQLite plans is what is read here (PostgreSQL plans by how many rows there
    are, and here are none)."""
    statement: list[Any] = []
    sa.event.listen(db.engine, "before_cursor_execute", lambda c, k, text, values, *r: statement.append((text, values)))
    sql_matching.best(a_programme().id, asking("work_safely"), 25)
    text, values = next(one for one in statement if "pool_skill" in one[0])
    plan = [row[3] for row in db.session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {text}", values)]
    assert not [line for line in plan if line.startswith("SCAN pool")], plan


def test_the_words_of_a_pool_are_codes_only(app: Flask) -> None:
    released(6)
    text = " ".join(str(value) for row in db.session.execute(sa.select(PoolPerson.__table__)) for value in row)
    assert "Benali" not in text and "Karim" not in text and "Draagt" not in text
    assert clock.today().year > 2000 and bitsets.EVERYBODY
