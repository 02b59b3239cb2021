"""The list of people: a worker's own, those of a sit-day, the coordinator's team, and who can be found in it by name."""

from dataclasses import dataclass
from typing import Any

from flask import render_template, request, url_for

from portal.accounts.roles import Role
from portal.candidates import caseload, finding, identities, marks, standings
from portal.candidates.caseload import NOTHING_PLANNED, Part
from portal.candidates.models import Candidate
from portal.candidates.policy import staff
from portal.candidates.room import candidates
from portal.foundation.access import opens_to, viewer
from portal.foundation.lists import Page
from portal.foundation.words import lazy
from portal.tasks import queries as tasks

LABELS: dict[Part, Any] = {
    Part.MINE: lazy("Mine"), Part.SITS: lazy("In my sit-days"), Part.TEAM: lazy("The team"), Part.ENDED: lazy("Ended"),
}  # fmt: skip


@dataclass(frozen=True)
class Tab:
    """A part of the people as a link, with how many there are where that was counted."""

    label: str
    url: str
    count: int | None
    current: bool


@candidates.get("/people")
@opens_to(staff)
def index() -> str:
    """The viewer's people: who has nothing planned first, then by what is next."""
    part, search = _part(), request.args.get("name", "").strip()[:60]
    if search and part in {Part.TEAM, Part.ENDED} and viewer().has(Role.COORDINATOR):
        return _found(part, search)
    scope = caseload.of_part(viewer(), part, request.args.get("worker", "")[:20])
    if search:
        scope = finding.among_own(scope, search)
    page = caseload.people(scope)
    names = identities.listed(page.items, "caseload")
    team = caseload.team(viewer()) if part is Part.TEAM else None
    counts = caseload.counts(viewer()) if team is None and not search else {}
    if team is not None:
        counts = {Part.TEAM: team.cases}
    return _page(part, search, page, names, tabs=_tabs(part, counts), team=team)


def _found(part: Part, search: str) -> str:
    """Somebody of the whole programme, by how a name begins: through the index, a page at a time, the newest first."""
    what = finding.wanted(search, viewer().programmes(Role.COORDINATOR))
    if what is None:
        return _page(part, search, Page(()), {}, tabs=_tabs(part, {}), too_short=True)
    found = finding.by_name(what, finding.unsealed(request.args.get("after"), search))
    further = None
    if found.further is not None:
        further = url_for(".index", part=part.value, name=search, after=finding.sealed(found.further, search))
    names = identities.told(found.people, "search by name")
    return _page(
        part, search, Page([one for one, _name in found.people], further), names, tabs=_tabs(part, {}), by_name=True
    )


def _page(
    part: Part, search: str, page: Page[Candidate], names: dict[int, identities.Name], *, tabs: list[Tab],
    team: caseload.Team | None = None, too_short: bool = False, by_name: bool = False,
) -> str:  # fmt: skip
    ids = [one.id for one in page.items]
    idle = [one for one in page.items if not by_name and one.next_due == NOTHING_PLANNED and part is not Part.ENDED]
    return render_template(
        "candidates/index.html", page=page, search=search, names=names, tabs=tabs, part=part.value, team=team,
        too_short=too_short, leads=viewer().has(Role.COORDINATOR), idle=idle, planned=[one for one in page.items if one not in idle],
        all_cases=part is Part.TEAM or by_name, standing=standings.words(ids), next_tasks=tasks.next_for_cases(ids),
        shortest=marks.START, chosen=_worker(team), by_name=by_name,
    )  # fmt: skip


def _worker(team: caseload.Team | None) -> str:
    """Whose cases the coordinator looks at, by name."""
    wanted = request.args.get("worker", "")
    return next((one.name for one in team.loads if one.key == wanted), "") if team is not None else ""


def _part() -> Part:
    mine = caseload.parts(viewer())
    wanted = request.args.get("part", "")
    return next((part for part in mine if part.value == wanted), mine[0])


def _tabs(current: Part, counts: dict[Part, int]) -> list[Tab]:
    return [
        Tab(str(LABELS[part]), url_for(".index", part=part.value), counts.get(part), part is current)
        for part in caseload.parts(viewer())
    ]
