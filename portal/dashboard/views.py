"""The figures of a programme, each with its definition and the cases behind it. Reads every room, changes none."""

from flask import render_template, request, url_for

from portal.candidates import handles, identities
from portal.dashboard import passing_views, queries, shown, slices
from portal.dashboard.blueprint import dashboard
from portal.dashboard.policy import coordinator
from portal.foundation.access import opens_to, viewer
from portal.foundation.errors import NotFound
from portal.programmes.models import Programme

blueprints = (dashboard,)


@dashboard.get("")
@opens_to(coordinator)
def index() -> str:
    programmes, programme = _chosen()
    return render_template(
        "dashboard/index.html", programmes=programmes, programme=programme, board=shown.board(programme),
        voices=shown.VOICES, legs=shown.LEGS,
    )  # fmt: skip


@dashboard.get("/<figure>/cases")
@opens_to(coordinator)
def cases(figure: str) -> str:
    """Who is behind a figure. Reading the names is written in the journal."""
    _programmes, programme = _chosen()
    if figure not in shown.FIGURES:
        raise NotFound()
    found = shown.cases(programme, figure)
    start = slices.start_of(len(found))
    part = found[start : start + slices.SIZE]
    ids = {case.candidate_id for case in part}
    return render_template(
        "dashboard/cases.html", programme=programme, title=shown.FIGURES[figure], cases=part, number=len(found),
        handles=handles.with_workers(ids), names=identities.names(ids, f"figure: {figure}"),
        page=slices.beside(start, len(found), lambda place: _at(programme, figure, place)),
        above=url_for(".index", programme=programme.key),
    )  # fmt: skip


def _at(programme: Programme, figure: str, place: int) -> str:
    return url_for(".cases", figure=figure, programme=programme.key, start=place)


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


__all__ = ["blueprints", "passing_views"]
