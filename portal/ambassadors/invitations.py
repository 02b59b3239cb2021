"""Inviting a peer company. An address that said no is never asked again, by anybody; nobody can find out who said it."""

from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from portal.accounts import links, throttle
from portal.accounts import queries as people
from portal.accounts.mailboxes import plainest
from portal.accounts.models import Membership, Person
from portal.ambassadors import said_no
from portal.ambassadors.answers import InviteAnswer
from portal.ambassadors.models import Ambassador, Invitation, InvitationState
from portal.ambassadors.said_no import mark_of
from portal.employers.models import Employer
from portal.foundation import clock
from portal.foundation.database import db
from portal.foundation.errors import Conflict, DomainError
from portal.foundation.words import lazy
from portal.journal import service as journal
from portal.outbox import service as outbox
from portal.showcase.redaction.check import check
from portal.showcase.redaction.known import Known
from portal.tasks import service as tasks

PURPOSE = "peer_invitation"
LIVES = timedelta(days=60)
NOT_AGAIN_WITHIN = timedelta(days=180)
MOST_REMINDERS = 2
BETWEEN_REMINDERS = timedelta(days=7)
DRAFTS_LIVE = timedelta(days=14)


class NotWrittenTo(DomainError):
    """One sentence for every cause (said no, has an account, was asked before): the asker cannot tell which."""

    sentence = lazy(
        "We do not write to this address: it is known here, was invited before, or asked for no letters. Talk with this company in person."
    )
    field = "email"


class SpeaksOfThePast(DomainError):
    field = "words"

    def __init__(self, words: str) -> None:
        super().__init__(lazy("Leave out “%(words)s”: an invitation never speaks about anybody's past.", words=words))


class TooManyInvitations(DomainError):
    sentence = lazy("That is a lot at once. Wait a quarter of an hour and go on: what you typed stays here.")
    status = 429


class Resting(Conflict):
    sentence = lazy("Your company is not an ambassador now, or it is paused: no letters leave until it is back.")


class AnsweredAlready(Conflict):
    sentence = lazy("This invitation was answered or withdrawn in the meantime.")


class RemindedEnough(DomainError):
    sentence = lazy("A reminder goes out at most twice, a week or more apart.")


def count_try(company_id: int, email: str) -> None:
    """Count one try to invite, so that nobody sounds out addresses. Call it before anything was loaded."""
    try:
        throttle.count("invite", account=f"company:{company_id}", address=mark_of(email))
    except throttle.TooManyTries:
        raise TooManyInvitations() from None


def write(ambassador: Ambassador, answer: InviteAnswer, draft: Invitation | None = None) -> Invitation:
    """A draft to read over, new or changed. Raises NotWrittenTo and SpeaksOfThePast."""
    refuse_the_past(answer.words, answer.language)
    mark = mark_of(answer.email)
    _refuse_address(answer.email, mark)
    if draft is not None and draft.state is not InvitationState.DRAFT:
        raise AnsweredAlready()
    invitation = draft or Invitation(ambassador_id=ambassador.id)
    invitation.company_name, invitation.contact_name = answer.company_name, answer.contact_name
    invitation.address, invitation.address_mark = answer.email, mark
    invitation.language, invitation.words = answer.language, answer.words
    db.session.add(invitation)
    db.session.flush()
    return invitation


def refuse_the_past(words: str, language: str) -> None:
    """Raises SpeaksOfThePast: what a company says to another is about work."""
    for finding in check(words, Known.from_json({}), language):
        if finding.kind in {"offence", "detention"}:
            raise SpeaksOfThePast(finding.text)


def _refuse_address(email: str, mark: str) -> None:
    recent = clock.now() - NOT_AGAIN_WITHIN
    asked = sa.exists().where(Invitation.address_mark == mark, Invitation.sent_at > recent)
    registered = sa.exists().where(Invitation.address_mark == mark, Invitation.state == InvitationState.REGISTERED)
    known = db.session.scalar(sa.select(sa.or_(asked, registered))) or said_no.marked(mark)
    if known or people.by_email(email) is not None or people.by_email(plainest(email)) is not None:
        raise NotWrittenTo()


def send(invitation: Invitation) -> None:
    """The letter leaves, with a link of 60 days. Asked again here whether it may: the draft may be old.

    Raises NotWrittenTo, also when somebody else's letter to the same address was first (the database keeps one open).
    """
    if invitation.state is not InvitationState.DRAFT:
        raise AnsweredAlready()
    if not invitation.ambassador.recruits:
        raise Resting()
    _refuse_address(invitation.address or "", invitation.address_mark)
    try:
        with db.session.begin_nested():
            invitation.move_to(InvitationState.SENT)
            invitation.sent_at = clock.now()
    except IntegrityError:
        raise NotWrittenTo() from None
    tasks.close("ambassadors.first_peer", invitation.ambassador)
    _leave("ambassadors/invitation", invitation)


