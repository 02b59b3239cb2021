"""Silence after a talk: a letter on the third working day, another on the fifth, then a person calls. Something came: it stops."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine

from portal.foundation.database import db
from portal.interviews import answers, cards, outcome, service, silence
from portal.interviews.states import DecisionState
from portal.outbox.models import Letter
from portal.tasks.models import Task
from tests.interviews.factories import a_confirmed, a_coordinator, again, all_there, an_interest
from tests.interviews.test_outcome import an_offer, colleague, given

pytestmark = pytest.mark.usefixtures("app")
D = DecisionState
MONDAY = date(2026, 11, 16)


@pytest.fixture
def at() -> Any:
    with time_machine.travel("2026-11-16 07:00:00+00:00", tick=False) as traveller:
        yield traveller


def night(at: Any, day: date) -> int:
    """The job of the night that begins this day, at three o'clock."""
    at.move_to(datetime(day.year, day.month, day.day, 2, tzinfo=UTC))
    return silence.ask_for_answers()


def nights(at: Any, first: date, number: int) -> dict[str, int]:
    return {f"{day:%a %d/%m}": done for n in range(number) if (done := night(at, day := first + timedelta(days=n)))}


def held(at: Any, **about: Any) -> tuple[Any, Any]:
    case = an_interest(permission=False, **about)
    interview = a_confirmed(case)
    at.move_to(interview.starts_at + timedelta(hours=1))
    all_there(again(interview))
    return case, again(interview)


def written(template: str = "interviews/waiting") -> int:
    return db.session.scalar(sa.select(sa.func.count(Letter.id)).where(Letter.template == template)) or 0


def tasks_open(kind: str) -> int:
    found = sa.select(sa.func.count(Task.id)).where(Task.kind == f"interviews.{kind}", Task.closed_at.is_(None))
    return db.session.scalar(found) or 0


def test_letters_on_the_third_and_fifth_working_day_and_then_the_workers_task(at: Any, post: Any) -> None:
    """A talk on Tuesday: Friday, then Tuesday (no weekend), then on Wednesday the worker calls; never again after it."""
    case, interview = held(at)
    assert interview.ends_at.date() == date(2026, 11, 17)
    assert nights(at, date(2026, 11, 18), 5) == {"Fri 20/11": 1}
    first = post.last(case.contact.email, "interviews/waiting")
    assert "belt je" not in first.text
    assert nights(at, date(2026, 11, 23), 2) == {"Tue 24/11": 1}
    assert "belt Lien Claes je" in post.last(case.contact.email, "interviews/waiting").text
    assert tasks_open("silence") == 0
    assert nights(at, date(2026, 11, 25), 12) == {"Wed 25/11": 1}
    assert (written(), tasks_open("silence")) == (2, 1)


def test_no_letter_leaves_at_the_weekend_or_on_a_holiday(at: Any, post: Any) -> None:
    """A talk on Tuesday 22 December: Christmas is no working day, so the third one is Monday the 28th, the fifth the 30th."""
    at.move_to(datetime(2026, 12, 21, 7, tzinfo=UTC))
    _case, interview = held(at)
    assert interview.ends_at.date() == date(2026, 12, 22)
    # 1 January falls out too: the call is on Thursday the 31st.
    assert nights(at, date(2026, 12, 23), 14) == {"Mon 28/12": 1, "Wed 30/12": 1, "Thu 31/12": 1}
    assert silence.step_due(date(2026, 12, 22), None, date(2026, 12, 25)) is None


