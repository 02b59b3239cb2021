"""A company becomes an ambassador: it signs the charter, and a coordinator says yes or no."""

from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from portal.accounts import service as accounts
from portal.accounts.models import Person
from portal.accounts.roles import Role
from portal.ambassadors import renewals
from portal.ambassadors.answers import SignAnswer
from portal.ambassadors.charter import Charter
from portal.ambassadors.models import Ambassador, AmbassadorState, Signature
from portal.employers.models import Employer
from portal.foundation import clock
from portal.foundation.database import db
from portal.foundation.errors import Conflict, DomainError
from portal.foundation.words import lazy
from portal.journal import service as journal
from portal.outbox import service as outbox
from portal.tasks import service as tasks

ANSWER_WITHIN = timedelta(days=7)
FIRST_INVITATION_WITHIN = timedelta(days=30)


class NotVerifiedYet(DomainError):
    sentence = lazy("Your company is not verified yet. Somebody of the programme calls you first; sign after that.")


class AlreadySigned(Conflict):
    sentence = lazy("Your company has signed the charter already.")


def sign(employer: Employer, person: Person, charter: Charter, answer: SignAnswer) -> Ambassador:
    """A contact signs for the company, also one that left before. Raises NotVerifiedYet and AlreadySigned (also for two
    colleagues at once)."""
    if not employer.may_recruit:
        raise NotVerifiedYet()
    ambassador = _back_again(employer, person) or _new(employer, person)
    ambassador.asked_version = charter.version
    _keep_signature(ambassador, charter, answer)
    journal.note("charter.signed", ambassador, version=charter.version)
    tasks.close("ambassadors.become", employer, outcome="signed")
    tasks.open_task(
        "ambassadors.approve", ambassador, due=clock.today() + ANSWER_WITHIN,
        at=("ambassadors.review", {"key": ambassador.key}), role=Role.COORDINATOR,
        programme_id=employer.programme_id, company=employer.organisation.name,
    )  # fmt: skip
    return ambassador


def _new(employer: Employer, person: Person) -> Ambassador:
    ambassador = Ambassador(employer_id=employer.id, person_id=person.id, state=AmbassadorState.APPLIED)
    try:
        with db.session.begin_nested():
            db.session.add(ambassador)
    except IntegrityError:
        raise AlreadySigned() from None
    return ambassador


def _back_again(employer: Employer, person: Person) -> Ambassador | None:
    """A company that left, or was refused once, begins anew with the peers that it brought."""
    found = db.session.scalar(sa.select(Ambassador).where(Ambassador.employer_id == employer.id).with_for_update())
    if found is None or not found.may_move_to(AmbassadorState.APPLIED):
        return None
    found.move_to(AmbassadorState.APPLIED, "signed again")
    found.person_id, found.told_of_end = person.id, None
    return found


def _keep_signature(ambassador: Ambassador, charter: Charter, answer: SignAnswer) -> None:
    """One signature for a version: whoever comes back signs the same text with a new name and day."""
    db.session.flush()
    db.session.execute(
        sa.delete(Signature).where(
            Signature.ambassador_id == ambassador.id, Signature.charter_version == charter.version
        )
    )
    db.session.add(renewals.signature(ambassador, charter, answer))


def approve(ambassador: Ambassador) -> None:
    """Yes: the person who signed gets the role, a letter, and the first thing to do."""
    ambassador.move_to(AmbassadorState.APPROVED)
    ambassador.move_to(AmbassadorState.ACTIVE)
    accounts.seat(ambassador.person, Role.AMBASSADOR, organisation_id=ambassador.employer.organisation_id)
    tasks.close("ambassadors.approve", ambassador, outcome="approved")
    tasks.open_task(
        "ambassadors.first_peer", ambassador, due=clock.today() + FIRST_INVITATION_WITHIN,
        at=("ambassadors.invite", {}), owner_id=ambassador.person_id,
    )  # fmt: skip
    _write(
        "approved", ambassador, link=outbox.address_of("ambassadors.index"),
        paper=outbox.address_of("ambassadors.charter_file"),
    )  # fmt: skip


def reject(ambassador: Ambassador, reason: str) -> None:
    """No, with a reason that the company reads."""
    ambassador.move_to(AmbassadorState.REJECTED, reason)
    tasks.close("ambassadors.approve", ambassador, outcome="rejected")
    _write("rejected", ambassador, reason=reason, link=outbox.address_of("ambassadors.index"))


def show_progress(employer: Employer, *, shown: bool) -> None:
    """A company lets the ambassador who invited it see how far it is, or no longer."""
    employer.shows_progress = shown
    journal.note("employer.progress_shown" if shown else "employer.progress_hidden", employer)


def _write(template: str, ambassador: Ambassador, **values: str) -> None:
    company = ambassador.employer.organisation.name
    outbox.leave(
        f"ambassadors/{template}", to=accounts.recipient(ambassador.person), about=ambassador,
        values={"first_name": ambassador.person.first_name, "company": company, **values},
    )  # fmt: skip
