"""A worker proposes somebody to a company that said on the phone that it is interested. It needs two yeses, in any order:
the company's, which reads the blind profile first, and the candidate's."""

from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload

from portal.accounts import service as accounts
from portal.accounts.models import Membership, Person
from portal.accounts.roles import EMPLOYERS, Role
from portal.candidates.handles import Handle, handle
from portal.employers import queries as employers
from portal.employers.models import Employer, Vacancy
from portal.employers.states import EmployerState, VacancyState
from portal.foundation import acting, clock
from portal.foundation.access import Viewer
from portal.foundation.database import db, is_reading
from portal.foundation.errors import Conflict, DomainError, NotFound
from portal.foundation.signals import proposal_answered
from portal.foundation.states import WrongState
from portal.foundation.words import lazy
from portal.journal import service as journal
from portal.outbox import service as outbox
from portal.outbox.models import Letter
from portal.showcase import capacity, interests, queries
from portal.showcase.matching import limit
from portal.showcase.models import Interest, KeptFrom, Listing, Profile
from portal.showcase.states import InterestState
from portal.tasks import service as tasks

_I = InterestState


class NotOutYet(DomainError):
    sentence = lazy(
        "The profile is not out yet, so no company can read it. Propose it once the candidate approved it and a batch released it."
    )
    status = 409


class NotOpen(DomainError):
    sentence = lazy("This vacancy is not open. Ask the company to open it, or to write a new one.")
    status = 409


class MustNotSee(DomainError):
    sentence = lazy("This company must not see the person. It stands on the list of the case.")
    status = 409


class NobodyThere(DomainError):
    sentence = lazy("Nobody of this company has an account. Help them to sign up first.")
    status = 409


class EndedBefore(Conflict):
    sentence = lazy("This person and this vacancy were brought together before, and it ended. Choose another vacancy.")


def propose(case: Handle, vacancy: Vacancy, *, code: str) -> Interest:
    """One press: the company gets a letter, the worker a task to ask the candidate. Pressed twice, it is the same one.

    An interest that the company showed by itself meanwhile is better than a proposal, and stands.
    Raises NotOutYet, NotOpen, MustNotSee, NobodyThere, MonthIsFull and EndedBefore.
    """
    # Two presses at the same moment queue here.
    db.session.execute(sa.select(Vacancy.id).where(Vacancy.id == vacancy.id).with_for_update())
    before = _between(case.id, vacancy.id)
    if before is not None:
        return _still_alive(before)
    profile = _may_be_proposed(case, vacancy)
    listing = db.session.scalar(
        sa.select(Listing).where(Listing.vacancy_id == vacancy.id, Listing.profile_id == profile.id)
    )
    interest = Interest(
        listing_id=listing.id if listing is not None else None, vacancy_id=vacancy.id, employer_id=vacancy.employer_id,
        candidate_id=case.id, contact_id=_contact(vacancy).id, state=_I.PROPOSED, proposed_by=acting.person_id(),
        code=listing.code if listing is not None else code, reasons=[],
    )  # fmt: skip
    interest.vacancy = vacancy
    db.session.add(interest)
    db.session.flush()
    journal.note("interest.proposed", interest)
    _ask_employer(interest, vacancy)
    interests.ask_candidate(interest, vacancy, kind="showcase.ask_about_proposal")
    return interest


def _between(candidate_id: int, vacancy_id: int) -> Interest | None:
    return db.session.scalar(
        sa.select(Interest).where(Interest.candidate_id == candidate_id, Interest.vacancy_id == vacancy_id)
    )


def _still_alive(interest: Interest) -> Interest:
    if interest.state in {_I.DECLINED, _I.LAPSED}:
        raise EndedBefore()
    return interest


def _may_be_proposed(case: Handle, vacancy: Vacancy) -> Profile:
    if vacancy.state is not VacancyState.OPEN or not vacancy.employer.may_recruit:
        raise NotOpen()
    kept = sa.select(KeptFrom.id).where(KeptFrom.candidate_id == case.id, KeptFrom.employer_id == vacancy.employer_id)
    if db.session.scalar(kept) is not None:
        raise MustNotSee()
    profile = db.session.scalar(sa.select(Profile).where(Profile.candidate_id == case.id, queries.out()))
    if profile is None:
        raise NotOutYet()
    capacity.must_have_room(vacancy.employer, profile.id)
    return profile


def _contact(vacancy: Vacancy) -> Person:
    """Who answers for the vacancy, or else who looks after the company's account."""
    team: list[Membership] = list(employers.team(vacancy.employer))
    known = [one for one in team if one.person.confirmed_at is not None]
    own = [one for one in known if one.person_id == vacancy.contact_id]
    admins = [one for one in known if one.role == Role.EMPLOYER_ADMIN]
    chosen = next(iter([*own, *admins, *known]), None)
    if chosen is None:
        raise NobodyThere()
    return chosen.person


