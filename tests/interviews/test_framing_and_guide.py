"""What a company may hear about the situation, agreed with the candidate; and a guide that gives nobody away."""

from datetime import timedelta
from typing import Any

import lxml.html
import pytest
import sqlalchemy as sa
import time_machine

from portal.candidates import consents
from portal.candidates.states import Purpose
from portal.foundation import clock
from portal.foundation.database import db
from portal.foundation.options import load, options
from portal.foundation.words import LANGUAGES
from portal.interviews import guide, service
from portal.interviews.outcome_models import Framing
from portal.journal.models import Entry
from tests.interviews.factories import (
    CANARY,
    NOW,
    a_company,
    a_confirmed,
    a_requested,
    a_worker,
    again,
    all_there,
    an_interest,
)

pytestmark = pytest.mark.usefixtures("app")
OWN = "Ik werk graag met mijn handen."
BUTTON = "De kandidaat is hiermee akkoord"


@pytest.fixture
def at() -> Any:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


def agree(visitors: Any, case: Any, interview: Any, **answers: Any) -> Any:
    page = visitors(case.worker).open(f"/interviews/{interview.key}/framing")
    return page.send(
        BUTTON,
        **{"kind": "own_words", "words": OWN, "channel": "phone", "agreed_on": clock.today().isoformat()} | answers,
    )


# --- Framing ----------------------------------------------------------------------------------------------------------


def test_the_candidates_own_words_show_to_the_contact_only_and_only_once_it_is_confirmed(
    at: Any, visitors: Any, post: Any
) -> None:
    case = an_interest(permission=False)
    interview = a_requested(case)
    db.session.commit()
    agree(visitors, case, interview).says(OWN, "akkoord op")
    an, path = visitors(case.contact), f"/interviews/{interview.key}"
    an.open(path).lacks(OWN)
    service.confirm(again(interview))
    db.session.commit()
    page = an.open(path).says("Wat de kandidaat je wil laten weten", OWN)
    assert len(page.queries) <= 8, page.queries
    read = sa.select(Entry.actor_id).where(Entry.action == "framing.read", Entry.about == case.candidate.id)
    assert db.session.scalars(read).all() == [case.contact.id]
    for letter in post.all():
        assert OWN not in letter.text + letter.html + str(letter.calendar)
    row = db.session.scalars(sa.select(Framing)).one()
    assert (row.agreed_on, row.channel.value, row.written_by) == (clock.today(), "phone", case.worker.id)


def test_from_the_start_of_the_talk_means_not_a_minute_before(at: Any, visitors: Any, post: Any) -> None:
    case = an_interest(permission=False)
    interview = a_confirmed(case)
    agree(visitors, case, interview, shown_from="talk")
    path = f"/interviews/{interview.key}"
    at.move_to(interview.starts_at - timedelta(minutes=1))
    visitors(case.contact).open(path).lacks(OWN)
    at.move_to(interview.starts_at)
    visitors(case.contact).open(path).says(OWN)


def test_what_the_worker_may_tell_is_chosen_from_a_list_and_nothing_is_an_answer_too(
    at: Any, visitors: Any, post: Any
) -> None:
    case = an_interest(permission=False)
    interview = a_confirmed(case)
    an, path = visitors(case.contact), f"/interviews/{interview.key}"
    assert agree(visitors, case, interview, kind="may_tell", words="").status == 422
    agree(visitors, case, interview, kind="may_tell", words="", topics=["appointments"]).says("Heeft soms een afspraak")
    an.open(path).says("De kandidaat heeft soms een afspraak in de werkuren.")
    agree(visitors, case, interview, kind="nothing", words=OWN).says("Het bedrijf hoort niets over de situatie.")
    an.open(path).lacks("Wat de kandidaat je wil laten weten", OWN, "afspraak in de werkuren. We melden")


def test_the_check_looks_along_and_a_finding_stays_only_when_the_candidate_wants_it(
    at: Any, visitors: Any, post: Any
) -> None:
    case = an_interest(permission=False)
    interview = a_confirmed(case)
    words = f"{CANARY} zat in de gevangenis van Oudenaarde."
    lien = visitors(case.worker)
    page = lien.open(f"/interviews/{interview.key}/framing")
    assert page.tree.xpath("//@data-checks") == [f"/interviews/{interview.key}/framing/look"]
    sent = {"csrf_token": page.form(BUTTON).fields["csrf_token"], "text": words, "language": "nl"}
    typed = lien.client.post(f"/interviews/{interview.key}/framing/look", data=sent).get_data(as_text=True)
    assert CANARY in typed
    assert "<mark" in typed
    refused = agree(visitors, case, interview, words=words)
    assert refused.status == 409
    visitors(case.contact).open(f"/interviews/{interview.key}").lacks("Oudenaarde")
    marks = [box.get("value") for box in refused.tree.xpath("//input[@name='keep']")]
    kept = refused.send(BUTTON, keep=marks)
    kept.says(words)
    assert len(db.session.scalars(sa.select(Framing)).one().kept_findings) == len(marks)
    assert db.session.scalar(sa.select(sa.func.count(Entry.id)).where(Entry.action == "finding.kept")) == len(marks)
    visitors(case.contact).open(f"/interviews/{interview.key}").says(words)


