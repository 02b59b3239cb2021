"""A case changes hands: divided by the coordinator, or handed to a colleague who says yes. What is open goes along."""

from datetime import timedelta
from typing import Any

import pytest

from portal.accounts.models import Person
from portal.accounts.service import deactivate
from portal.agenda import holds
from portal.agenda.models import HoldKind
from portal.agenda.windows import Span
from portal.candidates import handing, service
from portal.candidates.models import Candidate, Handover
from portal.candidates.states import HandoverState
from portal.foundation import clock
from portal.foundation.database import db
from portal.foundation.signals import case_given
from portal.journal.models import Entry
from portal.tasks import service as tasks
from portal.tasks.models import Task
from tests.candidates.factories import a_booked_screening, a_candidate, a_coordinator, a_partner, a_referral, a_worker
from tests.factories import a_programme

pytestmark = pytest.mark.usefixtures("app", "post")
NOTE = "Ik ga minder werken. Deze persoon zoekt werk in een magazijn en wordt op dinsdag gezien."


def _again(one: Any) -> Any:
    db.session.expire_all()
    return db.session.get_one(type(one), one.id)


def _ask(visitor: Any, case: Candidate, colleague: Person) -> Any:
    page = visitor.open(f"/people/{case.key}").follow("Hand over to a colleague")
    return page.send("Ask your colleague", worker=colleague.key, note=NOTE)


# --- The coordinator divides ---


def test_when_a_worker_leaves_the_coordinator_has_one_task_and_divides_several_cases_at_once(visitors: Any) -> None:
    gone, lien = a_worker("Weg"), a_worker("Lien")
    cases = [a_candidate(gone, first_name=name) for name in ("Amina", "Karim", "Nadia")]
    deactivate(gone)
    db.session.commit()
    assert db.session.query(Task).filter_by(kind="candidates.allocate", closed_at=None).count() == 1
    griet = visitors(a_coordinator())
    page = griet.open("/").follow("Divide the cases").says("Amina", "Karim", "Nadia", "Lien Claes (0 of 25)")
    page = page.send("Give these cases", cases=[one.key for one in cases[:2]], worker=lien.key)
    page.says("2 cases have their worker.", "Nadia").lacks("Amina")
    assert [_again(one).worker_id == lien.id for one in cases] == [True, True, False]
    assert db.session.query(Task).filter_by(kind="candidates.allocate", closed_at=None).count() == 1
    page.send("Give these cases", cases=[cases[2].key], worker=lien.key).says("Nothing to divide here")
    assert db.session.query(Task).filter_by(kind="candidates.allocate", closed_at=None).count() == 0
    visitors(lien).open("/people").says("Amina", "Karim", "Nadia")


def test_cases_of_somebody_with_too_many_go_to_somebody_with_room(visitors: Any) -> None:
    lien, jonas = a_worker("Lien"), a_worker("Jonas")
    case = a_candidate(lien, first_name="Amina")
    page = (
        visitors(a_coordinator()).open("/people/divide").follow("Lien Claes").says("The cases of Lien Claes", "Amina")
    )
    page.send("Give these cases", cases=[case.key], worker=jonas.key).says("1 case has its worker.")
    assert _again(case).worker_id == jonas.id


@pytest.mark.engine
def test_a_case_goes_to_nobody_outside_its_programme() -> None:
    case = a_candidate(a_worker("Lien"))
    stranger = a_worker("Jonas", a_programme("Doorstart Antwerpen"))
    with pytest.raises(handing.ElsewhereAtWork):
        handing.give_all([case], stranger)
    assert _again(case).worker_id != stranger.id


def test_a_coordinator_divides_the_own_programme_only(visitors: Any) -> None:
    elsewhere = a_programme("Doorstart Antwerpen")
    gone = a_worker("Weg", elsewhere)
    case = a_candidate(gone, programme=elsewhere, first_name="Amina")
    gone.deactivated_at = clock.now()
    db.session.commit()
    visitors(a_coordinator()).open("/people/divide").lacks("Amina", case.key, "Weg")


