"""The library is edited in three languages at once, keeps every text that was read, and is looked at each year."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from sqlalchemy.exc import IntegrityError

from portal.accounts.models import Person
from portal.accounts.roles import Role
from portal.answers import editing, editions, library
from portal.answers.models import AnswerVersion
from portal.foundation import clock
from portal.foundation.database import db
from portal.foundation.options import load
from portal.foundation.words import speaking
from portal.tasks.models import Task
from tests.factories import a_person, a_programme

pytestmark = pytest.mark.usefixtures("app")
NEW = {
    "topic_nl": "Werkkledij", "topic_fr": "Vêtements", "topic_en": "Workwear",
    "question_nl": "Wie betaalt de werkkledij?", "question_fr": "Qui paie les vêtements de travail ?",
    "question_en": "Who pays for workwear?",
    "answer_nl": "Jij, zoals voor iedereen.\n\nWij helpen zoeken.", "answer_fr": "Vous, comme pour tout le monde.",
    "answer_en": "You do, as for everybody.",
    "source_nl": "Codex welzijn", "source_fr": "Code du bien-être", "source_en": "Code on well-being",
    "source_date": "2017-04-28", "places": ["start"],
}  # fmt: skip
DRAFT, PUBLISH = "Bewaar als ontwerp", "Publiceer in drie talen"


def cor() -> Person:
    return a_person(
        "cor@example.org", role=Role.COORDINATOR, programme=a_programme(), first_name="Cor", last_name="Boel"
    )


def test_a_draft_is_seen_as_its_readers_will_and_read_by_nobody(visitors: Any, visitor: Any) -> None:
    page = visitors(cor()).open("/library").follow("Is het veilig voor mijn mensen?")
    kept = page.send(DRAFT, answer_nl="Een nieuwe tekst over de werkvloer.", why="korter")
    kept.says("Bewaard als ontwerp", "Zoals de lezer het ziet: Français", "Een nieuwe tekst over de werkvloer.")
    visitor.open("/answers/safety").lacks("Een nieuwe tekst over de werkvloer.")
    kept.send(PUBLISH).says("vanaf nu leest iedereen", "Cor Boel", "korter", "Kwam met het portaal mee")
    visitor.open("/answers/safety").says("Een nieuwe tekst over de werkvloer.")


@pytest.mark.engine
def test_a_process_that_read_an_older_text_shows_the_new_one_on_its_next_page(
    visitors: Any, visitor: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another process published it: nobody told this one, which asks which edition stands with each page, and no more."""
    draft = visitors(cor()).open("/library").follow("Is het veilig voor mijn mensen?")
    draft = draft.send(DRAFT, answer_nl="Een nieuwe tekst over de werkvloer.", why="korter")
    forget = editions.forget
    visitor.open("/answers/safety").lacks("Een nieuwe tekst")
    monkeypatch.setattr(editions, "forget", lambda: None)
    warm = visitor.open("/answers/safety")
    assert not any("library_answer" in query for query in warm.queries)
    here, elsewhere = editions._read, list(editions._read)
    monkeypatch.setattr(editions, "_read", elsewhere)
    draft.send(PUBLISH)
    forget()
    monkeypatch.setattr(editions, "_read", here)
    stale = visitor.open("/answers/safety").says("Een nieuwe tekst over de werkvloer.")
    assert len(stale.queries) <= len(warm.queries) + 1
    assert len(visitor.open("/answers/safety").queries) == len(warm.queries)


def test_nothing_half_translated_is_published(visitors: Any, visitor: Any) -> None:
    page = visitors(cor()).open("/library/new")
    refused = page.send(PUBLISH, **{**NEW, "answer_fr": "", "source_date": ""})
    assert refused.status == 422
    refused.says("Niemand leest het voor dit is ingevuld")
    assert db.session.scalar(sa.select(sa.func.count(AnswerVersion.id))) == 0
    kept = page.send(DRAFT, **{**NEW, "answer_fr": ""})
    kept.says("Bewaard als ontwerp", "Zoals de lezer het ziet: English")
    assert "Zoals de lezer het ziet: Français" not in kept.text
    visitor.open("/answers/who-pays-for-workwear", status=404)
    visitor.open("/answers").lacks("werkkledij")
    assert kept.send(PUBLISH).status == 422
    kept.send(PUBLISH, answer_fr=NEW["answer_fr"])
    for language, words in (
        ("nl", "Wij helpen zoeken."),
        ("fr", "comme pour tout le monde"),
        ("en", "as for everybody"),
    ):
        visitor.open(f"/answers/who-pays-for-workwear?language={language}").says(words)


def test_each_text_that_was_read_stays_in_the_history_and_can_come_back(visitors: Any, visitor: Any) -> None:
    me = visitors(cor())
    first = library.answer("transport").paragraphs[0]
    me.open("/library/transport").send(PUBLISH, answer_nl="De tweede tekst.", why="busuren")
    me.open("/library/transport").send(PUBLISH, answer_nl="De derde tekst.")
    history = me.open("/library/transport/history").says("De tweede tekst.", "De derde tekst.", "busuren", first[:40])
    assert history.text.index("De derde tekst.") < history.text.index("De tweede tekst.")
    history.follow("Begin met deze tekst").send(PUBLISH)
    visitor.open("/answers/transport").says("De tweede tekst.")
    assert [one.number for one in editing.versions("transport")] == [3, 2, 1]


