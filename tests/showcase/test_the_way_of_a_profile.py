"""From the worker's first sentence to the candidate's yes, through the pages."""

import contextvars
import io
from typing import Any

import pytest
import sqlalchemy as sa

from portal.accounts.roles import Role
from portal.candidates import consents
from portal.candidates.handles import handle
from portal.candidates.states import Purpose
from portal.foundation.database import db
from portal.journal.models import Entry
from portal.showcase import queries
from portal.showcase.models import Interest, Listing, Sentence
from portal.showcase.states import InterestState, ProfileState
from portal.trajectories import service as trajectories
from portal.trajectories.models import TrajectoryState
from tests.factories import a_pdf, a_person
from tests.showcase.factories import a_candidate, a_company, a_vacancy, a_worker, an_approved_profile

pytestmark = pytest.mark.usefixtures("app")

GOOD = {
    "headline": "Zet goederen klaar en telt nauwkeurig",
    "evidence_work_safely": "Draagt altijd de juiste bescherming.",
    "own_words": "Ik hou van orde.",
}


def test_from_the_first_sentence_to_the_candidates_yes(visitors: Any, post: Any) -> None:
    lien, sam = a_worker(), a_worker("Sam")
    chief = a_person(role=Role.COORDINATOR, first_name="Nora")
    person = a_candidate(lien)
    for _ in range(4):
        an_approved_profile(lien, sam)
    employer, els = a_company(lien)
    vacancy = a_vacancy(employer, els)
    base = f"/people/{person.key}/profile"

    writer = visitors(lien)
    writer.open(base).send("Bewaar en controleer", **GOOD).says("Er is niets meer te beslissen")
    writer.open(base).send("Vraag een collega om te lezen").says("Een collega leest")
    profile = queries.profile_of(person.id)
    assert profile is not None and profile.state == ProfileState.REDACTION_CHECK

    reader = visitors(sam)
    page = reader.open("/").follow("Lees de zinnen")
    names = [name for name in page.form().fields if name and name.startswith("verdict_")]
    page.send(**dict.fromkeys(names, "approve"))
    assert _profile(person).state == ProfileState.CANDIDATE_APPROVAL

    assert GOOD["headline"] in writer.open(f"{base}/sheet").text
    writer.open(f"{base}/approval").says(GOOD["headline"]).send("Bewaar de goedkeuring", channel="paper", agreed=True)
    assert _profile(person).state == ProfileState.APPROVED
    assert consents.standing(person.id, Purpose.PROFILE) is not None
    assert trajectories.of(person.id).state == TrajectoryState.PROFILE_READY

    company = visitors(els)
    company.open(f"/vacancies/{vacancy.key}/profiles").says("We zoeken samen met jou")
    visitors(chief).open("/batches").says("5 wijzigingen").send("Geef de groep vrij")
    assert _profile(person).state == ProfileState.PUBLISHED
    assert trajectories.of(person.id).state == TrajectoryState.SEARCHING

    cards = company.open(f"/vacancies/{vacancy.key}/profiles").says("Vijf mensen passen bij")
    listing = db.session.scalars(sa.select(Listing).where(Listing.profile_id == _profile(person).id)).one()
    company.open(f"/profiles/{listing.key}").lacks(GOOD["headline"])
    opened = company.post(f"/profiles/{listing.key}/open", [("csrf_token", _csrf(cards))])
    opened.says(GOOD["headline"], GOOD["own_words"], GOOD["evidence_work_safely"])
    opened.follow("Ik heb interesse").send(reasons=["competences", "hours"], note="Past in de ploeg.").says(
        "wordt gevraagd"
    )

    writer.open("/").follow("Vraag het aan de kandidaat").says("Karim", "De uren passen in onze ploeg").send(
        "Bewaar het antwoord", channel="in_person", said="yes", fields=["last_name"]
    )
    interest = db.session.scalars(sa.select(Interest)).one()
    assert interest.state == InterestState.ACCEPTED
    consent = consents.standing(person.id, Purpose.IDENTITY, employer.id)
    assert consent is not None and consent.fields == ["first_name", "last_name", "pronoun"]
    assert "wil je graag ontmoeten" in post.last(els.email).text
    company.open(f"/profiles/{listing.key}").says("wil je ontmoeten").lacks("Karim", "Benali")


