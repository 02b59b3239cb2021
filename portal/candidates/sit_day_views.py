"""Sit-days: when the team is where, and the sheet to take along."""

from collections.abc import Sequence
from datetime import time

from flask import render_template, url_for
from werkzeug.wrappers import Response

from portal.accounts.models import Person
from portal.accounts.queries import holders
from portal.accounts.roles import STAFF, Role
from portal.agenda import sit_days as agenda
from portal.agenda.models import SitDay
from portal.candidates import identities, queries
from portal.candidates.forms import SitDayAnswer, SitDayForm
from portal.candidates.policy import staff
from portal.candidates.room import candidates
from portal.foundation.access import opens_to, viewer
from portal.foundation.errors import NotFound
from portal.foundation.fields import offer
from portal.foundation.options import options
from portal.foundation.words import _
from portal.programmes.models import ProgrammeSite
from portal.programmes.queries import meeting_places


@candidates.get("/sit-days")
@opens_to(staff)
def sit_days() -> str:
    """The sit-days to come."""
    days = agenda.coming(viewer().programmes(*STAFF))
    return render_template(
        "candidates/sit_days.html", days=days, printable={day.key for day in days if _may_print(day)}
    )


def _may_print(day: SitDay) -> bool:
    """The sheet holds names: it is for who sits the day, and for the coordinator."""
    return day.worker_id == viewer().me or day.programme_id in viewer().programmes(Role.COORDINATOR)


@candidates.route("/sit-days/new", methods=["GET", "POST"])
@opens_to(staff)
def new_sit_day() -> str | Response:
    """A day on which somebody of the team sits at a place."""
    programmes = viewer().programmes(*STAFF)
    places = {f"{one.programme.key}.{one.site.key}": one for one in meeting_places(programmes)}
    workers = _workers(programmes)
    mine = next((one.key for one in workers if one.id == viewer().me), "")
    form = SitDayForm.from_request(worker=mine, slots=4, slot_minutes="60", starts=time(9))
    offer(form.site, [(key, one.site.label) for key, one in places.items()], _("Choose"))
    offer(form.worker, [(one.key, one.name) for one in workers], _("Choose"))
    if form.accepted():
        answer = form.answer()
        _add(answer, places[answer.site], next(one for one in workers if one.key == answer.worker))
        return form.go(url_for(".sit_days"), _("The sit-day is kept."))
    return render_template("candidates/sit_day_form.html", form=form)


def _workers(programmes: tuple[int, ...]) -> Sequence[Person]:
    found = {
        one.id: one
        for programme in dict.fromkeys(programmes)
        for one in holders(Role.PROJECT_WORKER, programme_id=programme)
    }
    return list(found.values())


def _add(answer: SitDayAnswer, place: ProgrammeSite, worker: Person) -> None:
    agenda.add(
        programme_id=place.programme_id, site_id=place.site_id, worker_id=worker.id, day=answer.day, starts=answer.starts,
        slots=answer.slots, slot_minutes=int(answer.slot_minutes),
    )  # fmt: skip


@candidates.get("/sit-days/<key>/sheet")
@opens_to(staff)
def sheet(key: str) -> str:
    """The day on paper: who comes when, and the form to fill in by hand. For who sits the day, and the coordinator."""
    day = agenda.of(viewer().programmes(*STAFF), key)
    if day is None or not _may_print(day):
        raise NotFound()
    expected = queries.screenings_on(day.id)
    names = identities.names([one.candidate_id for one in expected], "sheet of a sit-day")
    by_hour = {one.starts_at: names[one.candidate_id] for one in expected if one.candidate_id in names}
    return render_template(
        "candidates/sheet.html", day=day, slots=[(span.start, by_hour.get(span.start)) for span in agenda.spans(day)],
        preconditions=options("candidates", "preconditions").values(), levels=options("candidates", "competence_levels").values(),
    )  # fmt: skip
