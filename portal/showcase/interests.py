"""Opening a profile, being interested, and the candidate's answer. The candidate decides before anything is planned."""

from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import joinedload

from portal.accounts import service as accounts
from portal.accounts.models import Person
from portal.accounts.roles import Role
from portal.candidates import consents
from portal.candidates.handles import Handle, handle
from portal.candidates.states import Channel, Purpose
from portal.employers.clients import client_of
from portal.employers.models import Vacancy
from portal.foundation import clock
from portal.foundation.database import db
from portal.foundation.errors import Conflict, DomainError
from portal.foundation.signals import interest_accepted
from portal.foundation.states import WrongState
from portal.foundation.words import lazy
from portal.journal import service as journal
from portal.outbox import service as outbox
from portal.showcase import employer_queries
from portal.showcase.employer_queries import Opened
from portal.showcase.matching import limit
from portal.showcase.models import Interest, Listing, Opening
from portal.showcase.states import InterestState
from portal.tasks import service as tasks

_I = InterestState
# First name and pronoun belong to every consent of this kind; the rest is the candidate's choice.
ALWAYS_TOLD = ("first_name", "pronoun")


class TooManyOpened(DomainError):
    sentence = lazy(
        "Your company has opened the most profiles that one vacancy allows in seven days. Those that you opened stay open. "
        "Call your project worker if you need more."
    )
    status = 429


class AlreadyOpen(Conflict):
    sentence = lazy("This profile is open already. Look at it again.")


class AlreadyInterested(Conflict):
    sentence = lazy("Your company has already shown interest in this profile.")


def open_profile(found: Opened, person_id: int) -> Opening:
    """A contact opens a blind profile for a vacancy: counted, and journalled. Opening it again costs nothing."""
    if found.opening is not None:
        return found.opening
    listing = found.listing
    # Whoever opens for the same vacancy queues here, so that the count holds at any load.
    db.session.execute(sa.select(Vacancy.id).where(Vacancy.id == listing.vacancy_id).with_for_update())
    if employer_queries.openings_this_week(listing.vacancy_id) >= limit("openings_a_week"):
        raise TooManyOpened()
    opening = Opening(listing_id=listing.id, vacancy_id=listing.vacancy_id, person_id=person_id)
    _add(opening, AlreadyOpen)
    journal.note("profile.opened", listing, about=listing.profile.candidate_id, vacancy=listing.vacancy_id)
    return opening


def express(found: Opened, person_id: int, *, reasons: tuple[str, ...], note: str) -> Interest:
    """An employer would like to meet somebody: the worker asks the person first."""
    if found.interest is not None:
        raise AlreadyInterested()
    listing = found.listing
    interest = Interest(
        listing_id=listing.id, vacancy_id=listing.vacancy_id, employer_id=listing.vacancy.employer_id,
        candidate_id=listing.profile.candidate_id, contact_id=person_id, code=listing.code, reasons=list(reasons), note=note,
    )  # fmt: skip
    _add(interest, AlreadyInterested)
    journal.note("interest.expressed", interest, reasons=list(reasons))
    ask_candidate(interest, found.listing.vacancy)
    return interest


def ask_candidate(interest: Interest, vacancy: Vacancy, kind: str = "showcase.ask_candidate") -> None:
    """The person's worker asks; nothing is planned before the answer."""
    case = handle(interest.candidate_id)
    tasks.open_task(
        kind, interest, due=clock.today() + timedelta(days=int(limit("ask_within_days"))),
        at=("showcase.answer", {"key": interest.key}), owner_id=case.worker_id,
        role=None if case.worker_id else Role.PROJECT_WORKER, programme_id=case.programme_id, about=case.id,
        company=vacancy.employer.organisation.name, vacancy=vacancy.title,
    )  # fmt: skip


def _add(row: Opening | Interest, taken: type[Conflict]) -> None:
    """Keep a row that may exist once: two browsers at the same moment get one row and one sentence."""
    try:
        with db.session.begin_nested():
            db.session.add(row)
    except IntegrityError:
        raise taken() from None


