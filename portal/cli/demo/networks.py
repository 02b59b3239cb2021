"""What lives around the ambassadors: a code for a fair and who came by it, a pause, pioneers, and a company that is asked."""

from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from portal.ambassadors import asking, fairs
from portal.ambassadors.answers import FairAnswer
from portal.ambassadors.models import Ambassador, AmbassadorState, Invitation, Level
from portal.cli.demo.world import World
from portal.employers.models import Employer
from portal.foundation.database import db
from portal.placements.models import Placement, PlacementState

WORDS = "Ik stond vorig jaar met dezelfde vragen als jij. Vraag gerust hoe het bij ons loopt."


def write(world: World) -> None:
    by_company = {
        one.employer_id: one
        for one in db.session.scalars(
            sa.select(Ambassador).options(
                joinedload(Ambassador.person), joinedload(Ambassador.employer).joinedload(Employer.organisation)
            )
        )
    }
    _fair(world, by_company[world.companies["verlinden"].employer.id])
    for one in by_company.values():
        if one.state is AmbassadorState.PAUSED:
            one.paused_until = world.ahead(40)
        if one.level is Level.PIONEER:
            one.confirmed_on = world.ago(180)
        one.asked_version = 1
    _asked(by_company)
    db.session.flush()


def _fair(world: World, ambassador: Ambassador) -> None:
    """The last company that came with this ambassador scanned its card."""
    answer = FairAnswer("Ondernemersdag Gent", True, WORDS, "nl", 25, world.ahead(45))
    fair = fairs.make(ambassador, answer)
    fair.created_at = world.moment(world.ago(30))
    came = db.session.scalars(
        sa.select(Invitation)
        .where(Invitation.ambassador_id == ambassador.id, Invitation.employer_id.is_not(None))
        .order_by(Invitation.id.desc())
        .limit(1)
    ).one()
    came.fair_link_id, came.sent_at = fair.id, came.answered_at and came.answered_at - timedelta(hours=1)


def _asked(by_company: dict[int, Ambassador]) -> None:
    """The first start of 13 weeks at a company that signed nothing: its admin finds the question at home."""
    placement = db.session.scalars(
        sa.select(Placement)
        .where(Placement.state == PlacementState.SUSTAINED_13, Placement.employer_id.not_in(list(by_company)))
        .order_by(Placement.id)
        .limit(1)
    ).first()
    if placement is not None:
        asking.held_13_weeks(placement)