@pytest.mark.parametrize("what", ["decision", "candidate_no", "cancelled"])
def test_it_stops_as_soon_as_something_comes(at: Any, post: Any, what: str) -> None:
    if what == "cancelled":
        case = an_interest(permission=False)
        interview = a_confirmed(case)
        service.cancel(again(interview), "illness")
        db.session.commit()
        assert nights(at, date(2026, 11, 18), 14) == {}
        return
    case, interview = held(at)
    assert night(at, date(2026, 11, 20)) == 1
    waiting = db.session.scalars(sa.select(Letter).where(Letter.template == "interviews/waiting")).one()
    if what == "decision":
        cards.score(again(interview), case.contact.id, given())
        outcome.decide(again(interview), case.contact.id, D.REJECTED, ["skills"])
    else:
        answers.steps_out(again(interview), ["other_job"])
    db.session.commit()
    assert not silence.letter_stands(waiting), "a letter that was still on its way stays behind"
    assert post.to(case.contact.email, "interviews/waiting") == []
    assert nights(at, date(2026, 11, 21), 12) == {}
    assert tasks_open("silence") == 0


@pytest.mark.engine
def test_two_workers_at_once_write_one_letter(at: Any, post: Any) -> None:
    from portal.interviews.models import Decision

    _case, interview = held(at)
    which = Decision.interview_id == interview.id
    assert [silence._marked(Decision, which, None, 3), silence._marked(Decision, which, None, 3)] == [True, False]


def test_nights_that_were_missed_bring_one_letter_and_nobody_is_called_before_the_last_one(at: Any, post: Any) -> None:
    _case, _interview = held(at)
    assert nights(at, date(2026, 12, 7), 3) == {"Mon 07/12": 1, "Tue 08/12": 1}
    assert (written(), tasks_open("silence")) == (1, 1)


@pytest.mark.engine
def test_a_card_that_was_asked_is_asked_for_in_the_same_way(at: Any, post: Any) -> None:
    case, interview = held(at)
    bert = colleague(case)
    cards.score(again(interview), case.contact.id, given())
    cards.ask_colleagues(again(interview), [bert])
    cards.ask_by_letter(again(interview), name="Mia", email="mia@nys.example", language="nl")
    db.session.commit()
    assert nights(at, date(2026, 11, 18), 5) == {"Fri 20/11": 3}, "the decision and both cards"
    letter = post.last("mia@nys.example", "interviews/card_waiting")
    assert "ontbreekt nog" in letter.subject
    assert letter.path("/card/")
    cards.score(again(interview), bert.id, given())
    db.session.commit()
    assert nights(at, date(2026, 11, 23), 3) == {"Tue 24/11": 2, "Wed 25/11": 2}
    assert (written("interviews/card_waiting"), tasks_open("card_silence"), tasks_open("card")) == (3, 1, 0)
    outcome.decide(again(interview), case.contact.id, D.OFFER, [], terms=an_offer())
    db.session.commit()
    assert nights(at, date(2026, 11, 26), 9) == {}
    assert tasks_open("card_silence") == 0


def test_after_a_trial_the_answer_is_asked_for_anew(at: Any, post: Any) -> None:
    case, interview = held(at)
    cards.score(again(interview), case.contact.id, given())
    outcome.decide(
        again(interview), case.contact.id, D.TRIAL, [], terms=an_offer(ends_on=date(2026, 12, 11), form="ibo")
    )
    answers.told(again(interview), "accepted")
    db.session.commit()
    assert nights(at, date(2026, 11, 18), 24) == {}
    assert nights(at, date(2026, 12, 12), 8) == {"Wed 16/12": 1, "Fri 18/12": 1}
    assert "proef" in post.last(case.contact.email, "interviews/waiting").text


@pytest.mark.engine
def test_the_coordinator_reads_per_company_how_often_we_asked(at: Any, visitors: Any, post: Any) -> None:
    held(at)
    nights(at, date(2026, 11, 18), 8)
    griet = visitors(a_coordinator()).open("/interviews/silence").says("Transport Nys")
    row = [" ".join(cell.text_content().split()) for cell in griet.tree.xpath("//tbody/tr[1]/*")]
    assert row[1:] == ["1", "1", "1", "1"]
    assert len(griet.queries) <= 8
