"""Sit-days: when the team is where, the sheet to take along, and typing in afterwards what was written on it."""

from collections.abc import Sequence
from datetime import date, time, timedelta

from flask import render_template, url_for
from werkzeug.wrappers import Response

from portal.accounts.models import Person
from portal.accounts.queries import holders
from portal.accounts.roles import STAFF, Role
from portal.agenda import sit_day_rules
from portal.agenda import sit_days as agenda
from portal.agenda.asked import asked_day
from portal.agenda.models import SitDay
from portal.candidates import identities, paper_sheets, sittings, typing_in
from portal.candidates.policy import staff, worker
from portal.candidates.room import candidates
from portal.candidates.sit_day_forms import CallOffForm, SitDayAnswer, SitDayForm
from portal.foundation import clock
from portal.foundation.access import opens_to, viewer
from portal.foundation.errors import DomainError, NotFound
from portal.foundation.fields import offer
from portal.foundation.words import _, date_long, lazy
from portal.programmes.models import ProgrammeSite
from portal.programmes.queries import meeting_places


class WhichDate(DomainError):
    sentence = lazy("Say to which date it moves.")
    field = "moved_to"


class WorksElsewhere(DomainError):
    sentence = lazy("Choose somebody who works in the programme of this place.")
    field = "worker"


@candidates.get("/sit-days")
@opens_to(staff)
def sit_days() -> str:
    """Two weeks of sit-days: who sits where, and which hours are free."""
    first = asked_day() or clock.today()
    last = first + timedelta(days=13)
    found = sittings.gatherings(agenda.between(viewer().programmes(*STAFF), first, last))
    fortnight = timedelta(days=14)
    return render_template(
        "candidates/sit_days.html", gatherings=found, first=first, last=last,
        printable={one.key for one in found if any(_may_print(part.sit_day) for part in one.sittings)},
        earlier=url_for(".sit_days", day=(first - fortnight).isoformat()),
        later=url_for(".sit_days", day=(first + fortnight).isoformat()), here=first <= clock.today() <= last,
    )  # fmt: skip


def _may_print(day: SitDay) -> bool:
    """The sheet holds names: it is for who sits the day, and for the coordinator."""
    return day.worker_id == viewer().me or day.programme_id in viewer().programmes(Role.COORDINATOR)


@candidates.route("/sit-days/new", methods=["GET", "POST"])
@opens_to(staff)
def new_sit_day() -> str | Response:
    """A single day on which somebody of the team sits at a place."""
    programmes = viewer().programmes(*STAFF)
    places = {f"{one.programme.key}.{one.site.key}": one for one in meeting_places(programmes)}
    team = workers_of(programmes)
    mine = next((one.key for one in team if one.id == viewer().me), "")
    form = SitDayForm.from_request(worker=mine, slots=4, slot_minutes="60", starts=time(9))
    offer(form.site, [(key, one.site.label) for key, one in places.items()], _("Choose"))
    offer(form.worker, [(one.key, one.name) for one in team], _("Choose"))
    if form.accepted():
        answer = form.answer()
        sits = next(one for one in team if one.key == answer.worker)
        must_work_at(places[answer.site], [sits])
        _add(answer, places[answer.site], sits)
        return form.go(url_for(".sit_days", day=answer.day.isoformat()), _("The sit-day is kept."))
    return render_template("candidates/sit_day_form.html", form=form)


def workers_of(programmes: tuple[int, ...]) -> Sequence[Person]:
    """Who may sit: the project workers of these programmes, each once."""
    found = {
        one.id: one
        for programme in dict.fromkeys(programmes)
        for one in holders(Role.PROJECT_WORKER, programme_id=programme)
    }
    return list(found.values())


def must_work_at(place: ProgrammeSite, people: Sequence[Person], field: str = "worker") -> None:
    """Who plans for two programmes seats nobody where that person may not read. Raises WorksElsewhere."""
    here = {one.id for one in workers_of((place.programme_id,))}
    if not here.issuperset(one.id for one in people):
        raise WorksElsewhere(field=field)


def _add(answer: SitDayAnswer, place: ProgrammeSite, sits: Person) -> None:
    agenda.add(
        programme_id=place.programme_id, site_id=place.site_id, worker_id=sits.id, day=answer.day, starts=answer.starts,
        slots=answer.slots, slot_minutes=int(answer.slot_minutes),
    )  # fmt: skip


