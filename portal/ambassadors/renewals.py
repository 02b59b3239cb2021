"""A new text of the charter asks each signatory to sign again, and says what changed. Until then the old signature stands."""

from datetime import date, timedelta

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import joinedload

from portal.accounts import service as accounts
from portal.accounts.roles import Role
from portal.ambassadors import charter as charters
from portal.ambassadors.answers import SignAnswer
from portal.ambassadors.charter import Charter
from portal.ambassadors.models import Ambassador, AmbassadorState, Signature
from portal.employers.models import Employer
from portal.employers.states import EmployerState
from portal.foundation import clock
from portal.foundation.database import db
from portal.foundation.errors import Conflict
from portal.foundation.options import load
from portal.foundation.words import lazy, speaking
from portal.journal import service as journal
from portal.outbox import service as outbox
from portal.tasks import service as tasks

# Who signed, and has not left.
SIGNATORIES = (AmbassadorState.APPLIED, AmbassadorState.APPROVED, AmbassadorState.ACTIVE, AmbassadorState.PAUSED)
SIGN_WITHIN = timedelta(days=30)
CALL_WITHIN = timedelta(days=7)
KINDS = {"new": lazy("New"), "changed": lazy("Changed"), "dropped": lazy("No longer in it")}


class NothingNew(Conflict):
    sentence = lazy("Your company has signed this version of the charter already.")


def waits(ambassador: Ambassador | None, signature: Signature | None) -> bool:
    """Whether a newer text than the one that was signed waits for this company."""
    if ambassador is None or signature is None or ambassador.state not in SIGNATORIES:
        return False
    return signature.charter_version < charters.in_force("nl").version


def sign_again(ambassador: Ambassador, charter: Charter, answer: SignAnswer) -> None:
    """A name and a day under the newer text; the older signature stays readable. Raises NothingNew (two colleagues at once)."""
    try:
        with db.session.begin_nested():
            db.session.add(signature(ambassador, charter, answer))
    except IntegrityError:
        raise NothingNew() from None
    journal.note("charter.signed_again", ambassador, version=charter.version)
    tasks.close("ambassadors.sign_again", ambassador)
    tasks.close("ambassadors.unsigned", ambassador)


def signature(ambassador: Ambassador, charter: Charter, answer: SignAnswer) -> Signature:
    return Signature(
        ambassador_id=ambassador.id, charter_version=charter.version, text_hash=charter.hash, language=charter.language,
        signed_name=answer.signed_name, signed_on=clock.today(),
    )  # fmt: skip


def ask_again(today: date | None = None) -> None:
    """Nightly: whoever signed an older text is asked once; after sixty days without an answer the coordinator hears of it."""
    day = today or clock.today()
    newest = charters.in_force("nl", day)
    for ambassador in _behind(newest.version):
        if ambassador.asked_version < newest.version:
            ambassador.asked_version = newest.version
            _ask(ambassador, day)
        elif day >= newest.since + timedelta(days=load("ambassadors", "rules")["charter"]["sign_again_within_days"]):
            _tell_the_coordinator(ambassador, newest.version, day)


def _behind(version: int) -> list[Ambassador]:
    signed = sa.select(Signature.ambassador_id).where(Signature.charter_version >= version)
    return list(
        db.session.scalars(
            sa.select(Ambassador)
            .join(Employer, Employer.id == Ambassador.employer_id)
            .options(joinedload(Ambassador.person), joinedload(Ambassador.employer).joinedload(Employer.organisation))
            .where(Ambassador.state.in_([AmbassadorState.ACTIVE, AmbassadorState.PAUSED]))
            .where(Employer.state != EmployerState.BLOCKED, Ambassador.id.not_in(signed))
            .order_by(Ambassador.id)
        )
    )


def _ask(ambassador: Ambassador, today: date) -> None:
    signed = db.session.scalar(
        sa.select(sa.func.max(Signature.charter_version)).where(Signature.ambassador_id == ambassador.id)
    )
    language = ambassador.person.language
    new = charters.in_force(language, today)
    old = charters.version(signed, language) if signed is not None else None
    with speaking(language):
        said = [f"{KINDS[one.kind]}: {one.title}" for one in charters.changes(old, new) if one.title] if old else []
    tasks.open_task(
        "ambassadors.sign_again", ambassador, due=today + SIGN_WITHIN, at=("ambassadors.charter", {}),
        owner_id=ambassador.person_id, version=new.version,
    )  # fmt: skip
    outbox.leave(
        "ambassadors/sign_again", to=accounts.recipient(ambassador.person), about=ambassador,
        values={
            "first_name": ambassador.person.first_name, "company": ambassador.employer.organisation.name,
            "version": new.version, "changes": said, "link": outbox.address_of("ambassadors.charter"),
        },
    )  # fmt: skip


def _tell_the_coordinator(ambassador: Ambassador, version: int, today: date) -> None:
    tasks.open_task(
        "ambassadors.unsigned", ambassador, due=today + CALL_WITHIN, at=("ambassadors.review", {"key": ambassador.key}),
        role=Role.COORDINATOR, programme_id=ambassador.employer.programme_id,
        company=ambassador.employer.organisation.name, version=version,
    )  # fmt: skip
