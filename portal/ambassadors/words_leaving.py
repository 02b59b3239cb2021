"""Words that wait for a yes when whoever is asked leaves the company.

A yes is the person's and the company's. What somebody wrote or told a peer is that person's own, so without its yes it goes;
what a company said in a closing form is the company's, so whoever takes over is asked anew. What was agreed to stands until
somebody takes it back.
"""

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from portal.accounts import links
from portal.accounts.models import Person
from portal.ambassadors import words
from portal.ambassadors.words_models import PeerWords, WordsFrom, WordsState
from portal.employers.models import Employer
from portal.foundation.database import db
from portal.journal import service as journal
from portal.outbox import service as outbox

_WAITING = (WordsState.DRAFT, WordsState.ASKED)
_OWN = (WordsFrom.QUESTION, WordsFrom.WRITTEN)


def asked_of(employer_id: int) -> sa.Select[int]:
    """Whose yes a company's own words wait for."""
    return sa.select(PeerWords.person_id).where(
        PeerWords.employer_id == employer_id, PeerWords.state.in_(_WAITING), PeerWords.came_from.not_in(_OWN)
    )


def take_back_own(person: Person, organisation_id: int) -> None:
    """Nobody else can say yes to these. The links to what still waits close too: the person speaks for nobody here."""
    rows = sa.select(PeerWords).join(Employer, Employer.id == PeerWords.employer_id)
    rows = rows.where(Employer.organisation_id == organisation_id, PeerWords.person_id == person.id)
    for row in db.session.scalars(rows.where(PeerWords.state.in_(_WAITING))).all():
        _close_ways_in(row)
        if row.came_from in _OWN:
            words.withdraw(row)


def hand_over(employer: Employer, person: Person, successor: Person) -> None:
    """The company's own words are put before who takes over, exactly as they were."""
    take_back_own(person, employer.organisation_id)
    rows = sa.select(PeerWords).options(joinedload(PeerWords.person))
    rows = rows.where(PeerWords.employer_id == employer.id, PeerWords.person_id == person.id)
    for row in db.session.scalars(rows.where(PeerWords.state.in_(_WAITING))).all():
        row.person_id, row.person = successor.id, successor
        journal.note("peer_words.handed_over", row, before=person.id, now=successor.id)
        if row.state is WordsState.ASKED:
            words.ask_instead(row)


def _close_ways_in(row: PeerWords) -> None:
    outbox.cancel_waiting(row)
    links.withdraw(words.PURPOSE, row)
