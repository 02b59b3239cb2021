"""The figures as a workbook: a sheet per figure and one with the definitions. Text is written as text, never as a formula."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from typing import Any

import xlsxwriter

from portal.dashboard.behind import Case
from portal.dashboard.definitions import FIGURES
from portal.dashboard.eyes import Share
from portal.dashboard.sheets import Sheet
from portal.foundation import clock
from portal.foundation.words import _

KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# A cell that begins with = + - or @ stays text, and an address is no link.
_INERT = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
_WIDE, _NARROW = 46, 16


@dataclass(frozen=True)
class Listed:
    """The cases behind a figure, for the team: by the address of the case, never by a name."""

    cases: Mapping[str, Sequence[Case]]
    keys: Mapping[int, str]


class _Writer:
    """Row after row on one sheet."""

    def __init__(self, page: Any, formats: Mapping[str, Any]) -> None:
        self.page, self.formats, self.row = page, formats, 0
        page.set_column(0, 0, _WIDE)
        page.set_column(1, 10, _NARROW)

    def line(self, *cells: Any, style: str = "plain") -> None:
        for column, cell in enumerate(cells):
            self._cell(column, cell, style)
        self.row += 1

    def _cell(self, column: int, cell: Any, style: str) -> None:
        if isinstance(cell, Share) and cell.percent is not None:
            self.page.write_number(self.row, column, cell.percent / 100, self.formats["share"])
        elif isinstance(cell, int | float):
            self.page.write_number(self.row, column, cell, self.formats[style])
        elif isinstance(cell, date):
            self.page.write_datetime(self.row, column, cell, self.formats["day"])
        elif str(cell):
            self.page.write_string(self.row, column, str(cell), self.formats[style])


def xlsx(title: str, about: Sequence[str], found: Sequence[Sheet], listed: Listed | None) -> bytes:
    """`about`: what stands above every sheet: the programme, its period, and who may read it."""
    content = BytesIO()
    book = xlsxwriter.Workbook(content, _INERT)
    book.set_properties({"title": title, "created": clock.now().replace(tzinfo=None)})
    formats = {
        "plain": book.add_format({"valign": "top"}), "bold": book.add_format({"bold": True, "valign": "top"}),
        "share": book.add_format({"num_format": "0%"}), "day": book.add_format({"num_format": "yyyy-mm-dd"}),
        "wrapped": book.add_format({"text_wrap": True, "valign": "top"}),
    }  # fmt: skip
    for one in found:
        _figure(_Writer(book.add_worksheet(_tab(one.title)), formats), one, about, listed)
    _definitions(_Writer(book.add_worksheet(_tab(_("Definitions"))), formats), found)
    book.close()
    return content.getvalue()


def _tab(title: str) -> str:
    """A tab has 31 signs at most, and none of []:*?/\\."""
    return "".join(" " if sign in "[]:*?/\\'" else sign for sign in title)[:31]


def _figure(sheet: _Writer, one: Sheet, about: Sequence[str], listed: Listed | None) -> None:
    sheet.line(one.title, style="bold")
    for line in (*about, one.sentence):
        sheet.line(line)
    sheet.row += 1
    sheet.line(*one.columns, style="bold")
    for row in one.rows:
        sheet.line(*row)
    for code in one.cases if listed else ():
        _cases(sheet, code, listed)


def _cases(sheet: _Writer, code: str, listed: Listed | None) -> None:
    found = listed.cases.get(code, ()) if listed else ()
    if listed is None or not found:
        return
    sheet.row += 1
    sheet.line(_("The cases: %(figure)s", figure=FIGURES[code]), style="bold")
    sheet.line(_("Case"), _("Date"), _("What counts"), style="bold")
    for case in found:
        sheet.line(listed.keys.get(case.candidate_id, "–"), case.day or "–", case.text)


def _definitions(sheet: _Writer, found: Sequence[Sheet]) -> None:
    sheet.page.set_column(1, 1, 110)
    sheet.line(_("Figure"), _("How we count this"), style="bold")
    for one in found:
        sheet.line(one.title, one.definition, style="wrapped")
