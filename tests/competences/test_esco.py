"""ESCO comes in from its own files: in any languages, once or ten times, whole or interrupted, and says what it left out."""

import csv
from pathlib import Path
from time import monotonic
from typing import Any

import pytest
import sqlalchemy as sa

from portal.competences import esco, esco_relations, queries
from portal.competences.commands import import_esco
from portal.competences.esco_files import files
from portal.competences.models import CatalogueName, Competence, Occupation, OccupationCompetence, Sector
from portal.foundation.database import db
from portal.foundation.words import speaking
from tests.competences.factories import OCCUPATIONS, RELATIONS, SKILLS, a_download, job, relation, skill, write

pytestmark = pytest.mark.usefixtures("app")


@pytest.fixture
def run(app: Any, tmp_path: Path) -> Any:
    """The command, as an operator types it: `run(folder, "--language", "nl")`."""

    def command(folder: Path, *options: str) -> Any:
        db.session.commit()
        given = [str(folder), "--skipped", str(tmp_path / "skipped.csv"), *options]
        result = app.test_cli_runner().invoke(import_esco, given)
        db.session.expire_all()
        return result

    return command


def _one(model: Any, number: str) -> Any:
    return db.session.query(model).filter_by(code=f"esco_{number}").one()


def _all() -> list[Any]:
    """The catalogue as it stands, row by row."""
    tables = (Occupation, Competence, OccupationCompetence, CatalogueName)
    found = []
    for model in tables:
        found += [tuple(row) for row in db.session.execute(sa.select(*model.__table__.columns).order_by(model.id))]
    return found


@pytest.mark.engine
def test_two_languages_come_in_and_a_missing_name_is_borrowed(run: Any, tmp_path: Path) -> None:
    result = run(a_download(tmp_path / "esco"))
    assert result.exit_code == 0, result.output
    welder, welding, greeting = _one(Occupation, "o1"), _one(Competence, "a1"), _one(Competence, "a3")
    assert (welder.nl, welder.fr, welder.en) == ("lasser", "soudeur/soudeuse", "lasser")
    assert (welding.nl, welding.fr) == ("lastechnieken toepassen", "appliquer des techniques de soudage")
    assert greeting.fr == "klanten begroeten"
    metal = db.session.query(Sector).filter_by(code="metal").one().id
    assert welder.sector_id == metal
    assert welding.sector_id == metal, "only welders ask it"
    assert greeting.sector_id is None, "two sectors ask it"
    links = {
        row.competence_id: row.essential
        for row in db.session.query(OccupationCompetence).filter_by(occupation_id=welder.id)
    }
    assert links == {welding.id: True, _one(Competence, "a2").id: False, greeting.id: False}


@pytest.mark.engine
def test_a_second_run_changes_nothing(run: Any, tmp_path: Path) -> None:
    folder = a_download(tmp_path / "esco")
    run(folder)
    before = _all()
    again = run(folder)
    assert "nothing changed" in again.output
    assert _all() == before
    only_one = run(folder, "--language", "nl")
    assert "nothing changed" in only_one.output
    assert _all() == before, "a run with one language leaves the others' names"


def test_a_new_name_replaces_the_old_one(run: Any, tmp_path: Path) -> None:
    folder = a_download(tmp_path / "esco")
    run(folder)
    number = _one(Competence, "a3").id
    write(folder / "classification - fr - csv" / "skills_fr.csv", SKILLS, [skill("a3", "accueillir la clientèle")])
    assert "1 renamed" in run(folder).output
    found = _one(Competence, "a3")
    assert (found.id, found.nl, found.fr, found.en) == (
        number,
        "klanten begroeten",
        "accueillir la clientèle",
        "klanten begroeten",
    )


def test_what_esco_gives_up_is_retired_and_no_longer_offered_but_never_deleted(run: Any, tmp_path: Path) -> None:
    folder = a_download(tmp_path / "esco")
    run(folder)
    write(
        folder / "ESCO dataset - v1.2.0 - classification - nl - csv" / "skills_nl.csv", SKILLS,
        [skill("a1", "lastechnieken toepassen", status="obsolete"), skill("a3", "klanten begroeten")],
    )  # fmt: skip
    write(folder / "classification - fr - csv" / "skills_fr.csv", SKILLS, [])
    result = run(folder)
    assert "retired" in result.output
    assert _one(Competence, "a1").retired, "obsolete"
    assert _one(Competence, "a2").retired, "not in the files any more"
    assert not _one(Competence, "a3").retired
    offered = [one.code for one in queries.competences_for(_one(Occupation, "o1").id)]
    assert "esco_a3" in offered
    assert not {"esco_a1", "esco_a2"} & set(offered)
    run(a_download(tmp_path / "again"))
    assert not _one(Competence, "a1").retired, "what comes back is offered again"


