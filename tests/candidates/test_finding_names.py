"""Part of a name finds a person: freely among one's own people, through keyed marks in a whole programme."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy import event
from sqlalchemy.engine import Engine

from portal.candidates import finding, identities, marks, queries, renewing
from portal.candidates.models import Candidate, Identity, NameMark
from portal.cli import bench_names
from portal.foundation.database import db
from portal.journal.models import Entry
from tests.candidates.factories import a_candidate, a_coordinator, a_referral, a_worker, loaded_referral
from tests.factories import a_programme

pytestmark = pytest.mark.usefixtures("app")


def _known(candidate: Candidate, **more: Any) -> None:
    identity = db.session.query(Identity).filter_by(candidate_id=candidate.id).one()
    for name, value in more.items():
        setattr(identity, name, value)
    marks.keep(candidate, identity.first_name, identity.last_name, [identity.nicknames or ""], identity.birth_date)
    db.session.commit()


@pytest.mark.parametrize("typed", ["nai", "smet", "ANAÏS", "ais des", "naya", "12 34 56", "0470 12", "+32 470 12 34"])
def test_a_worker_finds_any_part_of_a_name_a_nickname_or_a_phone_number(typed: str, visitors: Any) -> None:
    worker = a_worker()
    _known(a_candidate(worker, first_name="Anaïs", last_name="Desmet"), nicknames="Naya", phone="0470 12 34 56")
    _known(a_candidate(worker, first_name="Karim", last_name="Haddad"), phone="0499 99 99 99")
    visitors(worker).open("/people", query_string={"name": typed}).says("Anaïs Desmet").lacks("Karim Haddad")


def test_a_worker_searches_among_own_people_only(visitors: Any) -> None:
    worker = a_worker()
    a_candidate(a_worker("Jonas"), first_name="Anaïs", last_name="Desmet")
    visitors(worker).open("/people?name=desmet").says("Nobody found").lacks("Anaïs")


@pytest.mark.engine
@pytest.mark.parametrize(
    "typed", ["des", "smet", "de smet", "desmet", "ana", "Anaïs", "anais smet", "ANA DES", "anais de smet", "nay"]
)
def test_a_coordinator_finds_somebody_by_how_the_words_of_a_name_begin(typed: str, visitors: Any) -> None:
    _known(a_candidate(first_name="Anaïs", last_name="De Smet"), nicknames="Naya")
    a_candidate(first_name="Karim", last_name="Haddad")
    page = visitors(a_coordinator()).open("/people", query_string={"name": typed})
    page.says("Anaïs De Smet").lacks("Karim Haddad")


@pytest.mark.parametrize("typed", ["met", "nais", "desmets", "ana had", "xyz"])
def test_what_no_word_begins_with_finds_nobody(typed: str, visitors: Any) -> None:
    a_candidate(first_name="Anaïs", last_name="Desmet")
    a_candidate(first_name="Karim", last_name="Haddad")
    visitors(a_coordinator()).open("/people", query_string={"name": typed}).says("Nobody found")


def test_a_name_of_two_short_words_is_found_whole(visitors: Any) -> None:
    a_candidate(first_name="Li", last_name="Bo")
    visitors(a_coordinator()).open("/people?name=bo li").says("Li Bo")
    visitors(a_coordinator()).open("/people?name=li").says("Type at least three letters of a name.")


@pytest.mark.engine
def test_another_programmes_people_have_other_marks(visitors: Any) -> None:
    elsewhere = a_programme("Doorstart Antwerpen")
    here = a_candidate(first_name="Karim", last_name="Haddad")
    there = a_candidate(a_worker(programme=elsewhere), programme=elsewhere, first_name="Karim", last_name="Haddad")
    assert not set(_marks_of(here)) & set(_marks_of(there))
    visitors(a_coordinator()).open("/people?name=karim").says("Karim Haddad").lacks(there.key)


def _marks_of(candidate: Candidate) -> list[str]:
    return list(db.session.scalars(sa.select(NameMark.mark).where(NameMark.candidate_id == candidate.id)))


def test_a_mark_that_lies_is_found_out() -> None:
    """Two names that share a truncated mark: the name is read before anybody sees it."""
    candidate = a_candidate(first_name="Karim", last_name="Haddad")
    db.session.add(NameMark(candidate_id=candidate.id, mark=marks.starts(candidate.programme_id, "peeters")))
    db.session.commit()
    what = finding.wanted("peeters", [candidate.programme_id])
    assert what is not None
    assert finding.by_name(what) == finding.Found([], None)


def test_only_the_names_that_are_shown_are_journalled_and_each_of_them(visitors: Any) -> None:
    found, other = a_candidate(first_name="Anaïs", last_name="Desmet"), a_candidate(first_name="Karim")
    coordinator = a_coordinator()
    visitors(coordinator).open("/people?name=desm")
    rows = db.session.query(Entry).filter_by(actor_id=coordinator.id, seen=True).all()
    assert {(row.about, row.action, row.reason) for row in rows} == {(found.id, "identity.name_read", "search by name")}
    assert other.id not in {row.about for row in rows}


# --- What it costs ---


@contextmanager
def statements() -> Iterator[list[str]]:
    """The statements that a block sends."""
    asked: list[str] = []

    def count(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        asked.append(statement)

    event.listen(Engine, "before_cursor_execute", count)
    try:
        yield asked
    finally:
        event.remove(Engine, "before_cursor_execute", count)


@pytest.mark.engine
def test_a_search_gives_whom_reading_every_name_would_give() -> None:
    programme = a_programme()
    bench_names.fill(programme.id, 400)
    bench_names.check(programme.id, bench_names.searches())


@pytest.mark.engine
@pytest.mark.parametrize("text", ["moh", "jan", "janssens", "moh van", "jan peeters", "zoutersen"])
def test_a_search_reads_as_many_rows_among_thousands_as_among_hundreds(
    text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not the clock but the work: the queries, and the names that are opened."""
    programme, opened = a_programme(), []
    real = marks.fits
    monkeypatch.setattr(marks, "fits", lambda *given: opened.append(1) or real(*given))
    costs = []
    for number in (300, 2_700):
        bench_names.fill(programme.id, number)
        opened.clear()
        with statements() as asked:
            bench_names.first_page(programme.id, text)
        costs.append((len(asked), len(opened)))
        db.session.expunge_all()
    assert all(queries <= 4 and names <= finding.CHUNK * finding.CHUNKS for queries, names in costs), costs