def _csrf(page: Any) -> str:
    return str(page.tree.xpath("//input[@name='csrf_token']")[0].get("value"))


def _profile(person: Any) -> Any:
    db.session.expire_all()
    found = queries.profile_of(person.id)
    assert found is not None
    return found


def test_findings_are_shown_in_place_and_a_person_decides(visitors: Any) -> None:
    lien = a_worker()
    a_worker("Sam")
    person = a_candidate(lien)
    page = visitors(lien).open(f"/people/{person.key}/profile")
    page = page.send("Bewaar en controleer", **{**GOOD, "headline": "Karim werkt netjes, mail karim@example.org"})
    marks = [one.text_content() for one in page.tree.xpath("//mark")]
    assert any("karim@example.org" in one for one in marks)
    page.says("Laat dit weg", "e-mailadres")
    assert not page.tree.xpath("//button[contains(., 'Vraag een collega')]")
    kept = [one.get("value") for one in page.tree.xpath("//input[@name='keep']")]
    page = page.send("Bewaar en controleer", keep=kept)
    page.says("Er is niets meer te beslissen")
    row = db.session.scalars(sa.select(Sentence).where(Sentence.kind == "headline")).one()
    assert {one["by"] for one in row.kept_findings} == {lien.id}
    page = page.send("Bewaar en controleer", headline="Werkt netjes")
    assert not page.tree.xpath("//mark")


def test_a_sentence_is_checked_while_it_is_written_and_nothing_of_it_is_kept(visitors: Any) -> None:
    lien, sam = a_worker(), a_worker("Sam")
    person = a_candidate(lien)
    writer = visitors(lien)
    page = writer.open(f"/people/{person.key}/profile")
    assert page.tree.xpath("//@data-checks") == [f"/people/{person.key}/profile/look"]
    sent = {"csrf_token": _csrf(page), "language": "nl", "text": "Vraag naar Karim <b>op</b> 0471 23 45 67"}
    answer = writer.client.post(f"/people/{person.key}/profile/look", data=sent).get_data(as_text=True)
    assert "<mark" in answer and "0471 23 45 67" in answer and "<b>op</b>" not in answer and "<html" not in answer
    innocent = writer.client.post(f"/people/{person.key}/profile/look", data={**sent, "text": "Werkt netjes door"})
    assert innocent.get_data(as_text=True).strip() == ""
    assert queries.profile_of(person.id) is None
    compared = sa.select(sa.func.count()).where(Entry.action == "identity.compared", Entry.about == person.id)
    assert db.session.scalar(compared) == 2
    stranger = visitors(sam)
    sent["csrf_token"] = _csrf(stranger.open("/"))
    assert stranger.post(f"/people/{person.key}/profile/look", sent).status == 404


def test_open_findings_stop_the_way_to_the_reader(visitors: Any) -> None:
    lien = a_worker()
    a_worker("Sam")
    person = a_candidate(lien)
    writer = visitors(lien)
    page = writer.open(f"/people/{person.key}/profile")
    page.send("Bewaar en controleer", **{**GOOD, "own_words": "Mail naar karim@example.org"})
    answer = writer.post(f"/people/{person.key}/profile/hand-over", [("csrf_token", _csrf(page))])
    assert answer.text.count("waarover nog niemand beslist heeft") == 1
    assert _profile(person).state == ProfileState.DRAFT


def test_nobody_approves_an_own_sentence_and_a_returned_one_comes_back(visitors: Any) -> None:
    lien, sam = a_worker(), a_worker("Sam")
    person = a_candidate(lien)
    writer = visitors(lien)
    writer.open(f"/people/{person.key}/profile").send("Bewaar en controleer", **GOOD).send(
        "Vraag een collega om te lezen"
    )
    key = _profile(person).key
    own = writer.open(f"/profiles-to-read/{key}")
    assert not own.tree.xpath("//input[@type='radio']")
    page = visitors(sam).open(f"/profiles-to-read/{key}")
    sent = dict.fromkeys([name for name in page.form().fields if name and name.startswith("verdict_")], "approve")
    assert page.send(**{**sent, "verdict_headline": "return"}).status == 422
    page.send(**{**sent, "verdict_headline": "return", "remark_headline": "Begin met het werkwoord."})
    assert _profile(person).state == ProfileState.DRAFT
    writer.open("/").follow("Pas het aan").says("Begin met het werkwoord.")