def test_a_broken_download_retires_nobody(run: Any, tmp_path: Path) -> None:
    folder = tmp_path / "esco"
    many = [skill(f"b{n}", f"iets doen {n}") for n in range(60)]
    write(folder / "skills_nl.csv", SKILLS, many)
    run(folder)
    write(folder / "skills_nl.csv", SKILLS, many[:5])
    assert "Look whether the files are whole" in run(folder).output
    assert db.session.query(Competence).filter_by(retired=True).count() == 0
    run(folder, "--retire-missing")
    assert db.session.query(Competence).filter_by(retired=True).count() == 55


def test_other_languages_are_kept_for_the_search(run: Any, tmp_path: Path) -> None:
    folder = a_download(tmp_path / "esco")
    write(folder / "skills_ar.csv", SKILLS, [skill("a1", "تطبيق تقنيات اللحام"), skill("zz", "بلا اسم آخر")])
    result = run(folder)
    assert "it has no name in nl, fr or en" in result.output
    kept = db.session.query(CatalogueName).one()
    assert (kept.kind, kept.code, kept.language, kept.text) == ("competence", "esco_a1", "ar", "تطبيق تقنيات اللحام")
    with db.session.no_autoflush, _request(), speaking("nl"):
        assert [one.code for one in queries.competences_found("اللحام").items] == ["esco_a1"]


def _request() -> Any:
    from flask import current_app

    return current_app.test_request_context("/")


@pytest.mark.engine
@pytest.mark.parametrize("words", ["LASSEN", "lastechniek", "appliquer soudage", "Âppliquer"])
def test_a_competence_is_found_by_any_of_its_names(run: Any, tmp_path: Path, words: str) -> None:
    run(a_download(tmp_path / "esco"))
    with _request(), speaking("nl"):
        assert "esco_a1" in [one.code for one in queries.competences_found(words).items]
        assert queries.competences_found("50%").items == []


def test_each_row_that_stays_out_is_reported_with_its_line_and_reason(run: Any, tmp_path: Path) -> None:
    folder = tmp_path / "esco"
    path = write(
        folder / "skills_nl.csv", SKILLS,
        [
            skill("a1", "iets"), skill("a1", "nog eens"), skill("a2", ""), skill("a3", "x" * 201),
            skill("a4", "een groep", conceptType="SkillGroup"), {**skill("a5", "elders"), "conceptUri": "=cmd()"},
            skill("a6", "oud", status="obsolete"),
        ],
    )  # fmt: skip
    with path.open("a", encoding="utf-8") as file:
        file.write("KnowledgeSkillCompetence,too few cells\n")
    write(folder / "occupations_nl.csv", OCCUPATIONS, [job("o1", "lasser"), job("o2", "notaris", "2619")])
    write(
        folder / "occupationSkillRelations_nl.csv", RELATIONS,
        [relation("o1", "a1"), relation("o1", "a1"), relation("o2", "a1"), relation("o1", "a2"), relation("o1", "a1", "nice")],
    )  # fmt: skip
    result = run(folder)
    assert result.exit_code == 0, result.output
    with (tmp_path / "skipped.csv").open(encoding="utf-8", newline="") as opened:
        found = {(row["file"], int(row["line"]), row["reason"]) for row in csv.DictReader(opened)}
    assert found == {
        ("skills_nl.csv", 4, "the same address stands there twice"), ("skills_nl.csv", 6, "preferredLabel is empty"),
        ("skills_nl.csv", 8, "preferredLabel has more than 200 characters"),
        ("skills_nl.csv", 10, "conceptType is not KnowledgeSkillCompetence"),
        ("skills_nl.csv", 12, "conceptUri is no address of ESCO"), ("skills_nl.csv", 14, "it is obsolete in ESCO"),
        ("skills_nl.csv", 16, "the row has more or fewer cells than the head"),
        ("occupations_nl.csv", 3, "its ISCO group has no sector in isco_sectors.toml"),
        ("occupationSkillRelations_nl.csv", 3, "the same relation stands there twice"),
        ("occupationSkillRelations_nl.csv", 4, "its occupation is not in our catalogue"),
        ("occupationSkillRelations_nl.csv", 5, "its skill is not in our catalogue"),
        ("occupationSkillRelations_nl.csv", 6, "relationType is neither essential nor optional"),
    }  # fmt: skip
    assert "'=cmd()" in (tmp_path / "skipped.csv").read_text(), "a sheet runs no cell of it"
    assert "left out: 1 because it is obsolete in ESCO" in result.output


