"""Referrals and cases: somebody is referred, taken on, known, and kept in contact with."""

from dataclasses import dataclass
from datetime import date, timedelta

import sqlalchemy as sa

from portal.accounts.models import Person
from portal.accounts.roles import Role
from portal.accounts.service import recipient
from portal.candidates import consents, identities, marks, referred
from portal.candidates.models import Candidate, Contact, Identity, Referral
from portal.candidates.states import Channel, Purpose, ReferralState
from portal.foundation import acting, clock
from portal.foundation.database import db
from portal.foundation.errors import DomainError
from portal.foundation.options import load
from portal.foundation.signals import referral_accepted
from portal.foundation.words import lazy, speaking
from portal.journal import service as journal
from portal.outbox import service as outbox
from portal.programmes.models import ProgrammeSite
from portal.tasks import service as tasks

ANSWER_IN = timedelta(days=7)
DECIDE_IN = timedelta(days=5)


class NotTheSame(DomainError):
    sentence = lazy("These two cannot be joined: look at both cases again.")
    status = 409


@dataclass(frozen=True)
class ReferralAnswer:
    """What a partner tells; the short form."""

    first_name: str
    last_name: str
    birth_date: date | None
    language: str
    place: str
    motive: str
    reach: str
    consent: bool
    reference: str = ""


@dataclass(frozen=True)
class IdentityAnswer:
    """Who somebody is, as far as the work asks. There is no field for a national number."""

    first_name: str
    last_name: str
    nicknames: str
    pronoun: str
    birth_date: date | None
    birth_place: str
    street: str
    house_number: str
    postcode: str
    municipality: str
    phone: str
    email: str
    employers: str
    schools: str


@dataclass(frozen=True)
class ContactAnswer:
    whom: str
    channel: str
    on: date
    note: str
    next_step: str


def refer(answer: ReferralAnswer, *, referrer_id: int, place: ProgrammeSite) -> Referral:
    """A partner asks the programme to work with somebody, who agreed to it."""
    candidate = Candidate(programme_id=place.programme_id, site_id=place.site_id, language=answer.language)
    db.session.add(candidate)
    db.session.flush()
    born = answer.birth_date.isoformat() if answer.birth_date else None
    db.session.add(
        Identity(candidate_id=candidate.id, first_name=answer.first_name, last_name=answer.last_name, birth_date=born)
    )
    marks.keep(candidate, answer.first_name, answer.last_name, born_on=born)
    referral = Referral(
        candidate_id=candidate.id, programme_id=place.programme_id, site_id=place.site_id, referrer_id=referrer_id,
        motive=answer.motive, reach=answer.reach, consent_given=answer.consent, received_on=clock.today(),
        reference=answer.reference or None, reference_mark=referred.mark_of(answer.reference),
    )  # fmt: skip
    db.session.add(referral)
    journal.note("referral.sent", referral)
    consents.give(candidate.id, Purpose.PROCESSING, channel=Channel.IN_PERSON, language=answer.language)
    _wait_for_decision(referral, place.site.label)
    return referral


def _wait_for_decision(referral: Referral, site: str) -> None:
    tasks.open_task(
        "candidates.referral", referral, due=clock.today() + DECIDE_IN, at=("candidates.referral", {"key": referral.key}),
        role=Role.PROJECT_WORKER, programme_id=referral.programme_id, site=site,
    )  # fmt: skip


def ask(referral: Referral, question: str) -> None:
    """Something is missing: the question goes back to the partner, who hears of it by letter."""
    referral.move_to(ReferralState.INFO_NEEDED)
    referral.question = question
    tasks.close("candidates.referral", referral, "asked")
    due = clock.today() + ANSWER_IN
    with speaking(referral.referrer.language):
        place = referral.site.label
    tasks.open_task(
        "candidates.answer", referral, due=due, at=("candidates.own_referral", {"key": referral.key}),
        owner_id=referral.referrer_id, site=place,
    )  # fmt: skip
    outbox.leave(
        "candidates/question", to=recipient(referral.referrer), about=referral,
        values={"url": outbox.address_of("candidates.own_referral", key=referral.key), "first_name": referral.referrer.first_name},
    )  # fmt: skip