@pytest.mark.parametrize("how", ["button", "identity", "processing"])
def test_taking_it_back_works_at_the_next_request(at: Any, visitors: Any, post: Any, how: str) -> None:
    case = an_interest(permission=False)
    interview = a_confirmed(case)
    agree(visitors, case, interview)
    an, path = visitors(case.contact), f"/interviews/{interview.key}"
    an.open(path).says(OWN)
    if how == "button":
        visitors(case.worker).open(path + "/framing").send("De kandidaat neemt het terug").says("nam de kadering terug")
    else:
        purpose = Purpose(how)
        employer = case.employer.id if purpose is Purpose.IDENTITY else None
        consent = consents.standing(case.candidate.id, purpose, employer) or consents.give(
            case.candidate.id, purpose, channel=consents.Channel.PAPER
        )
        db.session.flush()
        consents.withdraw(consent)
        db.session.commit()
    an.open(path).lacks(OWN)


def test_who_may_not_open_the_interview_may_not_frame_it(at: Any, visitors: Any, post: Any) -> None:
    case = an_interest(permission=False)
    interview = a_confirmed(case)
    visitors(a_worker("Jan")).open(f"/interviews/{interview.key}/framing", status=404)
    visitors(case.contact).open(f"/interviews/{interview.key}/framing", status=403)


def test_an_agreement_in_the_future_is_none(at: Any, visitors: Any, post: Any) -> None:
    case = an_interest(permission=False)
    interview = a_confirmed(case)
    later = (clock.today() + timedelta(days=1)).isoformat()
    assert agree(visitors, case, interview, agreed_on=later).says("vandaag of vroeger").status == 422


# --- The guide --------------------------------------------------------------------------------------------------------


def _text(page: Any) -> str:
    article = lxml.html.document_fromstring(page.html).xpath("//article")[0]
    return " ".join(article.text_content().split())


def test_before_the_confirmation_the_guide_is_the_same_for_everybody(at: Any, visitors: Any, post: Any) -> None:
    """Somebody who needs a permission and somebody who does not: the company reads the same sheet, word for word."""
    worker, company = a_worker(), a_company(interview_inside=True, interview_video=True)
    with_leave = an_interest(worker, company=company)
    without = an_interest(worker, company=company, permission=False)
    first, second = a_requested(with_leave), a_requested(without, slot=9)
    db.session.commit()
    an = visitors(company[1])
    texts = {_text(an.open(f"/interviews/{one.key}/guide")) for one in (first, second)}
    assert len(texts) == 1
    said = texts.pop()
    for situation in ("bij jou", "waar de kandidaat is", "op video"):
        assert situation in said
    pages = [an.open(f"/interviews/{one.key}") for one in (first, second)]
    rules = [page.tree.xpath("//li[contains(., 'werkdagen vooraf')]")[0].text_content() for page in pages]
    assert rules[0] == rules[1]


def test_after_it_only_what_was_agreed_stands_there(at: Any, visitors: Any, post: Any) -> None:
    case = an_interest(company=a_company(forms=["ibo", "permanent"], notice_days=7))
    interview = a_confirmed(case)
    page = visitors(case.contact).open(f"/interviews/{interview.key}").follow("De hele praktische gids")
    page.says("7 werkdagen vooraf", "Lien Claes", "IBO:", "Vast contract:", "bij jou", "strafregister", "Cao nr. 38")
    page.lacks(
        "op video",
        "waar de kandidaat is",
        "Sommige mensen werken met vaste afspraken",
        "vergunning",
        CANARY,
        "Oudenaarde",
        "Gevangenis",
    )
    at.move_to(interview.starts_at + timedelta(hours=1))
    all_there(again(interview))
    from tests.interviews.test_outcome import D, an_offer, decide

    decide(case, interview, D.OFFER, terms=an_offer(form="ibo"))
    visitors(case.contact).open(f"/interviews/{interview.key}/guide").says("IBO:").lacks("Vast contract:")


def test_every_line_of_the_guide_has_three_languages_a_source_and_a_day() -> None:
    data = load("interviews", "guide")
    topics, forms = {one["code"] for one in data["topics"]}, set(options("candidates", "employment_forms"))
    for line in data["lines"]:
        assert set(line["label"]) == set(LANGUAGES), line["code"]
        assert line["topic"] in topics
        assert line["when"] in {"always", "before", "after"}
        assert set(line.get("forms", [])) <= forms
        assert set(line.get("modes", [])) <= {"at_company", "inside", "video"}
        source = data["sources"][line["source"]]
        assert set(LANGUAGES) < set(source)
        assert source["checked"] <= clock.today()
    covered = {form for line in data["lines"] for form in line.get("forms", [])}
    assert covered == forms, "every form of employment has its rule"
    assert {code for line in data["lines"] for code in [line["source"]]} == set(data["sources"])


def test_the_guide_says_hours_whom_to_call_what_may_be_asked_what_the_companion_does_and_what_follows(
    at: Any, post: Any
) -> None:
    interview = a_confirmed(an_interest(permission=False))
    found = guide.for_interview(again(interview))
    assert [topic.title for topic in found.topics][:5] == [
        "Uren en wijzigingen", "Wie bel je?", "Wat mag je vragen?", "Wat vraag je niet?", "Wie meekomt",
    ]  # fmt: skip
    assert found.topics[-1].title == "Wat volgt er?"
    assert len(found.short) >= 4
