"""An employer's worry goes to one company after another, and to the worker in the end; nobody else reads it."""

from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from sqlalchemy.exc import IntegrityError

from portal.accounts.models import Person
from portal.accounts.roles import Role
from portal.ambassadors import question_queries, questions
from portal.ambassadors.models import Ambassador
from portal.ambassadors.question_models import PeerQuestion, PeerTurn, QuestionState, TurnEnd
from portal.employers.models import Employer
from portal.foundation import clock
from portal.foundation.database import db
from portal.tasks.models import Task
from tests.ambassadors.factories import a_company, a_contact, an_ambassador, who
from tests.factories import a_person, a_programme

pytestmark = pytest.mark.usefixtures("app")
WORRY = "Hoe regel je de uren in het begin, en wat zeg je aan je ploeg?"
ANSWER = "Wij begonnen met kortere dagen. Na een maand vroeg niemand er nog naar."


def a_peer(name: str, *, section: str = "C", size: str = "small", **more: Any) -> Ambassador:
    company = a_company(name, **more)
    company.section, company.size = section, size
    return an_ambassador(
        company, a_contact(company, f"{name.split()[-1].lower()}@peers.example", name=f"An {name.split()[-1]}")
    )


def an_asker(name: str = "Bakkerij Braeckman", *, section: str = "C", size: str = "small") -> Person:
    company = a_company(name)
    company.section, company.size = section, size
    db.session.commit()
    return a_contact(company, f"{name.split()[-1].lower()}@askers.example")


def asked(person: Person, text: str = WORRY, slug: str = "") -> PeerQuestion:
    """A question, as the form asks it."""
    from portal.employers import queries
    from portal.foundation.access import Seat, Viewer

    row = db.session.execute(
        sa.select(Employer).where(Employer.organisation_id.in_([one.organisation_id for one in _seats(person)]))
    ).scalar_one()
    viewer = Viewer(person.id, seats=(Seat(Role.EMPLOYER_ADMIN, row.organisation_id),))
    found = questions.ask(
        queries.employer_of(viewer), person, text, slug=slug, language="nl", named=False, looked=True
    )  # fmt: skip
    db.session.commit()
    return found


def _seats(person: Person) -> Any:
    from portal.accounts.models import Membership

    return db.session.scalars(sa.select(Membership).where(Membership.person_id == person.id)).all()


def turns() -> list[tuple[str, TurnEnd | None]]:
    """(company, how it ended), in the order of asking."""
    rows = db.session.scalars(question_queries.whole().order_by(PeerQuestion.id)).unique().all()
    return [(one.ambassador.employer.organisation.name, one.ended_how) for row in rows for one in row.turns]


def the_question() -> PeerQuestion:
    db.session.expire_all()
    return db.session.scalars(question_queries.whole()).unique().one()


def test_a_worry_is_asked_where_it_arises_and_answered_by_a_peer(visitors: Any, post: Any) -> None:
    peer = a_peer("Molen Vergote")
    an_worker = a_person("lien@team.example", role=Role.PROJECT_WORKER, programme=a_programme())
    asker = visitors(an_asker())
    page = asker.open("/answers/colleagues").follow("Vraag het aan iemand die het deed")
    page.says("Wat zeg ik aan mijn team?", "een bedrijf in de sector industrie")
    sent = page.send("Verstuur de vraag", text=WORRY).says("Je vraag is onderweg", WORRY, "bij een ander bedrijf")
    letter = post.last("vergote@peers.example", "ambassadors/question")
    assert WORRY not in letter.text
    assert "Braeckman" not in letter.text

    theirs = visitors(who(peer)).open(letter.path("/network/asked/"))
    theirs.says(WORRY, "Een bedrijf in de sector").lacks("Braeckman")
    theirs.send("Verstuur het antwoord", text=ANSWER).says("Bedankt")
    told = post.last("braeckman@askers.example", "ambassadors/question_answered")
    assert ANSWER not in told.text
    read = asker.open(told.path("/network/questions/")).says("beantwoord", ANSWER, "Molen Vergote")
    read.send("Bedankt, dit helpt").says("dit hielp je")
    assert db.session.scalars(sa.select(Task.kind).where(Task.closed_at.is_(None), Task.kind.startswith("ambassadors."))).all() == [
        "ambassadors.good_answer"
    ]  # fmt: skip
    staff = visitors(an_worker).open("/network/questions/team").follow("Bakkerij Braeckman")
    staff.says(WORRY, ANSWER, "Molen Vergote: beantwoord")
    assert sent.path.startswith("/network/questions/")


