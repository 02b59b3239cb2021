"""Not being there: what I note myself, and what a coordinator notes for a colleague who is ill."""

from datetime import datetime
from typing import Any

from flask import render_template, url_for
from werkzeug.wrappers import Response

from portal.accounts.models import Person
from portal.accounts.policy import coordinator
from portal.agenda import hours, queries, service
from portal.agenda.blueprint import agenda, has_agenda
from portal.agenda.forms import AbsenceAnswer, AbsenceForm
from portal.agenda.models import Absence
from portal.foundation import refusals
from portal.foundation.access import opens_to, viewer
from portal.foundation.errors import NotFound
from portal.foundation.forms import Press
from portal.foundation.words import _


@agenda.route("/agenda/away", methods=["GET", "POST"])
@opens_to(has_agenda)
def away() -> str | Response:
    """I am not there: always noted, whatever was planned."""
    form = AbsenceForm.from_request()
    if form.accepted():
        service.be_away(viewer().me, **_span(form.answer()))
        return form.go(url_for(".availability"), _("Noted. If an interview was planned then, its worker hears it."))
    return render_template("agenda/away.html", form=form, noon=hours.noon())


def _span(answer: AbsenceAnswer) -> dict[str, Any]:
    starts_at, ends_at = _between(answer)
    return {"starts_at": starts_at, "ends_at": ends_at, "sudden": answer.sudden}


def _between(answer: AbsenceAnswer) -> tuple[datetime, datetime]:
    return hours.away_between(
        answer.begins_on, answer.ends_on, begins=answer.begins_at, ends=answer.ends_at,
        parts=(answer.first_part, answer.last_part),
    )  # fmt: skip


@agenda.post("/agenda/away/<int:number>/end")
@opens_to(has_agenda)
def end_absence(number: int) -> Response:
    return _taken_back(
        queries.absence_of(viewer().me, number), url_for(".availability"), _("Your absence is taken back.")
    )


@agenda.route("/agenda/team/<key>/away", methods=["GET", "POST"])
@opens_to(coordinator)
def colleague_away(key: str) -> str | Response:
    """A colleague is ill and cannot note it."""
    colleague = _colleague(key)
    form = AbsenceForm.from_request()
    if form.accepted():
        hours.be_away_for(colleague.id, **_span(form.answer()))
        return form.go(
            url_for(".colleague_away", key=key), _("Noted. If an interview was planned then, its worker hears it.")
        )
    return render_template(
        "agenda/colleague_away.html", form=form, colleague=colleague, absences=queries.absences_of(colleague.id),
        noon=hours.noon(),
    )  # fmt: skip


@agenda.post("/agenda/team/<key>/away/<int:number>/end")
@opens_to(coordinator)
def end_colleague_absence(key: str, number: int) -> Response:
    absence = queries.absence_of(_colleague(key).id, number)
    return _taken_back(absence, url_for(".colleague_away", key=key), _("The absence is taken back."))


def _taken_back(absence: Absence | None, back: str, message: str) -> Response:
    if absence is None:
        raise NotFound()
    press = Press.from_request()
    if press.accepted():
        service.come_back(absence)
        return press.go(back, message)
    return refusals.see_other(back)


def _colleague(key: str) -> Person:
    found = queries.colleague(viewer(), key)
    if found is None:
        raise NotFound()
    return found