# --- What goes along, and what stays ---


def test_what_is_open_goes_along_and_nothing_is_doubled() -> None:
    lien, jonas = a_worker("Lien"), a_worker("Jonas")
    case = a_candidate(lien)
    tasks.open_task(
        "candidates.stop", case, due=clock.today(), at=("candidates.show", {"key": case.key}), owner_id=lien.id, about=case.id, name="K"
    )  # fmt: skip
    tasks.open_task(
        "candidates.stop", case, due=clock.today(), at=("candidates.show", {"key": case.key}), owner_id=jonas.id, about=case.id, name="K"
    )  # fmt: skip
    db.session.commit()
    handing.give(case, jonas)
    db.session.commit()
    waiting = db.session.query(Task).filter_by(about=case.id, closed_at=None).all()
    assert sorted((one.kind, one.owner_id) for one in waiting) == [
        ("candidates.plan_screening", jonas.id), ("candidates.stop", jonas.id),
    ]  # fmt: skip


def test_who_sits_the_day_still_has_the_form_and_who_only_had_the_case_has_nothing(visitors: Any) -> None:
    owner, sitter, new = a_worker("Lien"), a_worker("Jonas"), a_worker("Joke")
    case = a_candidate(owner)
    screening = a_booked_screening(sitter, case)
    before = visitors(owner)
    before.open(f"/people/{case.key}")
    handing.give(_again(case), new)
    db.session.commit()
    for page in ("", "/screened", "/plan", "/contacts", "/journal", "/profile/preview", "/identity"):
        before.open(f"/people/{case.key}{page}", status=404)
    visitors(sitter).open(f"/people/{case.key}")
    task = db.session.query(Task).filter_by(kind="candidates.screening", closed_at=None).one()
    assert (task.owner_id, screening.worker_id) == (sitter.id, sitter.id)
    visitors(new).open(f"/people/{case.key}").says("Complete or correct")


def test_what_the_old_worker_still_goes_to_is_said_before_and_stays(visitors: Any) -> None:
    lien, jonas = a_worker("Lien"), a_worker("Jonas")
    case = a_candidate(lien)
    start = clock.now() + timedelta(days=2)
    span = Span(start, start + timedelta(hours=1))
    parties = [holds.Party(holds.person(lien.id), span), holds.Party(holds.candidate(case.id), span)]
    holds.take(case, HoldKind.INTERVIEW, span, parties)
    db.session.commit()
    visitors(lien).open(f"/people/{case.key}/hand-over").says("Lien still goes along, until somebody else is chosen")
    visitors(a_coordinator()).open(f"/people/{case.key}/worker").says("Lien still goes along")
    handing.give(_again(case), jonas)
    db.session.commit()
    assert {one.party for one in holds.of(case)} == {f"person:{lien.id}", f"candidate:{case.id}"}


def test_rooms_below_hear_who_has_the_case() -> None:
    lien, jonas = a_worker("Lien"), a_worker("Jonas")
    case = a_candidate(lien)
    heard: list[tuple[int, int, int]] = []

    def hear(candidate: Candidate, *, old: int, new: int) -> None:
        heard.append((candidate.id, old, new))

    with case_given.connected_to(hear):
        handing.give(case, jonas)
    assert heard == [(case.id, lien.id, jonas.id)]
    entry = db.session.query(Entry).filter_by(action="candidate.allocated").one()
    assert (entry.about, entry.details) == (case.id, {"old": lien.id, "new": jonas.id})


def test_a_partner_reads_nothing_of_who_has_the_case(visitors: Any) -> None:
    partner, lien, jonas = a_partner(), a_worker("Lien"), a_worker("Jonas")
    referral = a_referral(partner, first_name="Karim")
    case = a_candidate(lien, referral=referral)
    tom = visitors(partner)
    before = tom.open(f"/referrals/{referral.key}").text
    handing.give(case, jonas)
    db.session.commit()
    assert tom.open(f"/referrals/{referral.key}").text == before


