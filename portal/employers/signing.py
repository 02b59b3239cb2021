"""A company signs up. Whatever is known already, the asker reads the same page, and the portal does the same work for it:
neither words nor time tell whether an address or a number is known here (privacy.md, Application security)."""

from dataclasses import replace

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from portal.accounts import queries as people
from portal.accounts import service as accounts
from portal.accounts.models import Person
from portal.accounts.roles import Role
from portal.employers import joining, queries
from portal.employers.answers import SignUpAnswer, WorkplaceAnswer
from portal.employers.join_states import JoinWay
from portal.employers.models import Employer
from portal.employers.service import add_workplace, programme_for
from portal.employers.states import EmployerState
from portal.foundation import clock, crypto
from portal.foundation.database import db
from portal.foundation.signals import company_registered
from portal.organisations import numbers, phones
from portal.organisations.models import Kind, Organisation
from portal.outbox import service as outbox

# Until a worker called, another person of the company may sign it up too: the call tells who speaks for it.
_NOBODY_SPEAKS_YET = (EmployerState.LEAD, EmployerState.REGISTERED)


def sign_up(answer: SignUpAnswer, language: str, invitation_id: int | None = None) -> Employer | None:
    """A company asks in. Gives None when the e-mail or the company number is known already: then the same work is done and
    undone beside what is really done, and only the owner of a mailbox reads which of the two it was."""
    number = numbers.compact(answer.number)
    person = people.by_email(answer.email)
    organisation = db.session.scalar(sa.select(Organisation).where(Organisation.number == number))
    company = _company_of(organisation)
    if person is None and _may_register(organisation, company):
        return _register(answer, number, language, invitation_id, organisation, company)
    _the_same_work(answer, language, invitation_id)
    if person is not None:
        tell_it_exists(person, answer.name)
    else:
        _ask_to_join(answer, language, company)
    return None


def _company_of(organisation: Organisation | None) -> Employer | None:
    """The company behind a number; where two sign-ups turned out to be one company, the one that stayed."""
    company = queries.of_organisation(organisation) if organisation is not None else None
    if company is not None and company.same_as_id is not None:
        found = sa.select(Employer).options(joinedload(Employer.organisation))
        return db.session.scalar(found.where(Employer.id == company.same_as_id))
    return company


def _may_register(organisation: Organisation | None, company: Employer | None) -> bool:
    """Whether nobody speaks for this number yet. What a worker verified is never taken over by typing its number."""
    if company is not None:
        return company.state in _NOBODY_SPEAKS_YET and not joining.admins(company)
    return organisation is None or organisation.kind in {Kind.COMPANY, Kind.AGENCY}


def _register(
    answer: SignUpAnswer, number: str, language: str, invitation_id: int | None, organisation: Organisation | None,
    company: Employer | None,
) -> Employer:  # fmt: skip
    """A new company, or a lead that signs up; who asks first is its admin, until the worker's call says otherwise."""
    person = _new_contact(answer, language)
    accounts.ask_to_confirm(person)
    employer = company or _new_company(organisation or _new_organisation(answer, number), answer)
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


def _new_contact(answer: SignUpAnswer, language: str) -> Person:
    return accounts.new_person(
        email=answer.email, first_name=answer.first_name, last_name=answer.last_name,
        phone=phones.checked(answer.phone), language=language,
    )  # fmt: skip


def _new_organisation(answer: SignUpAnswer, number: str) -> Organisation:
    organisation = Organisation(kind=Kind.COMPANY, name=answer.name, number=number)
    db.session.add(organisation)
    db.session.flush()
    return organisation


def _new_company(organisation: Organisation, answer: SignUpAnswer) -> Employer:
    employer = Employer(
        organisation_id=organisation.id, organisation=organisation, programme_id=programme_for(answer.postcode).id,
        state=EmployerState.LEAD,
    )  # fmt: skip
    db.session.add(employer)
    db.session.flush()
    return employer


def _the_same_work(answer: SignUpAnswer, language: str, invitation_id: int | None) -> None:
    """What signing up a company that nobody knows costs, with an address and a number that nobody has; nothing of it stays."""
    undone = db.session.begin_nested()
    nobody = replace(answer, email=f"{crypto.address_key()}@nobody.invalid")
    _register(nobody, crypto.address_key(), language, invitation_id, None, None)
    db.session.flush()
    undone.rollback()


def tell_it_exists(person: Person, company: str) -> None:
    """The owner of a known address hears that it has an account; one that was never confirmed gets its letter again."""
    if person.deactivated_at is not None:
        return
    if person.confirmed_at is None:
        accounts.ask_to_confirm(person)
        return
    values = {"first_name": person.first_name, "company": company, "link": outbox.address_of("accounts.sign_in")}
    outbox.leave("employers/already", to=accounts.recipient(person), values=values, about=person)


def _ask_to_join(answer: SignUpAnswer, language: str, company: Employer | None) -> None:
    """A known company: who speaks for it decides who joins. Nothing of the new form is written over theirs."""
    person = _new_contact(answer, language)
    accounts.ask_to_confirm(person)
    if company is not None:
        joining.ask(company, person, JoinWay.NUMBER)
