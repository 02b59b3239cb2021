"""One letter a week with what waits: none when nothing does, at the hour that the reader chose, once; a button acts."""

import re
import threading
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask

from portal.accounts.models import Person
from portal.employers.models import Employer, Vacancy
from portal.employers.states import EmployerState, VacancyState
from portal.foundation import clock
from portal.foundation.database import db
from portal.outbox import delivery
from portal.outbox.models import Letter
from portal.tasks import digest, digest_sending
from portal.tasks import service as tasks
from portal.tasks.digest_models import DigestLetter, DigestRhythm
from portal.tasks.models import Task
from tests.employers.factories import a_contact, a_vacancy, an_employer
from tests.mail_server import receiving

pytestmark = pytest.mark.usefixtures("app")
# A Tuesday, half past eight in Belgium.
TUESDAY = datetime(2026, 3, 3, 7, 30, tzinfo=UTC)


@pytest.fixture
def tuesday() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(TUESDAY, tick=False) as at:
        yield at


def somebody(name: str = "Garage Verlinden") -> tuple[Employer, Person, Vacancy]:
    """A contact with a vacancy that ends in ten days: something waits."""
    employer = an_employer(name, state=EmployerState.ACTIVE)
    contact = a_contact(employer)
    vacancy = a_vacancy(employer, contact, state=VacancyState.OPEN)
    vacancy.expires_on = clock.today() + timedelta(days=10)
    db.session.commit()
    return employer, contact, vacancy


def answer_due(employer: Employer, contact: Person, *, subject: Any) -> None:
    """A task as an interview leaves it with the contact."""
    tasks.open_task(
        "interviews.card", subject, due=clock.today(), at=("interviews.index", {}), owner_id=contact.id,
        vacancy="Bandenmonteur", asker="Els",
    )  # fmt: skip
    db.session.commit()


def test_nothing_to_do_no_letter(tuesday: Any) -> None:
    a_contact(an_employer())
    assert digest_sending.send_due() == 0


def test_one_letter_with_everything_and_no_second_that_week(tuesday: Any, post: Any) -> None:
    employer, contact, _vacancy = somebody()
    answer_due(employer, contact, subject=employer)
    assert digest_sending.send_due() == 1
    letter = post.last(contact.email, "tasks/digest")
    assert letter.subject == "Deze week wachten 2 dingen op jou"
    for said in ("Gesprekken", "Bandenmonteur", "Je vacatures", "loopt af op", "Ja, ze loopt door", "Bel mij hierover"):
        assert said in letter.text, f"{said!r}:\n{letter.text}"
    assert digest_sending.send_due() == 0
    tuesday.move_to(TUESDAY + timedelta(hours=30))
    assert digest_sending.send_due() == 0
    tuesday.move_to(TUESDAY + timedelta(days=7))
    assert digest_sending.send_due() == 1


def test_the_reader_chooses_the_day_and_the_hour(tuesday: Any, visitors: Any, post: Any) -> None:
    _employer, contact, _vacancy = somebody()
    page = visitors(contact).open("/me/letters").says("Brieven aan mij", "Lees hem eerst")
    page.send("Bewaar", weekday="3", hour="14").says("Bewaard. Zo schrijven we je voortaan.")
    assert digest_sending.send_due() == 0
    tuesday.move_to(datetime(2026, 3, 5, 12, 59, tzinfo=UTC))
    assert digest_sending.send_due() == 0, "Thursday, one minute before two"
    tuesday.move_to(datetime(2026, 3, 5, 13, 0, tzinfo=UTC))
    assert digest_sending.send_due() == 1


def test_who_was_missed_is_written_to_within_two_days_and_later_not(tuesday: Any, post: Any) -> None:
    somebody()
    tuesday.move_to(TUESDAY + timedelta(days=1, hours=20))
    assert digest_sending.send_due() == 1
    somebody("Bakkerij Soetaert")
    tuesday.move_to(TUESDAY + timedelta(days=3))
    assert digest_sending.send_due() == 0


@pytest.mark.parametrize("sunday", [date(2026, 3, 29), date(2026, 10, 25)])
def test_a_change_of_clocks_moves_nothing_and_doubles_nothing(sunday: date, post: Any) -> None:
    """Eight o'clock in Belgium before and after it, once a week."""
    for tuesday in (sunday - timedelta(days=5), sunday + timedelta(days=2)):
        eight = datetime(tuesday.year, tuesday.month, tuesday.day, 8, tzinfo=clock.BRUSSELS)
        with time_machine.travel(eight - timedelta(minutes=1), tick=False) as at:
            if not db.session.query(Vacancy).count():
                somebody()
            assert digest_sending.send_due() == 0
            sent = 0
            for minutes in range(0, 180, 30):
                at.move_to(eight + timedelta(minutes=minutes))
                sent += digest_sending.send_due()
            assert sent == 1


