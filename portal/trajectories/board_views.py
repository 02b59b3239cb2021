"""The board by week, for a worker and for a coordinator."""

from flask import render_template, request

from portal.accounts.policy import staff
from portal.accounts.roles import Role
from portal.candidates import identities
from portal.foundation.access import opens_to, viewer
from portal.foundation.words import lazy
from portal.trajectories import board as weeks
from portal.trajectories.line import WORDS
from portal.trajectories.room import trajectories

WHAT = {"": lazy("Everybody"), "late": lazy("Something is late"), "paused": lazy("A permission is awaited"), "deviated": lazy("Something deviates")}  # fmt: skip


@trajectories.get("/board")
@opens_to(staff)
def board() -> str:
    """Who stands in which week. A coordinator who has cases too chooses between the own ones and the team's."""
    who = viewer()
    works, leads = who.has(Role.PROJECT_WORKER), who.has(Role.COORDINATOR)
    team = leads and not (works and request.args.get("whose") == "mine")
    worker, what = request.args.get("worker", "")[:20], request.args.get("what", "")[:20]
    page, rows = weeks.rows(who, leads=team, worker=worker, what=what)
    names = identities.names([one.way.candidate_id for one in rows], "board by week")
    workers = weeks.workers(who) if team else []
    return render_template(
        "trajectories/board.html", page=page, rows=rows, names=names, workers=workers, team=team, by_number={one.id: one.name for one in workers},
        both=works and leads, worker=worker, what=what, whats=WHAT, last=weeks.LAST, beyond=weeks.BEYOND, words=WORDS,
    )  # fmt: skip
