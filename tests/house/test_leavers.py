"""Who left, who may not know, and what a letter carries: a name is for one reader, for as long as there is a reason."""

import re
from datetime import timedelta
from typing import Any

import icalendar
import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from portal.accounts import service as accounts
from portal.accounts.models import Membership, Person
from portal.accounts.roles import EMPLOYERS, Role
from portal.candidates import consents
from portal.candidates.models import Referral
from portal.candidates.states import Purpose
from portal.foundation import clock
from portal.foundation.database import db
from portal.foundation.mailer import mail
from portal.interviews import cards, outcome
from portal.interviews.states import DecisionState
from portal.organisations.models import Kind, Organisation, Workplace
from portal.outbox.delivery import deliver
from portal.trajectories import service as trajectories
from tests.candidates.factories import a_candidate, a_partner, a_referral, a_worker
from tests.factories import a_person, a_programme
from tests.interviews.factories import CANARY, NOW, a_confirmed, again, all_there, an_interest
from tests.visitor import Visitor

pytestmark = pytest.mark.usefixtures("app")


# --- Who left ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("gone", ["left", "works elsewhere", "closed"])
def test_a_former_contact_reads_no_name(visitors: Any, post: Any, gone: str) -> None:
    with time_machine.travel(NOW, tick=False) as at:
        case = an_interest(permission=False)
        path = f"/interviews/{a_confirmed(case).key}"
        an: Visitor = visitors(case.contact)
        an.open(path).says(CANARY)
        at.shift(timedelta(days=1))
        seat = db.session.scalars(sa.select(Membership).where(Membership.person_id == case.contact.id)).one()
        seat.until = clock.today() - timedelta(days=1)
        if gone == "works elsewhere":
            other = Organisation(kind=Kind.COMPANY, name="Elders")
            db.session.add(other)
            db.session.flush()
            accounts.seat(case.contact, Role.EMPLOYER_CONTACT, organisation_id=other.id)
        elif gone == "closed":
            accounts.deactivate(case.contact)
        db.session.commit()
        an = visitors(case.contact) if gone != "closed" else an
        page = an._ask(lambda: an.client.get(path, follow_redirects=True))
        assert page.status in ({404} if gone == "works elsewhere" else {403, 200})
        assert CANARY not in page.html
        for more in ("/interviews", f"{path}/scorecard", f"{path}/decision", "/aftercare", "/agenda", "/"):
            assert CANARY not in an._ask(lambda more=more: an.client.get(more, follow_redirects=True)).html


def test_a_name_is_gone_thirty_days_after_a_no_and_for_a_new_contact_at_once(visitors: Any, post: Any) -> None:
    with time_machine.travel(NOW, tick=False) as at:
        case = an_interest(permission=False)
        interview = a_confirmed(case)
        path = f"/interviews/{interview.key}"
        company = db.session.get_one(Organisation, case.employer.organisation_id)
        for role in EMPLOYERS:
            colleague = visitors(a_person(role=role, first_name="Bo", organisation=company))
            assert CANARY not in colleague._ask(lambda one=colleague: one.client.get(path)).html
        at.move_to(interview.starts_at + timedelta(hours=1))
        all_there(again(interview))
        cards.score(again(interview), case.contact.id, cards.Scores({"skills": 3}, {}))
        outcome.decide(again(interview), case.contact.id, DecisionState.REJECTED, ["transport"])
        db.session.commit()
        at.shift(timedelta(days=29))
        visitors(case.contact).open(path).says(CANARY)
        at.shift(timedelta(days=1, minutes=1))
        visitors(case.contact).open(path).lacks(CANARY)


def test_a_worker_of_another_programme_finds_no_interview_of_the_old_one(visitors: Any, post: Any) -> None:
    with time_machine.travel(NOW, tick=False) as at:
        case = an_interest(permission=False)
        path = f"/interviews/{a_confirmed(case).key}"
        at.shift(timedelta(days=1))
        seat = db.session.scalars(sa.select(Membership).where(Membership.person_id == case.worker.id)).one()
        seat.until = clock.today() - timedelta(days=1)
        accounts.seat(case.worker, Role.PROJECT_WORKER, programme_id=a_programme("Elders").id)
        db.session.commit()
        lien = visitors(case.worker)
        lien.open(path, status=404)
        lien.open(f"/interests/{case.interest.key}", status=404)
        lien.open(f"/interviews/plan/{case.interest.key}", status=404)
        lien.open("/interviews").lacks(CANARY)


