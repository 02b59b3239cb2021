"""What interviews listen to, how their tasks read, and what they do by themselves."""

from collections.abc import Collection
from typing import Any

import sqlalchemy as sa
from flask import url_for

from portal.accounts import links
from portal.accounts.roles import EMPLOYERS
from portal.agenda import day as agenda_day
from portal.agenda import feed as calendar_feed
from portal.agenda import service as agenda
from portal.candidates.handles import handle
from portal.candidates.states import Purpose
from portal.employers.models import Employer
from portal.foundation import jobs
from portal.foundation.access import viewer
from portal.foundation.database import db
from portal.foundation.signals import (
    absence_entered,
    case_given,
    consent_withdrawn,
    interest_accepted,
    kept_from_company,
    seat_ended,
    state_changed,
    worker_left,
)
from portal.foundation.words import _
from portal.interviews import (
    answers,
    cards,
    companions,
    company_hooks,
    delays,
    duties,
    endings,
    feed,
    framing,
    letters,
    passing_on_hooks,
    permission_duties,
    permission_history,
    proposals,
    reminders,
    reveals,
    silence,
    stops,
)
from portal.interviews.models import Interview, Permission
from portal.interviews.states import InterviewState, PermissionState
from portal.organisations.models import Organisation
from portal.outbox.models import Letter
from portal.outbox.service import check_before_sending
from portal.showcase.models import Interest
from portal.showcase.states import InterestState
from portal.tasks import service as tasks
from portal.trajectories.models import Trajectory, TrajectoryState

for _code, (_title, _why, _action) in {**duties.KINDS, **permission_duties.KINDS}.items():
    tasks.kind(f"interviews.{_code}", title=_title, why=_why, action=_action)
tasks.stays_with_its_owner("interviews.presence", "interviews.back_by")


@interest_accepted.connect
def _plan(interest: Any) -> None:
    case = handle(interest.candidate_id)
    company = db.session.scalar(
        sa.select(Organisation.name)
        .join(Employer, Employer.organisation_id == Organisation.id)
        .where(Employer.id == interest.employer_id)
    )
    duties.plan(interest, worker_id=case.worker_id, programme_id=case.programme_id, company=company or "")
    proposals.ask(interest)


@state_changed.connect
def _no_longer_asked(row: Any, *, new: Any, **_more: Any) -> None:
    if isinstance(row, Interest) and new in (InterestState.LAPSED, InterestState.DECLINED):
        proposals.close(row.id)


@case_given.connect
def _follow(candidate: Any, *, new: int, **_more: Any) -> None:
    """Interviews of a case are its new worker's to open; who goes along stays, until somebody changes it."""
    db.session.execute(sa.update(Interview).where(Interview.candidate_id == candidate.id).values(worker_id=new))


@worker_left.connect
@seat_ended.connect
def _find_another(person: Any) -> None:
    companions.companion_left(person)


@absence_entered.connect
def _flag(absence: Any) -> None:
    companions.somebody_is_away(absence)


@consent_withdrawn.connect
def _hide(consent: Any) -> None:
    reveals.end_with_consent(consent.id)
    framing.end_with_consent(consent)
    if consent.purpose is Purpose.PROCESSING:
        endings.stopped(consent.candidate_id)


@kept_from_company.connect
def _must_not_see(kept: Any) -> None:
    endings.out_of_sight(kept.candidate_id, employer_id=kept.employer_id)


@state_changed.connect
def _has_stopped(row: Any, *, new: Any, **_more: Any) -> None:
    if isinstance(row, Trajectory) and new is TrajectoryState.CLOSED:
        endings.stopped(row.candidate_id)


@state_changed.connect
def _keep_the_history(row: Any, *, new: Any, **_more: Any) -> None:
    """What was asked stays readable, and says that it is no longer used once its moment is no more."""
    if isinstance(row, Permission):
        permission_duties.settled(row.interview_id)
        if new is PermissionState.TO_REQUEST:
            permission_history.drop(row.interview_id)
    elif isinstance(row, Interview) and new is InterviewState.CANCELLED:
        permission_history.drop(row.id)


@check_before_sending("interviews/reminder")
def _still_stands(letter: Letter) -> bool:
    return reminders.still_stands(letter)


def _described(ids: Collection[int]) -> dict[int, agenda.Described]:
    """In somebody's own week: at which company, or there about which profile; never with whom."""
    rows = db.session.execute(
        sa.select(Interview.id, Interview.key, Organisation.name, Interest.code)
        .join(Interest, Interest.id == Interview.interest_id)
        .join(Employer, Employer.id == Interview.employer_id)
        .join(Organisation, Organisation.id == Employer.organisation_id)
        .where(Interview.id.in_(list(ids)))
    )
    there = viewer().has(*EMPLOYERS)
    return {
        row.id: agenda.Described(
            _("Interview %(code)s", code=row.code) if there else _("Interview at %(company)s", company=row.name),
            url_for("interviews.show", key=row.key),
        )
        for row in rows
    }


check_before_sending("interviews/waiting")(silence.letter_stands)
check_before_sending("interviews/card_")(cards.letter_stands)
check_before_sending("interviews/")(letters.in_order)
links.opens(cards.PURPOSE, "interviews.card")
agenda.describes(Interview.__tablename__, _described)
calendar_feed.offers(Interview.__tablename__, feed.items)
agenda_day.brings(Interview.__tablename__, stops.of_day)
check_before_sending(delays.LETTER)(delays.still_late)
jobs.each_minute["interviews.reminders"] = reminders.send_due
jobs.each_night["interviews.silence"] = silence.ask_for_answers
jobs.each_night["interviews.offers"] = answers.offers_over
jobs.each_night["interviews.audit"] = reminders.audit
jobs.each_night["interviews.permissions"] = permission_duties.look
jobs.each_night["interviews.times"] = proposals.expire
links.opens(proposals.LINK, "interviews.times_by_link")


__all__ = ["company_hooks", "passing_on_hooks"]
