"""A colleague who is invited into a team takes the seat with a yes of its own, by the link of a letter.

The same for an address that has an account and for one that has none: until the yes nobody looks which of the two it is,
so neither the team's page nor the time it takes tells a company whom the portal knows (privacy.md, accounts).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from portal.accounts import links
from portal.accounts import queries as people
from portal.accounts import service as accounts
from portal.accounts.mailboxes import plainest
from portal.accounts.models import Membership, Person, PersonalLink
from portal.accounts.roles import Role
from portal.employers import joining, queries
from portal.employers.answers import InviteAnswer
from portal.employers.join_models import TeamInvitation
from portal.employers.join_states import TeamInvitationState
from portal.employers.models import Employer
from portal.employers.states import EmployerState
from portal.foundation import acting, clock
from portal.foundation.database import db
from portal.foundation.errors import Conflict, DomainError, NotFound
from portal.foundation.states import WrongState
from portal.foundation.words import lazy
from portal.journal import service as journal
from portal.organisations.models import Organisation
from portal.outbox import service as outbox
from portal.outbox.models import Letter

PURPOSE = "team"
LETTER = "employers/join_the_team"
LIVES = timedelta(days=14)
# One letter and two more by hand; and how long the names of who did not join are kept.
MOST_LETTERS = 3
KEPT = timedelta(days=30)
_S = TeamInvitationState


class AlreadyInTheTeam(DomainError):
    sentence = lazy("This person is in your team already.")
    field = "email"


class AlreadyInvited(DomainError):
    sentence = lazy("This address was invited already. On the page of your team you see where it stands.")
    field = "email"


class EnoughLetters(Conflict):
    sentence = lazy("Three letters is enough. Ask your colleague whether they arrived, or withdraw the invitation.")


class AccountClosed(Conflict):
    sentence = lazy("The account of this address was closed. Call us: we help you further.")


@dataclass(frozen=True)
class JoinAnswer:
    """What somebody without an account gives when it says yes: its own name as it writes it, and a password."""

    first_name: str
    last_name: str
    password: str


def invite(employer: Employer, answer: InviteAnswer, language: str) -> TeamInvitation:
    """An admin asks a colleague into the team, by letter. Raises AlreadyInTheTeam, AlreadyInvited and EnoughLetters."""
    email = answer.email.strip().lower()
    queries.lock(employer)
    if any(one.person.email == email for one in queries.team(employer)):
        raise AlreadyInTheTeam()
    before = [one for one in _not_joined(employer) if plainest(one.email) == plainest(email)]
    if any(one.state is not _S.WITHDRAWN for one in before):
        raise AlreadyInvited()
    if sum(one.letters for one in before) >= MOST_LETTERS:
        raise EnoughLetters(field="email")
    invitation = TeamInvitation(
        employer_id=employer.id, first_name=answer.first_name, last_name=answer.last_name, email=email, language=language,
        role=Role(answer.role), state=_S.SENT, letters=1,
    )  # fmt: skip
    _send(employer, invitation)
    journal.note("team.invited", employer, invitation=invitation.id, role=answer.role)
    return invitation


def _send(employer: Employer, invitation: TeamInvitation) -> None:
    """The letter, in the name of whoever sends it now."""
    inviter = db.session.get_one(Person, acting.person_id())
    invitation.invited_by_id, invitation.sent_at, invitation.expires_at = inviter.id, clock.now(), clock.now() + LIVES
    db.session.add(invitation)
    db.session.flush()
    link = links.make(PURPOSE, invitation, reader=_reader(invitation), expires=invitation.expires_at)
    outbox.leave(
        LETTER, to=outbox.Recipient(invitation.email, invitation.language, _reader(invitation)), about=invitation,
        values={
            "first_name": invitation.first_name, "inviter": inviter.name, "company": employer.name,
            "link": links.in_letter(link),
        },
    )  # fmt: skip


def _reader(invitation: TeamInvitation) -> str:
    return f"team-invitation:{invitation.id}"


def open_of(employer: Employer) -> Sequence[TeamInvitation]:
    """Whom a company invited and who is not in its team (yet): waiting, said no, or let it pass. The newest first."""
    return [one for one in _not_joined(employer) if one.state is not _S.WITHDRAWN]


def _not_joined(employer: Employer) -> Sequence[TeamInvitation]:
    statement = (
        sa.select(TeamInvitation)
        .where(TeamInvitation.employer_id == employer.id, TeamInvitation.state != _S.JOINED)
        .order_by(TeamInvitation.id.desc())
    )
    return db.session.scalars(statement).all()


def of_company(employer: Employer, key: str) -> TeamInvitation:
    """An invitation of this company, for a change. Raises NotFound."""
    found = db.session.scalar(
        sa.select(TeamInvitation)
        .where(TeamInvitation.key == key, TeamInvitation.employer_id == employer.id)
        .with_for_update()
    )
    if found is None:
        raise NotFound()
    return found


def again(employer: Employer, invitation: TeamInvitation) -> None:
    """The letter once more, with a new link; the older one closes. Raises EnoughLetters and WrongState."""
    if invitation.state is not _S.SENT:
        raise WrongState()
    if invitation.letters >= MOST_LETTERS:
        raise EnoughLetters()
    links.withdraw(PURPOSE, invitation)
    invitation.letters += 1
    _send(employer, invitation)


def withdraw(invitation: TeamInvitation) -> None:
    """The company takes it back: the link closes, and a letter that still waits is not sent. Raises WrongState."""
    invitation.move_to(_S.WITHDRAWN)
    links.withdraw(PURPOSE, invitation)


def behind(link: PersonalLink) -> tuple[TeamInvitation, Employer]:
    """What a link asks. Raises NoSuchLink where the company was stopped, or whoever sent it looks after its team no more."""
    statement = (
        sa.select(TeamInvitation, Employer)
        .join(Employer, Employer.id == TeamInvitation.employer_id)
        .options(joinedload(Employer.organisation), joinedload(TeamInvitation.invited_by))
        .where(TeamInvitation.id == link.subject_id, *_stands())
    )
    found = db.session.execute(statement).first()
    if found is None:
        raise links.NoSuchLink()
    return found[0], found[1]


def _stands() -> tuple[sa.ColumnElement[Any], ...]:
    """Not answered, of a company that goes on, and sent by one of its admins of today: who has to go keeps no way back in."""
    sender = (
        sa.exists()
        .where(Membership.person_id == TeamInvitation.invited_by_id, Membership.role == Role.EMPLOYER_ADMIN)
        .where(Membership.organisation_id == Employer.organisation_id, *people.seated_today())
        .where(Person.id == Membership.person_id, Person.deactivated_at.is_(None))
        .correlate(TeamInvitation, Employer)
    )
    return TeamInvitation.state == _S.SENT, Employer.state != EmployerState.BLOCKED, sender


def account_of(invitation: TeamInvitation) -> Person | None:
    """Who reads this mailbox and has an account that works: only its reader is told. Raises AccountClosed."""
    person = people.by_email(invitation.email)
    if person is not None and person.deactivated_at is not None:
        raise AccountClosed()
    return person if person is not None and person.confirmed_at is not None else None


def signed_up_by(invitation: TeamInvitation) -> Sequence[str]:
    """The companies that somebody signed up with this address, which nobody confirmed: a yes here confirms it there too."""
    statement = (
        sa.select(Organisation.name)
        .join(Membership, Membership.organisation_id == Organisation.id)
        .join(Person, Person.id == Membership.person_id)
        .where(Person.email == invitation.email, Person.confirmed_at.is_(None), *people.seated_today())
        .order_by(Organisation.name)
    )
    return db.session.scalars(statement).all()


def accept(employer: Employer, invitation: TeamInvitation, answer: JoinAnswer | None) -> Person:
    """Yes: the seat begins. `answer` is what somebody without an account gave; None from somebody who has one."""
    person = account_of(invitation) or _begins(invitation, answer)
    invitation.move_to(_S.JOINED)
    joining.let_in(employer, person, invitation.role)
    joining.settled_by_invitation(employer, person)
    return person


def _begins(invitation: TeamInvitation, answer: JoinAnswer | None) -> Person:
    """An account is made, or one that was never confirmed begins: only the reader of this mailbox gets here."""
    if answer is None:
        raise links.NoSuchLink()
    person = people.by_email(invitation.email) or accounts.new_person(
        email=invitation.email, first_name="", last_name="", language=invitation.language
    )
    person.first_name, person.last_name = answer.first_name, answer.last_name
    accounts.choose_password(person, answer.password)
    return person


def decline(invitation: TeamInvitation, link: PersonalLink) -> None:
    """No, which the company reads; it cannot ask this address again while the no is kept. Raises NoSuchLink where a yes
    of the same moment was first."""
    links.use(link)
    invitation.move_to(_S.DECLINED)
    links.withdraw(PURPOSE, invitation)


def asked_by(letter: Letter) -> sa.Select[str, int]:
    """The address that a letter still asks, and the organisation for which; nothing once it was answered or withdrawn."""
    return (
        sa.select(TeamInvitation.email, Employer.organisation_id)
        .join(Employer, Employer.id == TeamInvitation.employer_id)
        .where(TeamInvitation.id == int(letter.recipient_ref.partition(":")[2]), *_stands())
    )


def still_asked(letter: Letter) -> bool:
    return db.session.execute(asked_by(letter)).first() is not None


def forget_old() -> None:
    """Nightly: names and addresses of who did not join are no longer needed a month after the invitation ended."""
    old = sa.or_(TeamInvitation.state == _S.JOINED, TeamInvitation.expires_at < clock.now() - KEPT)
    db.session.execute(sa.delete(TeamInvitation).where(old))
