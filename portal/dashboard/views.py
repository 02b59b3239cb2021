"""The figures of a programme, each with its definition and the cases behind it. Reads every room, changes none."""

from dataclasses import dataclass

from flask import Blueprint, render_template, request, url_for

from portal.candidates import handles, identities
from portal.dashboard import queries, shown
from portal.dashboard.policy import coordinator
from portal.foundation.access import opens_to, viewer
from portal.foundation.errors import NotFound
from portal.programmes.models import Programme

dashboard = Blueprint("dashboard", __name__, url_prefix="/figures")
blueprints = (dashboard,)
SIZE = 25


@dashboard.get("")
@opens_to(coordinator)
def index() -> str:
    programmes, programme = _chosen()
    return render_template(
        "dashboard/index.html", programmes=programmes, programme=programme, board=shown.board(programme),
        voices=shown.VOICES, legs=shown.LEGS,
    )  # fmt: skip


@dataclass(frozen=True)
class Slice:
    """A part of a list, with the addresses of the parts beside it."""

    previous_url: str | None
    next_url: str | None


@dashboard.get("/<figure>/cases")
@opens_to(coordinator)
def cases(figure: str) -> str:
    """Who is behind a figure. Reading the names is written in the journal."""
    _programmes, programme = _chosen()
    if figure not in shown.FIGURES:
        raise NotFound()
    found = shown.cases(programme, figure)
    start = min(request.args.get("start", 0, type=int) or 0, len(found))
    part = found[max(start, 0) : max(start, 0) + SIZE]
    ids = {case.candidate_id for case in part}
    return render_template(
        "dashboard/cases.html", programme=programme, title=shown.FIGURES[figure], cases=part, number=len(found),
        handles=handles.with_workers(ids), names=identities.names(ids, f"figure: {figure}"),
        page=_slice(programme, figure, start, len(found)),
    )  # fmt: skip


def _slice(programme: Programme, figure: str, start: int, number: int) -> Slice:
    def at(place: int) -> str:
        return url_for(".cases", figure=figure, programme=programme.key, start=place)

    return Slice(
        at(max(start - SIZE, 0)) if start > 0 else None,
        at(start + SIZE) if start + SIZE < number else None,
    )


def _chosen() -> tuple[list[Programme], Programme]:
    """The viewer's programmes and the one in the address, else the first. Raises NotFound for somebody else's."""
    programmes = list(queries.programmes_of(viewer()))
    key = request.args.get("programme")
    if key is None:
        return programmes, programmes[0]
    chosen = next((one for one in programmes if one.key == key), None)
    if chosen is None:
        raise NotFound()
    return programmes, chosen
