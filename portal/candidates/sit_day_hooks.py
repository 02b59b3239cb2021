"""What a screening listens to: its sit-day, its worker, its place. Imported by the room's hooks."""

from collections.abc import Collection
from typing import Any

import sqlalchemy as sa
from flask import url_for

from portal.agenda import feed as calendar_feed
from portal.agenda import service as agenda
from portal.agenda.models import SitDay
from portal.agenda.sit_day_layout import Gone
from portal.candidates import calendar, rebooking
from portal.candidates.models import Referral, Screening
from portal.candidates.states import ReferralState
from portal.foundation.database import db
from portal.foundation.errors import Conflict
from portal.foundation.signals import absence_entered, absence_taken_back, place_left, sit_day_hours_gone
from portal.foundation.words import _, lazy
from portal.programmes.models import Site
from portal.tasks import service as tasks

ENDED = (ReferralState.DECLINED, ReferralState.SCREENED, ReferralState.CLOSED)

tasks.kind(
    "candidates.book_again", title=lazy("Book the screening with %(name)s again"),
    why=lazy("The moment on %(day)s falls away: there is no sit-day then, or its worker is not there."), action=lazy("Choose a moment"),
)  # fmt: skip


class PeopleAreThere(Conflict):
    sentence = lazy("Referrals are still open here. Decide on them and finish their screenings first.")


@sit_day_hours_gone.connect
def _book_again(gone: Gone) -> None:
    rebooking.hours_gone(gone.talks)


@absence_entered.connect
def _worker_away(absence: Any) -> None:
    rebooking.worker_away(absence)


@absence_taken_back.connect
def _worker_back(absence: Any) -> None:
    rebooking.worker_back(absence)


@place_left.connect
def _nobody_waits_there(place: Any) -> None:
    """A programme stops at a place only when no referral is open there."""
    here = (Referral.site_id == place.site_id, Referral.programme_id == place.programme_id)
    if db.session.scalar(sa.select(Referral.id).where(*here, Referral.state.not_in(ENDED)).limit(1)) is not None:
        raise PeopleAreThere()


def _described(ids: Collection[int]) -> dict[int, agenda.Described]:
    """In somebody's own week: where, never with whom."""
    rows = db.session.execute(
        sa.select(Screening.id, Screening.key, Site)
        .join(SitDay, SitDay.id == Screening.sit_day_id)
        .join(Site, Site.id == SitDay.site_id)
        .where(Screening.id.in_(list(ids)))
    )
    return {
        row.id: agenda.Described(
            _("Screening at %(site)s", site=row.Site.label), url_for("candidates.screening", key=row.key)
        )
        for row in rows
    }


agenda.describes(Screening.__tablename__, _described)
calendar_feed.offers(Screening.__tablename__, calendar.items)
