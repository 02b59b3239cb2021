"""The day as it is lived: on a phone in a car park, and on one sheet of paper where no phone may enter."""

from datetime import date, timedelta

from flask import render_template, url_for

from portal.accounts.policy import coordinator, staff
from portal.accounts.roles import Role
from portal.agenda import day as days
from portal.agenda.asked import asked_day
from portal.agenda.blueprint import agenda
from portal.foundation import clock
from portal.foundation.access import opens_to, viewer


@agenda.get("/agenda/day")
@opens_to(staff)
def day() -> str:
    """My day: where to be, when to leave, whom I meet, and the next press at each stop."""
    asked = asked_day() or clock.today()
    laid = days.of(viewer(), asked)
    return render_template(
        "agenda/day.html", laid=laid, day=asked, is_today=asked == clock.today(),
        following=None if laid.stops else days.following(viewer(), asked),
        coordinates=viewer().has(Role.COORDINATOR), **_beside("agenda.day", asked),
    )  # fmt: skip


@agenda.get("/agenda/day/paper")
@opens_to(staff)
def day_paper() -> str:
    """The same day on one sheet, with room to write: for places where no phone may enter."""
    asked = asked_day() or clock.today()
    laid = days.of(viewer(), asked, "print the worker's day")
    # One side of a sheet has room for some 38 lines, and a stop takes six of them: the rest is there to write on.
    stops = max(1, len(laid.stops))
    lines = max(1, min(10, (38 - 6 * stops) // stops))
    return render_template("agenda/day_paper.html", laid=laid, day=asked, me=viewer().name, lines=lines)


@agenda.get("/agenda/day/team")
@opens_to(coordinator)
def team_day() -> str:
    """Who of the team is where, without the people that they meet."""
    asked = asked_day() or clock.today()
    return render_template(
        "agenda/team_day.html", team=days.of_team(viewer(), asked), day=asked, is_today=asked == clock.today(),
        **_beside("agenda.team_day", asked),
    )  # fmt: skip


def _beside(endpoint: str, day: date) -> dict[str, str]:
    def address(other: date) -> str:
        return url_for(endpoint, day=None if other == clock.today() else other.isoformat())

    return {
        "previous_url": address(day - timedelta(days=1)), "next_url": address(day + timedelta(days=1)),
        "today_url": url_for(endpoint),
    }  # fmt: skip
