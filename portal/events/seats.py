"""A company's seat: asked, taken, waited for, given back; who came, and what came of it.

All of it goes through the row of the event, which is locked first: two companies never take the last seat together.
"""

from collections.abc import Collection, Sequence

from sqlalchemy.exc import IntegrityError

from portal.accounts import links
from portal.accounts.models import Person
from portal.employers.models import Employer
from portal.events import duties, letters, queries
from portal.events.models import Event, EventSeat
from portal.events.rules import CalledFirst, NobodyThere, NotYetOver, Over
from portal.events.states import EventState, SeatState
from portal.foundation import clock
from portal.foundation.database import db
from portal.foundation.states import WrongState
from portal.journal import service as journal

_S = SeatState
_STANDS = (EventState.ANNOUNCED, EventState.HELD)


def invite(event: Event, companies: Sequence[Employer]) -> None:
    """Ask these companies, each by a letter to who answers for it. The first invitation announces the event.

    Raises Over once it has begun, NobodyThere for a company without an account.
    """
    still_to_come(event)
    speakers = queries.speakers([one.organisation_id for one in companies])
    if event.state is EventState.DRAFT:
        event.move_to(EventState.ANNOUNCED)
    for employer in companies:
        person = speakers.get(employer.organisation_id)
        if person is None:
            raise NobodyThere()
        seat = _new(event, employer, person)
        if seat is not None:
            letters.invite(event, seat)
            journal.note("event.invited", seat)


def announce(event: Event) -> None:
    """Companies that read the page of an open event may ask for a seat, also before anybody was invited."""
    still_to_come(event)
    event.move_to(EventState.ANNOUNCED)


def ask(event: Event, employer: Employer, person: Person) -> EventSeat:
    """A company that was not invited takes part in an open event: its seat, on which it answers.

    Raises Over, and CalledFirst for a company that no worker has called yet: nobody knows who that is.
    """
    still_to_come(event)
    if employer.state not in queries.ASKED:
        raise CalledFirst()
    if not event.open and queries.seat_of(event, employer.id) is None:
        raise Over()
    _new(event, employer, person)
    seat = queries.seat_of(event, employer.id)
    if seat is None:
        raise Over()
    return seat


def _new(event: Event, employer: Employer, person: Person) -> EventSeat | None:
    """None where the company has a seat already: two who ask the same company at once write to it once."""
    seat = EventSeat(event_id=event.id, employer_id=employer.id, person_id=person.id, state=_S.INVITED, people=1)
    try:
        with db.session.begin_nested():
            db.session.add(seat)
    except IntegrityError:
        return None
    return queries.seat(event, seat.key)


def comes(event: Event, seat: EventSeat, *, people: int, names: str) -> SeatState:
    """The company comes, or waits where all seats are taken; says which. `event` is locked. Raises Over."""
    still_to_come(event)
    seat.people, seat.names = people, names
    if seat.state in (_S.COMING, _S.WAITING):
        journal.note("event.answer_changed", seat)
        return SeatState(seat.state)
    seat.asked_at = clock.now()
    if _free(event, queries.seats(event)) > 0:
        seat.move_to(_S.COMING)
        letters.confirm(event, seat)
    else:
        seat.move_to(_S.WAITING)
        letters.wait(event, seat)
    return SeatState(seat.state)


def stays_away(event: Event, seat: EventSeat) -> None:
    """The company does not come; whoever waits longest gets its seat. `event` is locked. Raises Over."""
    still_to_come(event)
    if seat.state is _S.DECLINED:
        return
    seat.move_to(_S.DECLINED)
    if seat.sent is not None:
        letters.leave(event, seat)
        # A calendar that forgot the appointment takes it back by a higher number only: whoever comes again has one.
        event.sequence += 1
    move_up(event)


def move_up(event: Event) -> None:
    """Give the free seats to those who wait, in the order in which they asked."""
    db.session.flush()
    if event.state is not EventState.ANNOUNCED or event.starts_at <= clock.now():
        return
    everybody = queries.seats(event)
    waiting = [seat for seat in everybody if seat.state is _S.WAITING]
    for seat in waiting[: max(_free(event, everybody), 0)]:
        seat.move_to(_S.COMING)
        letters.confirm(event, seat, from_list=True)


def _free(event: Event, everybody: Sequence[EventSeat]) -> int:
    return event.seats - sum(seat.state is _S.COMING for seat in everybody)


def still_to_come(event: Event) -> None:
    """Raises Over when it has begun, is over, or was called off."""
    if event.state not in (EventState.DRAFT, EventState.ANNOUNCED) or event.starts_at <= clock.now():
        raise Over()


def note_who_came(event: Event, came: Collection[str]) -> None:
    """Which companies were there, by the keys of their seats; each of them is called within some days.

    Raises NotYetOver before it begins, WrongState for one that was called off. It can be corrected afterwards.
    """
    if event.starts_at > clock.now():
        raise NotYetOver()
    if event.state not in _STANDS:
        raise WrongState()
    for seat in queries.seats(event):
        _note(event, seat, there=seat.key in came)
    if event.state is EventState.ANNOUNCED:
        event.move_to(EventState.HELD)
    duties.noted(event)


def _note(event: Event, seat: EventSeat, *, there: bool) -> None:
    new = _S.CAME if there else _S.STAYED_AWAY
    # Who said no, or never answered, did not stay away.
    if seat.state is new or (not there and seat.state not in (_S.COMING, _S.CAME)):
        return
    seat.move_to(new)
    if there:
        duties.call_afterwards(event, seat)
    else:
        duties.called(seat)


def after(seat: EventSeat, outcome: str, note: str) -> None:
    """What came of it for this company. Raises WrongState for one that was not there."""
    if seat.state is not _S.CAME:
        raise WrongState()
    seat.outcome, seat.outcome_note, seat.followed_on = outcome, note, clock.today()
    duties.called(seat)
    journal.note("event.followed_up", seat, outcome=outcome)


def hand_over(employer: Employer, person: Person, successor: Person) -> None:
    """Somebody left the company's team: its seats stand in the name of who takes over, and the old letters' links close."""
    for seat in queries.seats_held_by(employer, person):
        seat.person_id = successor.id
        links.withdraw(letters.PURPOSE, seat)
        journal.note("event.seat_handed_over", seat, before=person.id, now=successor.id)
