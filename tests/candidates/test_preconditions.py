"""A light has a word, a shape, an owner and a date; no date passes unseen, and detention stays with the case's own worker."""

from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from wtforms import HiddenField, RadioField, SelectField, SelectMultipleField

from portal.candidates import handles, preconditions, screening_forms
from portal.candidates.models import Candidate, Precondition, WorkConstraints
from portal.candidates.preconditions import Asks, asked_by
from portal.foundation import clock
from portal.foundation.database import db
from portal.foundation.options import load
from portal.journal.models import Entry
from portal.tasks import service as tasks
from portal.tasks.models import Task
from portal.trajectories import service as trajectories
from tests.candidates.factories import a_coordinator, a_screened_candidate, a_worker
from tests.employers.factories import a_contact, an_employer

pytestmark = pytest.mark.usefixtures("app", "post")
TODAY = date(2026, 11, 20)
STAGES = [60, 30, 7]


def _in(days: int) -> date:
    return clock.today() + timedelta(days=days)


def _row(kind: str) -> Precondition:
    return db.session.query(Precondition).filter_by(kind=kind).one()


def _waits(kind: str = "right_to_work") -> list[tuple[str, date]]:
    """The open tasks about one thing, by kind and date."""
    db.session.expire_all()
    found = db.session.query(Task).filter_by(subject_kind="precondition", subject_id=_row(kind).id, closed_at=None)
    return [(task.kind.removeprefix("candidates.paper_"), task.due) for task in found]


def _night(today: date | None = None) -> None:
    preconditions.nightly(today)
    db.session.commit()


def _paper(until: date | None, kind: str = "right_to_work", light: str = "green") -> None:
    row = _row(kind)
    row.valid_until, row.light = until, light
    db.session.commit()


# --- What a row asks for -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("row", "asks"),
    [
        ({"light": "green"}, None),
        ({"light": "unknown"}, None),
        ({"light": "red"}, Asks("nobody", TODAY, {})),
        ({"light": "red", "owner": "vdab"}, None),
        ({"light": "amber", "due": date(2026, 11, 19)}, Asks("late", TODAY, {"day": "19 november 2026"})),
        ({"light": "amber", "due": TODAY}, None),
        ({"light": "green", "due": date(2026, 11, 19)}, None),
        ({"light": "not_applicable", "due": date(2026, 11, 19)}, None),
        ({"light": "green", "valid_until": date(2027, 1, 20)}, None),
        ({"light": "green", "valid_until": date(2027, 1, 19)}, Asks("ends", date(2026, 12, 20), {"day": "19 januari 2027", "days": "60"})),
        ({"light": "green", "valid_until": date(2026, 12, 20)}, Asks("ends", date(2026, 12, 13), {"day": "20 december 2026", "days": "30"})),
        ({"light": "green", "valid_until": date(2026, 11, 27)}, Asks("ends", date(2026, 11, 27), {"day": "27 november 2026", "days": "7"})),
        ({"light": "green", "valid_until": TODAY}, Asks("ends", TODAY, {"day": "20 november 2026", "days": "7"})),
        ({"light": "green", "valid_until": date(2026, 11, 19)}, Asks("ended", TODAY, {"day": "19 november 2026"})),
        ({"light": "red", "valid_until": date(2026, 11, 19)}, Asks("ended", TODAY, {"day": "19 november 2026"})),
    ],
)  # fmt: skip
def test_a_row_asks_for_one_thing_the_gravest_first(row: dict[str, Any], asks: Asks | None) -> None:
    from portal.foundation.words import speaking

    with speaking("nl"):
        assert asked_by(Precondition(kind="right_to_work", **{"owner": "", **row}), TODAY, STAGES) == asks


# --- Tasks ------------------------------------------------------------------------------------------------------------


def test_a_red_light_that_nobody_sees_to_is_a_task_at_once_and_goes_with_an_owner(visitors: Any) -> None:
    worker = a_worker()
    candidate = a_screened_candidate(worker)
    lien = visitors(worker)
    page = lien.open(f"/people/{candidate.key}/preconditions")
    page = page.send("Keep", light_bank_account="red")
    assert _waits("bank_account") == [("nobody", clock.today())]
    page = lien.open("/").says("Bank account stands in the way, and nobody sees to it").follow("Choose who")
    page.send("Keep", light_bank_account="red", owner_bank_account="vdab", due_bank_account=_in(5).isoformat())
    assert _waits("bank_account") == []


