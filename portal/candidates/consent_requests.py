"""An agreement asked by a personal link: the person reads it, says yes or no, sees what stands, and takes back what stands.

The page behind the link holds nothing of the dossier: the words that are asked, and which agreements stand since when.
"""

from collections.abc import Sequence
from datetime import timedelta

import sqlalchemy as sa

from portal.accounts import links
from portal.accounts.models import PersonalLink
from portal.candidates import consents, service
from portal.candidates.models import Candidate, Consent, ConsentRequest, Identity
from portal.candidates.states import Channel, Purpose
from portal.foundation import acting, clock
from portal.foundation.database import db
from portal.foundation.errors import DomainError
from portal.foundation.words import language, lazy
from portal.journal import service as journal
from portal.outbox import service as outbox
from portal.outbox.models import Letter
from portal.tasks import service as tasks

PURPOSE = "consent"
LIVES = timedelta(days=30)
LETTER = "candidates/consent"
TASK = "candidates.consent_answered"
# What is asked apart from the page where it arises: the profile on its own page, a name for each company.
ASKED = (Purpose.PROCESSING, Purpose.AFTERCARE, Purpose.JUSTICE_CONTACT)


class NoAddress(DomainError):
    sentence = lazy("We have no e-mail address of this person. Hand the link over on paper or on a telephone.")
    field = "how"


def ask(candidate: Candidate, purpose: Purpose | None, *, by_letter: bool) -> ConsentRequest:
    """Make the one open link for this purpose; an older one is closed. Raises NoAddress when no letter can leave."""
    address = db.session.scalar(sa.select(Identity.email).where(Identity.candidate_id == candidate.id))
    if by_letter and not address:
        raise NoAddress()
    for older in _same(candidate.id, purpose):
        links.withdraw(PURPOSE, older)
        outbox.cancel_waiting(older)
    request = ConsentRequest(
        candidate_id=candidate.id, purpose=purpose, asked_by=acting.person_id(), by_letter=by_letter
    )
    db.session.add(request)
    link = links.make(PURPOSE, request, reader=reader_of(candidate.id), expires=clock.now() + LIVES, single_use=False)
    journal.note("consent.asked", request, purpose=purpose.value if purpose else None)
    if by_letter:
        to = outbox.Recipient(address or "", candidate.language, reader_of(candidate.id))
        outbox.leave(LETTER, to=to, about=request, values={"link": links.in_letter(link)})
    return request


def _same(candidate_id: int, purpose: Purpose | None) -> Sequence[ConsentRequest]:
    return db.session.scalars(
        sa.select(ConsentRequest).where(
            ConsentRequest.candidate_id == candidate_id, ConsentRequest.purpose.is_not_distinct_from(purpose)
        )
    ).all()


def reader_of(candidate_id: int) -> str:
    return f"candidate:{candidate_id}"


def behind(token: str) -> tuple[ConsentRequest, Candidate]:
    """What a link opens. Raises NoSuchLink, the same for one that is wrong, expired, closed or of another purpose."""
    link = links.find(PURPOSE, token)
    request = db.session.get_one(ConsentRequest, link.subject_id)
    return request, db.session.get_one(Candidate, request.candidate_id)


def open_link(request: ConsentRequest) -> PersonalLink | None:
    """The link of a request while it can be handed over."""
    return links.standing(PURPOSE, request)


def of(candidate_id: int) -> Sequence[ConsentRequest]:
    """What was asked by link, the latest first."""
    statement = sa.select(ConsentRequest).where(ConsentRequest.candidate_id == candidate_id)
    return db.session.scalars(statement.order_by(ConsentRequest.id.desc()).limit(20)).all()


def one(candidate_id: int, key: str) -> ConsentRequest | None:
    return db.session.scalar(
        sa.select(ConsentRequest).where(ConsentRequest.candidate_id == candidate_id, ConsentRequest.key == key)
    )


def still_asks(request: ConsentRequest, given: Sequence[Consent]) -> bool:
    """Whether the question is still open: nothing more is asked of somebody who stopped the guidance."""
    if request.purpose is None or request.answer:
        return False
    guided = any(one.purpose == Purpose.PROCESSING and one.withdrawn_at is None for one in given)
    return guided or request.purpose == Purpose.PROCESSING


# --- What the person does --------------------------------------------------------------------------------------


def answer(request: ConsentRequest, candidate: Candidate, *, agrees: bool) -> None:
    """Yes or no, once. A no changes nothing but that the own worker hears of it. Raises NoSuchLink the second time."""
    said = db.session.execute(
        sa.update(ConsentRequest)
        .where(ConsentRequest.id == request.id, ConsentRequest.answer == "")
        .values(answer="yes" if agrees else "no", answered_at=clock.now())
    )
    if said.rowcount == 0 or request.purpose is None:  # type: ignore[attr-defined]
        raise links.NoSuchLink()
    db.session.expire(request)
    if agrees:
        consents.give(candidate.id, request.purpose, channel=Channel.LINK, language=language())
    else:
        journal.note("consent.refused", request, purpose=request.purpose.value)
    _tell_worker(candidate)


def take_back(consent: Consent, candidate: Candidate) -> None:
    """The person withdraws by link: it acts at once, and the own worker hears of it."""
    consents.withdraw(consent)
    if consent.purpose != Purpose.PROCESSING:
        _tell_worker(candidate)


def _tell_worker(candidate: Candidate) -> None:
    if candidate.worker_id is not None:
        tasks.open_task(
            TASK, candidate, due=clock.today() + timedelta(days=3), at=("candidates.agreements", {"key": candidate.key}),
            owner_id=candidate.worker_id, about=candidate.id, name=service.short_name(candidate.id),
        )  # fmt: skip


def read(candidate: Candidate) -> None:
    """The own worker has read what was answered."""
    tasks.close(TASK, candidate, "read")


# --- Letters ---------------------------------------------------------------------------------------------------


def letter_stands(letter: Letter) -> bool:
    """Asked again at sending: a question that is answered, or that nobody may ask any more, does not leave."""
    request = db.session.get(ConsentRequest, letter.about_id)
    if request is None or open_link(request) is None:
        return False
    return request.purpose is None or still_asks(request, consents.of(request.candidate_id))
