"""The two papers of an interview: the letter for the file and the candidate's sheet, on a page and as a tagged PDF."""

import contextvars
from io import BytesIO
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from pypdf import PdfReader

from portal.candidates import handles
from portal.candidates.models import Identity
from portal.candidates.states import Channel
from portal.foundation import clock
from portal.foundation.database import db
from portal.foundation.options import options
from portal.interviews import permissions
from portal.interviews.models import Interview
from portal.interviews.outcome_models import Framing, FramingKind
from portal.interviews.states import Mode
from portal.journal.models import Entry
from portal.organisations.models import Organisation, Workplace
from portal.tasks.models import Task
from tests.factories import a_person
from tests.interviews.factories import (
    CANARY,
    NOW,
    Role,
    a_confirmed,
    a_coordinator,
    a_requested,
    a_worker,
    an_interest,
)

pytestmark = pytest.mark.usefixtures("app", "post")
PAPERS = ("sheet", "file-letter")


def asked(visitor: Any, path: str) -> Any:
    """The bytes of an answer, which need not be a page."""
    db.session.commit()
    answer = contextvars.Context().run(visitor.client.get, path)
    db.session.expire_all()
    return answer


def fetched(visitor: Any, interview: Interview, paper: str, tongue: str = "") -> Any:
    return asked(visitor, f"/interviews/{interview.key}/{paper}.pdf" + (f"?in={tongue}" if tongue else ""))


def agreed_to(
    interview: Interview, words: str, kind: FramingKind = FramingKind.OWN_WORDS, topics: tuple[str, ...] = ()
) -> None:
    """What the candidate wants the company to hear."""
    row = Framing(
        interview_id=interview.id, candidate_id=interview.candidate_id, kind=kind, topics=list(topics), words=words or None,
        agreed_on=clock.today(), channel=Channel.IN_PERSON,
    )  # fmt: skip
    db.session.add(row)
    db.session.commit()


def text_of(content: bytes) -> str:
    pages = "\n".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages)
    return " ".join(pages.split())


def test_a_paper_is_saved_under_a_name_that_names_nobody_and_kept_by_no_cache(visitors: Any) -> None:
    with time_machine.travel(NOW, tick=False):
        case = an_interest()
        interview = a_confirmed(case)
        lien = visitors(case.worker)
        for paper, name in (("sheet", "gesprek.pdf"), ("file-letter", "uitnodiging.pdf")):
            answer = fetched(lien, interview, paper)
            assert answer.status_code == 200 and answer.mimetype == "application/pdf"
            assert answer.headers["Content-Disposition"] == f"attachment; filename={name}"
            assert answer.headers["Cache-Control"] == "private, no-store"
            assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize("paper", PAPERS)
def test_a_paper_is_tagged_and_says_its_title_and_language(visitors: Any, paper: str) -> None:
    with time_machine.travel(NOW, tick=False):
        case = an_interest()
        reader = PdfReader(BytesIO(fetched(visitors(case.worker), a_confirmed(case), paper, "fr").data))
    root, metadata = reader.trailer["/Root"], reader.metadata
    assert root["/MarkInfo"]["/Marked"] and root["/StructTreeRoot"] and root["/Lang"].startswith("fr")
    assert metadata is not None and CANARY not in str(metadata) and "Claes" not in str(metadata)
    assert metadata.title in {"Votre entretien chez Transport Nys", "Invitation à un entretien d'embauche"}


def test_the_letter_holds_what_the_house_needs_and_no_more(visitors: Any) -> None:
    with time_machine.travel(NOW, tick=False):
        case = an_interest()
        case.worker.phone = "0470 11 22 33"
        interview = a_requested(case)
        needed = permissions.needed_span(interview)
        db.session.commit()
        text = text_of(fetched(visitors(case.worker), interview, "file-letter").data)
    order = [
        "Uitnodiging voor een sollicitatiegesprek", "maandag 16 november 2026", "Voor: Gevangenis van Oudenaarde", f"{CANARY} Kwartelslag",
        "Weg vanaf", "Terug om", "Transport Nys", "Kaai 4, 9000 Gent", "An Nys", "Lien Claes · 0470 11 22 33",
        "De weg heen en terug", "Bel Lien Claes, niet het bedrijf", "Met vriendelijke groeten",
    ]  # fmt: skip
    places = [text.index(one) for one in order]
    assert places == sorted(places)
    for moment in (needed.start, needed.end):
        assert f"{clock.local(moment):%H.%M}" in text
    assert "Magazijnmedewerker" not in text and "@" not in text and "0470 00 00 00" not in text


