"""Before sending, a worker sees every letter as its reader will: the deed's own steps write it, and then all is undone."""

import re
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine

from portal.agenda.windows import Span
from portal.foundation import acting, clock, jobs
from portal.foundation.database import db
from portal.interviews import people, permissions, planning, proposals, service
from portal.interviews.models import Interview, Proposal
from portal.interviews.states import InterviewState, Mode
from portal.outbox import delivery, rehearsal
from portal.outbox.models import Letter
from tests.interviews.factories import (
    CANARY,
    NOW,
    a_confirmed,
    a_requested,
    a_worker,
    again,
    an_interest,
    slots_of,
)
from tests.mail_server import Message, receiving

pytestmark = pytest.mark.usefixtures("app")
FIRST = "Lees eerst de brieven"


def content() -> dict[str, list[Any]]:
    """Every row of every table; of a sign-in only that it is there, since each page notes when somebody was last here."""
    db.session.commit()
    kept = {}
    for table in db.metadata.sorted_tables:
        columns = [c for c in table.c if table.name != "sign_in" or c.name == "id"]
        kept[table.name] = [tuple(row) for row in db.session.execute(sa.select(*columns).order_by(table.c.id))]
    db.session.rollback()
    return kept


@pytest.fixture
def woken(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the worker was woken for."""
    calls: list[str] = []
    monkeypatch.setattr(jobs, "wake", calls.append)
    return calls


def a_moment(page: Any) -> str:
    return str(page.tree.xpath("//input[@name='slot']")[0].get("value"))


# --- The page -------------------------------------------------------------------------------------------------------


@pytest.mark.engine
def test_reading_the_letters_first_writes_no_row_and_wakes_nobody(visitors: Any, woken: list[str]) -> None:
    with time_machine.travel(NOW, tick=False):
        case = an_interest()
        page = visitors(case.worker).open(f"/interviews/plan/{case.interest.key}")
        before = content()
        woken.clear()
        shown = page.send(FIRST, slot=a_moment(page), framing="Ik werk graag.")
        assert shown.status == 200
        shown.says("1 brief, zoals hij gelezen wordt", "An Nys", case.contact.email, "Nederlands", "Dag An,")
        shown.says("Een moment voor je gesprek", "Er is nog niets gebeurd").lacks(CANARY, " style=")
        assert content() == before
        assert woken == []


@pytest.mark.engine
def test_one_press_then_sends_all_that_was_chosen(visitors: Any, post: Any, woken: list[str]) -> None:
    with time_machine.travel(NOW, tick=False):
        case = an_interest()
        page = visitors(case.worker).open(f"/interviews/plan/{case.interest.key}?view=list&mode=at_company")
        slot = page.tree.xpath("//input[@name='slot']")[2].get("value")
        page.send(FIRST, slot=slot, framing="Ik werk graag.").send("Versturen").says(
            "Het moment is voor iedereen vastgelegd"
        )
        interview = db.session.scalars(sa.select(Interview)).one()
        assert (interview.framing, interview.state) == ("Ik werk graag.", InterviewState.AWAITING_PERMISSION)
        assert [one.template for one in post.all()] == ["interviews/proposed"]
        # What the figures are counted from has changed as well: that is another worker's business.
        assert [one for one in woken if one != "dashboard.kept"] == ["outbox.deliver"]


def test_who_goes_back_finds_what_was_chosen(visitors: Any) -> None:
    with time_machine.travel(NOW, tick=False):
        case = an_interest()
        page = visitors(case.worker).open(f"/interviews/plan/{case.interest.key}")
        slot = page.tree.xpath("//input[@name='slot']")[2].get("value")
        back = page.send(FIRST, slot=slot, framing="Ik werk graag.").send("Iets veranderen")
        assert back.status == 200
        back.says("Ik werk graag.").lacks("wrong-text")
        assert back.tree.xpath("//input[@name='slot' and @checked]/@value") == [slot]
        assert db.session.scalars(sa.select(Interview)).all() == []
        other = back.tree.xpath("//input[@name='slot']")[3].get("value")
        back.send(FIRST, slot=other).says("1 brief")


@pytest.mark.engine
def test_a_moment_that_is_taken_answers_409_beforehand_too(visitors: Any, post: Any) -> None:
    with time_machine.travel(NOW, tick=False):
        worker = a_worker()
        first, second = (an_interest(worker, name=name) for name in ("Transport Nys", "Bakkerij Joos"))
        late = visitors(worker).open(f"/interviews/plan/{second.interest.key}")
        wanted = a_moment(late)
        visitors(worker).open(f"/interviews/plan/{first.interest.key}").send("Leg dit moment vast", slot=wanted)
        answer = late.send(FIRST, slot=wanted, framing="Blijft staan.")
        assert answer.status == 409
        answer.says("Iemand was je voor", "Blijft staan.")


def test_what_may_not_be_done_is_said_instead_of_shown(visitors: Any, post: Any) -> None:
    """A confirmation without the permission; and a form that is not filled in."""
    with time_machine.travel(NOW, tick=False):
        case = an_interest()
        interview = a_requested(case)
        lien = visitors(case.worker)
        page = lien.open(f"/interviews/{interview.key}")
        token = page.tree.xpath("//input[@name='csrf_token']/@value")[0]
        answer = lien.post(
            f"/interviews/{interview.key}/confirm",
            [("csrf_token", token), ("revision", str(interview.revision)), ("letters", "read")],
        )
        answer.says("vergunning").lacks("zoals ze gelezen worden")
        empty = lien.open(f"/interviews/{interview.key}/cancel").send(FIRST)
        assert empty.status == 422


def test_a_confirmation_shows_both_invitations_and_what_the_calendars_do(visitors: Any, post: Any) -> None:
    with time_machine.travel(NOW, tick=False):
        case = an_interest(permission=False)
        interview = a_requested(case)
        page = visitors(case.worker).open(f"/interviews/{interview.key}")
        shown = page.send(FIRST)
        shown.says(
            "2 brieven, zoals ze gelezen worden",
            "An Nys",
            "Lien Claes",
            "Agendanieuw dinsdag 17 november 2026, 10.00 – 11.00",
            "Kaai 4, 9000 Gent",
        )
        shown.says("Knoppen en links werken alleen in de echte brief").lacks(CANARY)
        assert not shown.tree.xpath("//*[contains(@class,'letter-body')]//a")
        assert shown.link("Nog niet: ga terug").endswith(f"/interviews/{interview.key}")
        assert again(interview).state is InterviewState.REQUESTED
        shown.send("Versturen").says("Bevestigd.")
        shown.send("Versturen").lacks("note bad")
        assert len(post.all("interviews/invitation")) == 2, "pressed twice, sent once"


def test_a_move_and_a_cancellation_say_so(visitors: Any, post: Any) -> None:
    with time_machine.travel(NOW, tick=False):
        case = an_interest(permission=False)
        interview = a_confirmed(case)
        lien = visitors(case.worker)
        page = lien.open(f"/interviews/{interview.key}/move")
        page.send(FIRST, slot=a_moment(page)).says("2 brieven", "Agendaverhuist naar een ander moment")
        page = lien.open(f"/interviews/{interview.key}/cancel")
        reason = page.tree.xpath("//input[@name='reason']/@value")[0]
        page = page.send(FIRST, reason=reason).says("2 brieven", "Agendawordt eruit gehaald")
        page.send("Versturen").says("Het gesprek gaat niet door")
        assert again(interview).state is InterviewState.CANCELLED


def test_somebody_else_gets_an_invitation_and_who_went_along_a_cancellation(visitors: Any, post: Any) -> None:
    with time_machine.travel(NOW, tick=False):
        case = an_interest(permission=False)
        karim = a_worker("Karim")
        interview = a_confirmed(case)
        page = visitors(case.worker).open(f"/interviews/{interview.key}/companion")
        shown = page.send(FIRST, companion=karim.key).says("Agendawordt eruit gehaald", "Agendanieuw", karim.email)
        shown.send("Versturen").says("Karim Claes gaat mee")


def test_a_refusal_shows_that_the_company_reads_no_reason(visitors: Any, post: Any) -> None:
    with time_machine.travel(NOW, tick=False):
        case = an_interest()
        interview = a_requested(case)
        permissions.requested(interview, clock.today())
        db.session.commit()
        page = visitors(case.worker).open(f"/interviews/{interview.key}/permission/answer")
        shown = page.send(FIRST, outcome="refused").says("1 brief", "verschuift naar een ander moment")
        letter = shown.tree.xpath("//section[contains(@class,'letter')]")[0].text_content().lower()
        assert "vergunning" not in letter and "geweigerd" not in letter
        back = shown.send("Iets veranderen")
        assert back.tree.xpath("//input[@name='outcome' and @checked]/@value") == ["refused"]
        needed = permissions.needed_span(again(interview))
        assert needed.start < again(interview).starts_at
        granted = back.send(FIRST, outcome="granted", begins="07:00", until="17:00")
        granted.says("Hier hoort geen brief bij").send("Ga verder").says("Nu kun je het gesprek bevestigen")


def test_asking_the_company_for_times_shows_a_link_that_opens_nothing(visitors: Any, post: Any) -> None:
    with time_machine.travel(NOW, tick=False):
        case = an_interest()
        page = visitors(case.worker).open(f"/interviews/plan/{case.interest.key}")
        form = page.form("Vraag het bedrijf naar momenten")
        sent = [*form.form_values(), ("letters", "read")]
        shown = page.visitor.post(form.get("action"), sent).says("1 brief", "Wanneer past een gesprek?")
        address = re.search(r"https?://\S+?(/times/[0-9-]+)", shown.text)
        assert address is not None
        assert visitors().open(address[1], status=410)
        assert shown.link("Nog niet: ga terug").split("?")[0].endswith(f"/interviews/plan/{case.interest.key}")
        assert db.session.scalars(sa.select(Proposal)).all() == []


def test_nobody_reads_the_letters_of_a_form_that_does_not_say_so(visitor: Any) -> None:
    """Else who asks for a new password would read which address has an account."""
    case = an_interest()
    page = visitor.open("/password")
    form = [*page.form().form_values(), ("letters", "read")]
    values = [(name, case.contact.email if name == "email" else value) for name, value in form]
    assert visitor.post("/password", values).status == 400
    assert db.session.scalars(sa.select(Letter)).all() == []


# --- What is shown is what is sent ----------------------------------------------------------------------------------


def _confirm() -> tuple[Interview, Callable[[Interview], object]]:
    return a_requested(an_interest(permission=False)), service.confirm


def _propose() -> tuple[Interview, Callable[[Interview], object]]:
    return a_requested(an_interest()), proposals.ask_about


def _ask_again() -> tuple[Interview, Callable[[Interview], object]]:
    return a_requested(an_interest()), proposals.ask_again


def _move() -> tuple[Interview, Callable[[Interview], object]]:
    case = an_interest(permission=False)
    interview = a_confirmed(case)
    slot = slots_of(case, Mode.AT_COMPANY, interview)[1][-1]
    return interview, lambda row: service.move(row, slot)


def _cancel() -> tuple[Interview, Callable[[Interview], object]]:
    return a_confirmed(an_interest()), lambda row: service.cancel(row, "employer")


def _somebody_else() -> tuple[Interview, Callable[[Interview], object]]:
    case = an_interest(permission=False)
    karim = a_worker("Karim")
    interview = a_confirmed(case)
    free = planning.free_companions(
        slots_of(case, Mode.AT_COMPANY, interview)[0], Span(interview.starts_at, interview.ends_at)
    )
    return interview, lambda row: people.hand_over(row, free[karim.id])


def _revoke() -> tuple[Interview, Callable[[Interview], object]]:
    return a_confirmed(an_interest()), permissions.revoked


DEEDS = [_confirm, _propose, _ask_again, _move, _cancel, _somebody_else, _revoke]


def _without_tokens(text: str) -> str:
    return re.sub(r"/(times|colleague)/[0-9A-Za-z_-]+", r"/\1/…", text)


def _parts(message: Message) -> tuple[Any, ...]:
    html, text = message.get_body(("html",)), message.get_body(("plain",))
    assert html is not None and text is not None
    ics = [part.get_payload(decode=True) for part in message.walk() if part.get_content_type() == "text/calendar"]
    words = [_without_tokens(part.get_content().replace("\r\n", "\n")).rstrip("\n") for part in (html, text)]
    return str(message["To"]), str(message["Subject"]), *words, [one for one in ics]


@pytest.mark.engine
@pytest.mark.parametrize("deed", DEEDS)
def test_what_is_shown_is_byte_for_byte_what_is_sent(app: Any, post: Any, deed: Any) -> None:
    with time_machine.travel(NOW, tick=False), receiving(app) as server:
        interview, do = deed()
        db.session.commit()
        delivery.deliver()
        server.opened()
        with acting.as_(interview.worker_id, "project_worker"):
            do(again(interview))
            shown = rehearsal.rehearse()
            do(again(interview))
            db.session.commit()
        assert delivery.deliver() == len(shown) > 0
        for one, message in zip(shown, server.opened(), strict=True):
            to, subject, html, text, calendars = _parts(message)
            assert (to, subject) == (one.to, one.letter.subject)
            assert html == _without_tokens(one.letter.html).rstrip("\n")
            assert text == _without_tokens(one.letter.text).rstrip("\n")
            assert calendars == ([one.calendar["ics"].encode()] * 2 if one.calendar else [])
