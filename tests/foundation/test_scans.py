"""A scan keeps what can be seen on it and loses what came along with it."""

from io import BytesIO

import pytest
from PIL import Image
from pypdf import PdfReader, PdfWriter
from pypdf.annotations import FreeText
from pypdf.generic import DictionaryObject, NameObject, TextStringObject

from portal.foundation.scans import MOST_PAGES, NoScan, kind_of_bytes, made_anew
from tests.factories import a_pdf

CANARY = "Karim Haddad, Kerkstraat 12"


def a_picture(kind: str, size: tuple[int, int] = (40, 20), turned: int = 1) -> bytes:
    """A red sheet with a blue corner, whose EXIF says who took it and how it lies."""
    picture = Image.new("RGB", size, "red")
    picture.paste("blue", (0, 0, 10, 10))
    exif = Image.Exif()
    exif[0x013B], exif[0x0112] = CANARY, turned
    kept = BytesIO()
    picture.save(kept, format=kind, exif=exif, **({"comment": CANARY} if kind == "JPEG" else {}))
    return kept.getvalue()


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_a_picture_loses_by_whom_it_was_taken_and_keeps_what_it_shows(kind: str) -> None:
    sent = a_picture(kind) + CANARY.encode()
    assert CANARY.encode() in sent
    kept = made_anew(sent)
    assert CANARY.encode() not in kept
    seen = Image.open(BytesIO(kept))
    assert (seen.format, seen.size, dict(seen.getexif())) == (kind, (40, 20), {})
    assert seen.convert("RGB").getpixel((2, 2))[2] > 200 and seen.convert("RGB").getpixel((30, 15))[0] > 200


def test_a_picture_that_lies_on_its_side_stands_upright_without_its_exif() -> None:
    seen = Image.open(BytesIO(made_anew(a_picture("JPEG", turned=6))))
    assert seen.size == (20, 40)


def test_a_pdf_keeps_its_pages_and_loses_its_maker_its_notes_and_what_it_does() -> None:
    writer = PdfWriter()
    writer.add_blank_page(200, 100)
    writer.add_blank_page(200, 300)
    writer.add_metadata({"/Author": CANARY, "/Title": CANARY})
    writer.add_annotation(0, FreeText(text=CANARY, rect=(0, 0, 50, 50)))
    script = DictionaryObject(
        {NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): TextStringObject(CANARY)}
    )
    writer.root_object[NameObject("/OpenAction")] = script
    writer.add_attachment("karim.txt", CANARY.encode())
    sent = BytesIO()
    writer.write(sent)
    kept = made_anew(sent.getvalue())
    assert kind_of_bytes(kept) == ("application/pdf", "pdf")
    read = PdfReader(BytesIO(kept))
    assert [float(page.mediabox.height) for page in read.pages] == [100, 300]
    assert CANARY.encode() not in kept and b"karim" not in kept and "/Author" not in (read.metadata or {})
    assert not {"/OpenAction", "/Names", "/AA"} & set(read.trailer["/Root"]) and "/Annots" not in read.pages[0]


def locked() -> bytes:
    writer = PdfWriter()
    writer.add_blank_page(10, 10)
    writer.encrypt("secret")
    kept = BytesIO()
    writer.write(kept)
    return kept.getvalue()


@pytest.mark.parametrize(
    "sent",
    [
        b"<html>", b"GIF89a", b"", a_picture("PNG")[:60], a_picture("JPEG")[:90], b"\xff\xd8\xff", b"%PDF-1.7 x",
        a_pdf(MOST_PAGES + 1), locked(), b"%PDF-1.7" + b" " * 6_000_000, a_picture("PNG", (9000, 9000)),
    ],
    ids=range(11),
)  # fmt: skip
def test_what_is_no_sheet_is_refused(sent: bytes) -> None:
    with pytest.raises(NoScan):
        made_anew(sent)
