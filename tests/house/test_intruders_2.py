"""Somebody with an account, or with a link that was handed on, tries what the pages of a case and of a profile do not offer."""

import io
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from werkzeug.datastructures import FileStorage

from portal.accounts import links, service
from portal.accounts.models import PersonalLink
from portal.accounts.roles import Role
from portal.agenda import busy
from portal.agenda.models import SitDay
from portal.candidates import consents, handing, rebooking
from portal.candidates.handles import handle
from portal.candidates.models import Consent, Contact, Handover
from portal.candidates.states import Channel, HandoverState, Purpose
from portal.employers.models import Employer
from portal.employers.states import EmployerState
from portal.foundation import acting, clock
from portal.foundation.database import db
from portal.outbox.models import Letter
from portal.showcase import batches, kept_from
from portal.showcase.models import Profile
from portal.tasks.models import Task
from tests.candidates.factories import a_booked_screening, a_candidate, a_place, a_worker
from tests.factories import a_person, a_programme
from tests.showcase.factories import a_company, an_approved_profile, the_programme
from tests.showcase.test_questions import Stage
from tests.visitor import Page, Visitor

pytestmark = pytest.mark.usefixtures("app", "post")
BENDING = ("_scheme=javascript", "_external=1", "_anchor=x", "_method=PUT", "endpoint=x", "_scheme=https&_external=y")


# --- Addresses ------------------------------------------------------------------------------------------------------


def addresses(page: Page) -> list[str]:
    return [str(one) for one in page.tree.xpath("//main//a/@href")]  # type: ignore[union-attr]


def test_no_link_that_somebody_sends_bends_the_addresses_of_a_list(visitors: Any) -> None:
    lien = a_worker("Lien")
    for number in range(26):
        a_candidate(lien, first_name=f"Amina{number}")
    browser = visitors(lien)
    straight = addresses(browser.open("/people?part=mine"))
    assert any("after=" in one for one in straight)
    for query in BENDING:
        page = browser.open(f"/people?part=mine&{query}")
        assert all(one.startswith("http://localhost/") for one in addresses(page)), query
        onward = next(one for one in addresses(page) if "after=" in one)
        assert "part=mine" in onward
        browser.open(onward.removeprefix("http://localhost"))


def test_a_list_of_one_case_leads_on_to_that_case(visitors: Any) -> None:
    lien = a_worker("Lien")
    mine, other = a_candidate(lien), a_candidate(lien)
    for _ in range(26):
        db.session.add(
            Contact(
                candidate_id=mine.id, person_id=lien.id, on=clock.today(), whom="candidate", channel="phone", note="x"
            )
        )
    db.session.commit()
    page = visitors(lien).open(f"/people/{mine.key}/contacts?key={other.key}")
    onward = [one for one in addresses(page) if "after=" in one]
    assert onward and all(f"/people/{mine.key}/contacts" in one for one in onward)


# --- Links and agreements -------------------------------------------------------------------------------------------


def test_a_link_that_is_withdrawn_while_its_page_answers_does_nothing() -> None:
    person = a_person("lien@example.org")
    link = links.make("welcome", person, expires=clock.days_from_now(1))
    db.session.commit()
    found = links.find("welcome", links.token_of(link))
    with db.session.no_autoflush:
        db.session.execute(
            sa.update(PersonalLink).values(withdrawn_at=clock.now()).execution_options(synchronize_session=False)
        )
    with pytest.raises(links.NoSuchLink):
        links.use(found)


def test_an_old_page_takes_no_newer_agreement_away(visitors: Any) -> None:
    lien = a_worker("Lien")
    case = a_candidate(lien)
    with acting.as_(lien.id, "project_worker"):
        old = consents.give(case.id, Purpose.AFTERCARE, channel=Channel.PAPER)
        db.session.commit()
    browser = visitors(lien)
    page = browser.open(f"/people/{case.key}/agreements")
    action = next(
        form.get("action") for form in page.tree.xpath("//form") if f"/{old.id}/" in (form.get("action") or "")
    )
    token = page.tree.xpath("//input[@name='csrf_token']/@value")[0]
    with acting.as_(lien.id, "project_worker"):
        consents.withdraw(db.session.get_one(Consent, old.id))
        consents.give(case.id, Purpose.AFTERCARE, channel=Channel.PAPER)
    db.session.commit()
    browser.post(action, {"csrf_token": token})
    assert consents.standing(case.id, Purpose.AFTERCARE) is not None


# --- At the same moment -----------------------------------------------------------------------------------------------


