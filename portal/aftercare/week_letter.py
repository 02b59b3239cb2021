"""The way from the week's letter to a form about somebody who works there: the personal link of the form's own letter, or,
once that one lapses, another. Both open the one form, and whoever answers it closes both."""

from collections.abc import Collection
from datetime import timedelta

import sqlalchemy as sa

from portal.accounts import links
from portal.accounts.models import PersonalLink
from portal.aftercare import queries, service
from portal.aftercare.models import CheckIn, CheckInState, Voice
from portal.foundation import clock
from portal.foundation.database import db
from portal.placements.models import Placement

# A letter is read within the week in which it comes.
READ_WITHIN = timedelta(days=7)


def ways(asked: Collection[tuple[int, int]], *, make: bool = False) -> dict[tuple[int, int], PersonalLink]:
    """The open links of these (moment, person). `make`: a new one where none lives as long as a letter is read."""
    stand = _standing(asked)
    found = {one: link for one, link in stand.items() if link is not None}
    if make:
        soon = clock.now() + READ_WITHIN
        lapses = {(one[0], _reader(one[1])): one for one in stand if one not in found or found[one].expires_at < soon}
        new = links.make_for(
            queries.PURPOSE, CheckIn.__tablename__, lapses, expires=clock.now() + service.LINK_LIVES
        )  # fmt: skip
        found |= {lapses[one]: link for one, link in new.items()}
    return found


def _standing(asked: Collection[tuple[int, int]]) -> dict[tuple[int, int], PersonalLink | None]:
    """Those that are asked of this very contact, by letter, and wait; each with its newest link that still opens."""
    own = sa.and_(
        PersonalLink.purpose == queries.PURPOSE, PersonalLink.subject_kind == CheckIn.__tablename__,
        PersonalLink.subject_id == CheckIn.id, PersonalLink.reader.in_({_reader(person) for _number, person in asked}),
        PersonalLink.reader == sa.literal("person:") + sa.cast(Placement.contact_id, sa.String), *links.still_opens(),
    )  # fmt: skip
    rows = db.session.execute(
        sa.select(CheckIn.id, Placement.contact_id, PersonalLink)
        .join(Placement, Placement.id == CheckIn.placement_id)
        .outerjoin(PersonalLink, own)
        .where(CheckIn.id.in_({number for number, _person in asked}), CheckIn.voice == Voice.EMPLOYER)
        .where(CheckIn.state.in_((CheckInState.DUE, CheckInState.OVERDUE)), CheckIn.asked_on.is_not(None))
        .order_by(PersonalLink.id)
    )
    return {(number, contact): link for number, contact, link in rows if (number, contact) in asked}


def _reader(person_id: int) -> str:
    return f"person:{person_id}"
