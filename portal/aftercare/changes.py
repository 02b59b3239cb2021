"""What bends a plan that runs: a contact more, another first day, a job that ended, a new job."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa

from portal.aftercare import alerts, plan, queries, service
from portal.aftercare.models import CheckIn, CheckInState, Voice
from portal.agenda.windows import is_workday
from portal.foundation import clock
from portal.foundation.database import db
from portal.foundation.errors import DomainError
from portal.foundation.words import lazy
from portal.journal import service as journal
from portal.placements.models import Placement, PlacementState
from portal.programmes import queries as programmes
from portal.programmes.models import TemplateKind

EXTRA = "extra"
WAYS = {
    Voice.EMPLOYEE: ("call", "visit", "form"), Voice.EMPLOYER: ("call", "visit", "form"), Voice.JUSTICE_ASSISTANT: ("form", "confirm"),
}  # fmt: skip
CORRECTED = "start corrected"
ENDED, NEW_JOB = "job ended", "new job"


class NoSuchContact(DomainError):
    sentence = lazy("The justice assistant answers about the schedule only: choose a form or a confirmed schedule.")
    field = "channel"


def add(placement: Placement, *, voice: Voice, channel: str, day: date) -> CheckIn:
    """One contact more than the template has. Raises NotAWorkday, TwoFormsOnOneDay or NoSuchContact."""
    if day < clock.today() or not is_workday(day):
        raise service.NotAWorkday()
    if channel not in WAYS[voice]:
        raise NoSuchContact()
    check_in = CheckIn(
        placement_id=placement.id, candidate_id=placement.candidate_id, voice=voice, channel=channel, planned_for=day, due=day,
        moment=f"{EXTRA}{_extras(placement, voice) + 1}", week=(day - placement.starts_on).days // 7, placement=placement,
    )  # fmt: skip
    with db.session.no_autoflush:
        if check_in.has_form:
            service.keep_apart(check_in, day)
    db.session.add(check_in)
    db.session.flush()
    journal.note("check_in.added", check_in, voice=voice.value, channel=channel)
    return check_in


def _extras(placement: Placement, voice: Voice) -> int:
    """How many contacts were added for a voice: each keeps a number of its own."""
    of_voice = (CheckIn.placement_id == placement.id, CheckIn.voice == voice, CheckIn.moment.startswith(EXTRA))
    return db.session.scalar(sa.select(sa.func.count(CheckIn.id)).where(*of_voice)) or 0


def template_of(placement: Placement) -> dict[str, Any]:
    """The plan that this placement was laid out from: a newer version of the programme leaves it alone."""
    programme_id = service.programme_of(placement)
    if placement.plan_version is None:
        return programmes.template(programme_id, TemplateKind.AFTERCARE_PLAN)
    return programmes.template_version(programme_id, TemplateKind.AFTERCARE_PLAN, placement.plan_version)


def move_along(placement: Placement) -> None:
    """The first day was recorded wrongly: what is still to come moves with it. What was done, or moved singly, stays."""
    rows = db.session.scalars(sa.select(CheckIn).where(CheckIn.placement_id == placement.id).order_by(CheckIn.id)).all()
    voices = sorted({row.voice for row in rows})
    laid = plan.lay_out(template_of(placement), placement.starts_on, voices, queries.form_days(placement))
    days = {(moment.code, moment.voice): moment.day for moment in laid}
    for row in rows:
        day = days.get((row.moment, row.voice))
        silent = placement.state == PlacementState.ENDED and row.voice != Voice.EMPLOYEE
        if day is not None and row.state != CheckInState.DONE and not silent:
            _reanchor(row, day)


def _reanchor(row: CheckIn, day: date) -> None:
    singly, row.planned_for = row.due != row.planned_for, day
    today = clock.today()
    if row.state == CheckInState.SKIPPED:
        if row.skipped_because == service.LATE_RECORD and day >= today:
            row.skipped_because, row.due = "", day
            row.move_to(CheckInState.PLANNED, CORRECTED)
        return
    if singly:
        return
    row.due = day
    if row.waits and day > today:
        _take_back(row)
    elif row.state == CheckInState.PLANNED and day < today:
        service.skip(row, service.LATE_RECORD)


def _take_back(row: CheckIn) -> None:
    """Asked too early: the letters and links of then stop working, and the asking begins anew on its day."""
    row.move_to(CheckInState.PLANNED, CORRECTED)
    row.asked_on, row.reminders = None, 0
    service.silence(row)
    alerts.resolve_missing(row, "asked no more")


def job_ended(placement: Placement) -> None:
    """The employer is asked nothing more. The employee is still called until the 26 weeks are over: no form or visit about a job
    that is no more."""
    service.stop([placement.id], ENDED, (Voice.EMPLOYER, Voice.JUSTICE_ASSISTANT))
    for row in _employees_own([placement.id]):
        if row.channel != "call":
            service.silence(row)
            journal.note("check_in.call_instead", row, old=row.channel)
            row.channel = "call"
            if row.waits:
                service.ask_worker(row)


def new_job(placement: Placement) -> None:
    """Another job begins: its own 26 weeks take over from those of the job that ended."""
    ended = sa.select(Placement.id).where(
        Placement.candidate_id == placement.candidate_id, Placement.state == PlacementState.ENDED
    )
    for row in _employees_own(db.session.scalars(ended).all()):
        service.skip(row, NEW_JOB)


def _employees_own(placement_ids: Sequence[int]) -> list[CheckIn]:
    still = (
        sa.select(CheckIn)
        .options(*queries.MOMENT_WITH_PLACEMENT)
        .where(
            CheckIn.placement_id.in_(placement_ids), CheckIn.voice == Voice.EMPLOYEE, CheckIn.state.in_(queries.OPEN)
        )
        .order_by(CheckIn.due)
    )
    return list(db.session.scalars(still))
