"""A recorded start lays out its plan; an ended job, or a withdrawn consent, falls silent; time moves the rest."""

from datetime import date
from typing import Any

from portal.accounts import links
from portal.aftercare import changes, day_stops, feed, nightly, queries, service, team_changes, week_letter
from portal.aftercare.models import CheckIn, Voice
from portal.agenda import day, weeks
from portal.agenda import feed as calendar_feed
from portal.candidates import doors
from portal.candidates.states import Purpose
from portal.foundation import jobs
from portal.foundation.database import db
from portal.foundation.signals import (
    colleague_left,
    consent_withdrawn,
    placement_ended,
    placement_started,
    start_corrected,
)
from portal.foundation.words import lazy
from portal.outbox.models import Letter
from portal.outbox.service import check_before_sending
from portal.tasks import digest
from portal.tasks import service as tasks

links.opens(queries.PURPOSE, "aftercare.form")
digest.opens(CheckIn.__tablename__, week_letter.ways)
calendar_feed.offers(CheckIn.__tablename__, feed.items)
weeks.stands_on(CheckIn.__tablename__, feed.on_days)
day.brings(CheckIn.__tablename__, day_stops.of_day)
doors.leads_to("aftercare.of_case", lazy("Aftercare"), for_readers=True, for_sitters=False)

tasks.kind(
    "aftercare.alert",
    title=lazy("%(moment)s at %(company)s: %(rule)s"),
    why=lazy("%(why)s"),
    action=lazy("Look and call"),
)
tasks.kind(
    "aftercare.call",
    title=lazy("%(moment)s at %(company)s: call"),
    why=lazy("Who: %(voice)s."),
    action=lazy("Call and note"),
)
tasks.kind(
    "aftercare.visit",
    title=lazy("%(moment)s at %(company)s: visit"),
    why=lazy("Who: %(voice)s."),
    action=lazy("Visit and note"),
)
tasks.kind(
    "aftercare.form",
    title=lazy("%(moment)s at %(company)s: a form to hand over"),
    why=lazy("Who: %(voice)s. On paper, by a link, or you type along on the phone."),
    action=lazy("Open the form"),
)
tasks.kind(
    "aftercare.answer",
    title=lazy("%(moment)s: how is it going with your colleague?"),
    why=lazy("%(job)s, at work since %(since)s. It takes %(minutes)s minutes."),
    action=lazy("Fill in the form"),
)
tasks.kind(
    "aftercare.confirm",
    title=lazy("%(moment)s at %(company)s: have the schedule confirmed"),
    why=lazy("Who: %(voice)s."),
    action=lazy("Call and note"),
)


@placement_started.connect
def _lay_out(placement: Any) -> None:
    service.lay_out(placement)
    changes.new_job(placement)


@placement_ended.connect
def _go_on_with_the_employee(placement: Any) -> None:
    changes.job_ended(placement)


@start_corrected.connect
def _move_along(placement: Any, **_more: Any) -> None:
    changes.move_along(placement)


@consent_withdrawn.connect
def _fall_silent(consent: Any) -> None:
    """The employee's own voice, and the one that was allowed to speak about the schedule."""
    silent = {
        Purpose.AFTERCARE: (Voice.EMPLOYEE, Voice.JUSTICE_ASSISTANT),
        Purpose.JUSTICE_CONTACT: (Voice.JUSTICE_ASSISTANT,),
    }.get(consent.purpose)
    if silent is not None:
        service.stop_for(consent.candidate_id, "consent withdrawn", silent)


@check_before_sending("aftercare/")
def _still_asked(letter: Letter) -> bool:
    """A form that was answered, skipped or moved ahead meanwhile is not asked for."""
    check_in = db.session.get(CheckIn, letter.about_id)
    return check_in is not None and check_in.waits


def tonight(today: date | None = None) -> None:
    """All that a date brings, a portion at a time. Commits."""
    nightly.daily(today, after=_portion)
    db.session.commit()


def _catch_up() -> None:
    nightly.catch_up(after=_portion)
    db.session.commit()


def _portion(done: int, whole: int) -> None:
    """Keep what is done, let others write, and forget it: a night is as large as a portion."""
    db.session.commit()
    db.session.expunge_all()
    jobs.tell(done, whole)


jobs.each_night["aftercare.daily"] = tonight
jobs.each_minute["aftercare.catch_up"] = _catch_up


@colleague_left.connect
def _another_contact(employer: Any, *, person: Any, successor: Any) -> None:
    """The forms that waited for somebody who left the company's team wait for the colleague, by new links only."""
    team_changes.hand_over(employer.id, person, successor)