def test_what_may_be_done_once_and_was_done_meanwhile_is_said_and_no_mistake(
    visitors: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    lien, jonas, noor = a_worker("Lien"), a_worker("Jonas"), a_worker("Noor")
    case = a_candidate(lien)
    page = visitors(lien).open(f"/people/{case.key}/hand-over")
    with acting.as_(lien.id, "project_worker"):
        handing.propose(case, giver=lien, receiver=noor, note="Van de andere tab.")
    db.session.commit()
    monkeypatch.setattr(handing, "_asked", lambda _candidate: ())
    monkeypatch.setattr(handing, "latest", lambda _candidate: None)
    sent = page.send("Ask your colleague", worker=jonas.key, note="Van deze tab, op hetzelfde moment.")
    assert sent.status == 409
    sent.says("somebody changed it in the meantime")
    assert [one.to_id for one in db.session.scalars(sa.select(Handover))] == [noor.id]


def test_a_question_that_was_taken_back_is_not_answered(visitors: Any) -> None:
    lien, noor = a_worker("Lien"), a_worker("Noor")
    case = a_candidate(lien)
    with acting.as_(lien.id, "project_worker"):
        asked = handing.propose(case, giver=lien, receiver=noor, note="Ik ga minder werken.")
    db.session.commit()
    reply = visitors(noor).open(f"/people/handed/{asked.key}")
    handing.take_back(db.session.get_one(Handover, asked.id))
    db.session.commit()
    assert reply.send(takes="yes", said="").status == 404
    db.session.expire_all()
    assert (asked.state, case.worker_id) == (HandoverState.WITHDRAWN, lien.id)


def test_a_mail_scanner_that_only_asks_for_the_head_hears_the_same(visitor: Visitor) -> None:
    for path in ("/my-profile/1-abc", "/agree/1-abc", "/welcome/1-abc"):
        asked = {method: visitor.client.open(path, method=method) for method in ("HEAD", "GET")}
        assert [one.status_code for one in asked.values()] == [410, 410], path
        assert asked["HEAD"].location is None


# --- Fields that no page has --------------------------------------------------------------------------------------------


@pytest.mark.engine
def test_a_field_whose_name_is_nonsense_asks_the_database_nothing(visitors: Any) -> None:
    lien = a_worker("Lien")
    screening = a_booked_screening(lien, a_candidate(lien))
    browser: Visitor = visitors(lien)
    page = browser.open(f"/screenings/{screening.key}/competences")
    sent = [*page.form().form_values(), ("level_\0", "2"), ("level_" + "x" * 10_000, "2"), ("level_\u202e", "2")]
    assert browser.post(f"/screenings/{screening.key}/competences", sent).status < 500


# --- Companies ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", [EmployerState.LEAD, EmployerState.REGISTERED, EmployerState.BLOCKED])
def test_a_company_that_nobody_verified_reads_no_bands(visitors: Any, state: EmployerState) -> None:
    lien, sam = a_worker("Lien"), a_worker("Sam")
    employer, els = a_company(lien)
    for _ in range(5):
        an_approved_profile(lien, sam)
    batches.release(the_programme())
    db.session.commit()
    visitors(els).open("/people-who-look").says("5 of meer")
    db.session.execute(sa.update(Employer).where(Employer.id == employer.id).values(state=state))
    db.session.commit()
    visitors(els).open("/people-who-look").lacks("5 of meer", "Oost-Vlaanderen")


def test_a_question_of_a_company_from_which_somebody_is_kept_waits_for_nobody(visitors: Any) -> None:
    stage = Stage(visitors)
    stage.ask()
    person = db.session.get_one(Profile, stage.row.profile_id).candidate_id
    with acting.as_(stage.lien.id, "project_worker"):
        kept_from.keep_from(
            handle(person), db.session.get_one(Employer, stage.vacancy.employer_id).key, "past_employer"
        )
    db.session.commit()
    stage.company.open(stage.path, status=404)
    assert stage.page().tree.xpath("//main//textarea") == []
    assert (
        db.session.scalars(
            sa.select(Task).where(Task.kind == "showcase.answer_question", Task.closed_at.is_(None))
        ).all()
        == []
    )
    assert db.session.scalars(sa.select(Letter)).all() == []


# --- Who sits a day ---------------------------------------------------------------------------------------------------


def test_who_would_have_sat_a_talk_that_is_called_off_reads_no_case(visitors: Any) -> None:
    lien, jonas = a_worker("Lien"), a_worker("Jonas")
    case = a_candidate(lien, first_name="Amina")
    screening = a_booked_screening(jonas, case)
    sits = visitors(jonas)
    sits.open(f"/people/{case.key}").says("Amina")
    sits.open(f"/screenings/{screening.key}")
    rebooking.hours_gone([screening.id])
    db.session.commit()
    sits.open(f"/people/{case.key}", status=404)
    sits.open(f"/screenings/{screening.key}", status=404)
    sits.open("/people?part=sits").lacks("Amina")
    visitors(lien).open(f"/people/{case.key}").says("Amina")


def test_nobody_is_seated_in_a_programme_where_that_person_may_read_nothing(visitors: Any) -> None:
    elsewhere = a_programme("Doorstart Antwerpen")
    lien, jonas = a_worker("Lien"), a_worker("Jonas", elsewhere)
    service.seat(lien, Role.PROJECT_WORKER, programme_id=elsewhere.id)
    place = a_place()
    chosen = f"{place.programme.key}.{place.site.key}"
    browser = visitors(lien)
    day = (clock.today() + timedelta(days=3)).isoformat()
    page = browser.open("/sit-days/new").send(site=chosen, worker=jonas.key, day=day)
    assert page.status == 422
    page.says("Choose somebody who works in the programme of this place.")
    assert browser.open("/sit-days/rules/new").send(site=chosen, workers=[jonas.key]).status == 422
    assert db.session.query(SitDay).count() == 0
    browser.open("/sit-days/new").send(site=chosen, worker=lien.key, day=day)
    assert db.session.query(SitDay).count() == 1


# --- Files ------------------------------------------------------------------------------------------------------------


def test_nobody_keeps_the_portal_busy_with_calendar_files(visitors: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[bytes] = []
    monkeypatch.setattr(busy, "read", lambda content, _ours: read.append(content) or [])
    browser = visitors(a_worker("Lien"))
    for number in range(busy.MOST_FILES + 3):
        values = dict(browser.open("/agenda/calendars/file").form().form_values())
        given = FileStorage(io.BytesIO(b"BEGIN:VCALENDAR"), "own.ics")
        page = browser.post("/agenda/calendars/file", [*values.items(), ("file", given)])
        assert (page.status == 429) == (number >= busy.MOST_FILES)
    assert len(read) == busy.MOST_FILES