# --- To a colleague ---


@pytest.mark.engine
def test_a_colleague_reads_what_it_asks_without_a_name_and_takes_the_case_over(visitors: Any, post: Any) -> None:
    lien, jonas = a_worker("Lien"), a_worker("Jonas")
    case = a_candidate(lien, first_name="Karim", last_name="Haddad")
    _ask(visitors(lien), case, jonas).says("Jonas Claes has been asked", NOTE)
    visitors(jonas).open(f"/people/{case.key}", status=404)
    page = visitors(jonas).open("/").says("Lien Claes asks you to take over a case").follow("Read and answer")
    page.says(NOTE, "Gevangenis van Oudenaarde", "intake", "1 thing that waits").lacks("Karim", "Haddad", case.key)
    page.send("Answer", takes="yes").says("Karim Haddad", "The case is yours.")
    assert _again(case).worker_id == jonas.id
    visitors(lien).open(f"/people/{case.key}", status=404)
    assert "Karim" not in str(post.to(lien.email))
    assert db.session.query(Task).filter_by(kind="candidates.handover", closed_at=None).count() == 0


def test_a_colleague_says_no_and_the_case_stays_with_the_answer(visitors: Any) -> None:
    lien, jonas = a_worker("Lien"), a_worker("Jonas")
    case = a_candidate(lien)
    _ask(visitors(lien), case, jonas)
    page = visitors(jonas).open("/").follow("Read and answer")
    page.send("Answer", takes="no", said="Ik heb er al dertig.").says("Your colleague hears that the case stays there.")
    visitors(lien).open(f"/people/{case.key}/hand-over").says(
        "Jonas Claes could not take this case over.", "Ik heb er al dertig."
    )
    assert _again(case).worker_id == lien.id


def test_a_question_is_taken_back_and_then_answered_by_nobody(visitors: Any) -> None:
    lien, jonas = a_worker("Lien"), a_worker("Jonas")
    case = a_candidate(lien)
    _ask(visitors(lien), case, jonas).send("Keep the case after all").says("The case stays yours.")
    key = db.session.query(Handover.key).scalar()
    visitors(jonas).open(f"/people/handed/{key}", status=404)


def test_one_colleague_is_asked_at_a_time() -> None:
    lien, jonas, joke = a_worker("Lien"), a_worker("Jonas"), a_worker("Joke")
    case = a_candidate(lien)
    handing.propose(case, giver=lien, receiver=jonas, note=NOTE)
    with pytest.raises(handing.AlreadyAsked):
        handing.propose(case, giver=lien, receiver=joke, note=NOTE)


def test_a_question_lapses_when_the_coordinator_gives_the_case_away_or_somebody_leaves() -> None:
    lien, jonas, joke = a_worker("Lien"), a_worker("Jonas"), a_worker("Joke")
    first, second = a_candidate(lien), a_candidate(lien)
    asked = [handing.propose(one, giver=lien, receiver=jonas, note=NOTE) for one in (first, second)]
    handing.give(first, joke)
    assert [one.state for one in asked] == [HandoverState.WITHDRAWN, HandoverState.PROPOSED]
    deactivate(jonas)
    assert asked[1].state == HandoverState.WITHDRAWN
    assert second.worker_id == lien.id


def test_only_the_own_worker_asks_and_only_who_was_asked_answers(visitors: Any) -> None:
    lien, jonas, joke = a_worker("Lien"), a_worker("Jonas"), a_worker("Joke")
    case = a_candidate(lien)
    visitors(joke).open(f"/people/{case.key}/hand-over", status=404)
    asked = handing.propose(case, giver=lien, receiver=jonas, note=NOTE)
    db.session.commit()
    visitors(joke).open(f"/people/handed/{asked.key}", status=404)
    visitors(lien).open(f"/people/handed/{asked.key}", status=404)
    raw = db.session.connection().exec_driver_sql("SELECT note FROM handover").scalar_one()
    assert str(raw).startswith("gAAAA")
    assert service is not None
