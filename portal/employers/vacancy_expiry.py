"""A vacancy ends by itself unless its company says that it goes on: a letter before, a link that shows, a button that acts."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload

from portal.accounts import links
from portal.accounts import service as accounts
from portal.accounts.models import Membership, Person, PersonalLink
from portal.accounts.roles import EMPLOYERS, Role
from portal.employers import vacancies
from portal.employers.answers import CloseAnswer
from portal.employers.models import Employer, Vacancy
from portal.employers.rules import rule
from portal.employers.states import RECRUITING, VacancyState
from portal.foundation import clock
from portal.foundation.database import db, is_reading
from portal.foundation.states import WrongState
from portal.foundation.words import date_long, speaking
from portal.journal import service as journal
from portal.outbox import service as outbox
from portal.outbox.models import Letter
from portal.tasks import digest

PURPOSE, LETTER = "employers.vacancy", "employers/vacancy_ends"
SECTION = "vacancies"
_RUNNING = (VacancyState.OPEN, VacancyState.ON_HOLD)
# What the link's page can do, in the order of its buttons.
DEEDS = ("renew", "hold", "filled", "no_longer_needed")


def renew(vacancy: Vacancy) -> None:
    """It goes on for as long as a new one; one that had ended opens again. Raises WrongState, NotVerifiedYet."""
    if vacancy.state is VacancyState.EXPIRED:
        vacancies.open_vacancy(vacancy)
    elif vacancy.state in _RUNNING:
        vacancy.expires_on = clock.today() + timedelta(days=rule("vacancies", "open_for_days"))
    else:
        raise WrongState()
    outbox.cancel_waiting(vacancy, template=LETTER)
    journal.note("vacancy.renewed", vacancy)


def do(vacancy: Vacancy, deed: str) -> None:
    """One press of the link's page. Raises WrongState for what does not fit (any more)."""
    if deed == "renew":
        renew(vacancy)
    elif deed == "hold":
        vacancies.hold_vacancy(vacancy)
    elif deed == "filled":
        vacancies.close_vacancy(vacancy, CloseAnswer("filled_elsewhere", ""))
    elif deed == "no_longer_needed":
        vacancies.close_vacancy(vacancy, CloseAnswer("no_longer_needed", ""))
    else:
        raise WrongState()


def possible(vacancy: Vacancy) -> tuple[str, ...]:
    """Which of the deeds fit how it stands."""
    if vacancy.state is VacancyState.EXPIRED:
        return ("renew",)
    if vacancy.state is VacancyState.OPEN:
        return DEEDS
    return ("renew", "filled", "no_longer_needed") if vacancy.state is VacancyState.ON_HOLD else ()


def ends_soon(vacancy: Vacancy) -> bool:
    ends = vacancy.expires_on
    return (
        vacancy.state in _RUNNING
        and ends is not None
        and ends <= clock.today() + timedelta(days=rule("vacancies", "offered_days"))
    )


def link_to(vacancy: Vacancy, person: Person) -> PersonalLink:
    expires = clock.now() + timedelta(days=rule("vacancies", "link_days"))
    return links.make(PURPOSE, vacancy, reader=f"person:{person.id}", expires=expires, single_use=False)


def behind(token: str) -> tuple[Vacancy, Person]:
    """The vacancy of a link, and its reader, who speaks for the company still, or the link is no more. Raises NoSuchLink."""
    link = links.find(PURPOSE, token)
    kind, _colon, number = link.reader.partition(":")
    if not is_reading():
        db.session.execute(sa.select(Vacancy.id).where(Vacancy.id == link.subject_id).with_for_update())
    row = db.session.execute(
        sa.select(Vacancy, Person)
        .join(Vacancy.employer)
        .join(Membership, Membership.organisation_id == Employer.organisation_id)
        .join(Person, Person.id == Membership.person_id)
        .options(
            contains_eager(Vacancy.employer).options(joinedload(Employer.organisation), joinedload(Employer.worker))
        )
        .where(Vacancy.id == link.subject_id, Employer.state.in_(RECRUITING))
        .where(Person.id == int(number or 0), *_seated())
        .execution_options(populate_existing=not is_reading())
    ).first()
    if row is None or kind != "person":
        raise links.NoSuchLink()
    return row[0], row[1]


