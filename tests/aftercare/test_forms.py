"""The form of a personal link, the alert that comes of it, and who never sees what."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine

from portal.accounts import links
from portal.accounts.roles import Role
from portal.aftercare import nightly, questions, service
from portal.aftercare.models import Alert, CheckIn, FormAnswer, Voice
from portal.foundation import clock
from portal.foundation.database import db
from portal.placements.models import Placement
from portal.tasks.models import Task
from tests.aftercare.test_weeks import check_in, night, open_tasks
from tests.factories import a_person
from tests.placements.factories import Cast, a_cast, a_start
from tests.visitor import Visitor

pytestmark = pytest.mark.usefixtures("app")
EMPLOYER = {
    **dict.fromkeys(
        ("attendance", "quality", "pace", "safety", "teamwork", "asks_for_help", "colleagues_reactions", "enough_support"), "4"
    ),
    "unexplained_absences": "0",
    "keep": "yes",
}  # fmt: skip
EMPLOYEE = {
    **dict.fromkeys(("welcome", "tasks_clear", "manageable", "hours_and_transport", "pay_right", "someone_to_ask"), "4"),
    "stress": "2", "still_want": "yes", "call_me": "no",
}  # fmt: skip
SECRET = "De bus van 5.40 rijdt niet meer"


@pytest.fixture
def at() -> Iterator[Any]:
    with time_machine.travel("2026-09-28 07:00:00+00:00", tick=False) as traveller:
        yield traveller


def asked(at: Any, post: Any) -> tuple[Cast, Placement, str]:
    """Week 2 has come and the contact has its letter: the cast, the placement and the way in."""
    cast = a_cast()
    placement = a_start(cast)
    night(at, "2026-10-12")
    at.move_to("2026-10-12 08:00:00+00:00")
    return cast, placement, post.last(cast.contact.email, "aftercare/form").path("/form/")


def test_one_score_of_two_becomes_an_alert_that_is_closed_with_a_note(
    at: Any, post: Any, visitor: Visitor, visitors: Any
) -> None:
    cast, placement, way = asked(at, post)
    page = visitor.open(way).says("Hoe loopt het met je nieuwe collega?", "Bakkersgast").lacks("Karim", "Benali")
    thanks = page.send(**EMPLOYER | {"attendance": "2"}, this_week=SECRET)
    thanks.says("Het is verstuurd", "binnen 2 werkdagen").lacks(SECRET)
    alert = db.session.scalars(sa.select(Alert)).one()
    assert (alert.rule, alert.question, alert.value, alert.state) == ("low_score", "attendance", 2, "open")
    assert alert.due.isoformat() == "2026-10-14"
    task = open_tasks("aftercare.alert")[0]
    assert task.owner_id == cast.worker.id
    lien = visitors(cast.worker)
    lien.open("/").says("Week 2 bij Bakkerij Soetaert: een score van 2 of lager")
    page = lien.open(task.address).says("Komt je collega op tijd", SECRET, "Karim", "09 000 00 01")
    assert page.send("Signaal afsluiten", note="").status == 422
    lien.open(task.address).send("Signaal afsluiten", note="Gebeld: vroegere bus gevonden.")
    db.session.refresh(alert)
    assert (alert.state, alert.note, alert.resolved_by) == (
        "resolved",
        "Gebeld: vroegere bus gevonden.",
        cast.worker.id,
    )
    assert open_tasks("aftercare.alert") == []
    assert db.session.scalars(sa.select(Task.outcome).where(Task.kind == "aftercare.alert")).all() == ["done"]
    lien.open(f"/aftercare/{placement.key}").says(
        "26 weken, twee stemmen", "Waar ze verschillen", "Stiptheid en uren", SECRET
    )


def test_opening_a_link_changes_nothing(at: Any, post: Any, visitor: Visitor) -> None:
    _cast, placement, way = asked(at, post)
    for _again in range(3):
        page = visitor.open(way)
        assert not [one for one in page.queries if one.startswith(("INSERT", "UPDATE", "DELETE"))]
        assert len(page.queries) <= 8
    assert check_in(placement, Voice.EMPLOYER, "week2").state == "due"


def test_a_link_works_once_and_a_double_click_does_it_once(at: Any, post: Any, visitor: Visitor) -> None:
    _cast, _placement, way = asked(at, post)
    page = visitor.open(way)
    assert page.send(**EMPLOYER).h1 == "Het is verstuurd"
    assert page.send(**EMPLOYER).h1 == "Het is verstuurd", "the second click of the same form goes where the first went"
    assert db.session.query(FormAnswer).filter_by(question="attendance").count() == 1
    gone = visitor.open(way, status=410)
    gone.says("Deze link werkt niet meer").lacks("attendance")


def test_expired_wrong_and_borrowed_links_are_closed(at: Any, post: Any, visitor: Visitor) -> None:
    cast, placement, way = asked(at, post)
    other = links.make("password", cast.contact, expires=clock.days_from_now(2))
    one = check_in(placement, Voice.EMPLOYER, "week2")
    borrowed = links.make("interview", one, expires=clock.days_from_now(2))
    db.session.commit()
    for token in (links.token_of(other), links.token_of(borrowed), "1-nonsense", "x", way.removeprefix("/form/") + "0"):
        visitor.open(f"/form/{token}", status=410).says("Deze link werkt niet meer")
    at.shift(timedelta(days=30, minutes=1))
    visitor.open(way, status=410)


def test_nonsense_is_refused_and_nothing_is_lost(at: Any, post: Any, visitor: Visitor) -> None:
    _cast, placement, way = asked(at, post)
    page = visitor.open(way).send(**EMPLOYER | {"unexplained_absences": "-3"}, this_week=SECRET)
    assert page.status == 422 and SECRET in page.html
    without_score = {**EMPLOYER}
    del without_score["pace"]
    assert visitor.open(way).send(**without_score).says("Is het tempo goed").status == 422
    assert check_in(placement, Voice.EMPLOYER, "week2").state == "due"


def test_the_form_speaks_the_language_of_its_letter(at: Any, post: Any, visitor: Visitor) -> None:
    cast = a_cast()
    cast.contact.language = "fr"
    db.session.commit()
    a_start(cast)
    night(at, "2026-10-12")
    letter = post.last(cast.contact.email)
    assert letter.subject == "Un court formulaire : Semaine 2" or letter.subject == "Un court formulaire: Semaine 2"
    visitor.open(letter.path("/form/")).says("Comment cela se passe-t-il")


def test_an_employee_gets_a_sheet_and_a_link_of_their_own(at: Any, visitors: Any, visitor: Visitor, post: Any) -> None:
    cast = a_cast()
    placement = a_start(cast, language="fr")
    night(at, "2026-11-23")
    one = check_in(placement, Voice.EMPLOYEE, "week8")
    at.move_to("2026-11-23 09:00:00+00:00")
    lien = visitors(cast.worker)
    assert lien.open(f"/aftercare/moment/{one.key}/sheet").path == f"/aftercare/moment/{one.key}", (
        "no link yet: no sheet"
    )
    sheet = lien.open(f"/aftercare/moment/{one.key}").send("Blad maken")
    sheet.says("Comment ça va au travail ?", "http://localhost/form/")
    way = sheet.text.split("http://localhost")[1].split()[0]
    form = visitor.open(way).says("Comment ça va au travail ?")
    form.send(**EMPLOYEE | {"hours_and_transport": "1"})
    alert = db.session.scalars(sa.select(Alert).where(Alert.check_in_id == one.id)).one()
    assert alert.rule == "red_on_transport_or_pay"
    assert [task for task in open_tasks("aftercare.form") if task.subject_id == one.id] == []


def test_a_worker_types_along_on_the_phone(at: Any, visitors: Any, post: Any) -> None:
    cast = a_cast()
    placement = a_start(cast)
    night(at, "2026-11-23")
    one = check_in(placement, Voice.EMPLOYEE, "week8")
    at.move_to("2026-11-23 09:00:00+00:00")
    lien = visitors(cast.worker)
    lien.open(f"/aftercare/moment/{one.key}").follow("Meetypen").send(**EMPLOYEE, worry_money="none")
    db.session.refresh(one)
    assert (one.state, one.answered_by) == ("done", "worker")


def test_the_justice_assistant_answers_about_the_schedule_only(at: Any, post: Any, visitor: Visitor) -> None:
    assistant = a_person("assistent@example.org", role=Role.JUSTICE_ASSISTANT)
    placement = a_start(a_cast(), justice_assistant=assistant)
    night(at, "2026-10-12")
    at.move_to("2026-10-12 08:00:00+00:00")
    way = post.last("assistent@example.org").path("/form/")
    page = visitor.open(way).says("Past het uurrooster nog?", "32 uur per week", "Bakkerij Soetaert").lacks("Karim")
    assert page.send(schedule_compatible="yes", contact_wanted="no", planned_changes_1_words="later").status == 422
    page.send(
        schedule_compatible="yes",
        contact_wanted="no",
        planned_changes_1="2026-11-03",
        planned_changes_1_words="tot 15 uur",
    ).says("Het is verstuurd")
    assert [alert.rule for alert in db.session.scalars(sa.select(Alert))] == ["schedule_change_planned"]
    answers = {one.question: one for one in db.session.scalars(sa.select(FormAnswer))}
    assert answers["planned_changes"].score == 1 and "2026-11-03" in (answers["planned_changes"].words or "")
    assert set(answers) <= set(questions.all_of("justice_assistant"))
    assert check_in(placement, Voice.JUSTICE_ASSISTANT, "week2").state == "done"


def answered(placement: Placement, voice: Voice, moment: str, words: str) -> CheckIn:
    """A form of one voice, sent with words of its own."""
    from portal.aftercare.queries import MOMENT_WITH_PLACEMENT
    from portal.aftercare.rules import Given

    one = check_in(placement, voice, moment)
    one = db.session.scalars(sa.select(CheckIn).options(*MOMENT_WITH_PLACEMENT).where(CheckIn.id == one.id)).one()
    texts = {Voice.EMPLOYER: Given("this_week", words=words), Voice.EMPLOYEE: Given("pay_right", score=1)}
    service.answer(
        one, [texts[voice], Given("still_want" if voice == Voice.EMPLOYEE else "keep", choice="no")], by="worker"
    )
    db.session.commit()
    return one


def test_employer_and_employee_never_see_each_others_answers(
    at: Any, post: Any, visitors: Any, visitor: Visitor
) -> None:
    cast = a_cast()
    placement = a_start(cast)
    night(at, "2026-11-23")
    answered(placement, Voice.EMPLOYEE, "week8", "")
    answered(placement, Voice.EMPLOYER, "week8", SECRET)
    at.move_to("2026-11-23 09:00:00+00:00")
    greet = visitors(cast.contact)
    page = (
        greet.open("/aftercare").says("Bakkersgast", "Aan het werk sinds", "Week 13").lacks("Karim", "Benali", SECRET)
    )
    page.lacks("Klopt je loon", "justiti", "Wil je deze job")
    alert = db.session.scalars(sa.select(Alert).limit(1)).one()
    for path in (f"/aftercare/{placement.key}", f"/aftercare/alert/{alert.key}"):
        greet.open(path, status=403)
    theirs = check_in(placement, Voice.EMPLOYEE, "week13")
    greet.open(f"/aftercare/moment/{theirs.key}/answers", status=404)
    way = service.link_for(theirs, f"candidate:{placement.candidate_id}")
    db.session.commit()
    visitor.open(f"/form/{links.token_of(way)}").lacks(SECRET, "Wil je met je collega verdergaan")


def test_a_contact_fills_in_the_form_when_signed_in_and_finds_nobody_elses(at: Any, post: Any, visitors: Any) -> None:
    cast, placement, way = asked(at, post)
    stranger = a_cast(company="Garage Verlinden")
    greet = visitors(cast.contact)
    greet.open("/").says("Week 2: hoe loopt het met je nieuwe collega?", "Bakkersgast").lacks("Karim", "Benali")
    page = greet.open("/aftercare").follow("Formulier invullen")
    visitors(stranger.contact).open(page.path, status=404)
    visitors(stranger.contact).open("/aftercare").says("Nog niemand is bij jou gestart")
    page.send(**EMPLOYER).says("Het is verstuurd")
    assert check_in(placement, Voice.EMPLOYER, "week2").answered_by == "portal"
    greet.open("/").lacks("hoe loopt het met je nieuwe collega?")
    visitors().open(way, status=410)


def test_a_call_is_noted_moved_or_skipped(at: Any, visitors: Any, post: Any) -> None:
    cast = a_cast()
    placement = a_start(cast)
    night(at, "2026-10-05")
    at.move_to("2026-10-05 08:00:00+00:00")
    lien = visitors(cast.worker)
    call, visit = check_in(placement, Voice.EMPLOYEE, "day2"), check_in(placement, Voice.EMPLOYER, "week1")
    lien.open(f"/aftercare/moment/{call.key}").send("Noteren en afsluiten", note="Loopt goed, kent de weg.")
    db.session.refresh(call)
    assert (call.state, call.note) == ("done", "Loopt goed, kent de weg.")
    move = lien.open(f"/aftercare/moment/{visit.key}/move")
    assert move.send(day="2026-10-10").says("Kies een werkdag").status == 422
    move.send(day="2026-10-08")
    db.session.refresh(visit)
    assert (visit.due.isoformat(), visit.planned_for.isoformat()) == ("2026-10-08", "2026-10-05")
    assert [task.due.isoformat() for task in open_tasks("aftercare.visit") if task.subject_id == visit.id] == [
        "2026-10-09"
    ]
    lien.open(f"/aftercare/moment/{visit.key}/skip").send(reason="Bedrijf met verlof")
    db.session.refresh(visit)
    assert (visit.state, visit.skipped_because) == ("skipped", "Bedrijf met verlof")
    assert [task for task in open_tasks("aftercare.visit") if task.subject_id == visit.id] == []
    lien.open(f"/aftercare/{placement.key}").says("Loopt goed, kent de weg.", "Bedrijf met verlof")


def test_a_moved_form_never_lands_on_another_one(at: Any, visitors: Any) -> None:
    cast = a_cast()
    first, _second = a_start(cast), a_start(cast)
    one = check_in(first, Voice.EMPLOYER, "week2")
    page = visitors(cast.worker).open(f"/aftercare/moment/{one.key}/move").send(day="2026-10-13")
    assert page.says("al een ander formulier").status == 422


def test_aftercare_opens_to_its_own_worker_and_the_coordinator_reads(at: Any, visitors: Any, post: Any) -> None:
    cast = a_cast()
    placement = a_start(cast)
    night(at, "2026-10-12")
    answered(placement, Voice.EMPLOYER, "week2", SECRET)
    alert, one = db.session.scalars(sa.select(Alert)).one(), check_in(placement, Voice.EMPLOYER, "week4")
    at.move_to("2026-10-12 08:00:00+00:00")
    other = visitors(a_person("karim@example.org", role=Role.PROJECT_WORKER))
    other.open("/aftercare").says("Nog niemand is gestart")
    for path in (f"{placement.key}", f"alert/{alert.key}", f"moment/{one.key}", f"moment/{one.key}/answers"):
        other.open(f"/aftercare/{path}", status=404)
    coordinator = visitors(a_person("coordinator@example.org", role=Role.COORDINATOR))
    coordinator.open("/aftercare").says("Karim B.")
    coordinator.open(f"/aftercare/{placement.key}").says("Karim bij Bakkerij Soetaert").lacks("Deze job beëindigen")
    coordinator.open(f"/aftercare/alert/{alert.key}").says("De projectmedewerker van dit dossier antwoordt").lacks(
        "<textarea"
    )
    coordinator.open(f"/aftercare/moment/{one.key}", status=403)


def test_pages_cost_the_same_at_one_and_at_thirty_placements(at: Any, visitors: Any, post: Any) -> None:
    cast = a_cast()
    placement = a_start(cast)
    nightly.daily()
    db.session.commit()
    lien, greet = visitors(cast.worker), visitors(cast.contact)

    def costs() -> tuple[int, int, int]:
        staff, own = lien.open("/aftercare"), greet.open("/aftercare")
        one = lien.open(f"/aftercare/{placement.key}")
        return len(staff.queries), len(own.queries), len(one.queries)

    at_one = costs()
    for _more in range(29):
        a_start(cast)
    assert costs() == at_one
    assert max(at_one) <= 8, at_one


def test_the_alert_page_costs_at_most_eight_queries(at: Any, visitors: Any, post: Any) -> None:
    cast = a_cast()
    placement = a_start(cast)
    night(at, "2026-10-12")
    answered(placement, Voice.EMPLOYER, "week2", SECRET)
    at.move_to("2026-10-12 08:00:00+00:00")
    alert = db.session.scalars(sa.select(Alert)).one()
    one = check_in(placement, Voice.EMPLOYER, "week4")
    lien = visitors(cast.worker)
    for path in (f"alert/{alert.key}", f"moment/{one.key}", f"moment/{one.key}/answers"):
        page = lien.open(f"/aftercare/{path}")
        assert len(page.queries) <= 8, (path, page.queries)