def test_the_letter_speaks_the_language_of_the_house_and_the_other_on_request(visitors: Any) -> None:
    with time_machine.travel(NOW, tick=False):
        case = an_interest()
        house = handles.met_where(case.candidate.id)
        assert house is not None
        house.languages = ["fr"]
        interview = a_requested(case)
        db.session.commit()
        lien = visitors(case.worker)
        assert "Pour : Prison" in text_of(fetched(lien, interview, "file-letter").data)
        assert "Voor: Gevangenis" in text_of(fetched(lien, interview, "file-letter", "nl").data)
        # Offices of a house read Dutch or French.
        assert "Pour : Prison" in text_of(fetched(lien, interview, "file-letter", "en").data)
        page = lien.open(f"/interviews/{interview.key}/file-letter")
        page.says("Invitation à un entretien d'embauche", CANARY, "Français").follow("Nederlands").says("Uitnodiging")


@pytest.mark.parametrize(
    ("tongue", "words"),
    [
        ("nl", ["Dag Zebedeus", "Vertrek ten laatste om", "De weg duurt ongeveer", "Bus 3, halte Kaai", "Lien gaat met je mee", "Neem mee",
                "Je hoeft niet over je verleden te praten", "binnen een week"]),
        ("fr", ["Bonjour Zebedeus", "Partez au plus tard à", "Le trajet dure environ", "Bus 3, halte Kaai", "Lien fait le trajet avec vous",
                "À emporter", "Rien ne vous oblige à parler de votre passé"]),
        ("en", ["Hello Zebedeus", "Leave at", "The way takes about", "Bus 3, halte Kaai", "Lien goes there with you", "Bring along",
                "You need not talk about your past"]),
    ],
)  # fmt: skip
def test_the_sheet_tells_the_way_whom_what_to_bring_and_what_to_say(
    visitors: Any, tongue: str, words: list[str]
) -> None:
    with time_machine.travel(NOW, tick=False):
        case = an_interest()
        interview = a_confirmed(case)
        agreed_to(interview, "Ik werk graag met mijn handen.")
        lien = visitors(case.worker)
        text = text_of(fetched(lien, interview, "sheet", tongue).data)
        page = lien.open(f"/interviews/{interview.key}/sheet?in={tongue}")
        held = permissions.needed_span(interview)
    for word in words:
        assert word in text and word in page.text, word
    assert "Ik werk graag met mijn handen." in text
    leave = f"{clock.local(held.start):%H.%M}" if tongue == "nl" else f"{clock.local(held.start):%H:%M}"
    assert f"{leave} " in text or f"{leave}." in text


def test_the_sheet_in_the_candidates_own_language_comes_first(visitors: Any) -> None:
    with time_machine.travel(NOW, tick=False):
        case = an_interest()
        case.candidate.language = "fr"
        interview = a_confirmed(case)
        answer = fetched(visitors(case.worker), interview, "sheet")
    assert "Bonjour Zebedeus" in text_of(answer.data) and "entretien.pdf" in answer.headers["Content-Disposition"]


def test_the_sheet_that_lies_on_the_companys_table_names_no_house_and_no_permission(visitors: Any) -> None:
    with time_machine.travel(NOW, tick=False):
        case = an_interest()
        interview = a_confirmed(case)
        for tongue in ("nl", "fr", "en"):
            text = text_of(fetched(visitors(case.worker), interview, "sheet", tongue).data).casefold()
            for word in (
                "gevangenis",
                "oudenaarde",
                "vergunning",
                "prison",
                "autorisation",
                "permission",
                "detenti",
                "kwartelslag",
            ):
                assert word not in text, (tongue, word)


@pytest.mark.parametrize(
    ("mode", "words"),
    [(Mode.INSIDE, "Het bedrijf komt naar jou."), (Mode.VIDEO, "Je praat met het bedrijf via video.")],
)
def test_inside_and_by_video_nobody_travels(visitors: Any, mode: Mode, words: str) -> None:
    with time_machine.travel(NOW, tick=False):
        case = an_interest(permission=False)
        interview = a_confirmed(case)
        interview.mode = mode
        db.session.commit()
        text = text_of(fetched(visitors(case.worker), interview, "sheet").data)
    assert (
        words in text and "Vertrek ten laatste" not in text and "Kaai 4" not in text and "identiteitskaart" not in text
    )


def test_what_anybody_wrote_stays_plain_text_on_paper(visitors: Any) -> None:
    sly = '#read("/etc/passwd") ] \\ *x* 🙂 \u202eslot\u202c محمد'
    with time_machine.travel(NOW, tick=False):
        case = an_interest(name=f"Nys {sly}")
        identity = db.session.scalars(sa.select(Identity).where(Identity.candidate_id == case.candidate.id)).one()
        identity.first_name = f"Zoë {sly}"
        db.session.scalars(sa.select(Workplace)).one().public_transport = f"Tram {sly}"
        interview = a_confirmed(case)
        agreed_to(interview, f"Ik {sly}")
        lien = visitors(case.worker)
        for paper in PAPERS:
            text = text_of(fetched(lien, interview, paper).data)
            assert '#read("/etc/passwd") ] \\ *x* □ slot' in text and "root:" not in text and "\u202e" not in text


