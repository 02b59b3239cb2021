"""Reading aftercare, scoped to the viewer. An employer's contact finds its own dates here, and nobody's answers."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from hmac import compare_digest

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from portal.accounts import links
from portal.accounts.models import Person, PersonalLink
from portal.aftercare.models import Alert, AlertState, CheckIn, CheckInState, Voice
from portal.employers.models import Employer
from portal.foundation.access import Viewer
from portal.foundation.database import db
from portal.placements.models import Placement, PlacementState
from portal.placements.queries import NOT_RUNNING, WHOLE, of_contact, seen_by, written_by

PURPOSE = "aftercare_form"
OPEN = (CheckInState.PLANNED, CheckInState.DUE, CheckInState.OVERDUE)
_PLACEMENT = joinedload(CheckIn.placement)
# A job that ended stops the employer's voice; the employee is heard until the 26 weeks are over.
GOES_ON = sa.or_(
    Placement.state.not_in(NOT_RUNNING),
    sa.and_(Placement.state == PlacementState.ENDED, CheckIn.voice == Voice.EMPLOYEE),
)
MOMENT_WITH_PLACEMENT = (
    _PLACEMENT.joinedload(Placement.employer).joinedload(Employer.organisation),
    _PLACEMENT.joinedload(Placement.vacancy),
    _PLACEMENT.joinedload(Placement.contact),
    _PLACEMENT.joinedload(Placement.worker),
    _PLACEMENT.joinedload(Placement.workplace),
)


@dataclass(frozen=True)
class Line:
    """A placement in a list: what comes next, and how many alerts are open."""

    placement: Placement
    next: CheckIn | None
    alerts: int


def overview(viewer: Viewer, limit: int = 100) -> list[Line]:
    """The placements that staff follow, those being prepared included, by what comes next."""
    coming = (
        sa.select(sa.func.min(CheckIn.due))
        .where(CheckIn.placement_id == Placement.id, CheckIn.state.in_(OPEN))
        .scalar_subquery()
    )
    alerts = (
        sa.select(sa.func.count(Alert.id))
        .where(Alert.placement_id == Placement.id, Alert.state == AlertState.OPEN)
        .scalar_subquery()
    )
    still = sa.and_(Placement.state == PlacementState.ENDED, coming.is_not(None))
    followed = sa.or_(Placement.state.not_in((PlacementState.FELL_THROUGH, PlacementState.ENDED)), still)
    statement = (
        sa.select(Placement, alerts)
        .options(*WHOLE)
        .where(seen_by(viewer), followed)
        .order_by(sa.case((alerts > 0, 0), else_=1), sa.func.coalesce(coming, date(9999, 1, 1)), Placement.id)
        .limit(limit)
    )
    rows = db.session.execute(statement).all()
    coming_up = _next_of([placement.id for placement, _ in rows])
    return [Line(placement, coming_up.get(placement.id), count) for placement, count in rows]


def _next_of(placement_ids: Collection[int]) -> dict[int, CheckIn]:
    """The next open moment of each placement, in one query."""
    other = sa.orm.aliased(CheckIn)
    first = (
        sa.select(sa.func.min(other.due))
        .where(other.placement_id == CheckIn.placement_id, other.state.in_(OPEN))
        .scalar_subquery()
    )
    statement = (
        sa.select(CheckIn)
        .where(CheckIn.placement_id.in_(list(placement_ids)), CheckIn.state.in_(OPEN), CheckIn.due == first)
        .order_by(CheckIn.id.desc())
    )
    return {one.placement_id: one for one in db.session.scalars(statement)}


def check_ins_of(placement: Placement) -> Sequence[CheckIn]:
    """All moments of a placement with their answers, by date, in one query."""
    statement = (
        sa.select(CheckIn)
        .options(joinedload(CheckIn.answers))
        .where(CheckIn.placement_id == placement.id)
        .order_by(CheckIn.due, CheckIn.voice, CheckIn.id)
    )
    return db.session.scalars(statement).unique().all()


def alerts_of(placement: Placement) -> Sequence[Alert]:
    return db.session.scalars(
        sa.select(Alert).where(Alert.placement_id == placement.id).order_by(Alert.due, Alert.id)
    ).all()


def own_dates(viewer: Viewer) -> Sequence[CheckIn]:
    """The moments at which an employer's contact itself is asked something, by date."""
    statement = (
        sa.select(CheckIn)
        .join(Placement, Placement.id == CheckIn.placement_id)
        .where(of_contact(viewer), Placement.state.not_in(NOT_RUNNING), CheckIn.voice == Voice.EMPLOYER)
        .where(CheckIn.state != CheckInState.SKIPPED)
        .order_by(CheckIn.due, CheckIn.id)
    )
    return db.session.scalars(statement).all()


