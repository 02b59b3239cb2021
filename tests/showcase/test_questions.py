"""An employer asks about an opened profile: the worker answers, and nothing that names somebody ever leaves."""

import re
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine

from portal.accounts.roles import Role
from portal.candidates import consents
from portal.candidates.states import Purpose
from portal.foundation import clock
from portal.foundation.database import db
from portal.foundation.options import load
from portal.outbox.models import Letter
from portal.showcase.models import Listing, Profile, Question
from portal.showcase.states import QUESTION, QuestionState
from portal.tasks.models import Task
from tests.factories import a_person
from tests.showcase.factories import a_company, a_vacancy
from tests.showcase.test_staying_blind import CANARIES, a_team, listings, open_listing, people_out

pytestmark = pytest.mark.usefixtures("app")
ASKED = "Kan deze persoon alleen met de heftruck rijden?"
ANSWER = "Ja, na een week oefenen met een collega erbij."


class Stage:
    """A company that opened somebody's profile, a colleague there, and the worker."""

    def __init__(self, visitors: Any) -> None:
        self.lien, self.sam = a_team()
        employer, self.els = a_company(self.lien)
        self.jo = a_person(
            role=Role.EMPLOYER_CONTACT, first_name="Jo", last_name="Dox", organisation=_organisation(employer)
        )
        self.vacancy = a_vacancy(employer, self.els)
        people_out(5, self.lien, self.sam, first_name="Quirijntje", last_name="Zonderland")
        self.row: Listing = listings(self.vacancy)[0]
        self.company, self.colleague, self.worker = visitors(self.els), visitors(self.jo), visitors(self.lien)
        open_listing(self.company, self.row)
        self.path = f"/profiles/{self.row.key}"

    def ask(self, text: str = ASKED) -> Any:
        return self.company.open(f"{self.path}/ask").send("Stuur mijn vraag", text=text)

    def page(self) -> Any:
        return self.worker.open(f"/questions/{_question().key}")


def _organisation(employer: Any) -> Any:
    from portal.organisations.models import Organisation

    return db.session.get_one(Organisation, employer.organisation_id)


def _question() -> Question:
    db.session.expire_all()
    return db.session.scalars(sa.select(Question).order_by(Question.id.desc())).first()  # type: ignore[return-value]


@pytest.fixture
def stage(visitors: Any) -> Stage:
    return Stage(visitors)


def test_a_question_goes_to_the_worker_and_the_answer_to_the_page(stage: Stage, post: Any) -> None:
    stage.ask().says("Je vraag is bij de projectmedewerker", ASKED, "Je projectmedewerker antwoordt hier")
    page = stage.worker.open("/").follow("Lees en antwoord")
    page.says(ASKED, "Draagt altijd de juiste bescherming.", "Garage Verlinden")
    page.send("Kijk na en stuur", said="answer", text=ANSWER).says("Het bedrijf kan het nu lezen", ANSWER)
    assert _question().state == QuestionState.ANSWERED
    stage.company.open(stage.path).says("Jouw vraag", ASKED, ANSWER)
    letter = post.last(stage.els.email, "showcase/question_answered")
    for told in (letter.text, letter.html, letter.subject):
        assert ANSWER not in told and ASKED not in told and stage.row.code not in told
    assert db.session.scalar(sa.select(sa.func.count()).where(Task.kind == "showcase.answer_question", Task.closed_at.is_(None))) == 0  # fmt: skip


def test_the_task_tells_that_there_is_a_question_and_not_what_it_says(stage: Stage) -> None:
    stage.ask("Heeft hij een strafblad?")
    task = db.session.scalars(sa.select(Task).where(Task.kind == "showcase.answer_question")).one()
    assert task.owner_id == stage.lien.id and "strafblad" not in str(task.words)
    assert not db.session.scalars(sa.select(Letter)).all()


def test_colleagues_read_the_answer_once_they_opened_the_profile_and_other_companies_never(
    stage: Stage, visitors: Any, post: Any
) -> None:
    stage.ask()
    stage.colleague.open(stage.path).lacks(ASKED)
    stage.page().send("Kijk na en stuur", said="answer", text=ANSWER, shown=["shown"])
    stage.colleague.open(stage.path).lacks(ANSWER)
    open_listing(stage.colleague, stage.row).says("Een collega vroeg iets", ASKED, ANSWER)
    other, jan = a_company(stage.lien, "Bakkerij Maes")
    vacancy = a_vacancy(other, jan)
    people_out(5, stage.lien, stage.sam)
    stranger = visitors(jan)
    stranger.open(stage.path, status=404)
    for row in listings(vacancy):
        open_listing(stranger, row).lacks(ASKED, ANSWER)


def test_the_words_of_a_question_stay_with_its_asker_unless_the_worker_shows_them(stage: Stage, post: Any) -> None:
    stage.ask()
    stage.page().send("Kijk na en stuur", said="answer", text=ANSWER, shown=[])
    open_listing(stage.colleague, stage.row).says(ANSWER).lacks(ASKED)
    stage.company.open(stage.path).says(ASKED)


def test_only_whoever_opened_the_profile_asks(stage: Stage) -> None:
    stage.colleague.open(f"{stage.path}/ask", status=404)


