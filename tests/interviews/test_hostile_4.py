"""Against a hostile hand: any series of steps leaves each reader's calendar as the portal says; and what was found besides."""

from datetime import timedelta
from typing import Any

import hypothesis
import pytest
import sqlalchemy as sa
import time_machine
from hypothesis import HealthCheck
from hypothesis import strategies as st
from icalendar import Calendar
from sqlalchemy.exc import OperationalError

from portal.accounts import administration
from portal.accounts import service as accounts
from portal.accounts.models import Membership, Person
from portal.accounts.roles import Role
from portal.agenda import holds
from portal.agenda import service as agenda
from portal.agenda.models import HoldCell
from portal.agenda.windows import Span
from portal.foundation import acting, clock
from portal.foundation.database import db
from portal.foundation.errors import DomainError
from portal.interviews import contacts, people, permissions, planning, reminders, service
from portal.interviews.models import Interview, Proposal
from portal.interviews.rules import NobodyToAccompany, NoContact, TimeNotHeld
from portal.interviews.states import InterviewState, Mode, PermissionState
from portal.organisations.models import Organisation
from portal.outbox.models import Letter, LetterState
from portal.outbox.service import still_right
from portal.tasks.models import Task
from tests import engines
from tests.factories import a_person
from tests.interviews.factories import (
    CANARY,
    NOW,
    Case,
    a_confirmed,
    a_coordinator,
    a_requested,
    a_worker,
    again,
    an_interest,
    slots_of,
)
from tests.interviews.test_other_people import _colleague, _give

pytestmark = pytest.mark.usefixtures("app")
_I = InterviewState
STEPS = ("confirm", "move", "companion", "hand_over", "contact", "ask", "grant", "refuse", "revoke", "leave", "seat", "cancel", "plan", "remind")  # fmt: skip


