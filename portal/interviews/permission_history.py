"""Every request for leave of an interview and its answer, kept beside what stands now. Asking again keeps the old one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from portal.agenda.windows import Span
from portal.foundation import acting, clock
from portal.foundation.database import db
from portal.foundation.options import choices, label, labels, options
from portal.foundation.words import _, _n, date_medium, date_short, time_short
from portal.interviews.models import Interview
from portal.interviews.permission_models import Outcome, PermissionRequest
from portal.programmes.models import Site

_LIST = "permission"


def listed(key: str) -> list[tuple[str, str]]:
    """A closed list of permission.toml for a form."""
    return choices("interviews", key, _LIST)


def office_at(site: Site | None) -> str:
    """Where leave is asked for first, by the kind of place where somebody is."""
    kind = site.kind.value if site is not None else ""
    return next((one.code for one in options("interviews", "offices", _LIST).values() if kind in one.data["at"]), "psd")


def begin(interview: Interview, needed: Span, on: date, *, office: str, channel: str) -> PermissionRequest:
    """A request goes out, for this moment and these hours."""
    row = PermissionRequest(
        interview_id=interview.id, candidate_id=interview.candidate_id, asked_on=on, asked_by=acting.person_id(),
        office=office, channel=channel, starts_at=interview.starts_at or needed.start, needed_from=needed.start,
        needed_until=needed.end, file_by=interview.permission.file_by, lead_days=interview.permission.lead_days,
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    return row


def answer(
    interview: Interview,
    outcome: Outcome,
    *,
    covers: Span | None = None,
    conditions: Sequence[str] = (),
    reason: str = "",
) -> None:
    """What was answered to the request that waits; a request that was never noted down leaves nothing to answer."""
    row = _newest(interview.id, Outcome.WAITING)
    if row is None:
        return
    row.outcome, row.answered_on, row.answered_by = outcome, clock.today(), acting.person_id()
    row.conditions, row.reason = list(conditions), reason
    if covers is not None:
        row.covers_from, row.covers_until = covers.start, covers.end


def revoke(interview: Interview, reason: str) -> None:
    """What was granted is taken back: its hours and its answer stay readable."""
    row = _newest(interview.id, Outcome.GRANTED)
    if row is not None:
        row.outcome, row.reason, row.ended_on = Outcome.REVOKED, reason, clock.today()


def drop(interview_id: int) -> None:
    """The moment it was asked for is no more: nothing waits for an answer, and what was granted is not used."""
    open_ones = (
        PermissionRequest.interview_id == interview_id,
        PermissionRequest.outcome.in_((Outcome.WAITING, Outcome.GRANTED)),
    )
    db.session.execute(
        sa.update(PermissionRequest).where(*open_ones).values(outcome=Outcome.DROPPED, ended_on=clock.today())
    )


def _newest(interview_id: int, outcome: Outcome) -> PermissionRequest | None:
    return db.session.scalar(
        sa.select(PermissionRequest)
        .where(PermissionRequest.interview_id == interview_id, PermissionRequest.outcome == outcome)
        .order_by(PermissionRequest.id.desc())
        .limit(1)
    )


@dataclass(frozen=True)
class Line:
    """One request as the team reads it."""

    title: str
    kind: str
    asked: str
    hours: str
    answer: str
    conditions: tuple[str, ...]
    reckoned: str


_KINDS = {
    Outcome.WAITING: "wait",
    Outcome.GRANTED: "good",
    Outcome.REFUSED: "bad",
    Outcome.REVOKED: "bad",
    Outcome.DROPPED: "",
}


def of(interview: Interview) -> list[Line]:
    """All requests of an interview, the newest first, in one query."""
    rows = db.session.scalars(
        sa.select(PermissionRequest)
        .where(PermissionRequest.interview_id == interview.id)
        .options(joinedload(PermissionRequest.asker))
        .order_by(PermissionRequest.id.desc())
    )
    return [_line(row) for row in rows]


def _line(row: PermissionRequest) -> Line:
    titles = {
        Outcome.WAITING: _("waits for an answer"), Outcome.GRANTED: _("granted"), Outcome.REFUSED: _("refused"),
        Outcome.REVOKED: _("revoked"), Outcome.DROPPED: _("no longer used"),
    }  # fmt: skip
    asked = [
        date_medium(row.asked_on),
        label("interviews", "offices", row.office, _LIST),
        label("interviews", "channels", row.channel, _LIST),
    ]
    asked.append(row.asker.name if row.asker is not None else "")
    return Line(
        titles[row.outcome], _KINDS[row.outcome], " · ".join(one for one in asked if one), _hours(row.needed_from, row.needed_until),
        _answer(row), tuple(labels("interviews", "conditions", row.conditions, _LIST)), _reckoned(row),
    )  # fmt: skip


def _hours(start: datetime | None, end: datetime | None) -> str:
    if start is None or end is None:
        return ""
    return f"{date_short(start)}, {time_short(start)} – {time_short(end)}"


def _answer(row: PermissionRequest) -> str:
    """The day of the answer, the hours that it gave, and why not."""
    said = [date_medium(row.answered_on) if row.answered_on else "", _hours(row.covers_from, row.covers_until)]
    if row.outcome is Outcome.REFUSED:
        said.append(label("interviews", "refusals", row.reason, _LIST))
    if row.outcome is Outcome.REVOKED and row.ended_on:
        said += [
            _("revoked on %(day)s", day=date_medium(row.ended_on)),
            label("interviews", "revocations", row.reason, _LIST),
        ]
    return " · ".join(one for one in said if one)


def _reckoned(row: PermissionRequest) -> str:
    if row.lead_days is None or row.file_by is None:
        return ""
    days = _n("%(num)s working day", "%(num)s working days", row.lead_days)
    return _("%(days)s, so by %(day)s", days=days, day=date_medium(row.file_by))
