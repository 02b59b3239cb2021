"""Months: which are closed, what stood in them, and what has changed since and why."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from flask import render_template, request, url_for
from sqlalchemy.orm import contains_eager
from werkzeug.wrappers import Response

from portal.accounts.models import Person
from portal.accounts.roles import Role
from portal.dashboard import months as closing
from portal.dashboard import periods, sheets
from portal.dashboard.blueprint import dashboard
from portal.dashboard.definitions import CAUSES, FIGURES, PARTS, SUBJECTS
from portal.dashboard.models import ClosedMonth
from portal.dashboard.policy import coordinator
from portal.foundation import clock, refusals
from portal.foundation.access import opens_to, viewer
from portal.foundation.database import db
from portal.foundation.errors import NotFound
from portal.foundation.fields import text
from portal.foundation.forms import Form, Press
from portal.foundation.words import _, lazy
from portal.programmes.models import Programme


@dataclass(frozen=True)
class ReopenAnswer:
    reason: str


class ReopenForm(Form[ReopenAnswer]):
    answers = ReopenAnswer
    reason = text(lazy("Why is it opened again?"), max=200, hint=lazy("This stands in the journal. Name nobody."))


@dataclass(frozen=True)
class Line:
    """A number of a closed month, then and now; the causes stand with the first line of a figure that differs."""

    figure: str
    part: str
    then: str
    now: str
    causes: tuple[str, ...]

    @property
    def differs(self) -> bool:
        return self.then != self.now


@dashboard.get("/months")
@opens_to(coordinator)
def months() -> str:
    """The months of a programme's period: closed by whom and when, or still open."""
    programme = periods.chosen().programme
    found = db.session.execute(
        sa.select(ClosedMonth, Person.first_name, Person.last_name)
        .join(Person, Person.id == ClosedMonth.closed_by)
        .where(ClosedMonth.programme_id == programme.id, ClosedMonth.reopened_at.is_(None))
    ).all()
    closed = {closing.first_of(row.month): (row, f"{first} {last}") for row, first, last in found}
    every = sorted({*closing.months_of(programme), *closed}, reverse=True)
    return render_template(
        "dashboard/months.html", programme=programme, months=every, closed=closed, today=clock.today(), last_of=closing.last_of
    )  # fmt: skip


@dashboard.get("/months/<month>")
@opens_to(coordinator)
def month(month: str) -> str:
    """A closed month as it was frozen, beside what it would be now."""
    programme, row, closer = _closed(_month(month))
    found = closing.now(row) if row is not None else None
    return render_template(
        "dashboard/month.html", programme=programme, month=_month(month), row=row, closer=closer,
        lines=_lines(row, found) if row is not None and found is not None else [],
        over=clock.today() > closing.last_of(_month(month)),
    )  # fmt: skip


@dashboard.post("/months/<month>/close")
@opens_to(coordinator)
def close_month(month: str) -> Response:
    """Freeze the figures of a month."""
    programme, _row, _closer = _closed(_month(month))
    url = url_for(".month", month=month, programme=programme.key)
    if _month(month) not in closing.months_of(programme):
        raise NotFound()
    press = Press.from_request()
    if press.accepted():
        closing.close(programme, _month(month))
        return press.go(url, _("The month is closed. Its figures stand as they are now."))
    return refusals.see_other(url)


@dashboard.route("/months/<month>/reopen", methods=["GET", "POST"])
@opens_to(coordinator)
def reopen_month(month: str) -> str | Response:
    """Open a closed month again, with a reason."""
    programme, row, _closer = _closed(_month(month))
    url = url_for(".month", month=month, programme=programme.key)
    if row is None:
        return refusals.see_other(url)
    form = ReopenForm.from_request()
    if form.accepted():
        closing.reopen(row, reason=form.answer().reason)
        return form.go(url, _("The month is open again."))
    return render_template("dashboard/reopen.html", form=form, month=_month(month), above=url)


def _month(written: str) -> date:
    try:
        found = date.fromisoformat(f"{written}-01")
    except ValueError:
        raise NotFound() from None
    if len(written) != 7 or not 2000 <= found.year <= 2100:
        raise NotFound()
    return found


def _closed(first: date) -> tuple[Programme, ClosedMonth | None, str]:
    """The programme of the viewer in the address, its frozen month and who closed it; one query. Raises NotFound."""
    key = request.args.get("programme")
    inside = sa.and_(ClosedMonth.month >= first, ClosedMonth.month <= closing.last_of(first))
    row = db.session.execute(
        sa.select(Programme, ClosedMonth, Person.first_name, Person.last_name)
        .outerjoin(
            ClosedMonth,
            sa.and_(ClosedMonth.programme_id == Programme.id, inside, ClosedMonth.reopened_at.is_(None)),
        )
        .outerjoin(Person, Person.id == ClosedMonth.closed_by)
        .options(contains_eager(ClosedMonth.programme))
        .where(Programme.id.in_(viewer().programmes(Role.COORDINATOR)), *([Programme.key == key] if key else []))
        .order_by(Programme.name)
        .limit(1)
    ).first()
    if row is None:
        raise NotFound()
    programme, frozen, first_name, last_name = row
    return programme, frozen, f"{first_name} {last_name}" if frozen is not None else ""


def _lines(row: ClosedMonth, found: closing.Now) -> list[Line]:
    lines, told = [], set()
    for code, then in row.numbers.items():
        figure, _dot, part = code.partition(".")
        causes: tuple[str, ...] = ()
        if figure in found.causes and figure not in told:
            told.add(figure)
            causes = tuple(f"{number} × {CAUSES[cause]}" for cause, number in sorted(found.causes[figure].items()))
        lines.append(Line(str(FIGURES[figure]), _part(part), _number(then), _number(found.numbers.get(code)), causes))
    return lines


def _part(code: str) -> str:
    """ "employer.on_time" is said as "Employer: on time"."""
    who, dot, what = code.rpartition(".")
    return f"{SUBJECTS[who]}: {PARTS[what]}" if dot else str(PARTS[what])


def _number(value: Any) -> str:
    return "–" if value is None else sheets.text(value)
