"""Figures that leave the house: a workbook in which no text is a formula, and a tagged report in the reader's language."""

import contextvars
from datetime import UTC, date, datetime
from io import BytesIO
from typing import Any

import openpyxl
import pytest
import sqlalchemy as sa
import time_machine
from pypdf import PdfReader

from portal.accounts.roles import Role
from portal.candidates.models import Candidate, Identity
from portal.dashboard import months
from portal.dashboard.models import ClosedMonth
from portal.foundation import acting
from portal.foundation.database import db
from portal.journal.models import Entry
from portal.placements.models import PlacementState
from tests.dashboard.test_pages import CANARY, a_check_in, counts, held
from tests.factories import a_person, a_programme
from tests.placements.factories import a_cast, a_placement

pytestmark = pytest.mark.usefixtures("app")
FORMULA = "=1+1|'cmd"


@pytest.fixture(autouse=True)
def _november() -> Any:
    with time_machine.travel("2026-11-21 10:00:00+00:00", tick=False):
        yield


@pytest.fixture
def cor(visitors: Any) -> Any:
    cast = a_cast()
    for _ in range(2):
        placement = a_placement(cast, date(2026, 3, 2), state=PlacementState.ONGOING)
        counts(placement.candidate_id, date(2026, 2, 1))
        a_check_in(placement, date(2026, 3, 9), date(2026, 3, 12), "week_1")
        held(cast, datetime(2026, 6, 1, 9, tzinfo=UTC))
    for one in db.session.scalars(sa.select(Identity)):
        one.first_name = CANARY
    a_programme().name = FORMULA
    boss = a_person("cor@example.org", role=Role.COORDINATOR, programme=a_programme(FORMULA))
    with acting.as_(boss.id, Role.COORDINATOR):
        months.close(a_programme(FORMULA), date(2026, 10, 1))
    db.session.commit()
    return visitors(boss)


def fetched(visitor: Any, how: str, status: int = 200) -> Any:
    db.session.commit()
    answer = contextvars.Context().run(visitor.client.get, f"/figures/export/file?{how}")
    db.session.expire_all()
    assert answer.status_code == status, answer.status_code
    return answer


def the_book(visitor: Any, reader: str, tongue: str = "nl") -> Any:
    return openpyxl.load_workbook(BytesIO(fetched(visitor, f"kind=xlsx&reader={reader}&in={tongue}").data))


def texts(book: Any) -> list[str]:
    return [str(cell.value) for page in book for row in page.iter_rows() for cell in row if cell.value is not None]


def test_a_workbook_has_a_sheet_per_figure_and_the_definitions(cor: Any) -> None:
    book = the_book(cor, "team")
    assert book.sheetnames == [
        "Trajecten", "Activering", "Begeleide gesprekken", "Nazorg op tijd", "Werk dat standhoudt", "Snelheid",
        "Starts per vorm van werk", "Cohorte", "Waarom het nee was", "Definities",
    ]  # fmt: skip
    assert [row[0].value for row in book["Definities"].iter_rows(min_row=2)] == book.sheetnames[:-1]
    activation = {row[0].value: row for row in book["Activering"].iter_rows()}
    strict = activation["Strikt: betaald contract"]
    assert (strict[1].value, strict[2].value, strict[2].number_format) == (2, 1, "0%")


def test_no_text_of_a_workbook_is_a_formula(cor: Any) -> None:
    book = the_book(cor, "team")
    cells = [cell for page in book for row in page.iter_rows() for cell in row if cell.value is not None]
    assert any(str(cell.value).startswith("=1+1") for cell in cells)
    assert {cell.data_type for cell in cells} <= {"s", "n", "d"}
    assert not [cell for cell in cells if cell.hyperlink]


def test_the_cases_stand_in_the_teams_version_only_and_nobodys_name_in_any(cor: Any) -> None:
    keys = set(db.session.scalars(sa.select(Candidate.key)))
    inside, outside = texts(the_book(cor, "team")), texts(the_book(cor, "outside"))
    assert len(keys & set(inside)) >= 2
    assert not keys & set(outside)
    assert "niet getoond" in outside and "niet getoond" not in inside
    assert not [text for text in (*inside, *outside) if CANARY in text]


