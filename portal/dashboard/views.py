"""The figures of a programme, each with its definition and the cases behind it. Reads every room, changes none."""

from flask import render_template, url_for
from markupsafe import Markup

from portal.candidates import handles, identities
from portal.dashboard import (
    behind,
    boards,
    export_views,
    kept_boards,
    laid_out,
    month_views,
    passing_views,
    periods,
    sheets,
    slices,
)
from portal.dashboard.blueprint import dashboard
from portal.dashboard.definitions import FIGURES
from portal.dashboard.periods import Chosen
from portal.dashboard.policy import coordinator
from portal.foundation import clock
from portal.foundation.access import opens_to
from portal.foundation.errors import NotFound
from portal.foundation.words import _

blueprints = (dashboard,)
# Beside the figures themselves: what has more columns than a card, on a page of its own.
PARTS = ("figures", "cohort", "refusals")


@dashboard.get("")
@opens_to(coordinator)
def index() -> str:
    chosen = periods.chosen()
    found = kept_boards.board(chosen.programme, chosen.period, clock.today()) or boards.board(chosen.facts)
    return _page(chosen, "figures", laid_out.figures(found, chosen))


@dashboard.get("/cohort")
@opens_to(coordinator)
def cohort() -> str:
    """How far everybody came who was referred in a period."""
    chosen = periods.chosen()
    return _page(chosen, "cohort", laid_out.cards([sheets.of_cohort(chosen.facts.cohort)], chosen.address))


@dashboard.get("/refusals")
@opens_to(coordinator)
def refusals() -> str:
    """Why both sides say no."""
    chosen = periods.chosen()
    return _page(chosen, "refusals", laid_out.cards([sheets.of_refusals(chosen.facts.refusals)], chosen.address))


def _page(chosen: Chosen, part: str, cards: Markup) -> str:
    title = _("Figures") if part == "figures" else str(FIGURES[part])
    return render_template(
        "dashboard/index.html", part=part, title=title, address=chosen.address, top=laid_out.top(title, chosen), cards=cards
    )  # fmt: skip


@dashboard.get("/<figure>/cases")
@opens_to(coordinator)
def cases(figure: str) -> str:
    """Who is behind a figure. Reading the names is written in the journal."""
    chosen = periods.chosen()
    if figure not in FIGURES or figure == "lasting":
        raise NotFound()
    found = behind.cases(chosen.facts, figure)
    start = slices.start_of(len(found))
    part = found[start : start + slices.SIZE]
    ids = {case.candidate_id for case in part}
    return render_template(
        "dashboard/cases.html", programme=chosen.programme, title=FIGURES[figure], cases=part, number=len(found),
        handles=handles.with_workers(ids), names=identities.names(ids, f"figure: {figure}"),
        page=slices.beside(start, len(found), lambda place: url_for(".cases", figure=figure, start=place, **chosen.address)),
        above=url_for(f".{figure if figure in PARTS else 'index'}", **chosen.address),
    )  # fmt: skip


__all__ = ["blueprints", "export_views", "month_views", "passing_views"]
