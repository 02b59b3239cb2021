"""A letter that was passed on to a colleague without an account: it opens a light sign-up, never what the letter is about.

The way there stands under the letter's own button. Who has an address of the company's house joins once that address is
confirmed, and the addressee and the admins hear it; about anybody else they decide. Then the colleague answers as itself.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from portal.accounts import links
from portal.accounts import queries as people
from portal.accounts import service as accounts
from portal.accounts.models import Membership, Person, PersonalLink
from portal.accounts.roles import EMPLOYERS, Role
from portal.employers import duplicates, joining, queries
from portal.employers.join_models import JoinRequest
from portal.employers.join_states import JoinState, JoinWay
from portal.employers.models import Employer
from portal.employers.signing import tell_it_exists
from portal.employers.states import EmployerState
from portal.foundation import clock
from portal.foundation.database import db
from portal.foundation.signals import letter_passed_on
from portal.outbox import service as outbox
from portal.tasks.models import Task

PURPOSE = "colleague"
# Letters to a company that ask one person something that a colleague can answer as well.
LETTERS = frozenset({"showcase/proposed", "interviews/times"})
LIVES = timedelta(days=30)
# Of what such letters are about, whose company it is; later rooms say it of theirs.
_companies: dict[str, Callable[[int], sa.Select[int]]] = {}


def belongs(kind: str, employer_id: Callable[[int], sa.Select[int]]) -> None:
    """Said by later rooms: the company that rows of this table ask."""
    _companies[kind] = employer_id


@dataclass(frozen=True)
class ColleagueAnswer:
    first_name: str
    last_name: str
    email: str


@dataclass(frozen=True)
class PassedOn:
    """Whose letter it was, for which company, and where its question is answered; no `way` when nothing waits any more."""

    link: PersonalLink
    addressee: Person
    employer: Employer
    way: str

    @property
    def about(self) -> tuple[str, int]:
        return self.link.subject_kind, self.link.subject_id


@outbox.adds
def _way_for_a_colleague(template: str, to: outbox.Recipient, about: Any) -> dict[str, Any]:
    """What such a letter gets besides: the address that its reader may pass on."""
    prefix, _, number = to.ref.partition(":")
    if template not in LETTERS or prefix != "person" or about is None:
        return {}
    db.session.flush()
    if _asked(int(number), about.__tablename__, about.id) is None:
        return {}
    link = links.make(PURPOSE, about, reader=to.ref, expires=clock.now() + LIVES, single_use=False)
    return {"pass_on": links.in_letter(link)}


def behind(link: PersonalLink) -> PassedOn:
    """Raises NoSuchLink where the addressee no longer speaks for a company that takes part."""
    addressee = db.session.get_one(Person, int(link.reader.partition(":")[2]))
    employer = _asked(addressee.id, link.subject_kind, link.subject_id)
    if employer is None or addressee.deactivated_at is not None:
        raise links.NoSuchLink()
    waiting = sa.select(Task.address).where(
        Task.subject_kind == link.subject_kind, Task.subject_id == link.subject_id, Task.owner_id == addressee.id,
        Task.closed_at.is_(None),
    )  # fmt: skip
    return PassedOn(link, addressee, employer, db.session.scalar(waiting.limit(1)) or "")


def _asked(person_id: int, kind: str, number: int) -> Employer | None:
    """The company that a letter asks, while this person speaks for it: somebody may speak for another one as well."""
    if kind not in _companies:
        return None
    statement = (
        sa.select(Employer)
        .join(Membership, Membership.organisation_id == Employer.organisation_id)
        .options(joinedload(Employer.organisation))
        .where(Membership.person_id == person_id, Membership.role.in_(EMPLOYERS), *people.seated_today())
        .where(Employer.state != EmployerState.BLOCKED, Employer.id == _companies[kind](number).scalar_subquery())
        .limit(1)
    )
    return db.session.scalar(statement)


def sign_up(passed: PassedOn, answer: ColleagueAnswer, language: str) -> None:
    """A light sign-up: a name and an address to confirm. The asker cannot tell whether the address is known."""
    known = people.by_email(answer.email)
    if known is not None:
        tell_it_exists(known, passed.employer.name)
        return
    person = accounts.new_person(
        email=answer.email, first_name=answer.first_name, last_name=answer.last_name, language=language
    )
    accounts.ask_to_confirm(person)
    joining.ask(passed.employer, person, JoinWay.LETTER, asked_of=passed.addressee, about=passed.about)


def takes_over(passed: PassedOn, person: Person) -> None:
    """A colleague with an account says: I answer this one."""
    letter_passed_on.send(passed.employer, old=passed.addressee, new=person, about=passed.about)


def confirmed(employer: Employer, request: JoinRequest) -> None:
    """The colleague's address is real. Of the company's house it joins by itself; else the company decides first."""
    here = {one.person_id for one in queries.team(employer)}
    by_design = request.asked_of_id in here and employer.state is not EmployerState.BLOCKED
    if not by_design or not duplicates.shares_domain(employer, request.person.email):
        joining.put_before(employer, request)
        return
    request.move_to(JoinState.JOINED, "same mail domain")
    request.decided_at = clock.now()
    accounts.seat(request.person, Role.EMPLOYER_CONTACT, organisation_id=employer.organisation_id)
    joining.pass_on(employer, request)
    _tell(employer, request)


def _tell(employer: Employer, request: JoinRequest) -> None:
    """Whose letter it was, and who looks after the team, read who answers now."""
    readers = {one.person_id: one.person for one in joining.admins(employer)}
    if request.asked_of is not None:
        readers[request.asked_of.id] = request.asked_of
    for reader in readers.values():
        outbox.leave(
            "employers/colleague_answers", to=accounts.recipient(reader), about=request,
            values={
                "first_name": reader.first_name, "name": request.person.name, "email": request.person.email,
                "company": employer.name, "own": reader.id == request.asked_of_id,
                "link": outbox.address_of("employers.company"),
            },
        )  # fmt: skip