@pytest.mark.parametrize(
    ("tongue", "title"), [("nl", "Cijferrapport"), ("fr", "Rapport chiffré"), ("en", "Report of figures")]
)
def test_the_report_is_tagged_and_speaks_the_funders_language(cor: Any, tongue: str, title: str) -> None:
    answer = fetched(cor, f"kind=pdf&reader=outside&in={tongue}")
    paper = PdfReader(BytesIO(answer.data))
    assert paper.metadata is not None and paper.metadata.title == title
    root: Any = paper.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"] and root["/StructTreeRoot"]
    assert root["/Lang"].startswith(tongue)
    words = " ".join(" ".join(page.extract_text() for page in paper.pages).split())
    assert FORMULA in words.replace("’", "'")
    assert CANARY not in words and not any(key in words for key in db.session.scalars(sa.select(Candidate.key)))
    if tongue == "nl":
        assert "verborgen" in words and "Zo tellen we dit:" in words


def test_a_file_names_nobody_is_kept_by_no_cache_and_stands_in_the_journal(cor: Any) -> None:
    for kind in ("pdf", "xlsx"):
        answer = fetched(cor, f"kind={kind}&reader=outside&in=fr")
        name = f"chiffres-2026-01-01-2026-10-31-outside.{kind}"
        assert answer.headers["Content-Disposition"] == f"attachment; filename={name}"
        assert answer.headers["Cache-Control"] == "private, no-store"
    noted = db.session.scalars(sa.select(Entry).where(Entry.action == "figures.exported")).all()
    assert [entry.details for entry in noted] == [{"form": kind, "reader": "outside"} for kind in ("pdf", "xlsx")]


def test_files_are_the_coordinators_and_of_the_own_programmes(cor: Any, visitors: Any) -> None:
    good = "kind=pdf&reader=team&in=nl"
    fetched(cor, f"{good}&programme={a_programme('Doorstart Brugge').key}", 404)
    for bad in ("kind=csv&reader=team&in=nl", "kind=pdf&reader=all&in=nl", "kind=pdf&reader=team&in=de", ""):
        fetched(cor, bad, 404)
    for role in (Role.PROJECT_WORKER, Role.EMPLOYER_CONTACT):
        fetched(visitors(a_person(role=role)), good, 403)
    cor.open("/figures/export").says("Maak het bestand")


def test_a_file_for_others_ends_with_the_last_closed_month_whatever_days_are_asked(cor: Any) -> None:
    """Two files over nearly equal days would give away, one from the other, what each of them hides."""
    for days in ("", "&since=2026-01-01&until=2026-03-01", "&since=2026-01-01&until=2026-03-02"):
        answer = fetched(cor, f"kind=xlsx&reader=outside&in=nl{days}")
        assert "2026-01-01-2026-10-31" in answer.headers["Content-Disposition"]
        assert answer.data == fetched(cor, "kind=xlsx&reader=outside&in=nl").data
    inside = fetched(cor, "kind=xlsx&reader=team&in=nl&since=2026-01-01&until=2026-03-01")
    assert "2026-03-01" in inside.headers["Content-Disposition"], "the team looks at the days that it wants"
    cor.open("/figures/export").says("Van 1 januari 2026 tot 31 oktober 2026")


def test_without_a_closed_month_there_is_no_file_for_others(cor: Any) -> None:
    db.session.execute(sa.delete(ClosedMonth))
    db.session.commit()
    page = cor.open("/figures/export").says("Sluit eerst een maand af")
    assert page.tree.xpath("//input[@id='reader-outside']/@disabled")
    assert fetched(cor, "kind=pdf&reader=outside&in=nl", 303).headers["Location"].startswith("/figures/export")
    fetched(cor, "kind=pdf&reader=team&in=nl")