def own_check_in(viewer: Viewer, key: str) -> CheckIn | None:
    """A moment in this worker's own caseload."""
    return db.session.scalar(
        sa.select(CheckIn).join(Placement, Placement.id == CheckIn.placement_id).options(*MOMENT_WITH_PLACEMENT)
        .where(CheckIn.key == key, written_by(viewer))
    )  # fmt: skip


def check_in_to_answer(viewer: Viewer, key: str) -> CheckIn | None:
    """A moment with a form that this person may fill in: a contact its own, a worker any of its caseload."""
    contact = sa.and_(CheckIn.voice == Voice.EMPLOYER, of_contact(viewer))
    statement = (
        sa.select(CheckIn)
        .join(Placement, Placement.id == CheckIn.placement_id)
        .options(*MOMENT_WITH_PLACEMENT)
        .where(CheckIn.key == key, CheckIn.channel.in_(("form", "visit_form")))
        .where(sa.or_(written_by(viewer), contact))
    )
    return db.session.scalar(statement)


def check_in_behind(link: PersonalLink) -> CheckIn:
    """The moment that a personal link opens."""
    return db.session.scalars(
        sa.select(CheckIn).options(*MOMENT_WITH_PLACEMENT).where(CheckIn.id == link.subject_id)
    ).one()


def language_of_assistant(placement: Placement) -> str:
    """In which language the justice assistant of a placement reads."""
    found = db.session.get(Person, placement.justice_assistant_id) if placement.justice_assistant_id else None
    return found.language if found is not None else ""


def link_that_was(token: str) -> PersonalLink | None:
    """The link of a token that is right and opens nothing any more: only to say so in its reader's language."""
    number = token.partition("-")[0]
    if not number.isdecimal() or len(number) > 9:
        return None
    found = db.session.get(PersonalLink, int(number))
    right = (
        found is not None
        and found.purpose == PURPOSE
        and compare_digest(links.token_of(found).encode(), token.encode())
    )
    return found if right else None


def alert_of(viewer: Viewer, key: str) -> Alert | None:
    """An alert that this member of staff may see, with its placement and the form it came from."""
    statement = (
        sa.select(Alert)
        .join(Placement, Placement.id == Alert.placement_id)
        .options(
            joinedload(Alert.check_in),
            joinedload(Alert.placement).joinedload(Placement.employer).joinedload(Employer.organisation),
            joinedload(Alert.placement).joinedload(Placement.contact),
            joinedload(Alert.placement).joinedload(Placement.vacancy),
        )
        .where(Alert.key == key, seen_by(viewer))
    )
    return db.session.scalar(statement)


def open_link(check_in: CheckIn, reader: str | None = None) -> PersonalLink | None:
    """The newest link to this moment that still works (of one reader)."""
    return links.standing(PURPOSE, check_in, reader=reader)


def form_days(placement: Placement) -> dict[str, set[date]]:
    """The days on which the readers of this placement already have a form for another placement."""
    readers = {
        Voice.EMPLOYEE: Placement.candidate_id == placement.candidate_id,
        Voice.EMPLOYER: Placement.contact_id == placement.contact_id,
    }
    if placement.justice_assistant_id is not None:
        readers[Voice.JUSTICE_ASSISTANT] = Placement.justice_assistant_id == placement.justice_assistant_id
    return {voice.value: set(_form_days(voice, who, placement.id)) for voice, who in readers.items()}


def _form_days(voice: Voice, who: sa.ColumnElement[bool], but: int) -> Sequence[date]:
    return db.session.scalars(
        sa.select(CheckIn.due)
        .join(Placement, Placement.id == CheckIn.placement_id)
        .where(who, CheckIn.placement_id != but, CheckIn.voice == voice)
        .where(CheckIn.channel.in_(("form", "visit_form")), CheckIn.state.in_(OPEN))
    ).all()


def other_form_days(check_in: CheckIn) -> set[date]:
    """The days on which this very voice has another form of the same placement."""
    return set(
        db.session.scalars(
            sa.select(CheckIn.due)
            .where(CheckIn.placement_id == check_in.placement_id, CheckIn.voice == check_in.voice)
            .where(CheckIn.id != check_in.id, CheckIn.channel.in_(("form", "visit_form")), CheckIn.state.in_(OPEN))
        )
    )