def test_the_same_sector_goes_before_the_same_size_and_each_has_a_turn(post: Any) -> None:
    a_peer("Garage Zwart", section="G", size="small")
    a_peer("Molen Eerst", section="C", size="large")
    a_peer("Molen Daarna", section="C", size="micro")
    a_peer("Hotel Ver", section="I", size="large")
    for name in ("Bakkerij Een", "Bakkerij Twee", "Bakkerij Drie", "Bakkerij Vier"):
        asked(an_asker(name))
    assert [company for company, _ in turns()] == ["Molen Eerst", "Molen Daarna", "Molen Eerst", "Molen Daarna"]


def test_who_has_its_hands_full_rests_or_is_elsewhere_is_not_asked(post: Any) -> None:
    asker = an_asker()
    own = db.session.scalars(sa.select(Employer)).one()
    an_ambassador(own, asker)
    paused = a_peer("Molen Rust")
    paused.move_to(type(paused.state).PAUSED)
    elsewhere = a_peer("Molen Elders")
    db.session.get_one(Employer, elsewhere.employer_id).programme_id = a_programme("Doorstart Luik").id
    db.session.commit()
    found = asked(asker)
    assert turns() == []
    assert found.state is QuestionState.WITH_WORKER
    task = db.session.scalars(sa.select(Task).where(Task.kind == "ambassadors.question_waits")).one()
    assert (task.role, task.owner_id) == (Role.PROJECT_WORKER, None)


def test_three_wait_with_one_peer_at_most_and_three_of_one_company(visitors: Any, post: Any) -> None:
    a_peer("Molen Vol")
    first = an_asker("Bakkerij Een")
    for _ in range(3):
        asked(first)
    page = visitors(first).open("/network/ask").send("Verstuur de vraag", text=WORRY)
    assert page.status == 429
    page.says("hoogste aantal open vragen", WORRY)
    assert asked(an_asker("Bakkerij Twee")).state is QuestionState.WITH_WORKER


def test_not_mine_goes_to_the_next_and_the_last_to_the_worker(visitors: Any, post: Any) -> None:
    one, two = a_peer("Molen Een"), a_peer("Molen Twee")
    asked(an_asker())
    letter = post.last("een@peers.example")
    page = visitors(who(one)).open(letter.path("/network/asked/")).send("Niet voor mij")
    page.says("gaat naar iemand anders")
    visitors(who(one)).open(letter.path("/network/asked/")).says("ging intussen naar iemand anders").lacks(WORRY)
    visitors(who(two)).open(post.last("twee@peers.example").path("/network/asked/")).send("Niet voor mij")
    assert turns() == [("Molen Een", TurnEnd.PASSED), ("Molen Twee", TurnEnd.PASSED)]
    assert the_question().state is QuestionState.WITH_WORKER


def test_five_working_days_one_reminder_and_then_the_worker(visitors: Any, post: Any) -> None:
    with time_machine.travel(clock.at(date(2026, 11, 9), clock.local(clock.now()).time()), tick=False) as now:
        peer = a_peer("Molen Stil")
        worker = a_person("lien@team.example", role=Role.PROJECT_WORKER, programme=a_programme())
        asker = an_asker()
        asked(asker)
        # Wednesday 11 November is a holiday: the fifth working day after Monday 9 is Tuesday 17.
        assert the_question().turns[0].due == date(2026, 11, 17)
        written = []
        for day in range(1, 12):
            now.move_to(clock.at(date(2026, 11, 9) + timedelta(days=day), clock.local(clock.now()).time()))
            questions.keep_moving()
            questions.keep_moving()
            if reminders := post.to("stil@peers.example", "ambassadors/question_reminder"):
                written.append((day, len(reminders)))
            if the_question().state is QuestionState.WITH_WORKER:
                break
        # Reminded once, on Friday 13; given to the worker on Wednesday 18.
        assert (written[0][0], {number for _day, number in written}, day) == (4, {1}, 9)
        assert turns() == [("Molen Stil", TurnEnd.LATE)]
        key = the_question().key
        late = visitors(who(peer)).open(f"/network/asked/{key}").says("ging intussen naar iemand anders")
        assert late.status == 200
        page = visitors(worker).open(f"/network/questions/team/{key}").says("antwoordde niet op tijd")
        page.send("Verstuur het antwoord", text=ANSWER).says("Het bedrijf leest je antwoord")
        visitors(asker).open(f"/network/questions/{key}").says(ANSWER, "De projectmedewerker")


def test_what_may_point_to_a_person_is_shown_before_it_leaves(visitors: Any, post: Any) -> None:
    a_peer("Molen Vergote")
    asker = visitors(an_asker())
    text = "Kan Mohammed Bensaïd, geboren op 3 mei 1991, beginnen om zes uur?"
    page = asker.open("/network/ask").send("Verstuur de vraag", text=text)
    assert page.status == 409
    page.says("Kijk hiernaar voor het vertrekt", "3 mei 1991", text)
    assert db.session.scalar(sa.select(sa.func.count(PeerQuestion.id))) == 0
    assert post.all() == []
    page.send("Verstuur de vraag", text=text, looked=True).says("Je vraag is onderweg")
    number = asker.open("/network/ask").send("Verstuur de vraag", text="Het gaat om 93.05.18-223.61, kan dat?")
    assert number.status == 422
    assert db.session.scalar(sa.select(sa.func.count(PeerQuestion.id))) == 1