def test_two_coordinators_do_not_write_over_one_another(visitors: Any) -> None:
    one, two = visitors(cor()), visitors(a_person("dos@example.org", role=Role.COORDINATOR, programme=a_programme()))
    slow = two.open("/library/overtime")
    one.open("/library/overtime").send(PUBLISH, answer_nl="De tekst van de eerste.")
    refused = slow.send(PUBLISH, answer_nl="De tekst van de tweede.")
    assert refused.status == 409
    refused.says("Iemand veranderde dit antwoord intussen", "De tekst van de tweede.")
    assert library.answer("overtime").paragraphs == ("De tekst van de eerste.",)


@pytest.mark.parametrize("button", [DRAFT, PUBLISH])
def test_nobody_writes_over_a_draft_that_was_kept_meanwhile(visitors: Any, button: str) -> None:
    one, two = visitors(cor()), visitors(a_person("dos@example.org", role=Role.COORDINATOR, programme=a_programme()))
    slow = two.open("/library/overtime")
    kept = one.open("/library/overtime").send(DRAFT, answer_nl="Het ontwerp van de eerste.")
    refused = slow.send(button, answer_nl="De tekst van de tweede.")
    assert refused.status == 409
    refused.says("Iemand veranderde dit antwoord intussen", "De tekst van de tweede.")
    # Whoever opens it anew goes on with what stands there.
    two.open("/library/overtime").says("Het ontwerp van de eerste.").send(DRAFT, answer_nl="Samen beter.")
    assert kept.send(button, answer_nl="Nog eens de eerste.").status == 409


def test_an_answer_that_is_taken_away_is_gone_everywhere_and_can_return(visitors: Any, visitor: Any) -> None:
    me = visitors(cor())
    me.open("/library/customers").send(PUBLISH, off=True)
    visitor.open("/answers/customers", status=404)
    visitor.open("/answers").lacks("Wat als een klant vragen stelt?")
    visitor.open("/sign-up/sent?concern=customers&concern=safety").lacks("Wat als een klant")
    me.open("/library").says("aan niemand getoond").follow("Wat als een klant").send(PUBLISH, off=False)
    visitor.open("/answers/customers")


def test_after_a_year_a_coordinator_looks_again(visitors: Any) -> None:
    person = cor()
    first = load("answers", "library")["written"]
    kind = sa.select(Task.address).where(Task.kind == "answers.review", Task.closed_at.is_(None))
    with time_machine.travel(clock.at(first + timedelta(days=364), clock.now().time())):
        editing.ask_to_review()
        assert db.session.scalars(kind).all() == []
    with time_machine.travel(clock.at(first + timedelta(days=366), clock.now().time())):
        editing.ask_to_review()
        editing.ask_to_review()
        assert len(db.session.scalars(kind).all()) == len(library.answers())
        home = visitors(person).open("/").says("Klopt dit antwoord nog?")
        assert home.status == 200
        visitors(person).open("/library/safety").send("Klopt nog").says("Over een jaar")
        visitors(person).open("/library/transport").send(PUBLISH, answer_nl="Nagekeken.")
        left = db.session.scalars(kind).all()
        assert len(left) == len(library.answers()) - 2
        assert not [one for one in left if "safety" in one or "transport" in one]


def test_nobody_but_a_coordinator_edits(visitors: Any) -> None:
    for role in (Role.PROJECT_WORKER, Role.ADMINISTRATOR, Role.VDAB):
        somebody = visitors(a_person(role=role, programme=a_programme()))
        for page in ("/library", "/library/new", "/library/safety", "/library/safety/history"):
            somebody.open(page, status=403)
    visitors(cor()).open("/library/nothing-like-this", status=404)


def test_what_somebody_worried_about_stands_first_where_it_arises() -> None:
    with speaking("nl"):
        assert len(library.near("start")) == 3
        assert library.near("start", first=["right-to-work"])[0].slug == "right-to-work"
        assert all("vacancy" in one.places for one in library.near("vacancy", limit=99))


@pytest.mark.engine
def test_the_database_keeps_one_draft_of_an_answer() -> None:
    row = editing.row_of("safety")
    for number in (1, 2):
        db.session.add(
            AnswerVersion(
                answer_id=row.id, number=number, texts={}, whom_to_call="vdab", needs_counsel=False, places=[]
            )
        )  # fmt: skip
    with pytest.raises(IntegrityError):
        db.session.flush()
    db.session.rollback()


def test_the_pages_of_the_library_cost_the_same_with_many_versions(visitors: Any, visitor: Any) -> None:
    me = visitors(cor())
    costs = []
    for number in (1, 9):
        for n in range(number):
            me.open("/library/safety").send(PUBLISH, answer_nl=f"Tekst {n}.")
        pages = [
            visitor.open("/answers"),
            visitor.open("/answers/safety"),
            me.open("/library"),
            me.open("/library/safety/history"),
        ]
        costs.append([len(page.queries) for page in pages])
    assert costs[0] == costs[1]
    assert max(costs[1]) <= 8, costs
