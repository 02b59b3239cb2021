"""Own interviews only; the name to one contact, from the confirmation on; nothing of it in a letter, ever."""

from datetime import timedelta
from typing import Any

import icalendar
import pytest
import sqlalchemy as sa
import time_machine

from portal.accounts import service as accounts
from portal.accounts.roles import Role
from portal.agenda.windows import Span
from portal.candidates import consents
from portal.candidates.states import Channel, Purpose
from portal.foundation import clock
from portal.foundation.database import db
from portal.interviews import answers, cards, outcome, people, permissions, planning, reminders, service, silence
from portal.interviews.states import DecisionState, InterviewState
from portal.journal.models import Entry
from portal.organisations.models import Organisation
from portal.tasks.models import Task
from tests.factories import a_person
from tests.interviews.factories import (
    CANARY,
    NOW,
    a_confirmed,
    a_coordinator,
    a_requested,
    a_worker,
    again,
    all_there,
    an_interest,
    slots_of,
)

pytestmark = pytest.mark.usefixtures("app")
NAMES = (CANARY, "Kwartelslag", "0470 00 00 00", "Oudenaarde", "Gevangenis")


def _admin_of(case: Any) -> Any:
    company = db.session.get_one(Organisation, case.employer.organisation_id)
    return a_person(role=Role.EMPLOYER_ADMIN, first_name="Bert", organisation=company)


def test_no_letter_and_no_calendar_names_the_candidate_whatever_happens(post: Any) -> None:
    with time_machine.travel(NOW, tick=False) as at:
        case, karim = an_interest(), a_worker("Karim")
        interview = a_confirmed(case, framing=f"{CANARY} wil graag werken.")
        found, _slots = slots_of(case, interview=interview)
        free = planning.free_companions(found, Span(interview.starts_at, interview.ends_at))
        people.change_companion(again(interview), free[karim.id])
        service.move(again(interview), slots_of(case, interview=interview)[1][30])
        moved = again(interview)
        permissions.requested(moved, clock.today())
        permissions.granted(moved, permissions.needed_span(moved))
        service.confirm(again(interview))
        at.move_to(moved.starts_at - timedelta(hours=40))
        reminders.send_due()
        permissions.revoked(again(interview))
        service.move(again(interview), slots_of(case, interview=interview)[1][0])
        last = again(interview)
        permissions.requested(last, clock.today())
        permissions.granted(last, permissions.needed_span(last))
        service.confirm(again(interview))
        at.move_to(last.starts_at + timedelta(hours=1))
        all_there(again(interview))
        cards.ask_by_letter(again(interview), name="Mia", email="mia@nys.example", language="fr")
        at.move_to("2027-01-15 03:00:00+00:00")
        silence.ask_for_answers()
        before = post.all()
        row = again(interview)
        cards.score(row, case.contact.id, cards.Scores({"skills": 3}, {"skills": "x"}))
        outcome.decide(row, case.contact.id, DecisionState.OFFER, [])
        answers.told(row, "declined", ["transport"])
        for one in db.session.scalars(sa.select(Task).where(Task.owner_id == case.contact.id)):
            assert not any(name in str(one.words) for name in NAMES), one.kind
        letters = before + post.all()
        assert {one.template.partition("/")[2] for one in letters} >= {
            "proposed", "invitation", "replaced", "must_move", "offer_answered", "card_asked", "card_waiting", "waiting",
        }  # fmt: skip
        for letter in letters:
            everything = letter.subject + letter.text + letter.html + str(letter.calendar)
            for name in NAMES:
                assert name not in everything, letter.template


def test_a_calendar_message_reads_back_as_rfc_5546_wants_it(post: Any) -> None:
    with time_machine.travel(NOW, tick=False):
        case = an_interest(permission=False)
        interview = a_confirmed(case)
        letter = post.last(case.contact.email, "interviews/invitation")
        calendar = icalendar.Calendar.from_ical(letter.calendar["ics"])
        event = calendar.events[0]
        assert calendar["METHOD"] == letter.calendar["method"] == "REQUEST"
        assert (event["UID"], event["SEQUENCE"]) == (interview.uid, interview.sequence)
        assert str(event["ORGANIZER"]) == "mailto:doorstart@localhost"
        assert str(event["ATTENDEE"]) == f"mailto:{case.contact.email}"
        assert event["ATTENDEE"].params["PARTSTAT"] == "NEEDS-ACTION"
        assert str(event["LOCATION"]) == "Kaai 4, 9000 Gent"
        assert event.DTSTART.tzinfo is not None
        assert "Belgische tijd" in letter.text


def test_the_name_shows_to_that_one_contact_from_the_confirmation_on_and_each_time_is_journalled(
    visitors: Any, post: Any
) -> None:
    with time_machine.travel(NOW, tick=False):
        case = an_interest(permission=False)
        bert, stranger = _admin_of(case), an_interest(permission=False, name="Bakkerij Joos").contact
        interview = a_requested(case)
        db.session.commit()
        path = f"/interviews/{interview.key}"
        an = visitors(case.contact)
        an.open(path).says("Je ziet de naam hier zodra").lacks(*NAMES)
        an.open("/interviews").lacks(*NAMES)
        service.confirm(again(interview))
        db.session.commit()
        an.open(path).says(CANARY).lacks("Kwartelslag", "0470 00 00 00", "Oudenaarde", "Gevangenis")
        an.open("/interviews").lacks(*NAMES)
        an.open(path)
        visitors(bert).open(path).says("Alleen de collega die het gesprek voert").lacks(*NAMES)
        visitors(stranger).open(path, status=404)
        shown = sa.select(sa.func.count(Entry.id)).where(
            Entry.action == "identity.revealed", Entry.actor_id == case.contact.id
        )
        assert db.session.scalar(shown) == 2