def test_only_staff_of_the_case_may_fetch_them(visitors: Any) -> None:
    with time_machine.travel(NOW, tick=False):
        case = an_interest()
        interview = a_confirmed(case)
        admin = a_person(
            role=Role.EMPLOYER_ADMIN,
            first_name="Bert",
            organisation=db.session.get_one(Organisation, case.employer.organisation_id),
        )
        stranger, boss = a_worker("Karim"), a_coordinator()
        for paper in PAPERS:
            for ending in ("", ".pdf"):
                path = f"/interviews/{interview.key}/{paper}{ending}"
                for person, status in ((case.contact, 403), (admin, 403), (stranger, 404), (boss, 200)):
                    answer = asked(visitors(person), path)
                    assert answer.status_code == status, (path, person.first_name)
                    assert status == 200 or (CANARY.encode() not in answer.data and answer.mimetype == "text/html")
                assert asked(visitors(), path).status_code in {302, 303}


def test_before_the_confirmation_there_is_no_sheet_and_without_leave_no_letter(visitors: Any) -> None:
    with time_machine.travel(NOW, tick=False):
        waiting, free = an_interest(), an_interest(permission=False, name="Houthandel Baert")
        one, other = a_requested(waiting), a_requested(free)
        db.session.commit()
        assert fetched(visitors(waiting.worker), one, "sheet").status_code == 303
        assert fetched(visitors(free.worker), other, "file-letter").status_code == 303


def test_each_printing_is_in_the_journal_before_it_leaves(visitors: Any) -> None:
    with time_machine.travel(NOW, tick=False):
        case = an_interest()
        interview = a_confirmed(case)
        fetched(visitors(case.worker), interview, "file-letter", "fr")
        fetched(visitors(case.worker), interview, "sheet")
        lines = db.session.scalars(sa.select(Entry).where(Entry.about == case.candidate.id, Entry.seen)).all()
    printed = [one for one in lines if one.action == "permission.letter_printed"]
    assert len(printed) == 1 and printed[0].details == {"language": "fr"} and printed[0].actor_id == case.worker.id
    assert {"print the letter for the permission", "print the candidate's sheet"} <= {one.reason for one in lines}


def test_a_paper_costs_at_most_eight_queries(visitors: Any) -> None:
    with time_machine.travel(NOW, tick=False):
        case = an_interest()
        interview = a_confirmed(case)
        lien = visitors(case.worker)
        for paper in PAPERS:
            page = lien.open(f"/interviews/{interview.key}/{paper}")
            assert len(page.queries) <= 8, (len(page.queries), page.queries)


def test_the_task_to_give_the_sheet_leads_to_the_page_with_the_pdf(visitors: Any) -> None:
    with time_machine.travel(NOW, tick=False):
        case = an_interest()
        interview = a_confirmed(case)
        task = db.session.scalars(sa.select(Task).where(Task.kind == "interviews.sheet")).one()
        page = visitors(case.worker).open(task.address)
        assert f"/interviews/{interview.key}/sheet.pdf" in page.html


@pytest.mark.parametrize("tongue", ["nl", "fr", "en"])
def test_the_usual_sheet_stands_on_one_page(visitors: Any, tongue: str) -> None:
    with time_machine.travel(NOW, tick=False):
        case = an_interest()
        case.worker.phone = "0470 11 22 33"
        interview = a_confirmed(case)
        agreed_to(interview, "Ik werk graag met mijn handen. Ik leer snel als iemand het toont.")
        content = fetched(visitors(case.worker), interview, "sheet", tongue).data
    assert len(PdfReader(BytesIO(content)).pages) == 1


def test_the_sheet_tells_what_the_company_hears_as_it_was_agreed_and_no_longer_once_taken_back(visitors: Any) -> None:
    with time_machine.travel(NOW, tick=False):
        case = an_interest()
        interview = a_confirmed(case, framing="Alleen getypt bij het plannen.")
        lien = visitors(case.worker)
        nothing = "Van ons hoort het bedrijf niets over je verleden."
        text = text_of(fetched(lien, interview, "sheet").data)
        assert nothing in text and "Alleen getypt" not in text
        topic = next(iter(options("interviews", "framing_topics").values()))
        agreed_to(interview, "Hij komt op tijd.", FramingKind.MAY_TELL, (topic.code,))
        text = text_of(fetched(lien, interview, "sheet").data)
        assert topic.data["label"]["nl"].lower() in text.lower() and "Hij komt op tijd." in text and nothing not in text
        db.session.scalars(sa.select(Framing)).one().withdrawn_at = clock.now()
        db.session.commit()
        text = text_of(fetched(lien, interview, "sheet").data)
        assert nothing in text and "Hij komt op tijd." not in text


def test_the_journal_of_the_case_says_that_the_letter_was_printed(visitors: Any) -> None:
    with time_machine.travel(NOW, tick=False):
        case = an_interest()
        interview = a_confirmed(case)
        lien = visitors(case.worker)
        fetched(lien, interview, "file-letter")
        lien.open(f"/people/{case.candidate.key}/journal").says("Brief voor het dossier afgedrukt")
