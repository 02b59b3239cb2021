"""What every page of a week shares: which one is asked, the ones beside it, and the other way to look at it."""

from datetime import date, timedelta
from typing import Any

from flask import request, url_for

from portal.agenda.asked import asked_day
from portal.foundation import clock
from portal.foundation.words import _, date_medium


def asked_monday() -> date:
    """The Monday of the week in the address, where that is a day in a believable year; else of the week that counts."""
    asked = asked_day()
    return clock.monday_of(asked) if asked is not None else this_monday()


def this_monday() -> date:
    """Of this week; at the weekend of the one that begins, since this one is over."""
    return clock.monday_of(clock.today() + timedelta(days=2))


def around(monday: date, **kept: Any) -> dict[str, Any]:
    """The week's name, the weeks beside it, and the other way to look at it."""
    as_list = request.args.get("view") == "list"
    this = monday == this_monday()

    def address(day: date, *, listed: bool = as_list) -> str:
        return url_for(request.endpoint or "", day=day.isoformat(), view="list" if listed else None, **kept)

    return {
        "title": _("Week of %(day)s", day=date_medium(monday)), "as_list": as_list, "monday": monday,
        "previous_url": address(monday - timedelta(days=7)), "next_url": address(monday + timedelta(days=7)),
        "this_url": None if this else address(this_monday()), "other_view_url": address(monday, listed=not as_list),
    }  # fmt: skip
