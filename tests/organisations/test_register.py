"""The public register's files become names and addresses by number: whole, twice, cut off, replaced and updated."""

from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from portal.foundation.database import db
from portal.organisations import register, register_files, register_lookup
from portal.organisations.models import LoadState, RegisterEntry, RegisterLoad
from portal.organisations.register_files import NotTheRegister
from tests.organisations.register_files import BAKER, GONE, SOLO, VERLINDEN, full, packed, seat, write

pytestmark = pytest.mark.usefixtures("app")


def bring(path: Path) -> register.Report:
    report = register.Report(lambda name, rows: None, lambda *cells: None)
    register.bring(path, report)
    return report


def found(number: str) -> Any:
    return register_lookup.find(number.replace(".", ""))


def why(report: register.Report) -> dict[str, int]:
    return {reason: times for (_file, reason), times in report.skipped.items()}


@pytest.mark.engine
def test_a_number_gives_name_address_and_sector(tmp_path: Path) -> None:
    assert not register_lookup.loaded() and found(VERLINDEN) is None
    report = bring(write(tmp_path / "full", full()))
    assert register_lookup.loaded()
    one = found(VERLINDEN)
    assert (one.name, one.street, one.postcode, one.municipality, one.section, one.stopping) == (
        'Garage "Verlinden", broers', "Dok Noord 4 bus 2", "9000", "Gent", "G", False,
    )  # fmt: skip
    assert report.done["kept"] == 3
    assert found("0100.001.159") is None and found("0403.170.701") is None


def test_each_language_reads_its_own_name(app: Flask, tmp_path: Path) -> None:
    bring(write(tmp_path / "full", full()))
    with app.test_request_context("/?language=fr"):
        one = found(VERLINDEN)
    assert (one.name, one.street) == ("Garage Verlinden & Frères d'Été", "Quai Nord 4 bte 2")


def test_nothing_of_a_person_is_kept_but_what_hangs_above_the_shop(tmp_path: Path) -> None:
    report = bring(write(tmp_path / "full", full()))
    baker = found(BAKER)
    assert (baker.name, baker.street, baker.postcode, baker.section) == ("Bakkerij De Korst", "", "", "C")
    assert found(SOLO) is None
    assert why(report)["somebody who is a company alone, without a commercial name"] == 1
    kept = db.session.execute(sa.select(RegisterEntry.__table__)).all()
    assert not any(name in str(kept) for name in ("Peeters", "Janssens", "Mieke"))


def test_what_is_left_out_is_told_with_its_reason(tmp_path: Path) -> None:
    folder = write(tmp_path / "full", full())
    with (folder / "denomination.csv").open("a", encoding="utf-8") as out:
        out.write('"0100.000.763","2"\r\n')
    told = why(bring(folder))
    assert told["the number is not that of an enterprise"] == 1
    assert told["the enterprise is not active"] == 1
    assert told["the row has more or fewer cells than the head"] == 1
    assert told["its enterprise is not in enterprise.csv, or was left out"] == 1
    gone = found(GONE)
    assert gone.stopping and gone.street == "", "a seat that was struck off is no address"


def test_a_zip_reads_like_its_folder(tmp_path: Path) -> None:
    bring(packed(write(tmp_path / "full", full())))
    assert found(VERLINDEN).postcode == "9000"


