"""Reading a colleague's case: with a reason, for an hour, told at once; never to write, and never unseen."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine

from portal.accounts.models import Membership, Person
from portal.accounts.roles import Role
from portal.candidates import break_glass, look_ups, service
from portal.candidates.models import BreakGlass, Candidate
from portal.candidates.states import Scope
from portal.foundation import acting, clock
from portal.foundation.database import db
from portal.journal import service as journal
from portal.journal.models import Entry
from portal.tasks.models import Task
from tests.candidates.factories import a_candidate, a_coordinator, a_screened_candidate, a_worker
from tests.factories import a_person, a_programme

pytestmark = pytest.mark.usefixtures("app", "post")
WHY = "De partner van deze persoon belt: vandaag is er geen vervoer naar het werk."


def _opened(visitor: Any, candidate: Candidate, why: str = WHY) -> Any:
    return visitor.open(f"/people/{candidate.key}/open").send("Open and tell the coordinator", reason=why)


@pytest.fixture
def case() -> Candidate:
    """A screened case of Lien's, in a programme with a coordinator."""
    a_coordinator()
    return a_screened_candidate(a_worker("Lien"), first_name="Karim", last_name="Haddad")


# --- Whether there is a case at all ---


def test_a_whole_name_tells_whose_case_it_is_and_nothing_more(case: Candidate, visitors: Any) -> None:
    jonas = visitors(a_worker("Jonas"))
    page = jonas.open("/people/colleagues").send("Look", name="haddad KARIM")
    page.says("This person has a case with Lien Claes.").lacks("Karim", "Haddad", "Oudenaarde", "Regime")
    assert "haddad" not in page.response.request.url.lower()


@pytest.mark.parametrize("name", ["Karim", "Haddad", "Kar Had", "Karim Haddadi", "Nobody Here"])
def test_a_part_of_a_name_or_another_one_tells_nothing(name: str, case: Candidate, visitors: Any) -> None:
    visitors(a_worker("Jonas")).open("/people/colleagues").send("Look", name=name).says("No colleague has a case")


def test_another_programmes_worker_is_told_of_nobody(case: Candidate, visitors: Any) -> None:
    stranger = visitors(a_worker("Jonas", a_programme("Doorstart Antwerpen")))
    stranger.open("/people/colleagues").send("Look", name="Karim Haddad").says("No colleague has a case")
    stranger.open(f"/people/{case.key}/open", status=404)


def test_above_the_days_number_the_answer_is_the_same_as_for_nobody(case: Candidate, visitors: Any) -> None:
    person = a_worker("Jonas")
    jonas = visitors(person)
    page = jonas.open("/people/colleagues")
    for _ in range(int(break_glass.rule("look_ups_per_day"))):
        page = page.send("Look", name="Karim Haddad")
        page.says("has a case with Lien")
    page.send("Look", name="Karim Haddad").says("No colleague has a case")
    asked = db.session.query(Entry).filter_by(action=look_ups.ACTION, actor_id=person.id)
    assert asked.filter_by(about=case.id).count() == break_glass.rule("look_ups_per_day")
    with time_machine.travel(clock.now() + timedelta(days=1), tick=False):
        visitors(person).open("/people/colleagues").send("Look", name="Karim Haddad").says("has a case with Lien")


def test_an_answer_is_read_by_who_asked_and_for_some_minutes(case: Candidate, visitors: Any) -> None:
    jonas, joke = a_worker("Jonas"), a_worker("Joke")
    url = visitors(jonas).open("/people/colleagues").send("Look", name="Karim Haddad").response.request.url
    visitors(joke).open(url).lacks("Lien Claes")
    with time_machine.travel(clock.now() + timedelta(minutes=11), tick=False):
        visitors(jonas).open(url).lacks("Lien Claes")


# --- Opening ---


