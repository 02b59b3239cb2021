"""What companies asked one another, the words that they let us show, and a text of the library that was edited."""

from datetime import timedelta

import sqlalchemy as sa

from portal.accounts.models import Person
from portal.ambassadors import words
from portal.ambassadors.models import Ambassador
from portal.ambassadors.question_models import PeerMessage, PeerQuestion, PeerTurn, QuestionState, Side, TurnEnd
from portal.ambassadors.words_models import PeerWords, WordsFrom, WordsState
from portal.answers import library
from portal.answers.models import AnswerVersion, LibraryAnswer
from portal.cli.demo.world import Company, World
from portal.foundation.database import db
from portal.tasks import service as tasks

LANGUAGES = ("nl", "fr", "en")
# Who asked, who answered (or has it now), about what, how many days ago, what, and the answer.
ASKED = (
    ("soetaert", "verlinden", "colleagues", 40, "Wat zeg je op de eerste dag tegen je ploeg?",
     "Enkel de voornaam en wat iemand komt doen. Na een week vroeg niemand nog iets. Laat de nieuwe collega zelf kiezen."),
    ("propera", "kanteldijk", "transport", 3, "Bij ons begint de ploeg om zes uur. Hoe lossen jullie de bus op?", ""),
)  # fmt: skip
BESIDE = {
    "nl": ("Zeg enkel de voornaam en wat iemand komt doen. Na een week vroeg niemand nog iets.", "Een garage in Oost-Vlaanderen"),
    "fr": ("Dites seulement le prénom et le travail. Après une semaine, plus personne ne posait de question.", "Un garage en Flandre orientale"),
    "en": ("Say the first name and the job, no more. After a week nobody asked anything.", "A garage in East Flanders"),
}  # fmt: skip


def write(world: World) -> None:
    rows = {one.employer_id: one for one in db.session.scalars(sa.select(Ambassador))}
    for asker, peer, slug, days, text, answer in ASKED:
        _ask(world, world.companies[asker], world.companies[peer], rows, slug, days, (text, answer))
    _on_the_wall(world, rows)
    _beside_an_answer(world, world.companies["verlinden"])
    _edited(world)


def _ask(
    world: World, asker: Company, peer: Company, rows: dict[int, Ambassador], slug: str, days: int, said: tuple[str, str]
) -> None:  # fmt: skip
    text, answer = said
    day = world.moment(world.ago(days))
    question = PeerQuestion(
        employer_id=asker.employer.id, person_id=asker.admin.id, programme_id=asker.employer.programme_id, slug=slug,
        names_company=bool(answer), state=QuestionState.ANSWERED if answer else QuestionState.WITH_PEER,
        helped=bool(answer), created_at=day,
    )  # fmt: skip
    db.session.add(question)
    db.session.flush()
    turn = PeerTurn(
        question_id=question.id, ambassador_id=rows[peer.employer.id].id, due=world.ago(days - 7), created_at=day,
        ended_how=TurnEnd.ANSWERED if answer else None, ended_at=day + timedelta(days=2) if answer else None,
    )  # fmt: skip
    db.session.add(turn)
    db.session.flush()
    db.session.add(
        PeerMessage(question_id=question.id, side=Side.ASKER, person_id=asker.admin.id, text=text, created_at=day)
    )
    if answer:
        later = day + timedelta(days=2)
        db.session.add(
            PeerMessage(
                question_id=question.id, side=Side.PEER, person_id=peer.admin.id, turn_id=turn.id, text=answer, created_at=later,
            )
        )  # fmt: skip
        return
    tasks.open_task(
        "ambassadors.answer_peer", question, due=turn.due, at=("ambassadors.peer_question", {"key": question.key}),
        owner_id=peer.admin.id,
    )  # fmt: skip


def _on_the_wall(world: World, rows: dict[int, Ambassador]) -> None:
    """Companies that chose to be named, with what they say; another one waits for the team."""
    said = {one["company"]: one for one in world.sentences["testimonials"]}
    for company in world.companies.values():
        row, texts = rows.get(company.employer.id), said.get(company.data["code"])
        if row is None or texts is None or not row.named_publicly:
            continue
        signed = f"{company.admin.name}, {company.data['name']}"
        spoken = [code for code in LANGUAGES if code in texts]
        kept = _words(world, company, {code: texts[code] for code in spoken}, dict.fromkeys(spoken, signed))
        kept.on_wall = True
        _agreed(world, kept)


def _words(world: World, company: Company, texts: dict[str, str], signed: dict[str, str]) -> PeerWords:
    row = PeerWords(
        employer_id=company.employer.id, person_id=company.admin.id, came_from=WordsFrom.WRITTEN, wish="with_name",
        language=company.data["language"], original=texts["nl"], texts=texts, signed=signed, created_at=world.moment(world.ago(60)),
    )  # fmt: skip
    db.session.add(row)
    return row


def _agreed(world: World, row: PeerWords) -> None:
    row.agreed_at, row.agreed_hash, row.state = world.moment(world.ago(50)), words.mark_of(row), WordsState.AGREED


def _beside_an_answer(world: World, company: Company) -> None:
    texts, signed = ({code: pair[nth] for code, pair in BESIDE.items()} for nth in (0, 1))
    row = _words(world, company, texts, signed)
    row.slug, row.came_from, row.wish = "colleagues", WordsFrom.QUESTION, "sector_only"
    question = db.session.scalars(sa.select(PeerQuestion).where(PeerQuestion.slug == "colleagues").limit(1)).first()
    row.question_id = question.id if question is not None else None
    _agreed(world, row)


def _edited(world: World) -> None:
    """A coordinator made one text a little longer, and it stands in the history."""
    shipped = library.shipped()["if-it-fails"]
    more = {
        "nl": "\n\nBel ons gerust vroeg: een gesprek op tijd redt vaak een start.",
        "fr": "\n\nAppelez-nous tôt : parler à temps sauve souvent un début.",
        "en": "\n\nDo call us early: a talk in time often saves a start.",
    }
    coordinator = db.session.scalar(sa.select(Person.id).where(Person.email.startswith("hilde.martens")))
    row = LibraryAnswer(slug="if-it-fails", review_on=world.ago(-300))
    db.session.add(row)
    db.session.flush()
    texts = {kind: dict(shipped[kind]) for kind in ("topic", "question")} | {"source": dict(shipped["source"]["title"])}
    texts["answer"] = {code: shipped["answer"][code].strip() + more[code] for code in LANGUAGES}
    db.session.add(
        AnswerVersion(
            answer_id=row.id, number=1, texts=texts, source_date=shipped["source"]["date"],
            whom_to_call=shipped["whom_to_call"], needs_counsel=shipped["needs_counsel"], places=shipped["where"],
            why="Bedrijven belden te laat.", written_by=coordinator, published_at=world.moment(world.ago(65)),
        )
    )  # fmt: skip
