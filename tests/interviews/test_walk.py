"""The case of issue 2, steps 5 and 6, as the people of the case walk it."""

from datetime import timedelta
from typing import Any

import icalendar
import pytest
import sqlalchemy as sa
import time_machine

from portal.foundation.database import db
from portal.foundation.signals import interest_accepted, offer_accepted
from portal.interviews.models import Decision, Interview
from portal.interviews.states import DecisionState, InterviewState, PermissionState
from portal.tasks.queries import waiting_for
from portal.trajectories import service as trajectories
from portal.trajectories.models import TrajectoryState
from tests.interviews.factories import CANARY, NOW, again, an_interest

pytestmark = pytest.mark.usefixtures("app")
SCORES = {"skills": "4", "learning": "4", "motivation": "5", "communication": "3", "hours": "4", "safety": "4"}
OFFER = {"starts_on": "2027-01-04", "stands_until": "2026-12-18"}
LINES = {f"{name}_evidence": "Legde zelf uit hoe de bestelling klopt." for name in SCORES}


def _only() -> Interview:
    return again(db.session.scalars(sa.select(Interview)).one())


def _tasks(person: Any) -> list[str]:
    from portal.accounts.queries import current_memberships
    from portal.foundation.access import Seat, Viewer

    seats = tuple(Seat(m.role, m.organisation_id, m.programme_id) for m in current_memberships(person.id))
    return [one.kind.partition(".")[2] for one in waiting_for(Viewer(person.id, seats=seats))]


def test_from_a_yes_to_an_accepted_offer(visitors: Any, post: Any) -> None:
    with time_machine.travel(NOW, tick=False) as at:
        case = an_interest()
        interest_accepted.send(case.interest)
        db.session.commit()
        assert _tasks(case.worker) == ["plan"]

        lien = visitors(case.worker)
        page = lien.open(f"/interviews/plan/{case.interest.key}")
        page.says("Gesprek bij Transport Nys plannen", "Eerste haalbare dag", "5 werkdagen", "Lien gaat mee")
        first = page.tree.xpath("//input[@name='slot']")[0].get("value")
        page = page.send("Leg dit moment vast", slot=first)
        page.says("wacht op de vergunning", "Vraag de vergunning aan")
        interview = _only()
        assert interview.state is InterviewState.AWAITING_PERMISSION
        assert _tasks(case.worker) == ["request_permission"]
        assert [one.template for one in post.all()] == ["interviews/proposed"]

        page = page.follow("Vraag de vergunning aan").send("Ze is aangevraagd")
        lien.open(f"/interviews/{interview.key}/file-letter").says(CANARY, "Transport Nys", "Lien Claes")
        page = lien.open(f"/interviews/{interview.key}").follow("Noteer het antwoord")
        page = page.send("Noteer het antwoord", outcome="granted", begins="07:00", until="17:00")
        page.says("Bevestig dit gesprek").send("Bevestig dit gesprek").says("Bevestigd.")
        interview = _only()
        assert interview.state is InterviewState.CONFIRMED
        assert interview.permission.state is PermissionState.GRANTED
        assert trajectories.of(case.candidate.id).state is TrajectoryState.INTERVIEWING
        assert set(_tasks(case.worker)) == {"sheet", "presence", "back_by"}

        for person in (case.contact, case.worker):
            letter = post.last(person.email, "interviews/invitation")
            assert letter.calendar["method"] == "REQUEST"
            event = icalendar.Calendar.from_ical(letter.calendar["ics"]).events[0]
            assert event["UID"] == interview.uid
            assert interview.starts_at == event.DTSTART
            assert CANARY not in letter.text + letter.html + letter.calendar["ics"] + letter.subject
        lien.open(f"/interviews/{interview.key}/sheet").says(CANARY, "Bus 3, halte Kaai", "Lien Claes")
        lien.open(f"/interviews/{interview.key}").send("De kandidaat weet het")
        assert set(_tasks(case.worker)) == {"presence", "back_by"}

        page = lien.open(f"/interviews/{interview.key}").follow("Kadering")
        page.send(
            "De kandidaat is hiermee akkoord",
            kind="own_words",
            words="Ik werk graag met mijn handen.",
            channel="in_person",
        )
        an = visitors(case.contact)
        an.open(f"/interviews/{interview.key}").says(CANARY, "Ik werk graag met mijn handen.").lacks("Kwartelslag")

        at.move_to(interview.starts_at + timedelta(hours=1))
        lien, an = visitors(case.worker), visitors(case.contact)
        page = lien.open(f"/interviews/{interview.key}").follow("Noteer wie er was")
        page.send("Noteer dit", candidate="present", contact="present", companion="present")
        assert _only().state is InterviewState.HELD
        assert _tasks(case.contact) == ["answer"]

        page = an.open(f"/interviews/{interview.key}").follow("Hoe was het gesprek?")
        page = page.send("Mijn kaart is klaar", **SCORES, **LINES, make_it_work="Een uur later beginnen.")
        page = page.follow("Geef je antwoord").follow("We bieden de job aan")
        page.send("Stuur mijn antwoord", form="permanent", hours_week="38", **OFFER).says(
            "Dank je", "Contract onbepaalde duur"
        )
        assert _tasks(case.worker) == ["tell"]
        assert _tasks(case.contact) == []

        heard: list[int] = []

        def listener(interview: Any) -> None:
            heard.append(interview.id)

        offer_accepted.connect(listener)
        lien.open(f"/interviews/{interview.key}").says("Een uur later beginnen.").follow(
            "Vertel het de kandidaat"
        ).send("De kandidaat weet het", reply="accepted")
        assert heard == [interview.id]
        assert db.session.scalars(sa.select(Decision)).one().state is DecisionState.ACCEPTED
        assert trajectories.of(case.candidate.id).state is TrajectoryState.STARTING
        assert "ja" in post.last(case.contact.email, "interviews/offer_answered").text
        assert "tell" not in _tasks(case.worker)


