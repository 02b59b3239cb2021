"""The public page of a vacancy: only where the company wants it, with its name or without, and never a person's.

It reads like any other job: nothing on it says for whom the programme works, so that nobody who is hired by it is marked by
it. Whoever is interested calls the programme.
"""

from datetime import datetime, time
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from portal.competences.names import folded
from portal.employers import shown
from portal.employers.models import Employer, Vacancy, VacancyCompetence
from portal.employers.states import RECRUITING, VacancyState
from portal.foundation import clock
from portal.foundation.database import db
from portal.foundation.errors import DomainError, NotFound
from portal.foundation.lists import Page, page
from portal.foundation.options import load
from portal.foundation.words import _, lazy
from portal.programmes.models import Programme

NAMED, UNNAMED = "named", "unnamed"
# A map of a site holds fifty thousand addresses, each of ours in four languages.
_MOST_LISTED = 5_000


class TellsTooMuch(DomainError):
    """A word that says where somebody comes from marks whoever gets the job."""

    sentence = lazy(
        "A public vacancy is for everybody. Leave out words about where somebody comes from, or keep it within the programme."
    )
    field = "public"


def publish(vacancy: Vacancy, wish: str) -> None:
    """Show it to everybody, or no longer. Raises TellsTooMuch."""
    wanted = wish if wish in (NAMED, UNNAMED) else ""
    if wanted and tells_too_much(f"{vacancy.title}\n{vacancy.tasks}"):
        raise TellsTooMuch()
    vacancy.public = wanted


def tells_too_much(text: str) -> bool:
    plain = f" {folded(text)} "
    return any(word in plain for word in load("employers", "public_words")["words"])


def _public() -> sa.ColumnElement[bool]:
    return sa.and_(
        Vacancy.public != "", Vacancy.state == VacancyState.OPEN, Employer.state.in_(RECRUITING),
        sa.or_(Vacancy.expires_on.is_(None), Vacancy.expires_on >= clock.today()),
    )  # fmt: skip


def public_vacancies() -> Page[Vacancy]:
    """What everybody may read, the newest first, a page at a time."""
    statement = (
        sa.select(Vacancy)
        .join(Vacancy.employer)
        .options(
            contains_eager(Vacancy.employer).joinedload(Employer.organisation), joinedload(Vacancy.workplace),
            joinedload(Vacancy.occupation),
        )
        .where(_public())
    )  # fmt: skip
    return page(statement, Vacancy.id, newest_first=True)


def addresses() -> list[dict[str, Any]]:
    """The values of each one's address, for search engines."""
    keys = sa.select(Vacancy.key).join(Employer, Employer.id == Vacancy.employer_id).where(_public())
    return [{"key": key} for key in db.session.scalars(keys.order_by(Vacancy.id.desc()).limit(_MOST_LISTED))]


def public_vacancy(key: str) -> tuple[Vacancy, Programme]:
    """One of them, with the programme to call. Raises NotFound: closed, private and unknown are one."""
    row = db.session.execute(
        sa.select(Vacancy, Programme)
        .join(Vacancy.employer)
        .join(Programme, Programme.id == Employer.programme_id)
        .options(
            contains_eager(Vacancy.employer).joinedload(Employer.organisation), joinedload(Vacancy.workplace),
            joinedload(Vacancy.occupation),
            selectinload(Vacancy.competences).joinedload(VacancyCompetence.competence),
        )
        .where(Vacancy.key == key, _public())
    ).first()  # fmt: skip
    if row is None:
        raise NotFound()
    return row[0], row[1]


def company(vacancy: Vacancy) -> str:
    """The company's name where it wants that, else nothing."""
    return vacancy.employer.organisation.name if vacancy.public == NAMED else ""


_CONTRACTS = {
    "permanent": "FULL_TIME", "fixed_term": "TEMPORARY", "temporary_agency": "TEMPORARY", "internship": "INTERN",
    "ibo": "OTHER", "work_based_learning": "OTHER",
}  # fmt: skip
_FULL_TIME = 35


def posting(vacancy: Vacancy, url: str, operator: str) -> dict[str, Any]:
    """The vacancy as search engines read it (schema.org JobPosting): what the page says, and no more.

    The street stays away: it names a company that did not want to be named, or an agency's client.
    """
    where = vacancy.workplace
    address = {
        "@type": "PostalAddress", "addressLocality": where.municipality, "postalCode": where.postcode, "addressCountry": "BE",
    }  # fmt: skip
    contracts = {_CONTRACTS.get(one, "OTHER") for one in vacancy.forms} - {"FULL_TIME"}
    said: dict[str, Any] = {
        "@context": "https://schema.org/", "@type": "JobPosting", "title": vacancy.title, "description": vacancy.tasks,
        "datePosted": clock.local(vacancy.opened_at or vacancy.created_at).date().isoformat(), "url": url,
        "employmentType": sorted({"FULL_TIME" if vacancy.hours_week >= _FULL_TIME else "PART_TIME", *contracts}),
        "hiringOrganization": {"@type": "Organization", "name": company(vacancy) or operator},
        "jobLocation": {"@type": "Place", "address": address},
        "totalJobOpenings": vacancy.number, "directApply": False, "inLanguage": vacancy.language,
        "identifier": {"@type": "PropertyValue", "name": "Doorstart", "value": vacancy.key},
    }  # fmt: skip
    if vacancy.expires_on is not None:
        until = datetime.combine(vacancy.expires_on, time(23, 59), clock.BRUSSELS)
        said["validThrough"] = until.isoformat()
    if vacancy.starts_on is not None:
        said["jobStartDate"] = vacancy.starts_on.isoformat()
    return said


def facts(vacancy: Vacancy) -> list[tuple[str, Any]]:
    """What the public page says of the work: where roughly, when, and what it asks. No contact, and no law about an extract."""
    return [
        (_("Where?"), f"{vacancy.workplace.postcode} {vacancy.workplace.municipality}"),
        *shown.work_facts(vacancy), *shown.asked_facts(vacancy),
    ]  # fmt: skip
