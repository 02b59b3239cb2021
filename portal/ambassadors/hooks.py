"""What the network listens to and looks after."""

from typing import Any

import sqlalchemy as sa

from portal.accounts import links
from portal.ambassadors import invitations
from portal.ambassadors.models import Ambassador, AmbassadorState, DoNotAsk, Invitation, InvitationState
from portal.employers import standings
from portal.employers.models import Employer
from portal.foundation import jobs
from portal.foundation.database import db
from portal.foundation.signals import company_registered
from portal.foundation.words import lazy
from portal.outbox.models import Letter
from portal.outbox.service import check_before_sending
from portal.tasks import service as tasks

standings.ambassadors_are(lambda: sa.select(Ambassador.employer_id).where(Ambassador.state == AmbassadorState.ACTIVE))
links.opens(invitations.PURPOSE, "ambassadors.invited")

tasks.kind(
    "ambassadors.approve",
    title=lazy("%(company)s signed the charter"),
    why=lazy("The company waits for your answer: ambassador or not."),
    action=lazy("Read and answer"),
)
tasks.kind(
    "ambassadors.first_peer",
    title=lazy("Invite your first peer company"),
    why=lazy("A company listens most to another company. You read the letter before it leaves."),
    action=lazy("Write an invitation"),
)


@company_registered.connect
def _peer_registered(employer: Employer, *, invitation: int | None = None, **_more: Any) -> None:
    """The company came with an invitation: the funnel moves in the same transaction as the sign-up."""
    found = db.session.get(Invitation, invitation) if invitation is not None else None
    if found is not None and found.state is InvitationState.SENT:
        invitations.registered(found, employer)


@check_before_sending("invitation:")
def _still_wanted(letter: Letter) -> bool:
    """Asked again at sending: the invitation still stands, and the address has not said no in the meantime."""
    invitation = db.session.get(Invitation, int(letter.recipient_ref.partition(":")[2]))
    if invitation is None or invitation.state is not InvitationState.SENT:
        return False
    said_no = db.session.query(DoNotAsk.id).filter_by(address_mark=invitation.address_mark).first()
    return said_no is None


def _close_old() -> None:
    invitations.close_old()
    db.session.commit()


jobs.each_night["ambassadors.close_old"] = _close_old
