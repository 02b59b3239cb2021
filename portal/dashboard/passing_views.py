"""Pass rates per stage: for the coordinator with small cells hidden, for a worker the own caseload as it is."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import render_template, request, url_for

from portal.accounts.policy import staff
from portal.accounts.roles import Role
from portal.candidates import handles, identities
from portal.dashboard import passing, passing_queries, queries, slices
from portal.dashboard.behind import Case
from portal.dashboard.blueprint import dashboard
from portal.dashboard.figures import Period
from portal.dashboard.passing import Breakdown, Way
from portal.foundation.access import opens_to, viewer
from portal.foundation.errors import NotFound
from portal.foundation.options import label, options
from portal.foundation.words import _, lazy
from portal.programmes import coordinated
from portal.programmes.models import Programme

YEARS = 3
STAGES: dict[str, tuple[Any, Any]] = {
    "opened": (lazy("Profile opened"), lazy("A company opened somebody's profile for a vacancy, or was proposed somebody. It is dated on that day, and counted once per person and vacancy.")),
    "interest": (lazy("Interest"), lazy("The company wants to meet.")),
    "yes": (lazy("Candidate's yes"), lazy("The candidate wants to meet too.")),
    "held": (lazy("Interview held"), lazy("All three were there.")),
    "offer": (lazy("Offer or trial"), lazy("The company offers the job, or a trial first.")),
    "accepted": (lazy("Accepted"), lazy("The candidate says yes to it.")),
    "started": (lazy("Started"), lazy("The first day of work or of the trial has come, and it went on.")),
}  # fmt: skip


@dataclass(frozen=True)
class Chosen:
    """What is looked at: a programme, one of its years, and whether it is the viewer's own caseload."""

    programme: Programme
    programmes: list[Programme]
    mine: bool
    year: int
    period: Period

    @property
    def address(self) -> dict[str, Any]:
        return {"programme": self.programme.key, "year": self.year, "mine": 1 if self.mine else None}

    def ways(self) -> list[Way]:
        worker = viewer().me if self.mine else None
        return passing.in_period(passing_queries.ways(self.programme.id, worker_id=worker), self.period)


@dashboard.get("/passing")
@opens_to(staff)
def passes() -> str:
    """From an opened profile to a start."""
    chosen = _chosen()
    ways = chosen.ways()
    tables = _tables(ways, chosen.mine)
    return render_template(
        "dashboard/passing.html", chosen=chosen, rates=passing.rates(tables[0].totals), stages=STAGES, years=_years(chosen.programme),
        tables=[(_("By size of the company"), _named(tables[0], "sizes")), (_("By sector"), _named(tables[1], "sectors"))],
        employer_no=_reasons(ways, "employer_no", chosen.mine), candidate_no=_reasons(ways, "candidate_no", chosen.mine),
        may_both=_may_both(), any=bool(ways),
    )  # fmt: skip


def _tables(ways: list[Way], mine: bool) -> list[Breakdown]:
    traits = ("size", "section")
    return [passing.exact(ways, trait) for trait in traits] if mine else passing.hidden(ways, *traits)


def _named(table: Breakdown, key: str) -> Breakdown:
    order = [*options("employers", key)]
    rows = sorted(table.rows, key=lambda row: order.index(row[0]) if row[0] in order else len(order))
    return Breakdown(
        [(label("employers", key, name) if name else _("unknown"), row) for name, row in rows], table.totals
    )


def _reasons(ways: list[Way], side: str, exactly: bool) -> list[tuple[str, int | None]]:
    lists = ("candidate_reasons",) if side == "candidate_no" else ("employer_reasons", "not_fitting_reasons")
    return [(_reason(code, lists), number) for code, number in passing.reasons(ways, side, exactly=exactly)]


def _reason(code: str, lists: tuple[str, ...]) -> str:
    return next((text for one in lists if (text := label("interviews", one, code)) != code), code)


@dashboard.get("/passing/<stage>/cases")
@opens_to(staff)
def passing_cases(stage: str) -> str:
    """Who reached a stage. Reading the names is written in the journal; this list does not leave the team."""
    chosen = _chosen()
    if stage not in STAGES:
        raise NotFound()
    at = passing.STAGES.index(stage)
    found = [
        Case(way.candidate_id, way.began, str(STAGES[passing.STAGES[way.reached]][0]))
        for way in chosen.ways()
        if way.reached >= at
    ]
    found.reverse()
    start = slices.start_of(len(found))
    part = found[start : start + slices.SIZE]
    ids = {case.candidate_id for case in part}
    return render_template(
        "dashboard/cases.html", programme=chosen.programme, title=STAGES[stage][0], cases=part, number=len(found),
        handles=handles.with_workers(ids), names=identities.names(ids, f"pass rates: {stage}"),
        page=slices.beside(start, len(found), lambda place: url_for(".passing_cases", stage=stage, start=place, **chosen.address)),
        above=url_for(".passes", **chosen.address),
    )  # fmt: skip


def _may_both() -> bool:
    return viewer().has(Role.COORDINATOR) and viewer().has(Role.PROJECT_WORKER)


def _chosen() -> Chosen:
    """The own caseload for a worker; a coordinator asks for it. Raises NotFound for somebody else's programme."""
    who = viewer()
    mine = not who.has(Role.COORDINATOR) or (who.has(Role.PROJECT_WORKER) and request.args.get("mine") == "1")
    programmes = list(queries.programmes_in(who, Role.PROJECT_WORKER if mine else Role.COORDINATOR))
    programme = coordinated.asked_for(programmes)
    year = request.args.get("year", 0, type=int) or 0
    if not 0 <= year < YEARS:
        raise NotFound()
    return Chosen(programme, programmes, mine, year, _period(programme, year))


def _period(programme: Programme, back: int) -> Period:
    """A programme's year, or one before it. Years do not overlap, so that none can be taken from another."""
    now = queries.period_of(programme)
    before = back * (now.end - now.start + timedelta(days=1))
    return Period(now.start - before, now.end - before)


def _years(programme: Programme) -> list[tuple[int, Period]]:
    return [(back, _period(programme, back)) for back in range(YEARS)]
