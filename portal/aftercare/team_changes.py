"""Somebody left a company's team: the employer's forms wait for the colleague who took over, and old links are closed."""

import sqlalchemy as sa

from portal.accounts.models import Person
from portal.aftercare import service
from portal.aftercare.models import CheckIn, CheckInState, Voice
from portal.foundation.database import db
from portal.journal import service as journal
from portal.placements.models import Placement
from portal.tasks import service as tasks

_WAITING = (CheckInState.DUE, CheckInState.OVERDUE)


def hand_over(employer_id: int, person: Person, successor: Person) -> None:
    """The letters that follow go to the placement's new contact; no link that the other one has opens anything."""
    theirs = (
        sa.select(CheckIn)
        .join(Placement, Placement.id == CheckIn.placement_id)
        .where(Placement.employer_id == employer_id, Placement.contact_id.in_((person.id, successor.id)))
        .where(CheckIn.voice == Voice.EMPLOYER, CheckIn.state.in_(_WAITING))
    )
    for check_in in db.session.scalars(theirs).all():
        service.close_ways_in(check_in)
        tasks.give(check_in, old_owner=person.id, new_owner=successor.id)
        journal.note("check_in.handed_over", check_in, before=person.id, contact=successor.id)
