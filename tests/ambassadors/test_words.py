"""What a company says in public: nothing without its yes to the exact text, and nothing after it took it back."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from portal.accounts import administration
from portal.accounts.models import Person
from portal.accounts.roles import Role
from portal.aftercare import service as aftercare
from portal.aftercare.models import CheckIn, CheckInState, Voice
from portal.aftercare.rules import Given
from portal.ambassadors import words
from portal.ambassadors.models import Ambassador
from portal.ambassadors.words_models import PeerWords, WordsFrom, WordsState
from portal.candidates.models import Identity
from portal.employers.models import Employer
from portal.foundation import clock
from portal.foundation.database import db
from portal.journal.models import Entry
from portal.organisations.models import Workplace
from portal.placements.models import Placement, PlacementState
from portal.tasks.models import Task
from tests.ambassadors.factories import a_contact, who
from tests.ambassadors.test_questions import ANSWER, WORRY, a_peer, an_asker
from tests.factories import a_person, a_programme
from tests.placements.factories import a_cast, a_placement

pytestmark = pytest.mark.usefixtures("app")
DUTCH, FRENCH = "Na een maand vroeg niemand er nog naar.", "Après un mois, plus personne n'en parlait."


def lien() -> Person:
    return a_person("lien@team.example", role=Role.PROJECT_WORKER, programme=a_programme())


def said(
    ambassador: Ambassador, *, slug: str = "colleagues", on_wall: bool = False, agreed: bool = True,
    signed: str = "Een molen in Lier", came_from: WordsFrom = WordsFrom.WRITTEN,
    french: bool = False,
) -> PeerWords:  # fmt: skip
    """Words of an ambassador, put before it and (as told) agreed to: take the `post` fixture."""
    row = PeerWords(
        employer_id=ambassador.employer_id, employer=db.session.get_one(Employer, ambassador.employer_id),
        person_id=ambassador.person_id, person=who(ambassador), came_from=came_from, original=DUTCH,
        texts={}, signed={}, state=WordsState.DRAFT,
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    texts, lines = {"nl": DUTCH}, {"nl": signed}
    if french:
        texts["fr"], lines["fr"] = FRENCH, "Un moulin"
    words.put_before(row, words.Edited(texts, lines, slug, on_wall, looked=True))
    if agreed:
        words.agree(row)
    db.session.commit()
    return row


def test_a_good_answer_enters_the_library_with_a_yes_and_leaves_with_a_no(
    visitors: Any, visitor: Any, post: Any
) -> None:
    peer = a_peer("Molen Vergote")
    worker, asker = visitors(lien()), visitors(an_asker())
    asker.open("/network/ask?about=colleagues").send("Verstuur de vraag", text=WORRY)
    theirs = visitors(who(peer)).open(post.last("vergote@peers.example").path("/network/asked/"))
    theirs.send("Verstuur het antwoord", text=ANSWER, names_company=False)

    talk = worker.open("/network/questions/team").follow("Bakkerij Braeckman")
    edit = talk.send("Voor de bibliotheek").says(ANSWER)
    assert "Een bedrijf in de sector" in edit.html
    asked = edit.send(
        "Vraag om het ja", text_nl=DUTCH, signed_nl="Een molen in Lier", text_fr=FRENCH, signed_fr="Un moulin à Lierre"
    ).says("Een brief vraagt om het ja", "wacht op een ja")  # fmt: skip
    visitor.open("/answers/colleagues").lacks("Na een maand vroeg")

    letter = post.last("vergote@peers.example", "ambassadors/words_asked")
    assert DUTCH not in letter.text
    way = letter.path("/words/")
    link = visitor.open(way).says(DUTCH, "Een molen in Lier", "Un moulin à Lierre", "Wat zeg ik aan mijn team?")
    visitor.open("/answers/colleagues").lacks("Na een maand vroeg")
    link.send("Ja, toon ze").says("Je woorden worden vanaf nu getoond")
    visitor.open("/answers/colleagues").says(DUTCH, "Een molen in Lier").lacks("Vergote")
    visitor.open("/answers/colleagues?language=fr").says("plus personne", "Un moulin à Lierre")
    visitor.open("/answers/colleagues?language=en").lacks("Na een maand").lacks("moulin")
    visitor.open("/answers/safety?language=nl").lacks("Na een maand")
    consent = db.session.scalars(sa.select(Entry).where(Entry.action == "peer_words.consent")).one()
    row = db.session.scalars(sa.select(PeerWords)).one()
    assert consent.details == {"by": peer.person_id, "hash": words.mark_of(row)}

    back = post.last("vergote@peers.example", "ambassadors/words_agreed").path("/words/")
    visitor.open(back + "?language=nl").send("Neem ze terug").says("Niemand ziet deze woorden")
    visitor.open("/answers/colleagues").lacks("Na een maand vroeg")
    row = db.session.scalars(sa.select(PeerWords)).one()
    assert (row.state, row.texts, row.signed, row.original) == (WordsState.WITHDRAWN, {}, {}, "")
    assert asked.status == 200


def test_a_no_shows_nothing_and_closes_what_waits(visitors: Any, visitor: Any, post: Any) -> None:
    peer = a_peer("Molen Vergote")
    said(peer, agreed=False)
    mine = visitors(who(peer)).open("/network/words").says(DUTCH)
    mine.send("Nee, toon ze niet").says("Er wordt niets getoond")
    visitor.open("/answers/colleagues").lacks("Na een maand")
    assert (
        db.session.scalar(
            sa.select(sa.func.count(Task.id)).where(Task.closed_at.is_(None), Task.subject_kind == "peer_words")
        )
        == 0
    )


def token(visitor: Any) -> dict[str, str]:
    """What any form of this visitor carries."""
    return {"csrf_token": visitor.open("/network/ask").form().fields["csrf_token"]}


def test_the_yes_is_of_the_person_and_the_withdrawal_of_anybody_there(visitors: Any, visitor: Any, post: Any) -> None:
    peer = a_peer("Molen Vergote")
    row = said(peer, agreed=False)
    company = db.session.get_one(Employer, peer.employer_id)
    colleague = visitors(a_contact(company, name="Bo Vergote"))
    colleague.open("/network/words").says("An Vergote is om het ja gevraagd").lacks("Ja, toon ze")
    assert colleague.post(f"/network/words/{row.key}/agree", token(colleague)).status == 404
    visitors(who(peer)).open("/network/words").send("Ja, toon ze")
    stranger = visitors(an_asker())
    assert stranger.post(f"/network/words/{row.key}/withdraw", token(stranger)).status == 404
    colleague.open("/network/words").send("Neem ze terug").says("Teruggenomen")
    visitor.open("/answers/colleagues").lacks("Na een maand")


def test_words_about_the_past_never_reach_the_company_that_is_asked(visitors: Any, post: Any) -> None:
    peer = a_peer("Molen Vergote")
    visitors(who(peer)).open("/network/words/new").send("Geef het aan het team", text="Het loopt goed bij ons.").says(
        "Bedankt"
    )
    page = visitors(lien()).open("/network/words/team").follow("Molen Vergote")
    refused = page.send(
        "Vraag om het ja", text_nl="Hij kwam uit de gevangenis en werkt hard.", signed_nl="Molen Vergote"
    )
    assert refused.status == 422
    marked = page.send("Vraag om het ja", text_nl="Mohammed Bensaïd werkt hard.", signed_nl="Molen Vergote")
    assert marked.status == 409
    marked.says("Mohammed Bensaïd")
    half = page.send("Vraag om het ja", text_nl="Het loopt goed.", signed_nl="")
    assert half.status == 422
    half.says("Geef zowel de woorden als de regel eronder")
    assert post.to("vergote@peers.example") == []


def test_the_wall_shows_who_chose_it_and_nobody_else(visitors: Any, visitor: Any, post: Any) -> None:
    chosen, silent = a_peer("Molen Vergote"), a_peer("Molen Stil")
    place = db.session.get_one(Employer, chosen.employer_id).organisation_id
    db.session.add(
        Workplace(organisation_id=place, name="Molen", street="Kaai 1", postcode="2500", municipality="Lier")
    )
    said(chosen, slug="", on_wall=True, signed="An Vergote, Molen Vergote")
    visitor.open("/companies-that-are-in").says(DUTCH).lacks("Molen Vergote, Lier")
    visitors(who(chosen)).open("/network/recognition").send("Bewaar mijn keuze", named=True)
    visitor.open("/companies-that-are-in").says("Molen Vergote, Lier", DUTCH).lacks("Molen Stil")
    visitors(who(chosen)).open("/network/recognition").send("Bewaar mijn keuze", named=False)
    visitor.open("/companies-that-are-in").lacks("Molen Vergote, Lier")
    assert silent.named_publicly is False


def test_a_language_without_a_yes_shows_nothing_on_the_wall_as_the_form_says(
    visitors: Any, visitor: Any, post: Any
) -> None:
    """Neither of a company that is named, nor of one that stands apart."""
    chosen, apart, both = (a_peer(f"Molen {name}") for name in ("Vergote", "Stil", "Twee"))
    said(chosen, slug="", on_wall=True, signed="An Vergote, Molen Vergote")
    said(apart, on_wall=True)
    said(both, on_wall=True, french=True)
    chosen.named_publicly = True
    db.session.commit()
    visitor.open("/companies-that-are-in?language=fr").says("Molen Vergote", FRENCH, "Un moulin").lacks(DUTCH)
    visitor.open("/companies-that-are-in?language=nl").says(DUTCH, "An Vergote, Molen Vergote").lacks(FRENCH)


def test_words_without_a_name_stand_apart_from_the_company_that_said_them(
    visitors: Any, visitor: Any, post: Any
) -> None:
    peer = a_peer("Molen Vergote")
    said(peer, on_wall=True)
    visitors(who(peer)).open("/network/recognition").send("Bewaar mijn keuze", named=True)
    page = visitor.open("/companies-that-are-in").says(DUTCH, "Molen Vergote")
    cards = [" ".join(card.text_content().split()) for card in page.tree.xpath("//main//section")]
    assert [one for one in cards if DUTCH in one] == [f"{DUTCH}Een molen in Lier"]


@pytest.mark.parametrize("how", ["leaves", "closed"])
def test_own_words_without_a_yes_go_with_who_said_them(visitors: Any, visitor: Any, post: Any, how: str) -> None:
    peer = a_peer("Molen Vergote")
    agreed, row = said(peer, slug="customers"), said(peer, agreed=False)
    gone, way = who(peer), post.last(who(peer).email, "ambassadors/words_asked").path("/words/")
    employer = db.session.get_one(Employer, peer.employer_id)
    colleague = a_contact(employer, "bo@molen.example", name="Bo Claes")
    if how == "leaves":
        visitors(colleague).open(f"/company/team/{gone.key}/leave").send("Draag over", successor=colleague.key)
    else:
        administration.close(gone)
        db.session.commit()
    db.session.expire_all()
    assert (row.state, row.original, row.texts) == (WordsState.WITHDRAWN, "", {})
    assert agreed.state is WordsState.AGREED, "what was agreed to stands until somebody takes it back"
    visitor.open(way, status=410)
    assert db.session.query(Task).filter_by(kind="ambassadors.agree_words", closed_at=None).count() == 0
    assert post.to("bo@molen.example", "ambassadors/words_asked") == []


def test_what_the_company_said_in_a_form_is_put_before_who_takes_over(visitors: Any, visitor: Any, post: Any) -> None:
    peer = a_peer("Molen Vergote")
    row = said(peer, agreed=False, came_from=WordsFrom.AFTERCARE)
    gone, way = who(peer), post.last(who(peer).email, "ambassadors/words_asked").path("/words/")
    employer = db.session.get_one(Employer, peer.employer_id)
    colleague = a_contact(employer, "bo@molen.example", name="Bo Claes")
    visitors(colleague).open(f"/company/team/{gone.key}/leave").send("Draag over", successor=colleague.key)
    visitor.open(way, status=410)
    visitor.open(post.last("bo@molen.example", "ambassadors/words_asked").path("/words/")).says(DUTCH)
    (task,) = db.session.query(Task).filter_by(kind="ambassadors.agree_words", closed_at=None)
    assert task.owner_id == colleague.id
    db.session.expire_all()
    assert (row.state, row.person_id) == (WordsState.ASKED, colleague.id)


def test_words_of_a_company_that_was_blocked_are_gone_at_the_next_request(visitor: Any, post: Any) -> None:
    from portal.employers.states import EmployerState

    peer = a_peer("Molen Vergote")
    said(peer, on_wall=True)
    visitor.open("/answers/colleagues").says(DUTCH)
    db.session.get_one(Employer, peer.employer_id).state = EmployerState.BLOCKED
    db.session.commit()
    visitor.open("/answers/colleagues").lacks("Na een maand")
    visitor.open("/companies-that-are-in").lacks("Na een maand")


def closes(words_said: str, use: str) -> Placement:
    """A company sends its closing form after 26 weeks, with a testimonial and what may become of it."""
    cast = a_cast()
    placement = a_placement(cast, clock.today() - timedelta(weeks=26), state=PlacementState.ONGOING)
    check_in = CheckIn(
        placement_id=placement.id, candidate_id=placement.candidate_id, voice=Voice.EMPLOYER, moment="week26", week=26,
        channel="form", planned_for=clock.today(), due=clock.today(), state=CheckInState.DUE,
    )  # fmt: skip
    check_in.placement = placement
    db.session.add(check_in)
    db.session.flush()
    given = [Given("testimonial", None, "", words_said), Given("testimonial_use", None, use, "")]
    aftercare.answer(check_in, given, by="link")
    db.session.commit()
    return placement


@pytest.mark.parametrize("use", ["no", ""])
def test_a_testimonial_that_may_not_be_shown_becomes_nothing(use: str, post: Any) -> None:
    closes("Het loopt goed.", use)
    assert db.session.scalar(sa.select(sa.func.count(PeerWords.id))) == 0


def test_a_testimonial_of_the_closing_form_is_followed_up_and_never_names_who_works_there(
    visitors: Any, visitor: Any, post: Any
) -> None:
    placement = closes("Onze collega Farid doet het goed.", "sector_only")
    row = db.session.scalars(sa.select(PeerWords)).one()
    task = db.session.scalars(sa.select(Task).where(Task.kind == "ambassadors.edit_words")).one()
    worker = db.session.get_one(Person, task.owner_id)
    identity = db.session.scalars(
        sa.select(Identity).where(Identity.candidate_id == placement.candidate_id)
    ).one_or_none()
    if identity is None:
        db.session.add(Identity(candidate_id=placement.candidate_id, first_name="Farid", last_name="Quaghebeur"))
    else:
        identity.first_name, identity.last_name = "Farid", "Quaghebeur"
    db.session.commit()
    page = visitors(worker).open(task.address).says("Onze collega Farid", "zonder de naam")
    marked = page.send("Vraag om het ja", text_nl="Onze collega Farid doet het goed.", signed_nl="Een bakkerij in Gent")
    assert marked.status == 409
    marked.says("Farid", "Kijk hiernaar")
    page.send("Vraag om het ja", text_nl="Onze collega doet het goed.", signed_nl="Een bakkerij in Gent")
    letter = [one for one in post.all("ambassadors/words_asked")][-1]
    assert letter.to == db.session.get_one(Person, row.person_id).email
    visitor.open(letter.path("/words/")).lacks("Farid").send("Ja, toon ze")
    visitor.open("/companies-that-are-in").says("Onze collega doet het goed.", "Een bakkerij in Gent").lacks("Soetaert")


@pytest.mark.engine
def test_the_database_keeps_no_agreement_to_nothing(post: Any) -> None:
    row = said(a_peer("Molen Vergote"), agreed=False)
    row.state = WordsState.AGREED
    with pytest.raises(sa.exc.IntegrityError):
        db.session.flush()
    db.session.rollback()


def test_the_pages_with_words_cost_the_same_with_one_and_with_thirty(visitors: Any, visitor: Any, post: Any) -> None:
    peer, worker = a_peer("Molen Vergote"), visitors(lien())
    pages = ("/answers/colleagues", "/companies-that-are-in")
    costs = []
    for number in (1, 29):
        for _ in range(number):
            said(peer, on_wall=True)
        seen = [visitor.open(page) for page in pages]
        seen += [visitors(who(peer)).open("/network/words"), worker.open("/network/words/team")]
        costs.append([len(page.queries) for page in seen])
    assert costs[0] == costs[1]
    assert max(costs[1]) <= 8, costs