def test_questions_are_limited_for_a_vacancy_and_a_week(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(load("showcase", "limits"), "questions_a_week", 2)
    with time_machine.travel(clock.now(), tick=False) as at:
        stage.ask()
        stage.ask()
        refused = stage.ask()
        assert refused.status == 429
        refused.says("het hoogste aantal vragen")
        at.shift(timedelta(days=7, minutes=1))
        from tests.visitor import Visitor

        stage.company = Visitor(stage.company.app).become(stage.els)
        assert stage.ask().status == 200


def test_a_question_about_the_past_gets_a_hint_and_a_ready_text_in_the_readers_language(
    stage: Stage, post: Any
) -> None:
    stage.ask("Voor welke feiten zat deze persoon in de gevangenis?")
    page = stage.page().says("Dit vraagt naar meer dan het werk", "Je hoeft er niet op te antwoorden")
    page.send("Kijk na en stuur", said="decline", because="not_shared").says("Op deze vraag geven we voor niemand")
    assert _question().state == QuestionState.DECLINED
    stage.company.open(stage.path).says("Op deze vraag geven we voor niemand een antwoord")
    stage.els.language = "fr"
    db.session.commit()
    stage.company.open(stage.path).says("Nous ne répondons à cette question pour personne")
    assert {one["code"] for one in load("showcase")["question_refusals"]} >= {"not_shared"}


@pytest.mark.parametrize(
    "said",
    [
        "Bel Quirijntje gerust op 0471 23 45 67.",
        "Zonderland woont in Dendermonde, Kerkstraat 3.",
        "Krimo rijdt al met de heftruck.",
    ],
)
def test_what_names_somebody_blocks_the_answer_and_never_leaves(stage: Stage, said: str) -> None:
    stage.ask()
    page = stage.page().send("Kijk na en stuur", said="answer", text=said)
    assert page.status == 409
    page.says("De controle vond iets")
    assert page.tree.xpath("//mark")
    assert _question().state == QuestionState.ASKED
    for who in (stage.company, stage.colleague):
        page = open_listing(who, stage.row) if who is stage.colleague else who.open(stage.path)
        assert not [one for one in CANARIES if one in page.html + str(page.response.headers)]
    assert not db.session.scalars(sa.select(Letter)).all()


def test_a_finding_that_a_person_keeps_no_longer_blocks(stage: Stage, post: Any) -> None:
    stage.ask()
    page = stage.page().send("Kijk na en stuur", said="answer", text="Werkte ook al in Aalst met een reachtruck.")
    marks = [one.get("value") for one in page.tree.xpath("//input[@name='keep']")]
    assert page.status == 409 and marks
    page.send("Kijk na en stuur", keep=marks).says("Het bedrijf kan het nu lezen")
    assert [one["by"] for one in _question().kept_findings] == [stage.lien.id] * len(marks)


def test_a_name_in_the_question_blocks_only_its_being_shown_and_the_asker_learns_nothing(
    stage: Stage, post: Any
) -> None:
    guesses = ("Is dit Quirijntje Zonderland?", "Is dit Wendelien Onbestaande?")
    bodies = []
    for one in guesses:
        stage.ask(one)
        bodies.append(re.sub(r'(nonce|value)="[^"]*"', "", stage.company.open(stage.path).html).replace(one, "?"))
        db.session.execute(sa.delete(Question))
        db.session.commit()
    assert bodies[0] == bodies[1]
    stage.ask(guesses[0])
    page = stage.page()
    assert page.tree.xpath("//mark")
    assert page.send("Kijk na en stuur", said="answer", text=ANSWER, shown=["shown"]).status == 409
    stage.page().send("Kijk na en stuur", said="answer", text=ANSWER, shown=[])
    open_listing(stage.colleague, stage.row).says(ANSWER).lacks("Quirijntje", "Zonderland")


def test_without_the_consent_nobody_answers_any_more(stage: Stage) -> None:
    stage.ask()
    candidate = db.session.get_one(Profile, stage.row.profile_id).candidate_id
    standing = consents.standing(candidate, Purpose.PROFILE)
    assert standing is not None
    consents.withdraw(standing)
    db.session.commit()
    assert _question().state == QuestionState.DECLINED
    stage.page().says("Geen enkel bedrijf ziet dit profiel nog")
    stage.company.open(stage.path, status=404)
    assert not db.session.scalars(sa.select(Letter)).all()


def test_another_workers_question_is_not_found(stage: Stage, visitors: Any) -> None:
    stage.ask()
    visitors(stage.sam).open(f"/questions/{_question().key}", status=404)
    visitors(a_person(role=Role.COORDINATOR)).open(f"/questions/{_question().key}").says(ASKED)


def test_saying_nothing_is_refused_in_words(stage: Stage) -> None:
    stage.ask()
    assert stage.page().send("Kijk na en stuur", said="answer", text="").says("Schrijf je antwoord").status == 422
    assert stage.page().send("Kijk na en stuur", said="decline").says("Kies de kant-en-klare tekst").status == 422
    assert QUESTION.reachable_from(QuestionState.ASKED) == set(QuestionState)


def test_the_pages_cost_the_same_at_one_question_and_at_many(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(load("showcase", "limits"), "questions_a_week", 100)
    stage.ask()
    one = [len(stage.company.open(stage.path).queries), len(stage.page().queries)]
    for _ in range(9):
        stage.ask()
    many = [len(stage.company.open(stage.path).queries), len(stage.page().queries)]
    assert one == many and max(many) <= 8
