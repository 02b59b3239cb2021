"""How companies come in, are verified, grow a team, and may be stopped."""

from datetime import date, timedelta

import sqlalchemy as sa

from portal.accounts import queries as people
from portal.accounts import service as accounts
from portal.accounts import throttle
from portal.accounts.models import Person
from portal.accounts.roles import Role
from portal.employers import queries
from portal.employers.answers import BlockAnswer, InviteAnswer, SignUpAnswer, WorkplaceAnswer
from portal.employers.models import CallNote, Employer, Vacancy
from portal.employers.states import EmployerState, VacancyState
from portal.employers.vacancies import close_vacancy, hold_vacancy, open_vacancy, write_vacancy
from portal.foundation import acting, clock
from portal.foundation.database import db
from portal.foundation.errors import DomainError
from portal.foundation.signals import company_registered, employer_verified
from portal.foundation.words import lazy
from portal.journal import service as journal
from portal.organisations import numbers, phones, places
from portal.organisations.models import Kind, Organisation, Workplace
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


class AlreadyInTheTeam(DomainError):
    sentence = lazy("This person is in your team already.")
    field = "email"


def count_sign_up(email: str, address: str) -> None:
    """Count one try to sign up. Call it before anything was loaded: it begins a new transaction."""
    try:
        throttle.count("sign-up", account=email.strip().lower(), address=address)
    except throttle.TooManyTries:
        raise TooManySignUps() from None


def sign_up(answer: SignUpAnswer, language: str, invitation_id: int | None = None) -> Employer | None:
    """A company asks in. Gives None when the e-mail or the company number is known already.

    The asker must not be able to tell: each case ends on the same page, and only the owner of a mailbox reads which
    it was (privacy.md, sign-up answers the same for known and unknown).
    """
    known_person = people.by_email(answer.email)
    if known_person is not None:
        _tell_it_exists(known_person, answer)
        return None
    organisation = _organisation(answer)
    company = queries.of_organisation(organisation)
    person = _new_contact(answer, language)
    accounts.ask_to_confirm(person)
    if organisation.kind not in {Kind.COMPANY, Kind.AGENCY} or (company is not None and _has_an_admin(company)):
        _ask_the_team(company, answer)
        return None
    return _register(company or _new_company(organisation, answer), answer, person, invitation_id)


def _new_contact(answer: SignUpAnswer, language: str) -> Person:
    return accounts.new_person(
        email=answer.email, first_name=answer.first_name, last_name=answer.last_name,
        phone=phones.checked(answer.phone), language=language,
    )  # fmt: skip


def _organisation(answer: SignUpAnswer) -> Organisation:
    """The company's row: one that is known by its number, or a new one."""
    number = numbers.compact(answer.number)
    found = db.session.scalar(sa.select(Organisation).where(Organisation.number == number))
    if found is None:
        found = Organisation(kind=Kind.COMPANY, name=answer.name, number=number)
        db.session.add(found)
        db.session.flush()
    return found


def _new_company(organisation: Organisation, answer: SignUpAnswer) -> Employer:
    employer = Employer(
        organisation_id=organisation.id, organisation=organisation, programme_id=programme_for(answer.postcode).id,
        state=EmployerState.LEAD,
    )  # fmt: skip
    db.session.add(employer)
    db.session.flush()
    return employer


def _register(employer: Employer, answer: SignUpAnswer, person: Person, invitation_id: int | None) -> Employer:
    """A lead becomes a company that signed up; who asks first is its admin, until the worker's call says otherwise."""
    accounts.seat(person, Role.EMPLOYER_ADMIN, organisation_id=employer.organisation_id)
    if employer.state is not EmployerState.LEAD:
        return employer
    employer.section, employer.size, employer.concerns = answer.section, answer.size, list(answer.concerns)
    employer.shifts, employer.forms_offered = list(answer.shifts), list(answer.forms_offered)
    employer.registered_at, employer.invitation_id = clock.now(), invitation_id
    employer.move_to(EmployerState.REGISTERED, "signed up")
    site = (answer.name, answer.street, answer.postcode, answer.municipality, answer.public_transport)
    add_workplace(employer.organisation, WorkplaceAnswer(*site))
    company_registered.send(employer, invitation=invitation_id)
    return employer


def _has_an_admin(employer: Employer) -> bool:
    """Whether somebody who confirmed an address speaks for this company already."""
    return any(one.role is Role.EMPLOYER_ADMIN and one.person.confirmed_at for one in queries.team(employer))


def _tell_it_exists(person: Person, answer: SignUpAnswer) -> None:
    """The owner of a known address hears that it has an account; one that was never confirmed gets its letter again."""
    if person.deactivated_at is not None:
        return
    if person.confirmed_at is None:
        accounts.ask_to_confirm(person)
        return
    values = {"first_name": person.first_name, "company": answer.name, "link": outbox.address_of("accounts.sign_in")}
    outbox.leave("employers/already", to=accounts.recipient(person), values=values, about=person)


def _ask_the_team(employer: Employer | None, answer: SignUpAnswer) -> None:
    """A known company: its admins decide who joins. Nothing of the new form is written over theirs."""
    if employer is None:
        return
    for membership in queries.team(employer):
        if membership.role is Role.EMPLOYER_ADMIN and membership.person.confirmed_at is not None:
            outbox.leave(
                "employers/wants_to_join",
                to=accounts.recipient(membership.person),
                about=employer,
                values={
                    "first_name": membership.person.first_name,
                    "name": f"{answer.first_name} {answer.last_name}",
                    "email": answer.email,
                    "company": employer.name,
                    "link": outbox.address_of("employers.company"),
                },
            )
    journal.note("employer.asked_to_join", employer)


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


def block(employer: Employer, answer: BlockAnswer) -> None:
    """Stop a company: its open vacancies wait, and its people read whom to call. The reason stays inside the team."""
    employer.move_to(EmployerState.BLOCKED, answer.reason)
    opened = sa.select(Vacancy).where(Vacancy.employer_id == employer.id, Vacancy.state == VacancyState.OPEN)
    for vacancy in db.session.scalars(opened):
        vacancy.move_to(VacancyState.ON_HOLD, "company blocked")
    tasks.close(None, employer, outcome="blocked")


def add_workplace(organisation: Organisation, answer: WorkplaceAnswer) -> Workplace:
    """A place where the company works. Raises UnknownPostcode and OtherPlace."""
    place = Workplace(
        organisation_id=organisation.id, name=answer.site_name, street=answer.street, postcode=answer.postcode.strip(),
        municipality=places.checked(answer.postcode, answer.municipality), public_transport=answer.public_transport,
    )  # fmt: skip
    db.session.add(place)
    journal.note("workplace.added", organisation)
    return place


def invite_colleague(employer: Employer, answer: InviteAnswer, language: str) -> Person:
    """An admin brings a colleague into the team, by letter. Raises AlreadyInTheTeam."""
    if any(one.person.email == answer.email.strip().lower() for one in queries.team(employer)):
        raise AlreadyInTheTeam()
    return accounts.invite(
        email=answer.email, first_name=answer.first_name, last_name=answer.last_name, language=language,
        role=Role(answer.role), organisation_id=employer.organisation_id,
    )  # fmt: skip


__all__ = [
    "add_workplace", "ask_for_a_call", "block", "close_vacancy", "count_sign_up", "hold_vacancy", "invite_colleague",
    "note_call", "open_vacancy", "programme_for", "sign_up", "verify", "write_vacancy",
]  # fmt: skip