class Round:
    """One interview's people, and the calendar that each of them would keep by RFC 5546 from the letters that left."""

    def __init__(self, permission: bool, at_once: bool) -> None:
        self.at_once = at_once
        self.case: Case = an_interest(permission=permission)
        self.workers = [self.case.worker, a_worker("Karim"), a_worker("Sara")]
        company = db.session.get_one(Organisation, self.case.employer.organisation_id)
        self.contacts = [
            self.case.contact,
            *(a_person(role=Role.EMPLOYER_CONTACT, first_name=n, last_name="Maes", organisation=company) for n in ("Bert", "Carla")),
        ]  # fmt: skip
        a_coordinator()
        self.gone: set[int] = set()
        self.without: set[int] = set()
        self.read = 0
        # Who got the interview while nobody goes along is asked about the moment; the invitation follows a companion.
        self.only_asked = 0
        self.kept: dict[str, dict[str, Any]] = {one.email: {} for one in (*self.workers, *self.contacts)}
        self.interview: Interview = again(a_requested(self.case))

    def step(self, name: str, number: int) -> None:
        """A step that a rule refuses changes nothing."""
        before = self.interview.contact_id
        try:
            with acting.as_(self.case.worker.id, "project_worker"):
                getattr(self, f"_{name}")(number)
            db.session.commit()
        except DomainError:
            db.session.rollback()
        self.interview = again(self.interview)
        if self.interview.state is not _I.NEEDS_WORKER:
            self.only_asked = 0
        elif self.interview.contact_id != before:
            self.only_asked = self.interview.contact_id
        if self.at_once:
            self.open_the_letters()

    def _confirm(self, _n: int) -> None:
        service.confirm(self.interview)

    def _move(self, n: int) -> None:
        if self.interview.open:
            slots = slots_of(self.case_now(), Mode.AT_COMPANY, self.interview)[1]
            service.move(self.interview, slots[n % len(slots)])

    def case_now(self) -> Case:
        self.case.contact = self.interview.contact
        return self.case

    def _free(self, n: int) -> Any:
        found = slots_of(self.case_now(), Mode.AT_COMPANY, self.interview)[0]
        assert self.interview.starts_at and self.interview.ends_at
        free = planning.free_companions(found, Span(self.interview.starts_at, self.interview.ends_at))
        return free.get(self.workers[n % 3].id)

    def _companion(self, n: int) -> None:
        slot = self._free(n) if self.interview.open else None
        if slot is not None:
            people.change_companion(self.interview, slot)

    def _hand_over(self, n: int) -> None:
        slot = self._free(n) if self.interview.open else None
        if slot is not None:
            people.hand_over(self.interview, slot)

    def _contact(self, n: int) -> None:
        chosen = self.contacts[n % 3]
        blocked = contacts.free(self.interview, [chosen]).get(chosen.id)
        if blocked is not None:
            people.change_contact(self.interview, chosen, blocked)

    def _ask(self, _n: int) -> None:
        permissions.requested(self.interview, clock.today())

    def _grant(self, _n: int) -> None:
        permissions.granted(self.interview, permissions.needed_span(self.interview))

    def _refuse(self, _n: int) -> None:
        permissions.refused(self.interview)

    def _revoke(self, _n: int) -> None:
        permissions.revoked(self.interview)

    def _leave(self, n: int) -> None:
        """A worker's account is closed; one always stays."""
        one = self.workers[n % 3]
        if one.id not in self.gone and len(self.gone | self.without) < 2:
            accounts.deactivate(db.session.get_one(Person, one.id))
            self.gone.add(one.id)

    def _seat(self, n: int) -> None:
        """A worker no longer is one here, and keeps the account: the calendar must hear it."""
        one = self.workers[n % 3]
        if one.id not in self.gone and one.id not in self.without and len(self.gone | self.without) < 2:
            seat = sa.select(Membership).where(Membership.person_id == one.id)
            administration.end_seat(db.session.scalars(seat).one())
            self.without.add(one.id)

    def _cancel(self, _n: int) -> None:
        service.cancel(self.interview, "employer")

    def _plan(self, n: int) -> None:
        if self.interview.state is _I.CANCELLED:
            self.case.contact = self.contacts[0]
            self.interview = a_requested(self.case, slot=n % 5)

    def _remind(self, _n: int) -> None:
        reminders.send_due()

    def open_the_letters(self) -> None:
        for letter in db.session.scalars(sa.select(Letter).where(Letter.id > self.read).order_by(Letter.id)):
            self.read = letter.id
            waits = letter.state is LetterState.WAITING
            if waits and letter.calendar and letter.address and still_right(letter):
                self._take(letter.address, letter.calendar)

    def _take(self, reader: str, message: dict[str, Any]) -> None:
        calendar = Calendar.from_ical(message["ics"])
        [event] = calendar.walk("VEVENT")
        assert str(calendar["METHOD"]) == message["method"]
        assert str(event["ATTENDEE"]) == f"mailto:{reader}", "the reader's own, and nobody else's"
        uid, sequence = str(event["UID"]), int(event["SEQUENCE"])
        before = self.kept[reader].get(uid)
        assert before is None or sequence > before[0], f"{message['method']} {sequence} to {reader} after {before}"
        there = message["method"] == "REQUEST"
        self.kept[reader][uid] = (sequence, event.DTSTART if there else None, event.DTEND if there else None)

    def check(self) -> None:
        for interview in db.session.scalars(sa.select(Interview)):
            stands = interview.state in (_I.CONFIRMED, _I.NEEDS_WORKER, _I.HELD)
            for person in (*self.workers, *self.contacts):
                if person.id in self.gone:
                    continue
                mine = stands and person.id in (interview.contact_id, interview.companion_id)
                mine = mine and not (interview.id == self.interview.id and person.id == self.only_asked)
                sequence, start, end = self.kept[person.email].get(interview.uid, (0, None, None))
                wanted = (interview.starts_at, interview.ends_at) if mine else (None, None)
                assert (start, end) == wanted, f"{person.first_name} has {start} at {sequence}, {interview.state}"
        one = self.interview
        if one.state is _I.CONFIRMED:
            held = {hold.party for hold in holds.of(one)}
            assert {f"person:{one.companion_id}", f"person:{one.contact_id}", f"candidate:{one.candidate_id}"} == held
            assert one.permission.stands, "nothing is certain without the permission"
            assert one.companion_id not in self.gone | self.without
        if one.state is _I.CANCELLED:
            assert db.session.scalar(sa.select(sa.func.count(HoldCell.id))) == 0