@candidates.get("/sit-days/<key>")
@opens_to(staff)
def sit_day(key: str) -> str:
    """One day at one place: everybody's hours, and the names of those whom the viewer meets."""
    day = _day(key)
    gathered = next(iter(sittings.gatherings(agenda.together(day))), None)
    days = [part.sit_day for part in gathered.sittings] if gathered is not None else []
    readable = {one.id for one in days if _may_print(one)}
    own = next((one.key for one in days if one.worker_id == viewer().me), None)
    return render_template(
        "candidates/sit_day.html", day=day, gathered=gathered, readable=readable, me=viewer().me,
        names=_names(gathered, readable) if gathered is not None else {}, may_print=bool(readable), typing_key=own,
        waits=own is not None and _to_type_in(gathered), coming=day.day >= clock.today(),
    )  # fmt: skip


def _to_type_in(gathered: sittings.Gathering | None) -> bool:
    """Whether a talk of the viewer has begun that is not written up."""
    mine = [part for part in gathered.sittings if part.sit_day.worker_id == viewer().me] if gathered else []
    talks = [slot.screening for part in mine for slot in part.slots if slot.screening is not None]
    return any(one.starts_at <= clock.now() and one.done_on is None and not one.missed for one in talks)


def _day(key: str) -> SitDay:
    found = agenda.of(viewer().programmes(*STAFF), key)
    if found is None:
        raise NotFound()
    return found


def _readable(days: Sequence[SitDay]) -> list[SitDay]:
    return [one for one in days if _may_print(one)]


def _names(gathered: sittings.Gathering, readable: set[int]) -> dict[int, str]:
    """The names on the viewer's own part of the day, by screening."""
    slots = (slot for part in gathered.sittings if part.sit_day.id in readable for slot in part.slots)
    talks = [slot.screening for slot in slots if slot.screening is not None]
    found = identities.names([one.candidate_id for one in talks], "sit-day")
    return {one.id: found[one.candidate_id].short for one in talks if one.candidate_id in found}


@candidates.route("/sit-days/<key>/off", methods=["GET", "POST"])
@opens_to(staff)
def call_off(key: str) -> str | Response:
    """No sit-day on this date, or on another one: whoever was expected is booked again."""
    day = _day(key)
    if day.off or day.day < clock.today():
        raise NotFound()
    form = CallOffForm.from_request()
    if form.accepted():
        answer = form.answer()
        to = answer.moved_to if answer.what == "move" else None
        if answer.what == "move" and to is None:
            raise WhichDate()
        sit_day_rules.skip(agenda.together(day), moved_to=to, sure=answer.sure)
        return form.go(url_for(".sit_days", day=(to or day.day).isoformat()), _said(to))
    return render_template("candidates/sit_day_off.html", day=day, form=form)


def _said(to: date | None) -> str:
    return _("The sit-day moves to %(day)s.", day=date_long(to)) if to else _("There is no sit-day on that date.")


@candidates.get("/sit-days/<key>/sheet")
@opens_to(staff)
def sheet(key: str) -> str:
    """The day on paper: who comes when, and a form to fill in by hand for each. For who sits the day, and the coordinator."""
    mine = _readable(agenda.together_at(viewer().programmes(*STAFF), key))
    if not mine:
        raise NotFound()
    printed = paper_sheets.print_out(mine)
    return render_template("candidates/sheet.html", day=mine[0], parts=printed.parts, papers=printed.papers)


@candidates.get("/sit-days/<key>/typing")
@opens_to(worker)
def typing(key: str) -> str:
    """The walk through what was written by hand: the people of my part of the day, in the order of the sheet."""
    day = _day(key)
    if day.worker_id != viewer().me:
        raise NotFound()
    talks = typing_in.talks_on([day])
    names = identities.names([one.candidate_id for one in talks], "typing in a sit-day")
    papers = [typing_in.Paper(one, names[one.candidate_id].short, day) for one in talks if one.candidate_id in names]
    return render_template(
        "candidates/sit_day_typing.html", day=day, papers=papers, done=sum(one.done for one in papers),
        following=next((one for one in papers if not one.done), None),
    )  # fmt: skip