def test_a_talk_without_permission_is_confirmed_at_once(visitors: Any, post: Any) -> None:
    with time_machine.travel(NOW, tick=False):
        case = an_interest(permission=False)
        lien = visitors(case.worker)
        page = lien.open(f"/interviews/plan/{case.interest.key}")
        page.lacks("werkdagen")
        first = page.tree.xpath("//input[@name='slot']")[0].get("value")
        page = page.send("Leg dit moment vast", slot=first).send("Bevestig dit gesprek")
        assert _only().state is InterviewState.CONFIRMED


def test_every_no_gets_an_answer_in_the_candidates_words(visitors: Any, post: Any) -> None:
    from tests.interviews.factories import a_confirmed, all_there

    with time_machine.travel(NOW, tick=False) as at:
        case = an_interest(permission=False)
        interview = a_confirmed(case)
        at.move_to(interview.starts_at + timedelta(hours=1))
        all_there(again(interview))
        an, lien = visitors(case.contact), visitors(case.worker)
        no = f"/interviews/{interview.key}/decision?outcome=rejected"
        an.open(no).says("6 vragen over het werk")
        an.open(f"/interviews/{interview.key}/scorecard").send("Mijn kaart is klaar", **SCORES, **LINES)
        refused = an.open(no).send("Stuur mijn antwoord")
        assert refused.status == 422
        refused.says("minstens één reden")
        an.open(no).send("Stuur mijn antwoord", reasons=["skills"])
        assert trajectories.of(case.candidate.id).state is TrajectoryState.SEARCHING
        again(interview).scorecards[0].evidence = {}
        db.session.commit()
        lien.open(f"/interviews/{interview.key}").says("Vaardigheden", "4 / 5")
        page = lien.open(f"/interviews/{interview.key}/tell").says("Voor deze job vroeg het bedrijf een vaardigheid")
        page.send("De kandidaat weet het")
        assert again(interview).decision.told_at is not None

        # 30 days after a "no" the name is gone.
        an.open(f"/interviews/{interview.key}").says(CANARY)
        at.shift(timedelta(days=31))
        visitors(case.contact).open(f"/interviews/{interview.key}").lacks(CANARY)