@pytest.mark.engine
def test_two_workers_and_a_restart_write_one_letter(tuesday: Any, app: Flask, post: Any) -> None:
    """Both look at the same moment; and one that dies before its commit leaves the week to the other."""
    _employer, contact, _vacancy = somebody()
    assert digest_sending._claim() == [contact.id]
    db.session.rollback()  # the first worker died here
    assert digest_sending._claim() == [contact.id]
    db.session.commit()
    assert digest_sending._claim() == [], "claimed by another worker"
    assert digest_sending.send_due() == 0
    db.session.query(DigestRhythm).update({"last_week": None})
    db.session.add(DigestLetter(person_id=contact.id, week=clock.monday_of(clock.today())))
    db.session.commit()
    with pytest.raises(Exception, match=r"(?i)unique"):
        digest_sending.send_due()
    db.session.rollback()


def test_a_batch_asks_as_many_questions_for_1_as_for_30(tuesday: Any, visitor: Any, post: Any) -> None:
    somebody()
    digest_sending.send_due()
    tuesday.move_to(TUESDAY + timedelta(days=7))
    one = asked(visitor)
    for number in range(29):
        _employer, _contact, vacancy = somebody(f"Bedrijf {number}")
        vacancy.expires_on = clock.today() + timedelta(days=10)
    db.session.commit()
    tuesday.move_to(TUESDAY + timedelta(days=14))
    digest_sending._claim()
    db.session.rollback()
    assert asked(visitor) == one


def asked(visitor: Any) -> int:
    answered = type(
        "Answer", (), {"status_code": 200, "request": visitor, "mimetype": "", "get_data": lambda *a, **k: ""}
    )()
    visitor.path = ""

    def send() -> Any:
        with visitor.app.app_context():
            assert digest_sending.send_due() >= 1
        return answered

    page = visitor._ask(send)
    return len([one for one in page.queries if not one.startswith("INSERT")])


def test_what_went_as_a_letter_of_its_own_today_is_not_said_twice(tuesday: Any, post: Any) -> None:
    from portal.accounts import service as accounts
    from portal.outbox import service as outbox

    _employer, contact, vacancy = somebody()
    outbox.leave("employers/vacancy_ends", to=accounts.recipient(contact), values={}, about=vacancy)
    db.session.commit()
    assert digest_sending.send_due() == 0


def test_a_company_that_rests_or_is_blocked_gets_none(tuesday: Any) -> None:
    for state in (EmployerState.DORMANT, EmployerState.BLOCKED):
        employer, _contact, _vacancy = somebody(f"Bedrijf {state}")
        employer.state = state
    db.session.commit()
    assert digest_sending.send_due() == 0


def test_preferences_per_kind(tuesday: Any, visitors: Any, post: Any) -> None:
    employer, contact, _vacancy = somebody()
    answer_due(employer, contact, subject=employer)
    page = visitors(contact).open("/me/letters")
    page.says("Wat een lopend gesprek of iemand aan het werk nodig heeft, komt altijd meteen")
    page.send("Bewaar", way_vacancies="never")
    digest_sending.send_due()
    assert "Je vacatures" not in post.last(contact.email).text
    visitors(contact).open("/me/letters").send("Bewaar", week="never")
    tuesday.move_to(TUESDAY + timedelta(days=7))
    assert digest_sending.send_due() == 0


def test_who_stopped_between_writing_and_sending_gets_none(tuesday: Any, post: Any) -> None:
    _employer, contact, _vacancy = somebody()
    digest_sending.send_due()
    digest.choose(contact.id, digest.WHOLE, digest.NEVER)
    db.session.commit()
    assert post.to(contact.email) == []


def test_the_letter_is_read_before_it_leaves_and_nothing_is_sent(tuesday: Any, visitors: Any) -> None:
    _employer, contact, _vacancy = somebody()
    reader = visitors(contact)
    page = reader.open("/me/letters").follow("Lees hem eerst")
    page.says("Bandenmonteur", "Ja, ze loopt door", "Er wordt niets verstuurd")
    assert len(page.queries) <= 8
    assert db.session.query(Letter).count() == 0
    vacancy = db.session.query(Vacancy).one()
    vacancy.expires_on = clock.today() + timedelta(days=60)
    db.session.commit()
    reader.open("/me/letters/preview").says("Er zou nu geen brief vertrekken")


@pytest.mark.engine
def test_the_link_shows_and_the_button_acts(tuesday: Any, visitor: Any, post: Any) -> None:
    _employer, contact, vacancy = somebody()
    digest_sending.send_due()
    path = post.last(contact.email).path("/week/").partition("#")[0]
    for _ in range(3):
        page = visitor.open(path).says("Jouw week", "Bandenmonteur")
    assert db.session.get_one(Vacancy, vacancy.id).expires_on == clock.today() + timedelta(days=10), "a GET changed it"
    page.send("Ja, ze loopt door").says("Gedaan", "Alles is in orde")
    assert db.session.get_one(Vacancy, vacancy.id).expires_on == clock.today() + timedelta(days=90)
    page.send("Ja, ze loopt door").says("Alles is in orde")


