"""Somebody asks to speak for a company that takes part already: whoever looks after that company decides, and the asker
hears. Nobody at a company is bothered with an address that its own reader did not confirm."""

from collections.abc import Sequence
from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload

from portal.accounts import service as accounts
from portal.accounts.models import Membership, Person
from portal.accounts.roles import STAFF, Role
from portal.employers import queries, second_step
from portal.employers.join_models import JoinRequest
from portal.employers.join_states import JoinState, JoinWay
from portal.employers.models import Employer
from portal.employers.states import EmployerState
from portal.foundation import acting, clock
from portal.foundation.access import Viewer
from portal.foundation.database import db, is_reading
from portal.foundation.errors import NotFound
from portal.foundation.signals import letter_passed_on
from portal.journal import service as journal
from portal.outbox import service as outbox
from portal.tasks import service as tasks

TASK = "employers.join"
ANSWER_WITHIN = timedelta(days=5)


def admins(employer: Employer) -> Sequence[Membership]:
    """Who confirmed an address and looks after this company's team."""
    team = queries.team(employer)
    return [one for one in team if one.role is Role.EMPLOYER_ADMIN and one.person.confirmed_at is not None]


def ask(
    employer: Employer, person: Person, way: JoinWay, *, asked_of: Person | None = None, about: tuple[str, int | None] = ("", None)
) -> JoinRequest:  # fmt: skip
    """Keep the question until the asker confirmed its address; then the company hears of it."""
    request = JoinRequest(
        employer_id=employer.id, person_id=person.id, person=person, way=way, state=JoinState.ASKED,
        asked_of=asked_of, about_kind=about[0], about_id=about[1],
    )  # fmt: skip
    db.session.add(request)
    db.session.flush()
    journal.note("employer.asked_to_join", employer)
    if person.confirmed_at is not None:
        put_before(employer, request)
    return request


def open_of(person: Person) -> Sequence[tuple[JoinRequest, Employer]]:
    """What somebody asked while the address was not confirmed yet."""
    statement = (
        sa.select(JoinRequest, Employer)
        .join(Employer, Employer.id == JoinRequest.employer_id)
        .options(joinedload(JoinRequest.person), joinedload(JoinRequest.asked_of), joinedload(Employer.organisation))
        .where(JoinRequest.person_id == person.id, JoinRequest.state == JoinState.ASKED)
    )
    return [(request, employer) for request, employer in db.session.execute(statement)]


def put_before(employer: Employer, request: JoinRequest) -> None:
    """The company's admins each get a letter and a task, and so does whose letter was passed on; without any of them, or
    where the company is stopped, a worker decides after a call."""
    request.move_to(JoinState.WAITING)
    request.waits_since = clock.now()
    _put(employer, request)


def _put(employer: Employer, request: JoinRequest) -> None:
    readers = {} if employer.state is EmployerState.BLOCKED else {one.person_id: one.person for one in admins(employer)}
    if readers and request.asked_of is not None:
        readers.setdefault(request.asked_of.id, request.asked_of)
    for reader in readers.values():
        _ask_one(employer, request, reader)
    if not readers:
        ask_worker(employer, request)


def goes_on(newer: Employer, stays: Employer) -> None:
    """Two sign-ups are one company: who asked to join the one that stands still asks the other one, once."""
    asked = sa.select(JoinRequest).options(joinedload(JoinRequest.person)).where(
        JoinRequest.employer_id == newer.id, JoinRequest.state.in_([JoinState.ASKED, JoinState.WAITING])
    )  # fmt: skip
    there = {one.person_id for one in queries.team(stays)}
    there |= set(db.session.scalars(sa.select(JoinRequest.person_id).where(JoinRequest.employer_id == stays.id)))
    for request in db.session.scalars(asked).all():
        tasks.close(TASK, request, "same company")
        if request.person_id in there:
            db.session.delete(request)
            continue
        request.employer_id, request.asked_of = stays.id, None
        if request.state is JoinState.WAITING:
            _put(stays, request)


def _ask_one(employer: Employer, request: JoinRequest, reader: Person) -> None:
    _open(employer, request, owner_id=reader.id)
    asker = request.person
    outbox.leave(
        "employers/wants_to_join", to=accounts.recipient(reader), about=request,
        values={
            "first_name": reader.first_name, "name": asker.name, "email": asker.email, "company": employer.name,
            "passed_on": request.way is JoinWay.LETTER, "link": outbox.address_of("employers.join_request", key=request.key),
        },
    )  # fmt: skip


def ask_worker(employer: Employer, request: JoinRequest) -> None:
    _open(employer, request, role=Role.PROJECT_WORKER, programme_id=employer.programme_id)