# --- A partner --------------------------------------------------------------------------------------------------------


def test_a_partner_cannot_read_a_refusal_from_the_page(visitors: Any, post: Any) -> None:
    """What the candidate agrees to or takes back changes no byte of the partner's pages, and every end has one word."""
    candidate = a_candidate(a_worker())
    referral = db.session.scalars(sa.select(Referral).where(Referral.candidate_id == candidate.id)).one()
    tom: Visitor = visitors(db.session.get_one(Person, referral.referrer_id))

    def read() -> list[str]:
        drawn = re.compile(r'nonce="[^"]*"|name="(csrf_token|once)"[^>]*>|value="[^"]{40,}"')
        return [drawn.sub("", tom.open(path).html) for path in ("/referrals", f"/referrals/{referral.key}", "/")]

    before = read()
    standing = consents.standing(candidate.id, Purpose.PROCESSING)
    if standing is not None:
        consents.withdraw(standing)
    db.session.commit()
    assert read() == before
    trajectories.close(trajectories.of(candidate.id), "other")
    db.session.commit()
    tom.open(f"/referrals/{referral.key}").says("Not now").lacks("other", "closed")
    other: Visitor = visitors(a_partner(name="Ilse"))
    unknown = other.open("/referrals/zzzzzzzzzzzz", status=404).text
    assert other.open(f"/referrals/{referral.key}", status=404).text == unknown


def test_a_former_partner_reads_no_name(visitors: Any) -> None:
    tom = a_partner()
    referral = a_referral(tom, first_name="Zebedeus", last_name="Kwartelslag")
    visitors(tom).open(f"/referrals/{referral.key}").says("Zebedeus")
    seat = db.session.scalars(sa.select(Membership).where(Membership.person_id == tom.id)).one()
    seat.programme_id = a_programme("Elders").id
    db.session.commit()
    visitors(tom).open(f"/referrals/{referral.key}", status=404)
    visitors(tom).open("/referrals").lacks("Zebedeus", "Kwartelslag")


# --- Letters ----------------------------------------------------------------------------------------------------------

BREAK = "An\r\nBcc: dief@example.org\r\nContent-Type: text/html\u2028\x0b"


def test_a_name_with_line_breaks_adds_no_heading_to_a_letter_and_no_line_to_a_calendar(app: Flask, post: Any) -> None:
    with time_machine.travel(NOW, tick=False):
        case = an_interest(permission=False)
        contact = db.session.get_one(Person, case.contact.id)
        contact.first_name = case.vacancy.title = BREAK
        db.session.get_one(Organisation, case.employer.organisation_id).name = BREAK
        place = db.session.get_one(Workplace, case.vacancy.workplace_id)
        place.name = place.street = "Kaai 4\r\nATTENDEE:mailto:dief@example.org\r\nEND:VEVENT"
        db.session.commit()
        a_confirmed(case)
        read = post.to(contact.email)
        assert read
        for letter in read:
            assert not re.search(r"[\r\n\u2028\x0b]", letter.subject)
            for event in icalendar.Calendar.from_ical(letter.calendar["ics"]).events if letter.calendar else ():
                assert event["ATTENDEE"] == f"mailto:{contact.email}"
                assert "\nATTENDEE:mailto:dief" not in letter.calendar["ics"]
        with mail.record_messages() as sent:
            suppressed = app.extensions["mail"]
            suppressed.suppress = True
            try:
                deliver()
            finally:
                suppressed.suppress = False
        assert sent
        for message in sent:
            assert message.recipients in ([contact.email], [case.worker.email])
            whole = message.as_string()
            headings = whole.replace("\r\n", "\n").partition("\n\n")[0]
            assert "Bcc" not in re.findall(r"^([\w-]+):", headings, re.M)
            assert CANARY not in whole
            assert re.search(r"^Message-ID: <[\w-]+@", headings, re.M | re.I)