def test_what_is_not_esco_is_refused_with_what_is_missing(run: Any, tmp_path: Path) -> None:
    assert "There is no skills_nl.csv" in run(tmp_path).output
    (tmp_path / "skills_nl.csv").write_text("name,thing\nx,y\n")
    assert "lacks the columns conceptType" in run(tmp_path).output
    (tmp_path / "skills_nl.csv").write_bytes((",".join(SKILLS) + "\ncaf\xe9\n").encode("latin-1"))
    assert "is not UTF-8" in run(tmp_path).output
    assert (
        "There are no files for fi; there are some for: fr, nl."
        in run(a_download(tmp_path / "x"), "--language", "fi").output
    )


def test_a_run_that_was_interrupted_is_simply_begun_again(
    run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = a_download(tmp_path / "esco")
    whole, seen = files(folder), []

    class Killed(Exception):
        pass

    def keep() -> None:
        db.session.commit()
        seen.append(1)
        if len(seen) == 3:
            raise Killed

    report = esco.Report()
    esco.concepts(whole, "occupations", report, keep)
    with pytest.raises(Killed):
        esco.concepts(whole, "skills", report, keep)
    db.session.rollback()
    assert db.session.query(Competence).filter(Competence.uri.is_not(None)).count() > 0
    assert run(folder).exit_code == 0
    assert _one(Competence, "a1").fr == "appliquer des techniques de soudage"
    assert "nothing changed" in run(folder).output


def test_relations_that_esco_took_back_go_and_those_of_the_starter_set_stay(run: Any, tmp_path: Path) -> None:
    folder = a_download(tmp_path / "esco")
    ours = db.session.query(OccupationCompetence).count()
    run(folder)
    name = folder / "ESCO dataset - v1.2.0 - classification - nl - csv" / "occupationSkillRelations_nl.csv"
    write(name, RELATIONS, [relation("o1", "a1", "optional")])
    result = run(folder)
    assert "3 relations taken back" in result.output
    assert "1 changed relations" in result.output
    assert db.session.query(OccupationCompetence).count() == ours + 1


def test_progress_and_nothing_else_goes_to_the_error_stream(run: Any, tmp_path: Path) -> None:
    result = run(a_download(tmp_path / "esco"))
    assert "skills_nl.csv: 3 rows" in result.stderr
    assert "rows" not in result.stdout


@pytest.mark.parametrize(
    ("group", "sector"),
    [("7212", "metal"), ("C9334", "retail"), ("9333", "logistics"), ("http://data.europa.eu/esco/isco/C5120", "hospitality"),
     ("2512", None), ("", None)],
)  # fmt: skip
def test_the_longest_isco_number_decides_the_sector(group: str, sector: str | None) -> None:
    assert esco.sector_of(group) == sector


@pytest.mark.engine
def test_the_real_size_comes_in_within_a_minute(run: Any, tmp_path: Path) -> None:
    """13,939 skills and 3,039 occupations in two languages, 126,000 relations: as many as ESCO 1.2 has."""
    folder = tmp_path / "esco"
    at_real_size(folder)
    began = monotonic()
    result = run(folder)
    assert result.exit_code == 0, result.output
    assert monotonic() - began < 60
    assert db.session.query(Competence).filter(Competence.uri.is_not(None)).count() == 13_939


def at_real_size(folder: Path) -> None:
    groups = ("7212", "5132", "9112", "9334", "8332", "2512")
    for language in ("nl", "fr"):
        skills = (
            skill(f"s{n}", f"{language} doet iets nummer {n}", altLabels=f"zoekwoord {n}\nandere naam {n}")
            for n in range(13_939)
        )
        write(folder / f"skills_{language}.csv", SKILLS, skills)
        jobs = (job(f"o{n}", f"{language} beroep {n}", groups[n % 6]) for n in range(3_039))
        write(folder / f"occupations_{language}.csv", OCCUPATIONS, jobs)
    links = (
        relation(f"o{n}", f"s{(n * 7 + k * 331) % 13_939}", "essential" if k < 20 else "optional")
        for n in range(3_039)
        for k in range(41)
    )
    write(folder / "occupationSkillRelations_nl.csv", RELATIONS, links)


def test_the_starter_set_covers_every_sector_in_three_languages() -> None:
    for sector in queries.sectors():
        jobs = db.session.query(Occupation).filter_by(sector_id=sector.id, uri=None).all()
        skills = db.session.query(Competence).filter_by(sector_id=sector.id, uri=None).all()
        assert len(jobs) >= 5, sector.code
        assert len(skills) >= 15, sector.code
        for one in (*jobs, *skills):
            assert all(getattr(one, code).strip() for code in ("nl", "fr", "en")), one.code
    for one in queries.occupations():
        assert len(queries.competences_for(one.id)) >= 14 + 3, f"{one.code} asks too little of its own"
    assert esco_relations.relations([], esco.Report(), lambda: None) is None