@pytest.mark.parametrize("run", [1, 2, 3])
def test_rows_in_any_order_on_disk_are_put_together(run: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(register_files, "RUN", run)
    monkeypatch.setattr(register, "BATCH", 1)
    rows = {name: list(reversed(list(lines))) for name, lines in full().items()}
    report = bring(write(tmp_path / "full", rows))
    assert report.done["kept"] == 3
    assert found(VERLINDEN).name == 'Garage "Verlinden", broers' and found(BAKER).section == "C"


@pytest.mark.engine
def test_a_new_extract_takes_the_place_of_the_old_one_at_once(tmp_path: Path) -> None:
    bring(write(tmp_path / "one", full()))
    later = {**full(), "enterprise": full()["enterprise"][:1]}  # type: ignore[index]
    bring(write(tmp_path / "two", later, extract=141))
    assert found(VERLINDEN) is not None and found(BAKER) is None
    loads = db.session.scalars(sa.select(RegisterLoad)).all()
    assert [(one.extract, one.load_state) for one in loads] == [(141, LoadState.CURRENT)]
    assert db.session.scalar(sa.select(sa.func.count()).select_from(RegisterEntry)) == 1


def test_the_same_extract_twice_is_refused_in_words(tmp_path: Path) -> None:
    folder = write(tmp_path / "one", full())
    bring(folder)
    with pytest.raises(NotTheRegister, match="Extract 140 is loaded already"):
        bring(folder)


@pytest.mark.engine
def test_cut_off_it_goes_on_where_it_was_and_pages_read_the_old_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bring(write(tmp_path / "one", {**full(), "enterprise": [*full()["enterprise"]][:1]}))
    monkeypatch.setattr(register, "BATCH", 1)
    after = iter([True, False])
    keep = register._keep

    def dies(load: RegisterLoad, batch: list[Any]) -> int:
        if not next(after):
            raise KeyboardInterrupt
        return keep(load, batch)

    folder = write(tmp_path / "two", full(), extract=141)
    with monkeypatch.context() as cut:
        cut.setattr(register, "_keep", dies)
        with pytest.raises(KeyboardInterrupt):
            bring(folder)
    db.session.rollback()
    assert found(BAKER) is None, "pages still read the old one"
    assert bring(folder).done["kept"] == 2
    assert found(VERLINDEN) is not None and found(BAKER) is not None
    assert db.session.scalar(sa.select(sa.func.count()).select_from(RegisterEntry)) == 3


@pytest.mark.engine
def test_an_update_deletes_and_inserts(tmp_path: Path) -> None:
    bring(write(tmp_path / "one", full()))
    new = "0100.001.258"
    changes: Any = {
        "enterprise_delete": [(GONE,), (VERLINDEN,)],
        "enterprise_insert": [
            (VERLINDEN, "AC", "012", "2", "610", "", "x"), (new, "AC", "000", "2", "610", "", "x"), (SOLO, "AC", "000", "1", "", "", "x"),
        ],
        "denomination_delete": [(BAKER,)],
        "denomination_insert": [(BAKER, "2", "003", "Bakkerij De Kruim"), (new, "2", "001", "Nieuw"), (SOLO, "2", "001", "Peeters, Jan"), (GONE, "2", "001", "x")],
        "address_delete": [(VERLINDEN,)],
        "address_insert": [seat(VERLINDEN, postcode="2000", nl="Antwerpen", fr="Anvers"), seat(BAKER)],
        "activity_delete": [(BAKER,)],
    }  # fmt: skip
    report = bring(write(tmp_path / "two", changes, extract=141, kind="update"))
    assert found(GONE) is None and found(SOLO) is None
    verlinden = found(VERLINDEN)
    assert (verlinden.name, verlinden.municipality, verlinden.stopping) == (
        'Garage "Verlinden", broers',
        "Antwerpen",
        True,
    )
    assert (found(BAKER).name, found(BAKER).street, found(BAKER).section) == ("Bakkerij De Kruim", "", "")
    assert found(new).name == "Nieuw"
    assert (report.done["ended"], report.done["new"], report.done["changed"]) == (1, 2, 1)
    assert db.session.scalars(sa.select(RegisterLoad.extract)).one() == 141


def test_an_update_without_its_beginning_is_refused(tmp_path: Path) -> None:
    update = write(tmp_path / "two", {}, extract=142, kind="update")
    with pytest.raises(NotTheRegister, match="nothing is loaded yet"):
        bring(update)
    bring(write(tmp_path / "one", full()))
    with pytest.raises(NotTheRegister, match="the next update is 141, not 142"):
        bring(update)


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda folder: (folder / "address.csv").unlink(), "no address.csv"),
        (lambda folder: (folder / "meta.csv").write_text("Variable,Value\nx,y\n"), "meta.csv does not say"),
        (lambda folder: (folder / "activity.csv").write_text("a,b\n"), "lacks the columns EntityNumber"),
        (lambda folder: (folder / "denomination.csv").write_bytes((folder / "denomination.csv").read_bytes().replace(b"\xc3", b"\xff")), "not UTF-8"),
    ],
)  # fmt: skip
def test_files_that_are_not_the_registers_are_named(spoil: Any, said: str, tmp_path: Path) -> None:
    folder = write(tmp_path / "one", full())
    spoil(folder)
    with pytest.raises(NotTheRegister, match=said):
        bring(folder)
    db.session.rollback()
    assert not register_lookup.loaded()


def test_the_command_reads_tells_and_writes_what_stayed_out(app: Flask, tmp_path: Path) -> None:
    folder, skipped = write(tmp_path / "one", full()), tmp_path / "skipped.csv"
    told = app.test_cli_runner().invoke(args=["register", "import", str(folder), "--skipped", str(skipped)])
    assert told.exit_code == 0, told.output
    assert "3 kept" in told.output and "extract 140" in told.output and "kept: 3" in told.output
    assert "0100.000.764" in skipped.read_text()
    again = app.test_cli_runner().invoke(args=["register", "import", str(folder), "--skipped", str(skipped)])
    assert again.exit_code == 1 and "loaded already" in again.output


@pytest.mark.engine
def test_a_number_is_found_by_an_index(tmp_path: Path) -> None:
    bring(write(tmp_path / "one", full()))
    statement = sa.select(RegisterEntry.id).where(*register_lookup.row_of("0100000763"))
    asked = str(statement.compile(db.engine, compile_kwargs={"literal_binds": True}))
    if db.engine.dialect.name == "sqlite":
        plan = str(db.session.execute(sa.text(f"EXPLAIN QUERY PLAN {asked}")).all())
        assert "SEARCH register_entry" in plan and "SCAN register_entry" not in plan
    else:
        db.session.execute(sa.text("SET LOCAL enable_seqscan = off"))
        assert "Seq Scan on register_entry" not in str(db.session.execute(sa.text(f"EXPLAIN {asked}")).all())