@pytest.mark.parametrize("state", ["cancelled", "revoked", "needs_worker", "consent"])
def test_the_name_goes_when_the_reason_for_it_goes(visitors: Any, post: Any, state: str) -> None:
    with time_machine.travel(NOW, tick=False):
        a_coordinator()
        case = an_interest()
        interview = a_confirmed(case)
        path, an = f"/interviews/{interview.key}", visitors(case.contact)
        an.open(path).says(CANARY)
        if state == "cancelled":
            service.cancel(again(interview), "illness")
        elif state == "revoked":
            permissions.revoked(again(interview))
        elif state == "needs_worker":
            accounts.deactivate(case.worker)
        else:
            consents.withdraw(consents.standing(case.candidate.id, Purpose.IDENTITY, case.employer.id))
        db.session.commit()
        an.open(path).lacks(*NAMES)


def test_without_consent_there_is_no_name_and_a_later_consent_shows_it(visitors: Any, post: Any) -> None:
    with time_machine.travel(NOW, tick=False):
        case = an_interest(permission=False, consent=False)
        interview = a_confirmed(case)
        path = f"/interviews/{interview.key}"
        visitors(case.contact).open(path).says("De naam hoor je in het gesprek zelf").lacks(*NAMES)
        lien = visitors(case.worker)
        lien.open(path).send("De toestemming is genoteerd").says("De kandidaat heeft nog niet toegestemd")
        consents.give(case.candidate.id, Purpose.IDENTITY, channel=Channel.PAPER, employer_id=case.employer.id)
        lien.open(path).send("De toestemming is genoteerd")
        visitors(case.contact).open(path).says(CANARY)


def test_a_worker_finds_own_cases_and_those_to_go_along_to_others_are_not_there(visitors: Any, post: Any) -> None:
    with time_machine.travel(NOW, tick=False) as at:
        case, karim, jan = an_interest(permission=False), a_worker("Karim"), a_worker("Jan")
        interview = a_confirmed(case)
        path = f"/interviews/{interview.key}"
        found, _slots = slots_of(case, interview=interview)
        free = planning.free_companions(found, Span(interview.starts_at, interview.ends_at))
        people.change_companion(again(interview), free[karim.id])
        db.session.commit()
        visitors(case.worker).open(path).says(CANARY)
        visitors(karim).open(path).says(CANARY)
        visitors(a_coordinator()).open(path).says(CANARY)
        nobody = visitors(jan)
        for page in (
            "",
            "/move",
            "/cancel",
            "/companion",
            "/permission",
            "/presence",
            "/tell",
            "/sheet",
            "/file-letter",
        ):
            nobody.open(path + page, status=404)
        nobody.open(f"/interviews/plan/{case.interest.key}", status=404)
        nobody.open("/interviews").lacks(*NAMES)
        at.move_to(interview.ends_at + timedelta(days=8))
        visitors(karim).open(path, status=404)


def test_an_employer_opens_no_page_of_the_team(visitors: Any, post: Any) -> None:
    with time_machine.travel(NOW, tick=False):
        case = an_interest(permission=False)
        interview = a_confirmed(case)
        an = visitors(case.contact)
        for page in ("move", "cancel", "companion", "permission", "sheet", "file-letter", "tell", "presence"):
            an.open(f"/interviews/{interview.key}/{page}", status=403)


def test_pages_cost_at_most_eight_queries_at_1_and_at_30(visitors: Any, post: Any) -> None:
    with time_machine.travel(NOW, tick=False):
        worker = a_worker()
        griet = a_coordinator()
        case = an_interest(worker)
        more = an_interest(worker, name="Groen en Co")
        interview = a_confirmed(case)
        lien, an = visitors(worker), visitors(case.contact)
        of_staff = (
            "/interviews",
            f"/interviews/{interview.key}",
            f"/interviews/plan/{more.interest.key}",
            "/agenda",
            "/agenda/hours",
        )
        of_employer = ("/interviews", f"/interviews/{interview.key}", "/agenda")
        lien.open("/interviews")

        def costs() -> list[int]:
            return [len(lien.open(page).queries) for page in of_staff] + [
                len(an.open(page).queries) for page in of_employer
            ]

        few = costs()
        assert max(few) <= 8, few
        for n in range(12):
            a_worker(f"Worker {n}")
        for n in range(12):
            a_requested(an_interest(worker, name=f"Company {n}"), slot=n * 3 + 5)
        db.session.commit()
        assert costs() == few
        assert len(visitors(griet).open("/interviews").queries) <= 8
        assert again(interview).state is InterviewState.CONFIRMED
