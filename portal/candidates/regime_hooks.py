"""A regime's rule that changes reaches the cases that it counts for; one that nobody checked for a year is asked about."""

from typing import Any

import sqlalchemy as sa

from portal.accounts.roles import Role
from portal.agenda.windows import workdays_after
from portal.candidates import leave
from portal.foundation import clock, jobs
from portal.foundation.database import db
from portal.foundation.signals import leave_rules_changed
from portal.foundation.words import lazy
from portal.programmes import regimes
from portal.programmes.models import Programme, RegimeRule, Site
from portal.tasks import service as tasks

tasks.kind(
    "candidates.check_regimes", title=lazy("Regimes to check: %(count)s"),
    why=lazy("Their source is older than a year. Ask whether the working days and the hours are still right."), action=lazy("Look at the regimes"),
)  # fmt: skip
ANSWERED_IN = 10


@leave_rules_changed.connect
def _reckon_anew(changed: RegimeRule | Site, **_more: Any) -> None:
    leave.reckon_anew(changed)
    if isinstance(changed, RegimeRule):
        _settle(changed.programme_id)


def _settle(programme_id: int | None) -> None:
    """Nothing waits any more where every regime was checked."""
    wanted = sa.select(Programme) if programme_id is None else sa.select(Programme).where(Programme.id == programme_id)
    for programme in db.session.scalars(wanted):
        left = len(regimes.book(programme.id).stale)
        if not left:
            tasks.close("candidates.check_regimes", programme)


def ask_tonight() -> int:
    """A task for each programme with regimes that want a look; returns for how many."""
    asked = 0
    for programme in db.session.scalars(sa.select(Programme)).all():
        count = len(regimes.book(programme.id).stale)
        if count:
            tasks.open_task(
                "candidates.check_regimes", programme, due=workdays_after(clock.today(), ANSWERED_IN), at=("candidates.regimes_list", {}),
                role=Role.COORDINATOR, programme_id=programme.id, count=count,
            )  # fmt: skip
            asked += 1
    db.session.commit()
    return asked


jobs.each_night["candidates.regimes"] = ask_tonight