def put_aside(opening: Opening, listing: Listing, reasons: tuple[str, ...]) -> None:
    """Not fitting, for reasons of the job: the vacancy learns from it, and so can the candidate."""
    opening.not_fitting = list(reasons)
    journal.note("profile.put_aside", listing, about=listing.profile.candidate_id, reasons=list(reasons))


def agree(interest: Interest, case: Handle, *, channel: Channel, fields: tuple[str, ...]) -> None:
    """The candidate wants the interview, and says what this one company may know once it is confirmed.

    A proposal waits for the company's yes too.
    """
    alone(interest)
    if not interest.asks_candidate:
        raise WrongState()
    interest.answered_at = clock.now()
    consents.give(
        case.id, Purpose.IDENTITY, channel=channel, employer_id=interest.employer_id, fields=(*ALWAYS_TOLD, *fields),
        client_id=client_of(interest.vacancy), language=case.language,
    )  # fmt: skip
    _no_longer_ask(interest)
    if interest.asks_employer:
        journal.note("interest.candidate_agreed", interest)
    else:
        accept(interest)


def alone(interest: Interest) -> None:
    """Both sides may say yes at the same moment: the second waits, and then sees the first one's."""
    fresh = ["state", "answered_at", "employer_answered_at"]
    db.session.refresh(interest, attribute_names=fresh, with_for_update=True)


def accept(interest: Interest) -> None:
    """Everybody who is asked said yes: a moment is looked for."""
    interest.move_to(_I.ACCEPTED)
    _tell_employer("showcase/both_agree" if interest.proposed_by else "showcase/accepted", interest)
    interest_accepted.send(interest)


def _no_longer_ask(interest: Interest) -> None:
    for kind in ("showcase.ask_candidate", "showcase.ask_about_proposal"):
        tasks.close(kind, interest)


def decline(interest: Interest, *, reasons: tuple[str, ...] = ()) -> None:
    """The candidate says no. The employer reads that it cannot go on, the same words whatever the reason."""
    interest.candidate_reasons = list(reasons)
    _end(interest, _I.DECLINED)


def _end(interest: Interest, state: InterestState) -> None:
    # A proposal whose letter has not left yet ends without a word.
    quietly = interest.proposed_by is not None and outbox.cancel_waiting(interest, template="showcase/proposed") > 0
    interest.move_to(state)
    interest.answered_at = clock.now()
    _no_longer_ask(interest)
    tasks.close("showcase.answer_proposal", interest, "ended")
    if interest.proposed_by is None:
        _tell_employer("showcase/cannot_go_on", interest)
    elif not quietly:
        _tell_employer("showcase/proposal_ends", interest)


def lapse_open(candidate_id: int, *, employer_id: int | None = None) -> None:
    """Who withdraws, or is kept from a company, ends what was asked and is not yet an interview."""
    asked = (
        sa.select(Interest)
        .options(joinedload(Interest.vacancy))
        .where(Interest.candidate_id == candidate_id, Interest.state.in_((_I.EXPRESSED, _I.PROPOSED, _I.ACCEPTED)))
    )
    if employer_id is not None:
        asked = asked.where(Interest.employer_id == employer_id)
    for interest in db.session.scalars(asked).all():
        _end(interest, _I.LAPSED)


def _tell_employer(letter: str, interest: Interest) -> None:
    contact = db.session.get_one(Person, interest.contact_id)
    values = {
        "first_name": contact.first_name, "code": interest.code, "vacancy": interest.vacancy.title,
        "url": outbox.address_of("showcase.cards", key=interest.vacancy.key),
    }  # fmt: skip
    if interest.proposed_by is not None:
        values["url"] = outbox.address_of("showcase.proposal", key=interest.key)
    outbox.leave(letter, to=accounts.recipient(contact), values=values, about=interest)