@hypothesis.settings(
    max_examples=40, deadline=None, database=None, print_blob=False,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
@hypothesis.given(
    permission=st.booleans(),
    at_once=st.booleans(),
    steps=st.lists(st.tuples(st.sampled_from(STEPS), st.integers(0, 40)), min_size=4, max_size=14),
)
def test_after_any_series_of_steps_each_calendar_says_what_the_portal_says(
    engine: str, post: Any, tmp_path_factory: Any, permission: bool, at_once: bool, steps: list[tuple[str, int]]
) -> None:
    engines.again(engine, tmp_path_factory.getbasetemp(), "empty")
    with time_machine.travel(NOW, tick=False) as at:
        now = Round(permission, at_once)
        if not permission:
            now.step("confirm", 0)
        for name, number in steps:
            at.shift(timedelta(minutes=1))
            now.step(name, number)
            if at_once:
                now.check()
        # Where the mail server was away all the time, all letters come at once, in their order.
        now.open_the_letters()
        now.check()


# --- Certain only when all of it is ---------------------------------------------------------------------------------


def _without_their_worker(case: Case) -> None:
    accounts.deactivate(db.session.get_one(Person, case.worker.id))
    db.session.commit()


def test_a_permission_that_is_revoked_while_nobody_goes_along_is_noted_and_the_interview_moves(
    visitors: Any, post: Any
) -> None:
    with time_machine.travel(NOW, tick=False):
        case, karim, griet = an_interest(), a_worker("Karim"), a_coordinator()
        interview = a_confirmed(case)
        _without_their_worker(case)
        page = visitors(griet).open(f"/interviews/{interview.key}/permission/revoked")
        page.send(reason=page.tree.xpath("//select[@name='reason']/option/@value")[-1])
        interview = again(interview)
        assert (interview.permission.state, interview.state) == (PermissionState.REVOKED, _I.AWAITING_PERMISSION)
        assert post.last(case.contact.email).calendar["method"] == "CANCEL"
        assert visitors(griet).open(f"/interviews/{interview.key}/companion").path.endswith("/move")
        service.move(interview, slots_of(case, interview=interview)[1][-1])
        assert again(interview).companion_id == karim.id


def test_a_moment_that_is_lost_asks_for_another_one_also_when_its_companion_leaves(visitors: Any, post: Any) -> None:
    with time_machine.travel(NOW, tick=False):
        case, griet = an_interest(), a_coordinator()
        a_worker("Karim")
        interview = a_requested(case)
        permissions.requested(interview, clock.today())
        permissions.refused(again(interview))
        db.session.commit()
        _without_their_worker(case)
        page = visitors(griet).open(f"/interviews/{interview.key}").says("Dit moment is niet meer vastgelegd")
        assert page.link("Kies een ander moment").endswith("/move")
        kinds = set(db.session.scalars(sa.select(Task.kind).where(Task.closed_at.is_(None))))
        assert "interviews.find_companion" not in kinds and "interviews.move" in kinds


@pytest.mark.parametrize("who", ["worker", "contact"])
def test_nothing_is_certain_with_somebody_who_is_away_by_then(who: str, post: Any) -> None:
    with time_machine.travel(NOW, tick=False):
        case = an_interest(permission=False)
        interview = a_requested(case)
        agenda.be_away(getattr(case, who).id, starts_at=interview.starts_at, ends_at=interview.ends_at)
        with pytest.raises(NobodyToAccompany if who == "worker" else TimeNotHeld):
            service.confirm(again(interview))
        assert again(interview).state is _I.REQUESTED


def test_nothing_is_certain_with_a_contact_whose_account_is_closed(post: Any) -> None:
    with time_machine.travel(NOW, tick=False):
        case = an_interest(permission=False)
        interview = a_requested(case)
        accounts.deactivate(db.session.get_one(Person, case.contact.id))
        with pytest.raises(NoContact):
            service.confirm(again(interview))


def test_the_hours_of_an_earlier_moment_are_not_granted_for_the_one_that_stands_now(visitors: Any, post: Any) -> None:
    with time_machine.travel(NOW, tick=False):
        case = an_interest()
        interview = a_requested(case)
        permissions.requested(interview, clock.today())
        stale = visitors(case.worker).open(f"/interviews/{interview.key}/permission/answer")
        interview = again(interview)
        service.move(interview, slots_of(case, interview=interview)[1][-1])
        permissions.requested(again(interview), clock.today())
        assert stale.send(outcome="granted", begins="07:00", until="19:00").status == 409
        assert again(interview).permission.state is PermissionState.REQUESTED


# --- Letters and calendars ------------------------------------------------------------------------------------------


def test_who_no_longer_takes_part_gets_no_reminder_and_no_question(post: Any) -> None:
    with time_machine.travel(NOW, tick=False) as at:
        case = an_interest(permission=False)
        interview = a_confirmed(case, slot=20)
        assert interview.starts_at is not None
        at.move_to(interview.starts_at - timedelta(hours=47))
        reminders.send_due()
        assert post.to(case.contact.email, "interviews/reminder")
        _give(interview, _colleague(case))
        assert not post.to(case.contact.email, "interviews/reminder")
        other = an_interest(permission=False, name="Bakkerij Joos")
        _give(a_requested(other), _colleague(other))
        assert [one.template for one in post.to(other.contact.email)] == ["interviews/other_contact"]


def test_a_second_move_does_not_swallow_the_end_of_the_moment_before_the_first(post: Any) -> None:
    """The proposal of another moment brings it; the mail server was away meanwhile."""
    with time_machine.travel(NOW, tick=False):
        case = an_interest()
        interview = a_confirmed(case)
        for number in (-1, -2):
            service.move(again(interview), slots_of(case, interview=interview)[1][number])
        told = [one.calendar["method"] for one in post.to(case.contact.email) if one.calendar]
        assert told == ["REQUEST", "CANCEL"]


def test_a_seat_that_ends_takes_the_interview_out_of_the_calendar_of_whoever_stays(post: Any) -> None:
    with time_machine.travel(NOW, tick=False):
        case = an_interest(permission=False)
        worker = case.worker
        db.session.add(Membership(person_id=worker.id, role=Role.COORDINATOR, programme_id=case.programme.id, since=clock.today()))  # fmt: skip
        interview = a_confirmed(case)
        seat = sa.select(Membership).where(Membership.person_id == worker.id, Membership.role == Role.PROJECT_WORKER)
        administration.end_seat(db.session.scalars(seat).one())
        assert again(interview).state is _I.NEEDS_WORKER
        assert post.last(worker.email).calendar["method"] == "CANCEL"


def test_another_contact_while_nobody_goes_along_is_invited_once_somebody_does(visitors: Any, post: Any) -> None:
    with time_machine.travel(NOW, tick=False):
        case, karim = an_interest(permission=False), a_worker("Karim")
        bert = _colleague(case)
        interview = a_confirmed(case)
        _without_their_worker(case)
        interview = _give(again(interview), bert)
        found = slots_of(Case(**{**vars(case), "contact": bert}), interview=interview)[0]
        assert interview.starts_at and interview.ends_at
        free = planning.free_companions(found, Span(interview.starts_at, interview.ends_at))
        people.change_companion(again(interview), free[karim.id])
        assert again(interview).state is _I.CONFIRMED
        for one in (bert, karim):
            assert post.last(one.email, "interviews/invitation").calendar["method"] == "REQUEST"
        visitors(bert).open(f"/interviews/{interview.key}").says(CANARY)


def test_an_invitation_that_was_refused_by_the_mail_server_does_not_follow_its_own_cancellation(post: Any) -> None:
    with time_machine.travel(NOW, tick=False):
        case = an_interest(permission=False)
        interview = a_confirmed(case)
        first = db.session.scalars(
            sa.select(Letter).where(Letter.template == "interviews/invitation", Letter.recipient_ref == f"person:{case.contact.id}")
        ).one()  # fmt: skip
        first.attempts = 1
        assert still_right(first)
        service.cancel(again(interview), "employer")
        db.session.commit()
        assert not still_right(first)
        assert post.last(case.contact.email).calendar["method"] == "CANCEL"


def test_a_deadlock_that_the_database_ended_is_said_and_no_error(
    visitors: Any, post: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Ended(Exception):
        sqlstate = "40P01"

    def waits(*_args: Any, **_more: Any) -> None:
        raise OperationalError("UPDATE", {}, Ended())

    with time_machine.travel(NOW, tick=False):
        case = an_interest(permission=False)
        interview = a_requested(case)
        page = visitors(case.worker).open(f"/interviews/{interview.key}")
        monkeypatch.setattr(service, "confirm", waits)
        page.send("Bevestig dit gesprek").says("iemand veranderde intussen iets")
        assert again(interview).state is _I.REQUESTED


# --- Nonsense -------------------------------------------------------------------------------------------------------

ODD = ("0001-01-01", "9999-12-31", "2027-02-30", "²", "٣", "a" * 5000, "🚜")


def test_no_nonsense_breaks_a_page_of_moments_or_of_times(visitors: Any, post: Any) -> None:
    with time_machine.travel(NOW, tick=False):
        case = an_interest()
        lien, plan = visitors(case.worker), f"/interviews/plan/{case.interest.key}"
        page = lien.open(plan)
        for odd in ODD:
            lien.open(f"{plan}?week={odd}&mode={odd}&view={odd}&slot={odd}")
            assert lien.post(plan, _sent(page, slot=odd)).status in {409, 422}
        interview = a_requested(case)
        asked = db.session.scalars(sa.select(Proposal).where(Proposal.interview_id == interview.id)).one()
        an, at = visitors(case.contact), f"/interviews/times/{asked.key}"
        question = an.open(at)
        for odd in ODD:
            given = {"offered": f"{odd}/09:00/12:00", "day_1": odd, "begins_1": odd, "until_1": odd, "seen": "asked"}
            assert an.post(at, _sent(question, **given)).status in {409, 422}
            real = {"day_1": odd, "begins_1": "09:00", "until_1": "12:00"}
            assert an.post(at, _sent(question, **real)).status in {409, 422}
            assert lien.post(f"/interviews/{interview.key}/confirm", _sent(page, revision=odd)).status < 500
        many = [("offered", f"2026-12-{day:02}/09:00/12:00") for day in range(1, 29)] * 40
        assert an.post(at, [*_sent(question), *many]).status == 422
        assert again(interview).state is _I.AWAITING_PERMISSION


def _sent(page: Any, **values: Any) -> list[tuple[str, str]]:
    token = page.tree.xpath("//input[@name='csrf_token']/@value")[0]
    return [("csrf_token", token), *values.items()]