@pytest.mark.engine
def test_a_date_that_passes_is_a_task_the_next_morning_and_is_not_put_off_each_night() -> None:
    a_screened_candidate(a_worker())
    row = _row("transport")
    row.due = _in(3)
    db.session.commit()
    _night()
    assert _waits("transport") == []
    _night(_in(4))
    _night(_in(9))
    assert _waits("transport") == [("late", _in(4))]


@pytest.mark.engine
def test_before_a_paper_ends_its_worker_is_reminded_three_times_and_hears_when_it_has_ended(visitors: Any) -> None:
    worker = a_worker()
    candidate = a_screened_candidate(worker)
    assert load("candidates", "rules")["papers"]["remind_days"] == STAGES
    until = _in(90)
    _paper(until)
    _night(until - timedelta(days=61))
    assert _waits() == []
    for left, due in ((60, 30), (45, 30), (30, 7), (29, 7), (7, 0), (1, 0)):
        _night(until - timedelta(days=left))
        assert _waits() == [("ends", until - timedelta(days=due))], left
    visitors(worker).open("/").says("Right to work is valid until", "It ends within 7 days.")
    _night(until + timedelta(days=1))
    assert _waits() == [("ended", until + timedelta(days=1))], "the reminder made way"
    page = visitors(worker).open(f"/people/{candidate.key}/preconditions")
    page.send("Keep", until_right_to_work=_in(700).isoformat())
    assert _waits() == []


def test_identity_papers_are_watched_as_well_and_a_renewed_date_closes_the_reminder(visitors: Any) -> None:
    worker = a_worker()
    candidate = a_screened_candidate(worker)
    _paper(_in(40), "identity_papers")
    _night()
    assert _waits("identity_papers") == [("ends", _in(10))]
    visitors(worker).open(f"/people/{candidate.key}/preconditions").send(
        "Keep", until_identity_papers=_in(900).isoformat()
    )
    assert _waits("identity_papers") == []
    done = db.session.query(Task).filter_by(kind="candidates.paper_ends").one()
    assert done.outcome == "renewed"


def test_a_case_that_has_ended_asks_for_nothing() -> None:
    candidate = a_screened_candidate(a_worker())
    _paper(_in(5))
    way = trajectories.of(candidate.id)
    trajectories.close(way, "own_request")
    db.session.commit()
    _night()
    assert _waits() == []


def test_a_second_night_changes_nothing() -> None:
    a_screened_candidate(a_worker())
    _paper(_in(5))
    _night()
    before = [(task.id, task.due) for task in db.session.query(Task).order_by(Task.id)]
    _night()
    assert [(task.id, task.due) for task in db.session.query(Task).order_by(Task.id)] == before


# --- What is shown --------------------------------------------------------------------------------------------------


def test_a_light_is_a_word_and_a_shape(visitors: Any) -> None:
    worker = a_worker()
    candidate = a_screened_candidate(worker)
    page = visitors(worker).open(f"/people/{candidate.key}/screened").says("In the way", "In order")
    for text in ("In the way", "In order"):
        assert page.tree.xpath(f"//span[contains(@class, 'tag')][contains(., '{text}')]/*[local-name()='svg']"), text
    assert len(page.queries) <= 8, page.queries
    _paper(_in(-2))
    visitors(worker).open(f"/people/{candidate.key}/screened").says("ended on")


