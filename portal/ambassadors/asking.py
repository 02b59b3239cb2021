"""A company is asked to become an ambassador: once, when a start there has held for thirteen weeks, or when it wishes so
itself in an aftercare form. A no or a "later" ends it; who wants to after all signs the charter at any time."""

from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from portal.accounts import service as accounts
from portal.accounts.models import Person
from portal.accounts.roles import Role
from portal.aftercare.models import CheckIn, FormAnswer, Voice
from portal.ambassadors import said_no
from portal.ambassadors.models import Ambassador, Wish
from portal.employers import queries as employers
from portal.employers.models import Employer
from portal.foundation import clock
from portal.foundation.database import db
from portal.journal import service as journal
from portal.outbox import service as outbox
from portal.placements.models import Placement
from portal.tasks import service as tasks

QUESTION = "become_ambassador"
YES, LATER, NO = "tell_me", "later", "no"
WEEK_13, WISH = "week13", "wish"
ANSWER_WITHIN = timedelta(days=21)


def held_13_weeks(placement: Placement) -> None:
    """A start has held: the company is asked, unless it was asked before, or said "no" or "later" by itself."""
    employer = _company(placement.employer_id)
    wish = _wish(employer)
    if wish.asked_on is None and wish.answer not in {NO, LATER}:
        _ask(employer, wish, WEEK_13)


def heard(check_in: CheckIn) -> None:
    """What a company said about it in a form of its own."""
    said = db.session.scalar(
        sa.select(FormAnswer.choice).where(FormAnswer.check_in_id == check_in.id, FormAnswer.question == QUESTION)
    )
    if check_in.voice is not Voice.EMPLOYER or said not in {YES, LATER, NO}:
        return
    placement = db.session.get_one(Placement, check_in.placement_id)
    answer(_company(placement.employer_id), said)


def answer(employer: Employer, said: str) -> None:
    """Yes opens the way in; "later" and no close what waits. A later yes counts over an earlier no."""
    wish = _wish(employer)
    wish.answer = said
    journal.note("ambassador.wish", employer, answer=said)
    if said == YES:
        _ask(employer, wish, WISH)
    else:
        tasks.close("ambassadors.become", employer, outcome=said)


def _company(employer_id: int) -> Employer:
    return db.session.scalars(
        sa.select(Employer).options(joinedload(Employer.organisation)).where(Employer.id == employer_id)
    ).one()


def _wish(employer: Employer) -> Wish:
    found = db.session.scalar(sa.select(Wish).where(Wish.employer_id == employer.id))
    if found is None:
        found = Wish(employer_id=employer.id)
        db.session.add(found)
        db.session.flush()
    return found


def _ask(employer: Employer, wish: Wish, because: str) -> None:
    """On the home page of the company's admins, and once by letter. Nothing tells whose start it was."""
    signed = sa.select(sa.exists().where(Ambassador.employer_id == employer.id))
    if not employer.may_recruit or db.session.scalar(signed):
        return
    tasks.open_task(
        "ambassadors.become", employer, due=clock.today() + ANSWER_WITHIN, at=("ambassadors.index", {}),
        role=Role.EMPLOYER_ADMIN, organisation_id=employer.organisation_id, company=employer.name,
    )  # fmt: skip
    if wish.asked_on is not None:
        return
    wish.asked_on, wish.because = clock.today(), because
    journal.note("ambassador.asked", employer, because=because)
    admin = _admin(employer)
    # Who once said no to a peer's letter gets none about this either; the page of today still shows it.
    if admin is not None and (because == WISH or not said_no.said_no(admin.email)):
        values = {"first_name": admin.first_name, "company": employer.name}
        values["link"] = outbox.address_of("ambassadors.index")
        outbox.leave("ambassadors/become", to=accounts.recipient(admin), values=values, about=employer)


def _admin(employer: Employer) -> Person | None:
    """The first admin who confirmed an address: one letter for a company, not one for each of its people."""
    team = [one for one in employers.team(employer) if one.person.confirmed_at is not None]
    return next((one.person for one in team if one.role is Role.EMPLOYER_ADMIN), None)
