"""A PDF is tagged, says its title and language, tells nobody who made it, and whatever people write stays text."""

import re
from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader

from portal.config import ROOT
from portal.foundation import documents

SHEET: dict[str, Any] = {
    "top": "vzw Voorbeeld", "foot": "Lien Claes · 0470 12 34 56", "opening": ["Dag Zoë,"],
    "facts": [["Wanneer", "dinsdag 15 december 2026, 11.00"], ["Kost", "€ 3,40"]],
    "parts": [{"heading": "De weg", "lines": ["Vertrek om 9.30.", "Neem bus 5."]}],
}  # fmt: skip


def made(language: str = "nl", title: str = "Je gesprek", **other: Any) -> bytes:
    return documents.pdf("interviews/sheet.typ", {**SHEET, **other}, language=language, title=title)


def read(content: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages)


def test_a_document_is_tagged_and_says_its_title_and_language() -> None:
    reader = PdfReader(BytesIO(made("fr", "Votre entretien")))
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"] and root["/StructTreeRoot"]
    assert root["/Lang"].startswith("fr") and root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert reader.metadata is not None and reader.metadata.title == "Votre entretien"
    assert b"pdfuaid:part>1<" in reader.trailer["/Root"]["/Metadata"].get_data()


def test_its_text_is_read_in_the_order_of_the_page_with_all_its_accents() -> None:
    text = read(made(opening=["Dag Zoë, œuvre, français, Łukasz, Şahin, € 5 – “ja”."]))
    assert "Dag Zoë, œuvre, français, Łukasz, Şahin, € 5 – “ja”." in text
    order = [
        text.index(one) for one in ("Je gesprek", "Dag Zoë", "Wanneer", "11.00", "Kost", "De weg", "Vertrek", "bus 5")
    ]
    assert order == sorted(order)


def test_it_names_no_maker_no_date_and_is_the_same_each_time() -> None:
    content = made()
    assert content == made()
    metadata = PdfReader(BytesIO(content)).metadata or {}
    assert set(metadata) == {"/Title", "/Creator"} and str(metadata["/Creator"]).strip() == "Doorstart"
    assert b"ypst" not in content and b"CreationDate" not in content and b"xmp:CreateDate" not in content


@pytest.mark.parametrize(
    "sly",
    [
        '#read("/etc/passwd")', "]", "\\", "#", "$x^2$ *dik* _schuin_ `code` <naam> @wie", '")', "= kop", "// weg", "/* weg */",
        '#import "@preview/cetz:0.3.1"', "#pagebreak()", '{"data": 1}', "\\u{41}", "- punt",
    ],
)  # fmt: skip
def test_what_somebody_writes_stays_text(sly: str) -> None:
    text = "".join(read(made(title=f"Gesprek {sly}", facts=[[sly, f"voor {sly} na"]])).split())
    assert text.count("".join(sly.split())) >= 3 and "root:" not in text


@pytest.mark.parametrize(("written", "printed"), [
    ("Karim 🙂", "Karim □"), ("汉字", "□□"), ("a\x00b\u202eevil", "abevil"), ("e\u0301", "é"), ("één\ttwee", "één twee"), ("\ud800", ""),
])  # fmt: skip
def test_a_sign_that_no_font_has_is_no_error(written: str, printed: str) -> None:
    assert documents.shown(written) == printed
    assert f"<{printed}>" in read(made(opening=[f"<{written}>"]))


def test_other_scripts_are_printed() -> None:
    text = read(made(facts=[["Naam", "محمد"], ["Naam", "שלום"], ["Naam", "Ольга"], ["Naam", "Ελένη"]]))
    assert all(one in text for one in ("محمد", "שלום", "Ольга", "Ελένη"))


def test_every_sign_that_counts_as_shown_can_be_shown() -> None:
    every = "".join(chr(code) for code in range(0x20, 0x2800) if documents.shown(chr(code)) == chr(code))
    assert len(every) > 2500
    made(opening=[every], parts=[{"heading": every, "lines": []}])


def test_templates_fetch_nothing_and_do_not_run_what_they_read() -> None:
    found = list((ROOT / "templates" / "pdf").rglob("*.typ"))
    assert len(found) >= 3
    for path in found:
        source = path.read_text()
        assert not re.search(r"@preview|@local|#?\beval\(|https?://|\bread\(|plugin\(", source), path.name
        imported = re.findall(r'#import "([^"]*)"', source)
        assert imported in ([], ["/layout.typ"]), path.name


def test_every_template_is_used() -> None:
    code = "\n".join(path.read_text() for path in (ROOT / "portal").rglob("*.py"))
    for path in documents.FOLDER.rglob("*.typ"):
        name = path.relative_to(documents.FOLDER).as_posix()
        assert name == "layout.typ" or f'"{name}"' in code, f"nobody uses {name}"


def test_a_template_that_misses_its_data_is_named_without_telling_what_stood_in_it() -> None:
    with pytest.raises(documents.DocumentFailed, match=r"interviews/sheet\.typ") as failed:
        documents.pdf("interviews/sheet.typ", {"opening": ["Karim Haddad"]}, language="nl", title="Karim Haddad")
    assert "Karim" not in str(failed.value)


def test_a_long_sheet_counts_its_pages() -> None:
    content = made(parts=[{"heading": "De weg", "lines": [f"Stap {n}" for n in range(80)]}])
    assert len(PdfReader(BytesIO(content)).pages) > 1 and "1 / " in read(content)


def test_the_pages_can_be_looked_at() -> None:
    found = documents.pictures("interviews/sheet.typ", SHEET, language="nl", title="Je gesprek")
    assert found[0].startswith(b"\x89PNG")
