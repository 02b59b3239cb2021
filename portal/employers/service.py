"""How companies come in, are verified, grow a team, and may be stopped."""

from datetime import date, timedelta

import sqlalchemy as sa

from portal.accounts import service as accounts
from portal.accounts import throttle
from portal.accounts.roles import Role
from portal.employers import queries
from portal.employers.answers import WorkplaceAnswer
from portal.employers.models import CallNote, Employer
from portal.employers.states import EmployerState
from portal.employers.vacancies import close_vacancy, hold_vacancy, open_vacancy, write_vacancy
from portal.foundation import acting, clock
from portal.foundation.database import db
from portal.foundation.errors import DomainError
from portal.foundation.signals import employer_verified
from portal.foundation.words import lazy
from portal.journal import service as journal
from portal.organisations import places
from portal.organisations.models import Organisation, Workplace
from portal.outbox import service as outbox
from portal.programmes.models import Programme, ProgrammeSite, Site
from portal.tasks import service as tasks

CALL_WITHIN_WORKING_DAYS = 2


class TooManySignUps(DomainError):
    sentence = lazy("Too many tries from here. Wait a quarter of an hour and send it again: what you typed stays here.")
    status = 429


class NobodyToSignUpWith(DomainError):
    """The portal has no programme yet, so nobody could call."""

    sentence = lazy("Companies cannot sign up here yet. Call us: we help you further.")
    status = 503


def count_sign_up(email: str, address: str) -> None:
    """Count one try to sign up. Call it before anything was loaded: it begins a new transaction."""
    try:
        throttle.count("sign-up", account=email.strip().lower(), address=address)
    except throttle.TooManyTries:
        raise TooManySignUps() from None


def count_invitation(employer_id: int, email: str) -> None:
    """Count one letter to a colleague, so that nobody writes to, or sounds out, a whole list of addresses by this door."""
    try:
        throttle.count("team-invite", account=email.strip().lower(), address=f"company:{employer_id}")
    except throttle.TooManyTries:
        raise TooManySignUps() from None


def programme_for(postcode: str) -> Programme:
    """The programme that a new company belongs to: the only one, else the first with a site in its province, else the
    first. Raises NobodyToSignUpWith when there is none."""
    programmes = db.session.scalars(sa.select(Programme).order_by(Programme.id)).all()
    if not programmes:
        raise NobodyToSignUpWith()
    if len(programmes) == 1:
        return programmes[0]
    province = places.province_of(postcode)
    near = {
        programme_id
        for programme_id, site_postcode in db.session.execute(
            sa.select(ProgrammeSite.programme_id, Site.postcode).join(Site, Site.id == ProgrammeSite.site_id)
        )
        if province is not None and places.province_of(site_postcode) == province
    }
    return next((one for one in programmes if one.id in near), programmes[0])


def ask_for_a_call(employer: Employer) -> None:
    """The address is confirmed: a worker of the programme calls within two working days."""
    tasks.open_task(
        "employers.verify", employer, due=_working_days(clock.today(), CALL_WITHIN_WORKING_DAYS),
        at=("employers.verify", {"key": employer.key}), role=Role.PROJECT_WORKER, programme_id=employer.programme_id,
        company=employer.name,
    )  # fmt: skip


def _working_days(day: date, number: int) -> date:
    """The day that lies this many weekdays later; holidays only make the promise easier to keep."""
    while number:
        day += timedelta(days=1)
        number -= day.weekday() < 5
    return day


def note_call(employer: Employer, text: str) -> CallNote:
    note = CallNote(employer_id=employer.id, person_id=acting.person_id(), text=text)
    db.session.add(note)
    for answered in ("employers.quiet", "employers.team_unchecked"):
        tasks.close(answered, employer, "called")
    journal.note("employer.called", employer)
    return note


def verify(employer: Employer, note: str) -> None:
    """A worker called and the company is what it says: it may open vacancies, and has its own person to call."""
    note_call(employer, note)
    employer.move_to(EmployerState.VERIFIED, "called")
    employer.verified_at, employer.worker_id = clock.now(), acting.person_id()
    tasks.close("employers.verify", employer)
    for membership in queries.team(employer):
        if membership.person.confirmed_at is not None:
            outbox.leave(
                "employers/verified", to=accounts.recipient(membership.person), about=employer,
                values={
                    "first_name": membership.person.first_name, "company": employer.name,
                    "link": outbox.address_of("employers.vacancies"),
                },
            )  # fmt: skip
    employer_verified.send(employer)


def add_workplace(organisation: Organisation, answer: WorkplaceAnswer) -> Workplace:
    """A place where the company works. Raises UnknownPostcode and OtherPlace."""
    place = Workplace(
        organisation_id=organisation.id, name=answer.site_name, street=answer.street, postcode=answer.postcode.strip(),
        municipality=places.checked(answer.postcode, answer.municipality), public_transport=answer.public_transport,
    )  # fmt: skip
    db.session.add(place)
    journal.note("workplace.added", organisation)
    return place


__all__ = [
    "add_workplace", "ask_for_a_call", "close_vacancy", "count_invitation", "count_sign_up", "hold_vacancy",
    "note_call", "open_vacancy", "programme_for", "verify", "write_vacancy",
]  # fmt: skip