def answer_question(referral: Referral, text: str) -> None:
    """The partner's answer joins the motive; the team decides again."""
    referral.move_to(ReferralState.RECEIVED)
    referral.motive = f"{referral.motive}\n\n{text}"
    tasks.close("candidates.answer", referral)
    _wait_for_decision(referral, referral.site.label)


def accept(referral: Referral, worker: Person) -> None:
    """Take the case on. A person who was known already stays with the worker who has the case."""
    referral.move_to(ReferralState.ACCEPTED)
    candidate = referral.candidate
    candidate.worker_id = candidate.worker_id or worker.id
    candidate.site_id = referral.site_id
    tasks.close("candidates.referral", referral, "accepted")
    referral_accepted.send(candidate)
    wait_for_planning(candidate)


def wait_for_planning(candidate: Candidate) -> None:
    """The worker is asked to plan the screening."""
    tasks.open_task(
        "candidates.plan_screening", candidate, due=clock.today() + DECIDE_IN, about=candidate.id,
        at=("candidates.plan_screening", {"key": candidate.key}), owner_id=candidate.worker_id, name=short_name(candidate.id),
    )  # fmt: skip


def short_name(candidate_id: int) -> str:
    """How a case is called in its own worker's tasks."""
    return identities.name(candidate_id, "task").short


def decline(referral: Referral, because: str) -> None:
    """Do not go on, for a coded reason that stays with the team: the partner reads a neutral word."""
    referral.move_to(ReferralState.DECLINED, because)
    referral.outcome = because
    tasks.close("candidates.referral", referral, "declined")


def close_after_no_show(referral: Referral, because: str) -> None:
    """Nobody came, and it ends here."""
    referral.move_to(ReferralState.CLOSED, because)
    referral.outcome = because
    tasks.close("candidates.plan_screening", referral.candidate, "closed")


def join(referral: Referral, known: Candidate) -> None:
    """It is the same person: the new referral goes to the case that exists, and the double is gone."""
    double = referral.candidate
    if double.id == known.id or double.programme_id != known.programme_id or double.worker_id is not None:
        raise NotTheSame()
    referral.candidate_id = known.id
    db.session.flush()
    for consent in consents.of(double.id):
        consent.candidate_id = known.id
    journal.note("candidate.joined", known, double=double.id)
    db.session.flush()
    db.session.execute(sa.delete(Candidate).where(Candidate.id == double.id))
    db.session.expire(referral)


def know(candidate: Candidate, identity: Identity, answer: IdentityAnswer) -> None:
    """Write down who somebody is; finding by name follows."""
    for field in ("first_name", "last_name", "nicknames", "pronoun", "birth_place", "street", "house_number"):
        setattr(identity, field, getattr(answer, field))
    for field in ("postcode", "municipality", "phone", "email"):
        setattr(identity, field, getattr(answer, field))
    identity.birth_date = answer.birth_date.isoformat() if answer.birth_date else None
    identity.employers, identity.schools = _lines(answer.employers), _lines(answer.schools)
    marks.keep(candidate, answer.first_name, answer.last_name, [answer.nicknames or ""], identity.birth_date)
    journal.note("identity.changed", identity)


def _lines(text: str | None) -> list[str]:
    return [line.strip() for line in (text or "").splitlines() if line.strip()]


def log_contact(candidate: Candidate, answer: ContactAnswer) -> Contact:
    """Somebody was spoken with about this case."""
    contact = Contact(
        candidate_id=candidate.id, person_id=acting.person_id(), whom=answer.whom, channel=Channel(answer.channel),
        note=answer.note, next_step=answer.next_step or None, on=answer.on,
    )  # fmt: skip
    db.session.add(contact)
    journal.note("contact.logged", contact, whom=answer.whom)
    if answer.whom in load("candidates", "caseload")["contact_silence_with"]:
        tasks.close("candidates.silence", candidate)
    return contact