def test_nobody_approves_words_that_changed_while_they_were_read(visitors: Any) -> None:
    lien, sam = a_worker(), a_worker("Sam")
    person = a_candidate(lien)
    writer, asks = visitors(lien), "Vraag een collega om te lezen"
    page = writer.open(f"/people/{person.key}/profile").send("Bewaar en controleer", **GOOD)
    page.send(asks)
    read = visitors(sam).open(f"/profiles-to-read/{_profile(person).key}")
    changed = {**GOOD, "headline": "Zet rekken vlot in elkaar en telt nauwkeurig"}
    writer.open(f"/people/{person.key}/profile").send("Bewaar en controleer", **changed).send(asks)
    verdicts = dict.fromkeys([name for name in read.form().fields if name and name.startswith("verdict_")], "approve")
    again = read.send(**verdicts)
    assert again.status == 409
    again.says("Zet rekken vlot in elkaar en telt nauwkeurig")
    assert _profile(person).state == ProfileState.REDACTION_CHECK
    assert not db.session.scalars(sa.select(Sentence).where(Sentence.approved_by.is_not(None))).all()
    again.send(**verdicts)
    assert _profile(person).state == ProfileState.CANDIDATE_APPROVAL


def test_one_person_alone_cannot_let_a_profile_out(visitors: Any) -> None:
    lien = a_worker()
    person = a_candidate(lien)
    page = visitors(lien).open(f"/people/{person.key}/profile").send("Bewaar en controleer", **GOOD)
    page.send("Vraag een collega om te lezen").says("Een tweede persoon moet de zinnen lezen")


@pytest.mark.engine
def test_the_database_refuses_the_same_person_twice() -> None:
    lien, sam = a_worker(), a_worker("Sam")
    an_approved_profile(lien, sam)
    row = db.session.scalars(sa.select(Sentence)).first()
    assert row is not None
    row.approved_by = row.written_by
    with pytest.raises(sa.exc.IntegrityError):
        db.session.commit()
    db.session.rollback()


def test_a_candidates_no_reads_the_same_whatever_the_reason(visitors: Any, post: Any) -> None:
    lien, sam = a_worker(), a_worker("Sam")
    employer, els = a_company(lien)
    vacancy = a_vacancy(employer, els)
    letters = []
    for reasons in (["transport"], ["not_comfortable", "pay"]):
        profile = an_approved_profile(lien, sam)
        interest = Interest(vacancy_id=vacancy.id, employer_id=employer.id, candidate_id=profile.candidate_id, contact_id=els.id,
                            code="K7M-42", reasons=["hours"])  # fmt: skip
        db.session.add(interest)
        db.session.commit()
        page = visitors(lien).open(f"/interests/{interest.key}")
        page.send("Bewaar het antwoord", channel="phone", said="no", reasons=reasons).says("gaat niet verder")
        letters.append(post.last(els.email))
    assert letters[0].html == letters[1].html and letters[0].text == letters[1].text


def test_a_scan_is_known_by_its_first_bytes_and_handed_out_as_an_attachment(visitors: Any) -> None:
    lien, sam = a_worker(), a_worker("Sam")
    profile = an_approved_profile(lien, sam)
    profile.state = ProfileState.CANDIDATE_APPROVAL
    db.session.commit()
    key = handle(profile.candidate_id).key
    writer = visitors(lien)
    page = writer.open(f"/people/{key}/profile/approval")
    values = [("csrf_token", _csrf(page)), ("once", "scan-one"), ("channel", "paper"), ("agreed", "y")]
    bad = writer.post(page.path, [*values, ("scan", (io.BytesIO(b"<html>"), "karim.pdf"))])
    assert bad.status == 422
    writer.post(page.path, [*values, ("scan", (io.BytesIO(a_pdf()), "karim.pdf"))])
    db.session.commit()
    got = contextvars.Context().run(lambda: writer.client.get(f"/people/{key}/profile/scan"))
    assert got.headers["Content-Disposition"] == "attachment; filename=sheet.pdf"
    assert got.data.startswith(b"%PDF-")
