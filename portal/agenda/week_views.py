"""The weeks that people look at: their own, and the team's."""

from flask import render_template, request

from portal.accounts.policy import staff
from portal.accounts.roles import STAFF, Role
from portal.agenda import weeks
from portal.agenda.blueprint import agenda, has_agenda
from portal.agenda.week_pages import around, asked_monday
from portal.foundation.access import opens_to, viewer
from portal.organisations.places import provinces


@agenda.get("/agenda")
@opens_to(has_agenda)
def week() -> str:
    """What stands in my week, with the ways around it, my hours and what takes them; drawn, or as a list."""
    who, monday = viewer(), asked_monday()
    return render_template(
        "agenda/week.html", days=weeks.mine(who, monday), is_staff=who.has(*STAFF), **around(monday)
    )  # fmt: skip


@agenda.get("/agenda/team")
@opens_to(staff)
def team() -> str:
    """Who of the team can be asked when: taken, free, away; nobody that they meet is named."""
    who, monday, known = viewer(), asked_monday(), provinces()
    region = request.args.get("region", "")
    region = region if region in known else ""
    return render_template(
        "agenda/team.html", rows=weeks.team(who, monday, region), regions=known, region=region,
        leads=who.has(Role.COORDINATOR), **around(monday, region=region or None),
    )  # fmt: skip
