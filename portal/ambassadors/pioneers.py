"""A pioneer is confirmed by a person: by another pioneer, or by the coordinator while there are fewer than two.

The company asks for it itself, and by asking shows how far it is; whoever confirms reads the company's name and nothing of
anybody who works there.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from portal.accounts.roles import Role
from portal.agenda.windows import workdays_after
from portal.ambassadors import deeds, levels, queries
from portal.ambassadors.models import Ambassador, AmbassadorState, Level
from portal.employers.models import Employer
from portal.employers.states import EmployerState
from portal.foundation import acting, clock
from portal.foundation.database import db
from portal.foundation.errors import Conflict, DomainError, NotFound
from portal.foundation.options import load
from portal.foundation.words import lazy
from portal.journal import service as journal
from portal.tasks import service as tasks
from portal.tasks.models import Task

ANSWER_WITHIN = 10


class NotAPioneerYet(DomainError):
    sentence = lazy("This company does not reach the thresholds of a pioneer yet.")


class PioneersConfirm(Conflict):
    sentence = lazy("There are two pioneers or more now: one of them confirms, not the coordinator.")


class ConfirmedAlready(Conflict):
    sentence = lazy("This company is a pioneer already.")


def others(ambassador: Ambassador) -> Sequence[Ambassador]:
    """The companies of the same programme that are pioneers today."""
    rows = db.session.scalars(
        sa.select(Ambassador)
        .join(Employer, Employer.id == Ambassador.employer_id)
        .options(joinedload(Ambassador.employer))
        .where(Employer.programme_id == ambassador.employer.programme_id, Ambassador.id != ambassador.id)
        .where(Ambassador.state == AmbassadorState.ACTIVE, Employer.state != EmployerState.BLOCKED)
        .where(sa.or_(Ambassador.confirmed_on.is_not(None), Ambassador.level == Level.PIONEER))
        .order_by(Ambassador.id)
    ).all()
    days = deeds.of([one.employer_id for one in rows])
    return [one for one in rows if _is_pioneer(one, days[one.employer_id])]


def _is_pioneer(ambassador: Ambassador, days: deeds.Days) -> bool:
    return levels.standing(queries.reached(ambassador, days)).level is Level.PIONEER


def enough(pioneers: Sequence[Ambassador]) -> bool:
    """Whether pioneers confirm one another by now."""
    return len(pioneers) >= int(load("ambassadors", "rules")["levels"]["pioneers_confirm_from"])


def ask(ambassador: Ambassador) -> None:
    """Ask to be confirmed: the other pioneers, or the coordinator. Raises NotAPioneerYet."""
    if not _waits(ambassador):
        raise NotAPioneerYet()
    journal.note("ambassador.pioneer_asked", ambassador)
    pioneers, due = others(ambassador), workdays_after(clock.today(), ANSWER_WITHIN)
    company = ambassador.employer.organisation.name
    if not enough(pioneers):
        tasks.open_task(
            "ambassadors.confirm_pioneer", ambassador, due=due, at=("ambassadors.review", {"key": ambassador.key}),
            role=Role.COORDINATOR, programme_id=ambassador.employer.programme_id, company=company,
        )  # fmt: skip
        return
    for one in pioneers:
        tasks.open_task(
            "ambassadors.confirm_peer", ambassador, due=due, at=("ambassadors.peer_to_confirm", {"key": ambassador.key}),
            owner_id=one.person_id, company=company,
        )  # fmt: skip


def asked(ambassador: Ambassador) -> bool:
    """Whether somebody is asked already."""
    open_ones = (
        Task.subject_kind == ambassador.__tablename__,
        Task.subject_id == ambassador.id,
        Task.closed_at.is_(None),
    )
    return bool(db.session.scalar(sa.select(sa.exists().where(Task.kind.in_(queries.CONFIRMING), *open_ones))))


def confirm(ambassador: Ambassador, *, by_pioneer: bool) -> None:
    """A person says that the company is a pioneer; the thresholds alone never do.

    Raises NotAPioneerYet, PioneersConfirm (a coordinator, where two pioneers are there) and ConfirmedAlready.
    """
    if not _waits(ambassador):
        raise ConfirmedAlready() if _is_one(ambassador) else NotAPioneerYet()
    if not by_pioneer and enough(others(ambassador)):
        raise PioneersConfirm()
    ambassador.level, ambassador.confirmed_on = Level.PIONEER, clock.today()
    ambassador.confirmed_by = acting.person_id()
    journal.note("ambassador.pioneer_confirmed", ambassador, by_pioneer=by_pioneer)
    for kind in queries.CONFIRMING:
        tasks.close(kind, ambassador, outcome="confirmed")


def _waits(ambassador: Ambassador) -> bool:
    standing = levels.standing(queries.reached_by(ambassador))
    return ambassador.recruits and standing.waits_for_confirmation


def _is_one(ambassador: Ambassador) -> bool:
    return levels.standing(queries.reached_by(ambassador)).level is Level.PIONEER


def peer_to_confirm(me: Ambassador, key: str) -> Ambassador:
    """A company that asked to be confirmed, for another pioneer of its programme. Raises NotFound for anybody else."""
    found = db.session.scalar(
        sa.select(Ambassador)
        .join(Employer, Employer.id == Ambassador.employer_id)
        .options(joinedload(Ambassador.person), joinedload(Ambassador.employer).joinedload(Employer.organisation))
        .where(Ambassador.key == key, Ambassador.id != me.id, Ambassador.state == AmbassadorState.ACTIVE)
        .where(Employer.programme_id == me.employer.programme_id, Employer.state != EmployerState.BLOCKED)
    )
    if found is None or not asked(found) or not _is_one(me):
        raise NotFound()
    return found
