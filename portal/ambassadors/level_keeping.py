"""Nightly: the level as it stands is written down, and a company reads in time what keeps a level that is about to end."""

from datetime import date, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from portal.accounts import service as accounts
from portal.ambassadors import deeds, levels, queries
from portal.ambassadors.levels import Standing
from portal.ambassadors.models import Ambassador, AmbassadorState
from portal.employers.models import Employer
from portal.employers.states import EmployerState
from portal.foundation import clock
from portal.foundation.database import db
from portal.foundation.options import label, load
from portal.foundation.words import date_medium, speaking
from portal.journal import service as journal
from portal.outbox import service as outbox


def keep(today: date | None = None) -> None:
    """Bring every running ambassador's level up to date. A second run on the same day finds nothing to do."""
    day = today or clock.today()
    running = db.session.scalars(
        sa.select(Ambassador)
        .join(Employer, Employer.id == Ambassador.employer_id)
        .options(joinedload(Ambassador.person), joinedload(Ambassador.employer).joinedload(Employer.organisation))
        .where(Ambassador.state == AmbassadorState.ACTIVE, Employer.state != EmployerState.BLOCKED)
    ).all()
    facts = deeds.of([one.employer_id for one in running])
    for ambassador in running:
        standing = levels.standing(queries.reached(ambassador, facts[ambassador.employer_id]), day)
        if standing.level is not ambassador.level:
            journal.note("ambassador.level", ambassador, old=ambassador.level.value, new=standing.level.value)
            ambassador.level = standing.level
        _tell(ambassador, standing, day)


def _tell(ambassador: Ambassador, standing: Standing, today: date) -> None:
    """One kind letter for each end that comes near."""
    before = timedelta(days=load("ambassadors", "rules")["levels"]["told_before_days"])
    ends = standing.ends_on
    if ends is None or ends > today + before or ambassador.told_of_end == ends:
        return
    ambassador.told_of_end = ends
    with speaking(ambassador.person.language):
        first = min(
            (one for one in standing.kept_by if one.until == ends), key=lambda one: str(one.label), default=None
        )
        outbox.leave(
            "ambassadors/level_ends", to=accounts.recipient(ambassador.person), about=ambassador,
            values={
                "first_name": ambassador.person.first_name, "company": ambassador.employer.organisation.name,
                "level": label("ambassadors", "levels", standing.level.value, "charter"), "day": date_medium(ends), "way": str(first.way) if first else "",
                "link": outbox.address_of("ambassadors.index"),
            },
        )  # fmt: skip