def _seated() -> tuple[sa.ColumnElement[bool], ...]:
    today = clock.today()
    return (
        Membership.role.in_(EMPLOYERS), Membership.since <= today, Person.deactivated_at.is_(None),
        sa.or_(Membership.until.is_(None), Membership.until >= today),
    )  # fmt: skip


def ask_in_time() -> int:
    """Ask about those that end within a week, each once for each end (nightly); returns how many letters left."""
    soon = clock.today() + timedelta(days=rule("vacancies", "ask_days_before"))
    mark = (
        sa.update(Vacancy)
        .where(Vacancy.state.in_(_RUNNING), Vacancy.expires_on.between(clock.today(), soon))
        .where(sa.or_(Vacancy.expiry_told.is_(None), Vacancy.expiry_told != Vacancy.expires_on))
        .values(expiry_told=Vacancy.expires_on)
        .returning(Vacancy.id)
        .execution_options(synchronize_session=False)
    )
    numbers = list(db.session.scalars(mark))
    asked = [(vacancy, person) for vacancy in _whole(numbers) for person in _answers_for(vacancy)]
    ways = digest.ways_of([person.id for _vacancy, person in asked], SECTION)
    at_once = [(vacancy, person) for vacancy, person in asked if ways[person.id] == digest.AT_ONCE]
    for vacancy, person in at_once:
        _write(vacancy, person)
    return len(at_once)


def _whole(numbers: Sequence[int]) -> Sequence[Vacancy]:
    statement = (
        sa.select(Vacancy)
        .join(Vacancy.employer)
        .options(contains_eager(Vacancy.employer).joinedload(Employer.organisation), joinedload(Vacancy.contact))
        .where(Vacancy.id.in_(numbers), Employer.state.in_(RECRUITING))
        .order_by(Vacancy.id)
        .execution_options(populate_existing=True)
    )
    return db.session.scalars(statement).all()


def _answers_for(vacancy: Vacancy) -> list[Person]:
    """The vacancy's contact; where that one left, whoever looks after the company's team."""
    team = db.session.scalars(
        sa.select(Membership)
        .join(Membership.person)
        .options(contains_eager(Membership.person))
        .where(Membership.organisation_id == vacancy.employer.organisation_id, *_seated())
        .order_by(Membership.id)
    ).all()
    own = [one.person for one in team if one.person_id == vacancy.contact_id]
    return (own or [one.person for one in team if one.role is Role.EMPLOYER_ADMIN])[:1]


def _write(vacancy: Vacancy, person: Person) -> None:
    with speaking(person.language):
        day = date_long(vacancy.expires_on) if vacancy.expires_on else ""
    values: dict[str, Any] = {
        "first_name": person.first_name, "vacancy": vacancy.title, "day": day,
        "ends": vacancy.expires_on.isoformat() if vacancy.expires_on else "",
        "link": links.in_letter(link_to(vacancy, person)),
        "unsubscribe": links.in_letter(digest.stop_link(person, SECTION)),
    }  # fmt: skip
    outbox.leave(LETTER, to=accounts.recipient(person), values=values, about=vacancy)


def still_asked(letter: Letter) -> bool:
    """Not about one that was renewed or closed meanwhile: asked again at sending."""
    row = db.session.execute(sa.select(Vacancy.state, Vacancy.expires_on).where(Vacancy.id == letter.about_id)).first()
    if row is None or not letter.values or row.expires_on is None:
        return False
    return row.state in _RUNNING and letter.values.get("ends") == row.expires_on.isoformat()