@pytest.mark.engine
@pytest.mark.parametrize("text", ["moh", "janssens", "moh van", "jan peeters"])
def test_no_search_reads_a_whole_table(text: str, engine: str) -> None:
    programme = a_programme()
    # PostgreSQL reads a table of a few pages whole, and rightly so.
    bench_names.fill(programme.id, 3_000 if engine == "sqlite" else 12_000)
    if engine == "postgresql":
        # As where it serves: it knows how many rows there are, and they lie in memory.
        db.session.execute(sa.text("ANALYZE"))
        db.session.execute(sa.text("SET LOCAL random_page_cost = 1.1"))
    what = finding.wanted(text, [programme.id])
    assert what is not None
    statement = finding._chunk_of(what, 2**31 - 1).compile(db.engine, compile_kwargs={"literal_binds": True})
    explain = "EXPLAIN QUERY PLAN" if engine == "sqlite" else "EXPLAIN"
    plan = "\n".join(
        str(tuple(row)) for row in db.session.execute(sa.text(f"{explain} {statement}".replace(":", r"\:")))
    )
    whole = (
        r"SCAN (name_mark|identity|candidate|also_)"
        if engine == "sqlite"
        else r"Seq Scan on (name_mark|identity|candidate)"
    )
    assert re.search(whole, plan) is None, plan
    assert "ix_name_mark_mark" in plan


def test_a_page_of_hits_costs_at_most_eight_queries_and_leads_to_the_next(visitors: Any) -> None:
    worker = a_worker()
    for _ in range(28):
        a_candidate(worker, first_name="Mohamed")
    griet = visitors(a_coordinator())
    first = griet.open("/people?name=moh")
    second = first.follow("Next")
    assert len(first.queries) <= 8, "\n".join(first.queries)
    keys = [set(re.findall(r'/people/([\w-]{12})"', page.html)) for page in (first, second)]
    assert [len(one) for one in keys] == [25, 3]
    assert not keys[0] & keys[1]


def test_the_edge_of_one_search_fits_no_other() -> None:
    assert finding.unsealed(finding.sealed(12, "moh"), "moh") == 12
    assert finding.unsealed(finding.sealed(12, "moh"), "jan") is None
    assert finding.unsealed("nonsense", "moh") is None


# --- The same person, referred again ---


@pytest.mark.engine
def test_somebody_born_on_the_same_day_with_a_name_like_it_may_be_the_same_person() -> None:
    born = date(1990, 5, 2)
    known = a_candidate(first_name="Mohammed", last_name="El Amrani", birth_date=born)
    a_candidate(first_name="Sofie", last_name="Peeters", birth_date=born)
    a_candidate(first_name="Mohammed", last_name="Peeters", birth_date=date(1991, 5, 2))
    again = loaded_referral(a_referral(first_name="Mohamed", last_name="Elamrani", birth_date=born).id)
    assert [one.id for one in queries.namesakes(again, identities.name(again.candidate_id, "test"))] == [known.id]


# --- New marks for old ---


@pytest.mark.engine
def test_marks_are_written_anew_and_a_stop_half_way_is_gone_on_from(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = [a_candidate(first_name=name, last_name="Haddad") for name in ("Karim", "Amina", "Nadia")]
    before = [_marks_of(one) for one in people]
    db.session.execute(sa.update(NameMark).values(mark="old"))
    db.session.commit()
    monkeypatch.setattr(renewing, "BATCH", 2)
    lasts: list[int] = []
    assert renewing.rebuild(lambda last, done: lasts.append(last), most=2) == 2
    assert _marks_of(people[2])[0] == "old"
    assert renewing.rebuild(lambda last, done: lasts.append(last), after=lasts[-1]) == 1
    assert [sorted(_marks_of(one)) for one in people] == [sorted(one) for one in before]


def test_the_command_says_how_far_it_is_and_leaves_nothing_behind(app: Flask) -> None:
    a_candidate(first_name="Karim")
    result = app.test_cli_runner().invoke(args=["names", "rebuild"])
    assert "1 people can be found by the new marks." in result.output
    assert not (Path(app.extensions["doorstart"].instance) / "names-rebuild").exists()


def test_the_marks_of_a_database_tell_no_word() -> None:
    candidate = a_candidate(first_name="Karim", last_name="Haddad")
    found = _marks_of(candidate)
    assert all(re.fullmatch(r"[0-9a-f]{10}", mark) for mark in found)
    # kar kari karim had hadd hadda haddad, the pair, the whole name: a birth date was not given.
    assert len(found) == 9


def test_the_bench_gives_its_lines_and_the_exponent(app: Flask) -> None:
    lines = bench_names.rows((60, 120))
    assert [line[0] for line in lines] == [
        "part of a name among 60", "part of a name among 120", "its exponent (at most 0.2)",
    ]  # fmt: skip
    assert all(least <= median <= most for _name, least, median, most in lines)
