"""Every request for leave of the demo's talks with its answer, and a regime whose house wrote down other days."""

from dataclasses import replace
from datetime import timedelta

import sqlalchemy as sa

from portal.accounts import queries as accounts
from portal.accounts.roles import Role
from portal.agenda.windows import workdays_before
from portal.cli.demo.world import DAY, World
from portal.foundation import acting
from portal.foundation.database import db
from portal.interviews.models import Interview, Permission
from portal.interviews.permission_models import Outcome, PermissionRequest
from portal.interviews.states import PermissionState
from portal.programmes import regimes
from portal.programmes.models import Programme

_OUTCOMES = {PermissionState.REQUESTED: Outcome.WAITING, PermissionState.GRANTED: Outcome.GRANTED}
_CONDITIONS: tuple[list[str], ...] = (
    ["always_accompanied"],
    ["always_accompanied", "call_on_arrival"],
    ["straight_there_and_back", "paper_at_hand"],
    [],
)
# Each so many-th talk was refused once before, at another hour.
_REFUSED_BEFORE = 5


def write(world: World) -> None:
    rows = db.session.execute(
        sa.select(Permission, Interview)
        .join(Interview, Interview.id == Permission.interview_id)
        .where(Permission.requested_on.is_not(None))
        .order_by(Permission.id)
    ).all()
    for nth, (permission, interview) in enumerate(rows):
        if nth % _REFUSED_BEFORE == 1:
            db.session.add(_refused_before(permission, interview))
            db.session.flush()
        db.session.add(_request(nth, permission, interview))
    _what_a_house_wrote(world)


def _request(nth: int, permission: Permission, interview: Interview) -> PermissionRequest:
    start, end, asked = interview.starts_at, interview.ends_at, permission.requested_on
    assert start is not None and end is not None and asked is not None
    hour = timedelta(hours=1)
    return PermissionRequest(
        interview_id=interview.id, candidate_id=interview.candidate_id, asked_on=asked, asked_by=interview.worker_id,
        office=("psd", "management", "psd", "registry")[nth % 4], channel=("email", "form", "email")[nth % 3], starts_at=start,
        needed_from=start - hour, needed_until=end + hour, file_by=permission.file_by, lead_days=permission.lead_days,
        outcome=_OUTCOMES.get(permission.state, Outcome.DROPPED), answered_on=permission.decided_on,
        answered_by=interview.worker_id if permission.decided_on else None, covers_from=permission.covers_from,
        covers_until=permission.covers_until, conditions=_CONDITIONS[nth % 4] if permission.decided_on else [],
    )  # fmt: skip


def _refused_before(permission: Permission, interview: Interview) -> PermissionRequest:
    found = _request(0, permission, interview)
    earlier = workdays_before(found.asked_on, 4)
    found.asked_on, found.answered_on, found.answered_by = earlier, earlier + 2 * DAY, interview.worker_id
    found.starts_at, found.needed_from, found.needed_until = (
        one - timedelta(days=7) for one in (found.starts_at, found.needed_from, found.needed_until)
    )
    found.outcome, found.reason = Outcome.REFUSED, "other_hours"
    found.covers_from = found.covers_until = None
    found.conditions, found.file_by = [], None
    return found


def _what_a_house_wrote(world: World) -> None:
    programme = db.session.scalars(sa.select(Programme).order_by(Programme.id).limit(1)).one()
    coordinator = accounts.holders(Role.COORDINATOR, programme_id=programme.id)[0]
    rule = replace(
        regimes.standard("electronic_monitoring"), lead_days=6, source_date=world.ago(40),
        source="Brief van het Vlaams Centrum Elektronisch Toezicht: aanvraag zes werkdagen vooraf",
    )  # fmt: skip
    with acting.as_(coordinator.id, Role.COORDINATOR):
        regimes.write(rule, programme_id=programme.id)
