"""What the network listens to and looks after."""

from typing import Any

import sqlalchemy as sa

from portal.accounts import links
from portal.accounts.models import Person
from portal.aftercare.models import CheckIn, CheckInState
from portal.ambassadors import asking, fairs, invitations, level_keeping, renewals, resting, said_no
from portal.ambassadors import question_hooks as question_hooks
from portal.ambassadors import words_hooks as words_hooks
from portal.ambassadors.models import Ambassador, AmbassadorState, Invitation, InvitationState
from portal.employers import standings, successions, team_invitations
from portal.employers.models import Employer
from portal.foundation import jobs
from portal.foundation.database import db
from portal.foundation.signals import address_confirmed, colleague_left, company_registered, contact_left, state_changed
from portal.foundation.words import lazy
from portal.outbox.models import Letter
from portal.outbox.service import check_before_sending
from portal.placements.models import Placement, PlacementState
from portal.tasks import digest
from portal.tasks import service as tasks

standings.ambassadors_are(lambda: sa.select(Ambassador.employer_id).where(Ambassador.state == AmbassadorState.ACTIVE))
successions.holds(resting.spoken_by)
links.opens(invitations.PURPOSE, "ambassadors.invited")
links.opens(fairs.PURPOSE, "ambassadors.fair")

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


tasks.kind(
    "ambassadors.become",
    title=lazy("Would %(company)s like to become an ambassador?"),
    why=lazy("You have worked with us for a while and it holds. Other companies listen most to a company."),
    action=lazy("Read what it is"),
)
digest.keeps_from("ambassadors.become", said_no.who_said_no)
tasks.kind(
    "ambassadors.sign_again",
    title=lazy("The charter has a new text: version %(version)s"),
    why=lazy("You read what changed, and sign it again if you agree. Until then your first signature stands."),
    action=lazy("Read what changed"),
)
tasks.kind(
    "ambassadors.unsigned",
    title=lazy("%(company)s has not signed version %(version)s of the charter"),
    why=lazy("It was asked by letter. A call tells whether it agrees, or wants to stop."),
    action=lazy("Open the company"),
)
tasks.kind(
    "ambassadors.confirm_pioneer",
    title=lazy("%(company)s asks to be confirmed as a pioneer"),
    why=lazy("It reached the thresholds. There are fewer than two pioneers, so you confirm it."),
    action=lazy("Look and confirm"),
)
tasks.kind(
    "ambassadors.confirm_peer",
    title=lazy("%(company)s asks you to confirm it as a pioneer"),
    why=lazy("It reached the thresholds, and pioneers confirm one another. One of you is enough."),
    action=lazy("Look and confirm"),
)


@state_changed.connect
def _held_or_said(subject: Any, *, new: Any, **_more: Any) -> None:
    """A start that held for thirteen weeks, or a form in which a company says what it wishes."""
    if isinstance(subject, Placement) and new == PlacementState.SUSTAINED_13:
        asking.held_13_weeks(subject)
    elif isinstance(subject, CheckIn) and new == CheckInState.DONE:
        asking.heard(subject)


@company_registered.connect
def _peer_registered(employer: Employer, *, invitation: int | None = None, **_more: Any) -> None:
    """The company came with an invitation: it counts once its address is confirmed, as one that came by a fair's code."""
    found = db.session.get(Invitation, invitation) if invitation is not None else None
    if found is None or found.state is not InvitationState.SENT:
        fairs.arrives(employer)


@address_confirmed.connect
def _came_to_stay(person: Person, **_more: Any) -> None:
    invitations.confirmed(person)
    fairs.confirmed(person)


@colleague_left.connect
def _speaks_no_longer(employer: Employer, *, person: Person, successor: Person, **_more: Any) -> None:
    resting.hand_over(employer, person, successor)


@contact_left.connect
def _greets_no_longer(person: Person, *, organisation_id: int, **_more: Any) -> None:
    resting.out_of_sight(person, organisation_id)


@check_before_sending("accounts/welcome")
def _may_be_welcomed(letter: Letter) -> bool:
    """Nobody gets around a no by calling somebody a colleague or by an import."""
    prefix, _, number = letter.recipient_ref.partition(":")
    person = db.session.get(Person, int(number)) if prefix == "person" else None
    return person is None or said_no.may_be_welcomed(person)


@check_before_sending(team_invitations.LETTER)
def _may_join_a_team(letter: Letter) -> bool:
    asked = db.session.execute(team_invitations.asked_by(letter)).first()
    return asked is not None and said_no.may_join(asked.email, asked.organisation_id)


@check_before_sending("invitation:")
def _still_wanted(letter: Letter) -> bool:
    """Asked again at sending: the invitation still stands, and the address has not said no in the meantime."""
    invitation = db.session.get(Invitation, int(letter.recipient_ref.partition(":")[2]))
    if invitation is None or invitation.state is not InvitationState.SENT:
        return False
    return not said_no.marked(invitation.address_mark)


def _close_old() -> None:
    invitations.close_old()
    db.session.commit()


def _keep_up() -> None:
    """Pauses end, a new text of the charter is put before its signatories, and levels are what was done lately."""
    resting.end_pauses()
    renewals.ask_again()
    level_keeping.keep()
    db.session.commit()


jobs.each_night["ambassadors.close_old"] = _close_old
jobs.each_night["ambassadors.keep_up"] = _keep_up