def test_with_a_reason_a_colleague_reads_who_it_is_what_is_possible_and_how_it_goes(
    case: Candidate, visitors: Any
) -> None:
    jonas = visitors(a_worker("Jonas"))
    page = jonas.open(f"/people/{case.key}/open")
    page.says("Griet Maes", "60 minutes", "Lien Claes").lacks("Karim")
    page = page.send("Open and tell the coordinator", reason=WHY)
    page.says("Karim Haddad", "for 60 more minutes", "For reading only")
    jonas.open(f"/people/{case.key}/screened").says("Work safely", "for 60 more minutes").lacks(
        "Closed regime", "Identity papers", "Open with a reason"
    )


@pytest.mark.parametrize("why", ["", "dringend", "a         b          c             "])
def test_a_reason_is_a_sentence(why: str, case: Candidate, visitors: Any) -> None:
    assert _opened(visitors(a_worker("Jonas")), case, why).status == 422
    assert db.session.query(BreakGlass).count() == 0


CLOSED = (
    "identity", "plan", "plan/write", "plan/sheet", "contacts", "contacts/new", "consents/new", "journal", "screening",
    "preconditions", "constraints", "hand-over", "profile/scan", "profile/approval", "profile/sheet", "news",
)  # fmt: skip
OPEN = ("", "/screened", "/profile/preview", "/aftercare")


@pytest.mark.parametrize("state", ["never", "open", "closed", "over"])
def test_what_is_read_in_each_state(state: str, case: Candidate, visitors: Any) -> None:
    person = a_worker("Jonas")
    if state != "never":
        _opened(visitors(person), case)
    if state == "closed":
        visitors(person).open(f"/people/{case.key}").send("I have read enough: close it").says("Closed again")
    later = timedelta(minutes=60 if state == "over" else 0)
    with time_machine.travel(clock.now() + later, tick=False):
        jonas, reads = visitors(person), 200 if state == "open" else 404
        for page in OPEN:
            jonas.open(f"/people/{case.key}{page}", status=reads)
        for page in CLOSED:
            jonas.open(f"/people/{case.key}/{page}", status=404)


@pytest.mark.engine
def test_it_is_over_at_exactly_sixty_minutes(case: Candidate, visitors: Any) -> None:
    person = a_worker("Jonas")
    _opened(visitors(person), case)
    opened = db.session.query(BreakGlass).one()
    assert opened.ends_at - opened.opened_at == timedelta(minutes=60)
    with time_machine.travel(opened.ends_at - timedelta(seconds=1), tick=False):
        visitors(person).open(f"/people/{case.key}").says("for 1 more minute.")
    with time_machine.travel(opened.ends_at, tick=False):
        visitors(person).open(f"/people/{case.key}", status=404)


def test_nothing_is_written_through_it(case: Candidate, visitors: Any) -> None:
    jonas = visitors(a_worker("Jonas"))
    page = _opened(jonas, case)
    token = page.tree.xpath("//input[@name='csrf_token']/@value")[0]
    posts = (
        "contacts/new", "identity", "consents/new", "plan", "plan/write", "screening", "preconditions", "constraints", "hand-over",
        "profile/withdraw", "profile/hand-over",
    )  # fmt: skip
    before = db.session.query(Entry).filter_by(seen=False).count()
    for one in posts:
        answer = jonas.post(f"/people/{case.key}/{one}", [("csrf_token", token), ("note", "x"), ("reason", WHY)])
        assert answer.status == 404, one
    assert jonas.post(f"/people/{case.key}/worker", [("csrf_token", token)]).status == 403
    assert db.session.query(Entry).filter_by(seen=False).count() == before


def test_the_course_of_a_way_is_read_and_not_steered(case: Candidate, visitors: Any) -> None:
    jonas = visitors(a_worker("Jonas"))
    way = _opened(jonas, case).link("See the whole way")
    jonas.open(way).says("more minutes").lacks("/pause", f"{way}/close")
    for step in ("pause", "close"):
        jonas.open(f"{way}/{step}", status=404)


def test_what_one_opened_is_not_open_to_another_nor_in_another_programme(case: Candidate, visitors: Any) -> None:
    person = a_worker("Jonas")
    _opened(visitors(person), case)
    visitors(a_worker("Joke")).open(f"/people/{case.key}", status=404)
    seat = db.session.query(Membership).filter_by(person_id=person.id).one()
    seat.programme_id = a_programme("Doorstart Antwerpen").id
    db.session.commit()
    visitors(person).open(f"/people/{case.key}", status=404)