def must_be_open(invitation: Invitation) -> None:
    """Raises AnsweredAlready for one that is not (any longer) waiting for an answer."""
    if invitation.state is not InvitationState.SENT:
        raise AnsweredAlready()


def remind(invitation: Invitation) -> None:
    """By the ambassador's own hand, at most twice and a week apart. Raises RemindedEnough and AnsweredAlready."""
    must_be_open(invitation)
    if not may_remind(invitation):
        raise RemindedEnough()
    if not invitation.ambassador.recruits:
        raise Resting()
    # A no may have come by another way since: by another spelling of the address, or before a backup was put back.
    if said_no.marked(invitation.address_mark):
        raise AnsweredAlready()
    invitation.reminders += 1
    invitation.reminded_at = clock.now()
    journal.note("invitation.reminded", invitation, number=invitation.reminders)
    _leave("ambassadors/reminder", invitation)


def may_remind(invitation: Invitation) -> bool:
    last = invitation.reminded_at or invitation.sent_at
    return (
        invitation.state is InvitationState.SENT
        and invitation.reminders < MOST_REMINDERS
        and last is not None
        and clock.now() - last >= BETWEEN_REMINDERS
    )


def _leave(template: str, invitation: Invitation) -> None:
    reader = f"invitation:{invitation.id}"
    sent = invitation.sent_at or clock.now()
    link = links.make(PURPOSE, invitation, reader=reader, expires=sent + LIVES, single_use=False)
    outbox.leave(
        template, to=outbox.Recipient(invitation.address or "", invitation.language, reader), about=invitation,
        values=letter_values(invitation, links.in_letter(link)),
    )  # fmt: skip


def letter_values(invitation: Invitation, link: object) -> dict[str, object]:
    """What the letter says: the same for the preview and for the letter itself."""
    sender = invitation.ambassador
    return {
        "contact_name": invitation.contact_name,
        "ambassador": sender.person.name,
        "company": sender.employer.organisation.name,
        "words": invitation.words,
        "link": link,
    }


def withdraw(invitation: Invitation, reason: str = "") -> None:
    """The ambassador takes it back (or sixty days went by): the link closes and the address is forgotten."""
    invitation.move_to(InvitationState.WITHDRAWN, reason)
    links.withdraw(PURPOSE, invitation)
    _forget(invitation)


def decline(invitation: Invitation) -> None:
    """The peer says no, once for all: nobody can ask this address again."""
    must_be_open(invitation)
    invitation.move_to(InvitationState.DECLINED)
    invitation.answered_at = clock.now()
    said_no.keep(invitation.address_mark)
    _forget(invitation)


def confirmed(person: Person) -> None:
    """Somebody who signed up by an invitation confirmed the address: from now on the funnel says so, and not before, so that
    nobody finds out by a try of its own whether an address is known here."""
    came = (
        sa.select(Invitation, Employer)
        .join(Employer, Employer.invitation_id == Invitation.id)
        .join(Membership, Membership.organisation_id == Employer.organisation_id)
        .where(Membership.person_id == person.id, Invitation.state == InvitationState.SENT)
        .with_for_update(of=Invitation)
    )
    for invitation, employer in db.session.execute(came).all():
        registered(invitation, employer)


def registered(invitation: Invitation, employer: Employer) -> None:
    """The peer signed up through it: the funnel moves, and the address is no longer needed here."""
    invitation.move_to(InvitationState.REGISTERED)
    invitation.employer_id = employer.id
    invitation.answered_at = clock.now()
    _forget(invitation)


def _forget(invitation: Invitation) -> None:
    outbox.cancel_waiting(recipient_ref=f"invitation:{invitation.id}")
    invitation.address, invitation.contact_name, invitation.words = None, "", ""


def close_old() -> int:
    """Nightly: what got no answer in sixty days is over, and drafts of two weeks are forgotten. Returns how many."""
    now = clock.now()
    old = db.session.scalars(
        sa.select(Invitation).where(Invitation.state == InvitationState.SENT, Invitation.sent_at < now - LIVES)
    ).all()
    for invitation in old:
        withdraw(invitation, "no answer in 60 days")
    gone = db.session.execute(
        sa.delete(Invitation).where(
            Invitation.state == InvitationState.DRAFT, Invitation.created_at < now - DRAFTS_LIVE
        )
    )
    return len(old) + int(gone.rowcount)  # type: ignore[attr-defined]