def _ask_employer(interest: Interest, vacancy: Vacancy) -> None:
    contact = db.session.get_one(Person, interest.contact_id)
    tasks.open_task(
        "showcase.answer_proposal", interest, due=clock.today() + timedelta(days=int(limit("answer_within_days"))),
        at=("showcase.proposal", {"key": interest.key}), owner_id=contact.id, vacancy=vacancy.title,
    )  # fmt: skip
    outbox.leave(
        "showcase/proposed", to=accounts.recipient(contact), about=interest,
        values={
            "first_name": contact.first_name, "code": interest.code, "vacancy": vacancy.title,
            "url": outbox.address_of("showcase.proposal", key=interest.key),
        },
    )  # fmt: skip


def still_stands(letter: Letter) -> bool:
    """Asked again at sending: nobody took the proposal back, and no answer came in the meantime."""
    interest = db.session.get(Interest, letter.about_id) if letter.about_id is not None else None
    return interest is not None and interest.asks_employer


def agree(interest: Interest) -> None:
    """The company wants to meet the person. With the candidate's yes it goes on; without, it waits for that."""
    interests.alone(interest)
    if not interest.asks_employer:
        raise WrongState()
    interest.employer_answered_at = clock.now()
    tasks.close("showcase.answer_proposal", interest)
    journal.note("interest.employer_agreed", interest)
    proposal_answered.send(interest)
    if interest.answered_at is not None:
        interests.accept(interest)


def decline(interest: Interest, reasons: tuple[str, ...]) -> None:
    """The company does not go on, for reasons of the job: the candidate hears it from the worker."""
    interests.alone(interest)
    if not interest.asks_employer:
        raise WrongState()
    interest.employer_answered_at, interest.employer_reasons = clock.now(), list(reasons)
    interest.move_to(_I.DECLINED, "the company said no")
    proposal_answered.send(interest)
    tasks.close(None, interest, "declined")
    case = handle(interest.candidate_id)
    tasks.open_task(
        "showcase.tell_no", interest, due=clock.today() + timedelta(days=int(limit("tell_no_within_days"))),
        at=("showcase.answer", {"key": interest.key}), owner_id=case.worker_id,
        role=None if case.worker_id else Role.PROJECT_WORKER, programme_id=case.programme_id, about=case.id,
        company=interest.vacancy.employer.organisation.name, vacancy=interest.vacancy.title,
    )  # fmt: skip


def take_back(interest: Interest, reason: str) -> None:
    """The company said no on the phone, or the worker proposed too early: nobody is asked any more, and no letter goes."""
    if interest.state is _I.PROPOSED:
        interest.move_to(_I.LAPSED, reason)
        tasks.close(None, interest, "taken back")


def of_company(viewer: Viewer, key: str) -> tuple[Interest, Profile | None]:
    """A proposal for whom it was written to, or an admin of that company, with the profile as long as it may be read.

    Raises NotFound: withdrawn, a stranger's and an unknown one are one.
    """
    kept = sa.exists().where(
        KeptFrom.candidate_id == Interest.candidate_id, KeptFrom.employer_id == Interest.employer_id
    )
    statement = (
        sa.select(Interest, Profile)
        .join(Vacancy, Vacancy.id == Interest.vacancy_id)
        .join(Employer, Employer.id == Vacancy.employer_id)
        .outerjoin(Profile, sa.and_(Profile.candidate_id == Interest.candidate_id, queries.out(), ~kept))
        .options(contains_eager(Interest.vacancy).contains_eager(Vacancy.employer).joinedload(Employer.organisation))
        .where(Interest.key == key, Interest.proposed_by.is_not(None), Employer.state != EmployerState.BLOCKED)
        .where(
            sa.or_(
                Employer.organisation_id.in_(viewer.organisations(Role.EMPLOYER_ADMIN)),
                sa.and_(
                    Employer.organisation_id.in_(viewer.organisations(*EMPLOYERS)), Interest.contact_id == viewer.me
                ),
            )
        )
    )
    row = db.session.execute(statement if is_reading() else statement.with_for_update(of=Interest)).first()
    if row is None:
        raise NotFound()
    alive = row[0].state in {_I.PROPOSED, _I.ACCEPTED, _I.INTERVIEW}
    return row[0], row[1] if alive else None


def with_vacancy(vacancy_id: int, employer_id: int) -> Vacancy | None:
    """A vacancy of a company, with what a proposal needs of it."""
    return db.session.scalar(
        sa.select(Vacancy)
        .options(joinedload(Vacancy.employer).joinedload(Employer.organisation))
        .where(Vacancy.id == vacancy_id, Vacancy.employer_id == employer_id)
    )
