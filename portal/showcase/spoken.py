"""What a worker may say of somebody on the phone: the words of the blind card, each as coarse as k asks, and no more."""

from collections.abc import Mapping

import sqlalchemy as sa

from portal.candidates.handles import Handle
from portal.foundation.database import db
from portal.programmes.models import Programme
from portal.showcase import queries
from portal.showcase.blind import Card, Work, card, ways
from portal.showcase.models import Profile
from portal.showcase.recoding import Ways, recode


def card_of(case: Handle, sectors: Mapping[str, str]) -> Card | None:
    """The card of somebody among everybody who is out, for no vacancy; None while the profile is not, or too few are."""
    rows = db.session.execute(
        sa.select(Profile.candidate_id, Profile.published, Programme.k)
        .join(Programme, Programme.id == Profile.programme_id)
        .where(Profile.programme_id == case.programme_id, queries.out())
    ).all()
    if case.id not in {row.candidate_id for row in rows}:
        return None
    people = [Ways(row.candidate_id, ways(Work.read(row.published["work"]))) for row in rows]
    told = recode(people, rows[0].k).get(case.id)
    return card(told, sectors) if told is not None else None