def test_each_change_is_in_the_history_with_what_it_was(visitors: Any) -> None:
    worker = a_worker()
    candidate = a_screened_candidate(worker)
    number = _row("transport").id
    lien = visitors(worker)
    lien.open(f"/people/{candidate.key}/preconditions").send("Keep", light_transport="green")
    lien.open(f"/people/{candidate.key}/preconditions").send("Keep", until_right_to_work="2029-03-01")
    assert _row("transport").id == number, "the row stays: its tasks and its history hang on it"
    entries = db.session.query(Entry).filter_by(action="precondition.changed").order_by(Entry.id).all()
    assert [(entry.about, entry.details) for entry in entries] == [
        (candidate.id, {"kind": "transport", "was": "red", "now": "green", "until": None}),
        (candidate.id, {"kind": "right_to_work", "was": "unknown", "now": "unknown", "until": "2029-03-01"}),
    ]
    for address in ("preconditions", "journal"):
        page = lien.open(f"/people/{candidate.key}/{address}")
        page.says(
            "Transport: In the way → In order", "Right to work: Not asked yet, valid until 1 March 2029", "Lien Claes"
        )
        assert len(page.queries) <= 8, page.queries
    lien.open(f"/people/{candidate.key}/preconditions").send("Keep")
    assert db.session.query(Entry).filter_by(action="precondition.changed").count() == 2, (
        "keeping the same is no change"
    )


def test_the_start_room_sees_until_when_somebody_may_work() -> None:
    candidate = a_screened_candidate(a_worker())
    assert handles.right_to_work_until(candidate.id) is None
    _paper(date(2028, 5, 1))
    assert handles.right_to_work_until(candidate.id) == date(2028, 5, 1)


# --- What detention means for work: closed lists, staff only --------------------------------------------------------------


def test_constraints_hold_closed_lists_only_and_no_list_of_theirs_leaves_the_team() -> None:
    with db.session.no_autoflush:
        form = screening_forms.constraints()(formdata=None, meta={"csrf": False})
    asked = [field for field in form if not isinstance(field, HiddenField)]
    assert len(asked) >= 7
    for field in asked:
        assert isinstance(field, SelectField | RadioField | SelectMultipleField), f"{field.name} takes free words"
        assert field.validate_choice, f"{field.name} takes what its list lacks"
    audience = load("candidates", "lists")["audience"]
    lists = (
        "detention_regimes",
        "weekdays",
        "outside_hours",
        "longest_absence",
        "place_limits",
        "schedule_change_channels",
    )
    assert {audience[name] for name in (*lists, "contact_services")} == {"staff"}


@pytest.mark.engine
def test_constraints_are_sealed_in_the_database() -> None:
    a_screened_candidate(a_worker())
    raw = db.session.execute(sa.text("SELECT answers FROM work_constraints")).scalar_one()
    assert "closed" not in str(raw)
    assert "no_rounds" not in str(raw)


def test_words_that_are_not_in_the_list_are_refused(visitors: Any) -> None:
    worker = a_worker()
    candidate = a_screened_candidate(worker)
    page = visitors(worker).open(f"/people/{candidate.key}/constraints")
    sent = [(k, v) for k, v in page.form("Keep").form_values() if k != "place_limits"]
    refused = visitors(worker).post(page.path, [*sent, ("place_limits", "theft in 2019"), ("note", "free words")])
    assert refused.status in {400, 422}
    answers = db.session.query(WorkConstraints).one().answers
    assert answers == {"regime": "closed", "place_limits": ["no_rounds"]}


def test_a_coordinator_a_colleague_and_a_company_read_nothing_of_it(visitors: Any) -> None:
    worker = a_worker()
    candidate = a_screened_candidate(worker)
    secret = ("Closed regime", "No work on the road", "Between which hours?", "working days ahead")
    griet = visitors(a_coordinator())
    griet.open(f"/people/{candidate.key}/screened").lacks(*secret)
    griet.open(f"/people/{candidate.key}").lacks(*secret)
    visitors(a_worker("Jonas")).open(f"/people/{candidate.key}/constraints", status=404)
    company = visitors(a_contact(an_employer()))
    for address in ("/", "/vacancies", "/interviews", f"/people/{candidate.key}/constraints"):
        status = 403 if address.startswith("/people") else 200
        company.open(address, status=status).lacks(*secret, "Gesloten regime", "detention", "detentie")


def test_a_worker_who_left_is_not_asked(visitors: Any) -> None:
    candidate = a_screened_candidate(a_worker())
    db.session.get_one(Candidate, candidate.id).worker_id = None
    _paper(_in(5))
    _night()
    assert _waits() == []
    assert tasks.codes()
