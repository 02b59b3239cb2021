"""What a partner hears of a referral: one word for each part of the way, the same for everybody, and one letter for news.

The word never says why, and the letter never says which word: who reads a mailbox learns that there is something to read.
"""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from portal.accounts.service import recipient
from portal.candidates.models import Referral
from portal.candidates.states import ReferralState
from portal.foundation import clock
from portal.foundation.database import db
from portal.foundation.errors import DomainError
from portal.foundation.options import Option, options
from portal.foundation.words import lazy
from portal.outbox import service as outbox

ENDED = "ended"
# Where a partner's wait is over: we work together, not now, or ended.
NEWS = (ReferralState.SCREENED, ReferralState.DECLINED, ReferralState.CLOSED)
_WAYS_ENDED = ("closed", "completed")


class NotFollowed(DomainError):
    sentence = lazy(
        "We do not work with this person at the moment, so nothing was posted. You may refer this person again."
    )
    status = 409


def word_of(referral: Referral) -> Option:
    """Where a referral stands for the partner who made it."""
    words = options("candidates", "referral_outcomes")
    if referral.ended_on is not None:
        return words[ENDED if referral.state == ReferralState.SCREENED else "not_now"]
    return next(word for word in words.values() if referral.state in word.data["states"])


def follows(referral: Referral) -> bool:
    """Whether the team works with the person, so that developments are of use."""
    return bool(word_of(referral).data["follows"])


def works_together(referral: Referral) -> bool:
    """Whether the partner may read a part of what was found: from the screening until the work has ended."""
    return referral.state == ReferralState.SCREENED and referral.ended_on is None


def tell(referral: Referral) -> None:
    """A letter with the same words whatever the news is; the page says it, to the partner only."""
    outbox.leave(
        "candidates/outcome", to=recipient(referral.referrer), about=referral,
        values={"url": outbox.address_of("candidates.own_referral", key=referral.key), "first_name": referral.referrer.first_name},
    )  # fmt: skip


def referral_moved(referral: Referral) -> None:
    """For the room's hooks: a referral came where its partner's wait is over."""
    if referral.state in NEWS:
        tell(_loaded(Referral.id == referral.id)[0])


def way_ended(candidate_id: int, state: Any) -> None:
    """For the room's hooks: a trajectory was closed or completed, and so is the work with whoever referred the person."""
    if state not in _WAYS_ENDED:
        return
    undecided = (ReferralState.RECEIVED, ReferralState.INFO_NEEDED, ReferralState.DECLINED, ReferralState.CLOSED)
    running = sa.and_(Referral.ended_on.is_(None), Referral.state.not_in(undecided))
    for referral in _loaded(Referral.candidate_id == candidate_id, running):
        referral.ended_on = clock.today()
        tell(referral)


def _loaded(*where: sa.ColumnElement[bool]) -> list[Referral]:
    return list(db.session.scalars(sa.select(Referral).options(joinedload(Referral.referrer)).where(*where)))
