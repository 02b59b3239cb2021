"""Figures as a file: a workbook or a report, for the team as they are, for others with small numbers hidden."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from flask import render_template, request, url_for
from werkzeug.wrappers import Response

from portal.candidates import handles
from portal.dashboard import behind, boards, by_form, periods, released, report, sheets, workbook
from portal.dashboard.blueprint import dashboard
from portal.dashboard.boards import Facts
from portal.dashboard.eyes import OUTSIDE, TEAM
from portal.dashboard.periods import Chosen
from portal.dashboard.policy import coordinator
from portal.dashboard.sheets import Sheet
from portal.foundation import clock, documents, refusals
from portal.foundation.access import opens_to
from portal.foundation.errors import NotFound
from portal.foundation.host import operator_name
from portal.foundation.words import LANGUAGES, _, speaking
from portal.journal import service as journal

KINDS, READERS = ("pdf", "xlsx"), ("outside", "team")
# A file on somebody's computer names no programme and nobody.
NAMES = {"nl": "cijfers", "fr": "chiffres", "en": "figures"}


@dataclass(frozen=True)
class Wanted:
    kind: str
    reader: str
    language: str

    @property
    def team(self) -> bool:
        return self.reader == "team"


class Released(Chosen):
    """The days that others read of, whatever days were looked at."""

    @cached_property
    def facts(self) -> Facts:
        return released.facts(self.programme, self.period)


@dashboard.get("/export")
@opens_to(coordinator)
def export() -> str:
    """What can be had, for whom, and in which language."""
    chosen = periods.chosen()
    return render_template(
        "dashboard/export.html", chosen=chosen, tongues=LANGUAGES, released=released.period(chosen.programme)
    )


@dashboard.get("/export/file")
@opens_to(coordinator)
def export_file() -> Response:
    """The file itself. That it was made, and for whom, is in the journal."""
    wanted, chosen = _wanted(), periods.chosen()
    if chosen.form.errors:
        raise NotFound()
    if not wanted.team:
        over = released.period(chosen.programme)
        if over is None:
            return refusals.see_other(url_for(".export", programme=chosen.programme.key))
        chosen = Released(chosen.programmes, chosen.programme, over, chosen.form)
    journal.saw("figures.exported", chosen.programme, form=wanted.kind, reader=wanted.reader)
    with speaking(wanted.language):
        content = _CONTENT[wanted.kind](chosen, _sheets(chosen, wanted), wanted)
    name = f"{NAMES[wanted.language]}-{chosen.period.start}-{chosen.period.end}-{wanted.reader}"
    return documents.attachment(content, name) if wanted.kind == "pdf" else _sheet_file(content, name)


def _wanted() -> Wanted:
    given = [request.args.get(name, "") for name in ("kind", "reader", "in")]
    for value, offered in zip(given, (KINDS, READERS, tuple(LANGUAGES)), strict=True):
        if value not in offered:
            raise NotFound()
    return Wanted(*given)


def _sheets(chosen: Chosen, wanted: Wanted) -> list[Sheet]:
    eyes, facts = TEAM if wanted.team else OUTSIDE, chosen.facts
    found = sheets.of_board(boards.board(facts), eyes)
    found.append(by_form.sheet(chosen.programme, chosen.period, eyes))
    return [*found, sheets.of_cohort(facts.cohort, eyes), sheets.of_refusals(facts.refusals, eyes)]


def _pdf(chosen: Chosen, found: list[Sheet], wanted: Wanted) -> bytes:
    return report.pdf(
        chosen.programme, chosen.period, clock.today(), found, team=wanted.team, operator=operator_name()
    )  # fmt: skip


def _xlsx(chosen: Chosen, found: list[Sheet], wanted: Wanted) -> bytes:
    about = [_("%(programme)s, from %(start)s to %(end)s.", **chosen.words), report.whose(wanted.team)]
    return workbook.xlsx(_("Report of figures"), about, found, _listed(chosen, found) if wanted.team else None)


def _listed(chosen: Chosen, found: list[Sheet]) -> workbook.Listed:
    cases = {code: behind.cases(chosen.facts, code) for one in found for code in one.cases}
    ids = {case.candidate_id for rows in cases.values() for case in rows}
    return workbook.Listed(cases, {number: one.key for number, one in handles.handles(ids).items()})


def _sheet_file(content: bytes, name: str) -> Response:
    answer = Response(content, mimetype=workbook.KIND)
    answer.headers.set("Content-Disposition", "attachment", filename=f"{name}.xlsx")
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


_CONTENT: dict[str, Any] = {"pdf": _pdf, "xlsx": _xlsx}