def test_the_list_of_ones_own_people_does_not_grow_by_it(case: Candidate, visitors: Any) -> None:
    jonas = visitors(a_worker("Jonas"))
    _opened(jonas, case)
    jonas.open("/people").lacks("Karim")


# --- Who hears of it, and what is written down ---


def test_the_coordinator_is_told_at_once_by_a_task_and_a_letter(case: Candidate, visitors: Any, post: Any) -> None:
    _opened(visitors(a_worker("Jonas")), case)
    griet = db.session.query(Person).filter_by(first_name="Griet").one()
    letter = post.last(griet.email, "candidates/opened")
    assert "Jonas Claes" in letter.text
    for secret in ("Karim", "Haddad", "vervoer"):
        assert secret not in f"{letter.subject} {letter.text} {letter.html}"
    home = visitors(griet).open("/").says("Jonas Claes opened a colleague's case")
    page = home.follow("Read why").says(WHY, "Karim Haddad", "Jonas Claes")
    page.send("We talked about it").says("Noted as discussed.").lacks("Read why")


def test_who_opened_it_does_not_discuss_it_with_themselves(case: Candidate, visitors: Any) -> None:
    person = a_worker("Jonas")
    _opened(visitors(person), case)
    key = db.session.query(BreakGlass.key).scalar()
    visitors(person).open(f"/people/opened/{key}", status=403)
    elsewhere = a_coordinator(a_programme("Doorstart Antwerpen"))
    visitors(elsewhere).open(f"/people/opened/{key}", status=404)


def test_without_a_coordinator_the_administrator_hears_of_it_and_reads_no_name(visitors: Any) -> None:
    case = a_screened_candidate(a_worker("Lien"), first_name="Karim", last_name="Haddad")
    jonas = visitors(a_worker("Jonas"))
    refused = _opened(jonas, case)
    assert refused.status == 409
    refused.says("There is nobody to tell of it")
    administrator = a_person(role=Role.ADMINISTRATOR, first_name="Hilde", language="en")
    _opened(jonas, case)
    page = visitors(administrator).open("/").follow("Read why")
    page.says(WHY).lacks("Karim", "Haddad")
    visitors(administrator).open(f"/people/{case.key}", status=403)


def test_every_page_that_is_read_names_the_opening(case: Candidate, visitors: Any) -> None:
    person = a_worker("Jonas")
    jonas = visitors(person)
    _opened(jonas, case)
    opened = db.session.query(BreakGlass).one()
    for part in OPEN:
        jonas.open(f"/people/{case.key}{part}")
    seen = db.session.query(Entry).filter_by(about=case.id, actor_id=person.id, seen=True).all()
    assert len(seen) >= 4
    assert all((row.details or {}).get("break_glass") == opened.id for row in seen)
    told = db.session.query(Entry).filter_by(action="break_glass.opened").one()
    assert (told.reason, told.about) == (WHY, case.id)


