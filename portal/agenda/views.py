"""My hours, my absences, and my week: for whoever comes along to interviews and for whoever has them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta

from flask import render_template, request, url_for
from werkzeug.wrappers import Response

from portal.agenda import busy_views, feed_views, queries, service  # noqa: F401 (their pages)
from portal.agenda.blueprint import agenda, has_agenda
from portal.agenda.forms import WEEKDAYS, AbsenceForm, SkipForm, WindowForm
from portal.agenda.models import Absence, Hold
from portal.foundation import clock, refusals
from portal.foundation.access import opens_to, viewer
from portal.foundation.errors import NotFound
from portal.foundation.forms import Press
from portal.foundation.words import _, date_medium

blueprints = (agenda,)


@agenda.route("/agenda/hours", methods=["GET", "POST"])
@opens_to(has_agenda)
def availability() -> str | Response:
    """When I can have interviews: weekly windows, and days on which I am away."""
    form = WindowForm.from_request()
    if form.accepted():
        answer = form.answer()
        service.add_window(viewer().me, weekday=int(answer.weekday), starts=answer.starts, ends=answer.ends)
        return form.go(url_for(".availability"), _("These hours now come back every week."))
    windows = queries.windows_of(viewer().me)
    return render_template(
        "agenda/availability.html", form=form, windows=windows, weekdays=dict(WEEKDAYS),
        exceptions=queries.exceptions_of(windows), absences=queries.absences_of(viewer().me),
    )  # fmt: skip


@agenda.post("/agenda/hours/<int:number>/end")
@opens_to(has_agenda)
def end_window(number: int) -> Response:
    window = queries.window_of(viewer().me, number)
    if window is None:
        raise NotFound()
    press = Press.from_request()
    if press.accepted():
        service.end_window(window)
        return press.go(url_for(".availability"), _("These hours no longer come back."))
    return refusals.see_other(url_for(".availability"))


@agenda.route("/agenda/hours/<int:number>/skip", methods=["GET", "POST"])
@opens_to(has_agenda)
def skip(number: int) -> str | Response:
    """Leave out one date; the other weeks stay."""
    window = queries.window_of(viewer().me, number)
    if window is None:
        raise NotFound()
    form = SkipForm.from_request()
    if form.accepted():
        service.skip(window, form.answer().day)
        return form.go(url_for(".availability"), _("That day is left out."))
    return render_template("agenda/skip.html", form=form, window=window, weekdays=dict(WEEKDAYS))


@agenda.route("/agenda/away", methods=["GET", "POST"])
@opens_to(has_agenda)
def away() -> str | Response:
    """I am not there: always noted, whatever was planned."""
    form = AbsenceForm.from_request()
    if form.accepted():
        answer = form.answer()
        service.be_away(
            viewer().me, sudden=answer.sudden, starts_at=clock.at(answer.begins_on, answer.begins_at or time(0)),
            ends_at=clock.at(answer.ends_on, answer.ends_at) if answer.ends_at else clock.midnight(answer.ends_on + timedelta(days=1)),
        )  # fmt: skip
        return form.go(url_for(".availability"), _("Noted. If an interview was planned then, its worker hears it."))
    return render_template("agenda/away.html", form=form)


@agenda.post("/agenda/away/<int:number>/end")
@opens_to(has_agenda)
def end_absence(number: int) -> Response:
    absence = queries.absence_of(viewer().me, number)
    if absence is None:
        raise NotFound()
    press = Press.from_request()
    if press.accepted():
        service.come_back(absence)
        return press.go(url_for(".availability"), _("Your absence is taken back."))
    return refusals.see_other(url_for(".availability"))


@agenda.get("/agenda")
@opens_to(has_agenda)
def week() -> str:
    """What stands in my agenda this week, with the travel around it."""
    start, end = queries.week_of(_asked_day())
    holds = queries.holds_of(viewer().me, start, end)
    known = service.described({(hold.subject_kind, hold.subject_id) for hold in holds})
    monday = clock.local(start).date()
    absences = queries.absences_of(viewer().me, since=start)
    return render_template(
        "agenda/week.html", known=known, title=_("Week of %(day)s", day=date_medium(monday)),
        days=_days(monday, holds, absences),
        previous_url=url_for(".week", day=(monday - timedelta(days=7)).isoformat()),
        next_url=url_for(".week", day=(monday + timedelta(days=7)).isoformat()),
    )  # fmt: skip


@dataclass(frozen=True)
class Day:
    """A day of my week: what stands in it, and whether I am away."""

    date: date
    holds: tuple[Hold, ...]
    away: bool


def _days(monday: date, holds: Sequence[Hold], absences: Sequence[Absence]) -> list[Day]:
    """Monday to Friday, and a day of the weekend on which something stands."""
    days = []
    for day in (monday + timedelta(days=n) for n in range(7)):
        begins, ends = clock.midnight(day), clock.midnight(day + timedelta(days=1))
        away = any(one.starts_at < ends and one.ends_at > begins for one in absences)
        mine = tuple(hold for hold in holds if begins <= hold.starts_at < ends)
        if day.weekday() < 5 or mine:
            days.append(Day(day, mine, away))
    return days


def _asked_day() -> date:
    """The day in the address, where it is one in a believable year; else today."""
    try:
        asked = date.fromisoformat(request.args.get("day", ""))
    except ValueError:
        return clock.today()
    return asked if 2020 <= asked.year <= 2100 else clock.today()