def test_call_me_becomes_the_workers_task(tuesday: Any, visitor: Any, post: Any) -> None:
    employer, contact, _vacancy = somebody()
    answer_due(employer, contact, subject=employer)
    digest_sending.send_due()
    page = visitor.open(post.last(contact.email).path("/week/").partition("#")[0])
    page.send("Bel mij hierover").says("Gedaan")
    task = db.session.query(Task).filter_by(kind="employers.call_asked").one()
    assert task.words["company"] == "Garage Verlinden" and "Bandenmonteur" in task.words["topic"]


def test_what_is_not_offered_cannot_be_pressed(tuesday: Any, visitor: Any, post: Any) -> None:
    _employer, contact, vacancy = somebody()
    _other_employer, _other, stranger = somebody("Bakkerij Soetaert")
    digest_sending.send_due()
    page = visitor.open(post.last(contact.email).path("/week/").partition("#")[0])
    token = [(k, v) for k, v in page.form("Ja, ze loopt door").form_values() if k == "csrf_token"]
    for do in (
        f"vacancies|vacancy:{stranger.id}|renew",
        "vacancies|person:1|renew",
        "x",
        f"vacancies|vacancy:{vacancy.id}|eat",
    ):
        visitor.post(page.path, [*token, ("do", do)]).says("Dit was al in orde")
    assert db.session.get_one(Vacancy, stranger.id).expires_on == clock.today() + timedelta(days=10)


def test_the_link_of_somebody_who_left_the_company_opens_nothing(tuesday: Any, visitor: Any, post: Any) -> None:
    from portal.accounts.models import Membership

    _employer, contact, _vacancy = somebody()
    digest_sending.send_due()
    path = post.last(contact.email).path("/week/").partition("#")[0]
    seat = db.session.query(Membership).filter_by(person_id=contact.id).one()
    seat.since, seat.until = clock.today() - timedelta(days=9), clock.today() - timedelta(days=1)
    db.session.commit()
    visitor.open(path, status=410)


@pytest.mark.engine
def test_one_click_unsubscribe_by_the_mail_program(tuesday: Any, app: Flask, visitor: Any, post: Any) -> None:
    """RFC 8058: both headers, and a POST without cookie and token of ours ends the letters; opening the link does not."""
    _employer, contact, _vacancy = somebody()
    me = contact.id
    digest_sending.send_due()
    with receiving(app) as server:
        delivery.deliver()
    letter = server.opened()[-1]
    found = re.search(r"^<https?://[^/]+(/stop-letters/[^>]+)>$", letter["List-Unsubscribe"].strip())
    assert found and letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    visitor.open(found[1]).says("Wil je zulke brieven niet meer?")
    assert digest.chosen([me]) == {}
    answer = visitor.client.post(found[1], data={"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 303
    assert digest.chosen([me]) == {(me, "digest"): "never"}
    visitor.open(found[1]).says("Je krijgt zulke brieven niet meer")
    digest.choose(me, digest.WHOLE, digest.DIGEST)
    db.session.commit()
    forged = visitor.client.post(f"{found[1]}x", data={"List-Unsubscribe": "One-Click"})
    assert forged.status_code == 404
    assert digest.chosen([me]) == {(me, "digest"): "digest"}, forged.text


def test_in_french_and_in_english(tuesday: Any, post: Any) -> None:
    for language, subject in (("fr", "Cette semaine : Bandenmonteur"), ("en", "This week: Bandenmonteur")):
        _employer, contact, _vacancy = somebody(f"Bedrijf {language}")
        contact.language = language
        db.session.commit()
        digest_sending.send_due()
        assert post.last(contact.email).subject == subject


def test_no_task_of_an_employer_comes_twice_in_two_sections(tuesday: Any, post: Any) -> None:
    assert len({room for one in digest.SECTIONS.values() for room in one.rooms}) == sum(
        len(one.rooms) for one in digest.SECTIONS.values()
    )
    assert set(digest._providers) <= set(digest.SECTIONS)


@pytest.mark.engine
def test_workers_at_one_moment_write_one_letter_each(tuesday: Any, app: Flask, post: Any) -> None:
    """Four workers, each with a connection of its own, look in the same minute; nobody is written to twice."""
    contacts = [somebody(f"Bedrijf {number}")[1].email for number in range(6)]
    db.session.commit()
    db.session.remove()
    ready, failed = threading.Barrier(4), []

    def work() -> None:
        with app.app_context():
            ready.wait(30)
            try:
                digest_sending.send_due()
            except Exception as error:
                failed.append(error)
            finally:
                db.session.remove()

    workers = [threading.Thread(target=work) for _ in range(4)]
    for one in workers:
        one.start()
    for one in workers:
        one.join(60)
    digest_sending.send_due()
    assert failed == []
    assert sorted(letter.to for letter in post.all("tasks/digest")) == sorted(contacts)