def _open(employer: Employer, request: JoinRequest, owner_id: int | None = None, role: Role | None = None, programme_id: int | None = None) -> None:  # fmt: skip
    tasks.open_task(
        TASK, request, due=clock.today() + ANSWER_WITHIN, at=("employers.join_request", {"key": request.key}),
        owner_id=owner_id, role=role, programme_id=programme_id, company=employer.name,
    )  # fmt: skip


def of_viewer(viewer: Viewer, key: str) -> tuple[JoinRequest, Employer]:
    """A question that this viewer may answer: an admin of the company, whose letter it was, or staff of its programme.
    Raises NotFound, also for one whose address is not confirmed yet."""
    if not is_reading():
        # A yes and a no at once: the second waits, and then finds it settled.
        db.session.execute(sa.select(JoinRequest.id).where(JoinRequest.key == key).with_for_update())
    admin = Employer.organisation_id.in_(viewer.organisations(Role.EMPLOYER_ADMIN))
    addressee = sa.and_(
        JoinRequest.asked_of_id == viewer.me, Employer.organisation_id.in_(viewer.organisations(Role.EMPLOYER_CONTACT))
    )
    theirs = sa.and_(Employer.state != EmployerState.BLOCKED, sa.or_(admin, addressee))
    statement = (
        sa.select(JoinRequest, Employer)
        .join(Employer, Employer.id == JoinRequest.employer_id)
        .join(Employer.organisation)
        .options(contains_eager(Employer.organisation))
        .options(joinedload(JoinRequest.person), joinedload(JoinRequest.asked_of))
        .where(JoinRequest.key == key, JoinRequest.state != JoinState.ASKED)
        .where(sa.or_(theirs, Employer.programme_id.in_(viewer.programmes(*STAFF))))
        .execution_options(populate_existing=True)
    )
    found = db.session.execute(statement).first()
    if found is None:
        raise NotFound()
    return found[0], found[1]


def accept(employer: Employer, request: JoinRequest, role: Role) -> None:
    """It is a colleague: from now on this person speaks for the company, and reads it. The other readers need not look."""
    request.move_to(JoinState.JOINED)
    _decided(request)
    let_in(employer, request.person, role)
    pass_on(employer, request)
    with_link = {
        "first_name": request.person.first_name,
        "company": employer.name,
        "link": outbox.address_of("employers.company"),
    }
    outbox.leave("employers/joined", to=accounts.recipient(request.person), about=request, values=with_link)


def let_in(employer: Employer, person: Person, role: Role) -> None:
    """A seat in the team. A yes to an invitation and one to a question may come at the same moment: one seat is enough."""
    queries.lock(employer)
    if not any(one.person_id == person.id for one in queries.team(employer)):
        accounts.seat(person, role, organisation_id=employer.organisation_id)
    second_step.asked_from_now(person)


def settled_by_invitation(employer: Employer, person: Person) -> None:
    """Who was invited need not be asked about any more, where the same person had asked to join as well."""
    asked = sa.select(JoinRequest).where(
        JoinRequest.employer_id == employer.id, JoinRequest.person_id == person.id,
        JoinRequest.state.in_([JoinState.ASKED, JoinState.WAITING]),
    )  # fmt: skip
    for request in db.session.scalars(asked):
        request.move_to(JoinState.JOINED)
        _decided(request)


def refuse(request: JoinRequest) -> None:
    """Nobody there knows this person. The asker hears it without the company being named."""
    request.move_to(JoinState.REFUSED)
    _decided(request)
    values = {"first_name": request.person.first_name, "link": outbox.address_of("site.contact")}
    outbox.leave("employers/not_joined", to=accounts.recipient(request.person), about=request, values=values)


def pass_on(employer: Employer, request: JoinRequest) -> None:
    """What the passed-on letter asked is the colleague's to answer from now on."""
    if request.asked_of is not None and request.about_id is not None:
        letter_passed_on.send(
            employer, old=request.asked_of, new=request.person, about=(request.about_kind, request.about_id)
        )


def _decided(request: JoinRequest) -> None:
    request.decided_at, request.decided_by_id = clock.now(), acting.person_id()
    tasks.close(TASK, request)


def waits_long() -> int:
    """What nobody at the company answered becomes a worker's task (nightly); returns how many."""
    statement = (
        sa.select(JoinRequest, Employer)
        .join(Employer, Employer.id == JoinRequest.employer_id)
        .options(joinedload(Employer.organisation))
        .where(JoinRequest.state == JoinState.WAITING, JoinRequest.waits_since < clock.now() - ANSWER_WITHIN)
    )
    waiting = [(request, employer) for request, employer in db.session.execute(statement)]
    for request, employer in waiting:
        ask_worker(employer, request)
    return len(waiting)
