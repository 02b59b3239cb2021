"""A scan keeps its picture and loses what came along with it."""

import zlib

import pytest

from portal.foundation.scans import MOST_PAGES, NoScan, kind_of_bytes, made_anew

CANARY = b"Karim Haddad, Kerkstraat 12"


def _part(name: bytes, body: bytes) -> bytes:
    return len(body).to_bytes(4) + name + body + zlib.crc32(name + body).to_bytes(4)


def a_png(width: int = 2, height: int = 2, *more: bytes) -> bytes:
    size = width.to_bytes(4) + height.to_bytes(4) + b"\x08\x00\x00\x00\x00"
    rows = zlib.compress(b"\x00\x00\x00" * 2)
    return b"\x89PNG\r\n\x1a\n" + _part(b"IHDR", size) + b"".join(more) + _part(b"IDAT", rows) + _part(b"IEND", b"")


def _segment(mark: int, body: bytes) -> bytes:
    return bytes([0xFF, mark]) + (len(body) + 2).to_bytes(2) + body


def a_jpeg(width: int = 4, height: int = 4, *more: bytes) -> bytes:
    frame = b"\x08" + height.to_bytes(2) + width.to_bytes(2) + b"\x01\x01\x11\x00"
    scan = _segment(0xDA, b"\x01\x01\x00\x00\x3f\x00") + b"\x12\xff\x00\x34\xff\xd0\x56"
    return b"\xff\xd8" + b"".join(more) + _segment(0xDB, b"\x00" * 65) + _segment(0xC0, frame) + scan + b"\xff\xd9"


def test_a_png_loses_its_texts_and_what_hangs_behind_it() -> None:
    sent = a_png(2, 2, _part(b"tEXt", b"Author\x00" + CANARY), _part(b"eXIf", CANARY)) + CANARY
    assert made_anew(sent) == a_png()


def test_a_jpeg_loses_where_and_by_whom_it_was_taken() -> None:
    exif = _segment(0xE1, b"Exif\x00\x00" + CANARY)
    sent = a_jpeg(4, 4, _segment(0xE0, b"JFIF\x00" + CANARY), exif, _segment(0xFE, CANARY)) + CANARY
    assert made_anew(sent) == a_jpeg()


def test_a_pdf_loses_its_maker_in_place() -> None:
    sent = (
        b"%PDF-1.7\n1 0 obj<</Author (" + CANARY + rb" \(x\)) /Creator <4B6172696D>>>endobj"
        b"<x:xmpmeta a>" + CANARY + b"</x:xmpmeta>"
    )
    kept = made_anew(sent)
    assert len(kept) == len(sent) and kind_of_bytes(kept) == ("application/pdf", "pdf")
    assert CANARY not in kept and b"4B61" not in kept


@pytest.mark.parametrize(
    "sent",
    [
        b"<html>", b"GIF89a", b"", a_png()[:-6], a_jpeg()[:-9], a_jpeg(0, 4), a_png(9000, 9000), a_jpeg(9000, 9000),
        a_png().replace(b"IDAT", b"IDAX"), b"\xff\xd8\xff", b"%PDF-1.7 /OpenAction 3 0 R", b"%PDF-1.7 /S /JavaScript /JS (x)",
        b"%PDF-1.7 " + b"<</Type /Page>>" * (MOST_PAGES + 1), b"%PDF-1.7" + b" " * 6_000_000,
    ],
)  # fmt: skip
def test_what_is_no_sheet_is_refused(sent: bytes) -> None:
    with pytest.raises(NoScan):
        made_anew(sent)


def test_what_is_packed_in_a_pdf_is_no_command() -> None:
    sent = b"%PDF-1.7\n1 0 obj<<>>stream\n\x00/JS \x01/AA endstream endobj <</Type /Pages>> <</Type/Page>>"
    assert made_anew(sent) == sent