def test_the_asker_writes_once_more_to_the_same_peer_and_only_once(visitors: Any, post: Any) -> None:
    peer = a_peer("Molen Vergote")
    a_peer("Molen Ander")
    asker = visitors(an_asker())
    asker.open("/network/ask").send("Verstuur de vraag", text=WORRY, names_company=True)
    place = post.last("vergote@peers.example").path("/network/asked/")
    visitors(who(peer)).open(place).says("Bakkerij Braeckman").send(
        "Verstuur het antwoord", text=ANSWER, names_company=False
    )
    key = the_question().key
    mine = asker.open(f"/network/questions/{key}").lacks("Vergote")
    mine.send("Versturen", text="En wie betaalde de werkkledij?").says("bij een ander bedrijf")
    assert "nog een keer" in post.last("vergote@peers.example").text
    assert turns() == [("Molen Vergote", None)]
    visitors(who(peer)).open(place).says("werkkledij").send("Verstuur het antwoord", text="Wij, zoals bij iedereen.")
    done = asker.open(f"/network/questions/{key}").says("zoals bij iedereen")
    assert "Wat is nog niet duidelijk?" not in done.text


def test_a_peer_that_pauses_hands_its_questions_on_at_once(post: Any) -> None:
    one = a_peer("Molen Een")
    a_peer("Molen Twee")
    asked(an_asker())
    one.move_to(type(one.state).PAUSED)
    db.session.commit()
    assert turns() == [("Molen Een", TurnEnd.GONE), ("Molen Twee", None)]


def test_a_question_is_read_by_nobody_else(visitors: Any, post: Any) -> None:
    a_peer("Molen Vergote")
    other = a_peer("Molen Ander", section="G", size="large")
    person = an_asker()
    asked(person)
    key = the_question().key
    colleague = a_contact(db.session.get_one(Employer, the_question().employer_id), name="Bo Maes")
    stranger = a_person("ver@team.example", role=Role.PROJECT_WORKER, programme=a_programme("Doorstart Luik"))
    for somebody in (colleague, who(other), an_asker("Bakkerij Vreemd")):
        visitors(somebody).open(f"/network/questions/{key}", status=404)
    visitors(who(other)).open(f"/network/asked/{key}", status=404)
    visitors(stranger).open(f"/network/questions/team/{key}", status=404)
    assert WORRY not in visitors(stranger).open("/network/questions/team").text


def test_a_company_that_waits_for_its_call_is_told_when_it_may_ask(visitors: Any) -> None:
    from portal.employers.states import EmployerState

    company = a_company("Bakkerij Nieuw", state=EmployerState.REGISTERED)
    page = visitors(a_contact(company)).open("/network/ask").says("belt je eerst")
    page.visitor.post("/network/ask", {"text": WORRY})
    assert db.session.scalar(sa.select(sa.func.count(PeerQuestion.id))) == 0


@pytest.mark.engine
def test_two_runs_put_a_question_to_one_peer_only(post: Any) -> None:
    for name in ("Molen Een", "Molen Twee", "Molen Drie"):
        a_peer(name)
    found = asked(an_asker())
    taken = db.session.scalars(sa.select(PeerTurn)).one()
    other = next(one.id for one in db.session.scalars(sa.select(Ambassador)) if one.id != taken.ambassador_id)
    db.session.add(PeerTurn(question_id=found.id, ambassador_id=other, due=clock.today()))
    with pytest.raises(IntegrityError):
        db.session.flush()
    db.session.rollback()
    with time_machine.travel(clock.now() + timedelta(days=20)):
        questions.keep_moving()
        questions.keep_moving()
    assert len(turns()) == 1
    assert db.session.scalar(sa.select(sa.func.count(Task.id)).where(Task.kind == "ambassadors.question_waits")) == 1


def test_the_lists_cost_the_same_with_one_and_with_thirty(visitors: Any, post: Any) -> None:
    person = an_asker()
    worker = a_person("lien@team.example", role=Role.PROJECT_WORKER, programme=a_programme())
    costs = []
    for number in (1, 29):
        for _ in range(number):
            found = asked(person)
            found.state = QuestionState.CLOSED
            db.session.commit()
        pages = [visitors(person).open("/network/questions"), visitors(worker).open("/network/questions/team")]
        costs.append([len(page.queries) for page in pages])
    assert costs[0] == costs[1]
    assert max(costs[1]) <= 8, costs