@pytest.mark.parametrize("part", OPEN)
def test_a_reading_that_cannot_be_written_down_does_not_happen(
    part: str, case: Candidate, visitors: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    jonas = visitors(a_worker("Jonas"))
    _opened(jonas, case)

    def full(*_given: Any, **_more: Any) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr(journal, "saw_each", full)
    monkeypatch.setattr(journal, "saw", full)
    with pytest.raises(OSError, match="full"):
        jonas.open(f"/people/{case.key}{part}")


def test_the_next_request_is_not_seen_as_coming_through_it(case: Candidate, visitors: Any) -> None:
    person = a_worker("Jonas")
    own = a_candidate(person, first_name="Amina")
    jonas = visitors(person)
    _opened(jonas, case)
    jonas.open(f"/people/{own.key}").lacks("more minutes")
    rows = db.session.query(Entry).filter_by(about=own.id, actor_id=person.id, action="identity.read").all()
    assert rows
    assert all("break_glass" not in (row.details or {}) for row in rows)


def test_a_person_opens_so_many_a_day_and_then_finds_nothing(case: Candidate, visitors: Any) -> None:
    person, lien = a_worker("Jonas"), db.session.get_one(Person, case.worker_id)
    jonas = visitors(person)
    _opened(jonas, case)
    for _ in range(int(break_glass.rule("break_glass_per_day")) - 1):
        _opened(jonas, a_candidate(lien))
    one_more = a_candidate(lien)
    jonas.open(f"/people/{one_more.key}/open", status=404)
    jonas.open(f"/people/{case.key}")
    with time_machine.travel(clock.now() + timedelta(days=1), tick=False):
        visitors(person).open(f"/people/{one_more.key}/open")


def test_opening_it_twice_opens_it_once(case: Candidate, visitors: Any) -> None:
    jonas = visitors(a_worker("Jonas"))
    _opened(jonas, case)
    jonas.open(f"/people/{case.key}/open").says("Karim Haddad")
    assert db.session.query(BreakGlass).count() == 1
    assert db.session.query(Task).filter_by(kind="candidates.opened_case").count() == 1


def test_a_case_that_is_given_to_who_opened_it_is_simply_theirs(case: Candidate, visitors: Any) -> None:
    from portal.candidates import handing

    person = a_worker("Jonas")
    jonas = visitors(person)
    _opened(jonas, case)
    handing.give(db.session.get_one(Candidate, case.id), person)
    db.session.commit()
    jonas.open(f"/people/{case.key}").lacks("more minutes").says("Complete or correct")


# --- What detention means, for a coordinator ---


def test_a_coordinator_reads_what_detention_means_with_a_reason_and_another_one_hears(
    case: Candidate, visitors: Any
) -> None:
    other = a_person(first_name="Hilde", last_name="Martens", role=Role.COORDINATOR, language="en")
    griet = db.session.query(Person).filter_by(first_name="Griet").one()
    reads = visitors(griet)
    closed = reads.open(f"/people/{case.key}/screened").lacks("Closed regime", "15 working days")
    page = closed.follow("Open with a reason").says("Hilde Martens").lacks("Griet Maes,")
    page.send("Open and tell the coordinator", reason=WHY).says("Closed regime", "for 60 more minutes").lacks(
        '/constraints"'
    )
    assert db.session.query(BreakGlass).one().scope == Scope.CONSTRAINTS
    reads.open(f"/people/{case.key}/constraints", status=403)
    assert db.session.query(Entry).filter_by(action="constraints.read", actor_id=griet.id).count() == 1
    visitors(other).open("/").says("Griet Maes opened what detention means for somebody's work")
    visitors(other).open(f"/people/{case.key}/screened").lacks("Closed regime")
    with time_machine.travel(clock.now() + timedelta(minutes=60), tick=False):
        visitors(griet).open(f"/people/{case.key}/screened").lacks("Closed regime")


def test_who_is_worker_and_coordinator_reads_with_a_reason_and_still_writes_nothing(
    case: Candidate, visitors: Any
) -> None:
    a_person(first_name="Hilde", role=Role.COORDINATOR)
    both = a_worker("Jonas")
    from portal.accounts import service as accounts

    accounts.seat(both, Role.COORDINATOR, programme_id=case.programme_id)
    db.session.commit()
    jonas = visitors(both)
    _opened(jonas, case).says("Closed regime")
    jonas.open(f"/people/{case.key}/constraints", status=404)


def test_what_stands_in_the_table_of_openings_is_sealed(case: Candidate, visitors: Any) -> None:
    _opened(visitors(a_worker("Jonas")), case)
    raw = db.session.execute(sa.text("SELECT reason FROM break_glass")).scalar_one()
    assert raw.startswith("gAAAA")


def test_a_service_that_acts_through_it_says_so(case: Candidate) -> None:
    """Also what would be written names the opening, should a page ever forget to be closed."""
    with acting.as_(7, "project_worker"):
        acting.go_through(acting.Through(3, "k", case.key, clock.now()))
        journal.note("contact.logged", db.session.get_one(Candidate, case.id))
        db.session.flush()
    assert db.session.query(Entry).filter_by(action="contact.logged").one().details == {"break_glass": 3}
    assert acting.actor().through is None
    assert service is not None
