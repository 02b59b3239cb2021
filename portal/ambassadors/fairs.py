"""A link and a QR code for a fair: bounded, closed at will, and counted apart.

Whoever opens it signs up by its own will, also somebody who said no to a letter before: nobody is asked anything, and the no
stands. A company counts for the ambassador once its address is confirmed, so that nobody finds out by a try of its own
whether an address is known here.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import time, timedelta
from io import BytesIO

import segno
import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from portal.accounts import links
from portal.accounts.models import Membership, Person, PersonalLink
from portal.ambassadors import said_no
from portal.ambassadors.answers import FairAnswer
from portal.ambassadors.models import Ambassador, AmbassadorState, FairArrival, FairLink, Invitation, InvitationState
from portal.employers.models import Employer
from portal.employers.states import EmployerState
from portal.foundation import clock
from portal.foundation.database import db
from portal.foundation.errors import DomainError
from portal.foundation.options import load
from portal.foundation.words import lazy
from portal.journal import service as journal

PURPOSE = "peer_fair"

_coming_by: ContextVar[int | None] = ContextVar("coming_by", default=None)


class TooManyLinks(DomainError):
    sentence = lazy("You have five links open. Close one that you no longer use, then make a new one.")


def make(ambassador: Ambassador, answer: FairAnswer) -> FairLink:
    """A new way in for a fair. Raises TooManyLinks."""
    if (
        len([one for one in of(ambassador) if is_open(one.link)])
        >= load("ambassadors", "rules")["fair"]["open_at_once"]
    ):
        raise TooManyLinks()
    fair = FairLink(
        ambassador_id=ambassador.id, name=answer.name, shows_name=answer.shows_name, words=answer.words,
        language=answer.language, most=answer.most, expires_on=answer.expires_on,
    )  # fmt: skip
    db.session.add(fair)
    db.session.flush()
    ends = clock.at(answer.expires_on + timedelta(days=1), time(0))
    links.make(PURPOSE, fair, reader=f"ambassador:{ambassador.id}", expires=ends, single_use=False)
    journal.note("fair_link.made", fair)
    return fair


def close(fair: FairLink) -> None:
    """From now on the code opens nothing but the way to sign up without it."""
    if fair.closed_at is None:
        fair.closed_at = clock.now()
        links.withdraw(PURPOSE, fair)
        journal.note("fair_link.closed", fair)


def close_all(ambassador: Ambassador) -> None:
    for one in of(ambassador):
        close(one.link)


def is_open(fair: FairLink) -> bool:
    return fair.closed_at is None and fair.expires_on >= clock.today()


class Seen:
    """A link in the ambassador's list, with how many companies it brought."""

    def __init__(self, link: FairLink, registered: int) -> None:
        self.link, self.registered, self.open = link, registered, is_open(link)


def of(ambassador: Ambassador) -> list[Seen]:
    """The links of an ambassador, the newest first, in one query."""
    came = sa.select(sa.func.count(Invitation.id)).where(Invitation.fair_link_id == FairLink.id).scalar_subquery()
    rows = db.session.execute(
        sa.select(FairLink, came).where(FairLink.ambassador_id == ambassador.id).order_by(FairLink.id.desc()).limit(50)
    )
    return [Seen(link, number) for link, number in rows]


def of_key(ambassador: Ambassador, key: str) -> Seen | None:
    return next((one for one in of(ambassador) if one.link.key == key), None)


def way_in(fair: FairLink) -> PersonalLink | None:
    return links.standing(PURPOSE, fair)


def square(url: str) -> str:
    """The address as a square for a telephone: an SVG without a size of its own, so that a page or a card gives it one."""
    return str(segno.make(url, micro=False, error="m").svg_inline(scale=4, border=2, light="white", omitsize=True))


def picture(url: str) -> str:
    """The same square as a file of its own, for a card on paper."""
    content = BytesIO()
    segno.make(url, micro=False, error="m").save(content, kind="svg", scale=4, border=0, light="white", xmldecl=False)
    return content.getvalue().decode()


def behind(number: int) -> FairLink | None:
    """The link that a code opens: of an ambassador who is there today, and not more often than it was made for."""
    fair = db.session.scalar(
        sa.select(FairLink)
        .join(Ambassador, Ambassador.id == FairLink.ambassador_id)
        .join(Employer, Employer.id == Ambassador.employer_id)
        .options(
            joinedload(FairLink.ambassador).options(
                joinedload(Ambassador.person), joinedload(Ambassador.employer).joinedload(Employer.organisation)
            )
        )
        .where(FairLink.id == number, FairLink.closed_at.is_(None))
        .where(Ambassador.state == AmbassadorState.ACTIVE, Employer.state != EmployerState.BLOCKED)
    )
    return None if fair is None or arrived(fair) >= fair.most else fair


def arrived(fair: FairLink) -> int:
    return int(
        db.session.scalar(sa.select(sa.func.count(FairArrival.id)).where(FairArrival.fair_link_id == fair.id)) or 0
    )


@contextmanager
def coming_by(fair: FairLink) -> Iterator[None]:
    """While a company signs up here, it comes by this link."""
    token = _coming_by.set(fair.id)
    try:
        yield
    finally:
        _coming_by.reset(token)


def arrives(employer: Employer) -> None:
    """A company signed up: by which link, if by one. In the sign-up's own transaction."""
    fair_id = _coming_by.get()
    if fair_id is None:
        return
    # Two at the same moment queue here: the one too many still signs up, and comes by nobody.
    fair = db.session.scalars(sa.select(FairLink).where(FairLink.id == fair_id).with_for_update()).one()
    if arrived(fair) < fair.most:
        db.session.add(FairArrival(fair_link_id=fair_id, employer_id=employer.id))
        db.session.flush()


def confirmed(person: Person) -> None:
    """Somebody confirmed an address: what came by a fair's link counts from now on as invited and signed up."""
    for arrival, employer, fair in _unconfirmed(person):
        invitation = Invitation(
            ambassador_id=fair.ambassador_id, fair_link_id=fair.id, company_name=employer.organisation.name, contact_name="",
            address=None, address_mark=said_no.mark_of(person.email), language=person.language, words="",
            state=InvitationState.REGISTERED, employer_id=employer.id, sent_at=arrival.created_at, answered_at=clock.now(),
        )  # fmt: skip
        db.session.add(invitation)
        db.session.flush()
        employer.invitation_id = invitation.id
        journal.note("invitation.by_fair", invitation)


def _unconfirmed(person: Person) -> Sequence[tuple[FairArrival, Employer, FairLink]]:
    rows = db.session.execute(
        sa.select(FairArrival, Employer, FairLink)
        .join(Employer, Employer.id == FairArrival.employer_id)
        .join(FairLink, FairLink.id == FairArrival.fair_link_id)
        .join(Membership, Membership.organisation_id == Employer.organisation_id)
        .options(joinedload(Employer.organisation))
        .where(Membership.person_id == person.id, Employer.invitation_id.is_(None))
    ).unique()
    return [(row[0], row[1], row[2]) for row in rows]
