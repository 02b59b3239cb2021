"""A new text asks each signatory again and says what changed; the paper to keep is a tagged PDF in the language of signing."""

import copy
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from pypdf import PdfReader

from portal.ambassadors import charter as charters
from portal.ambassadors import renewals, resting
from portal.ambassadors.models import Ambassador, Signature
from portal.employers.models import Employer
from portal.foundation import clock
from portal.foundation.database import db
from portal.foundation.options import load
from portal.tasks.models import Task
from tests.ambassadors.factories import a_company, a_contact, a_coordinator, an_ambassador, signed, who
from tests.ambassadors.test_resting import whole

pytestmark = pytest.mark.usefixtures("app")


@pytest.fixture
def new_text(monkeypatch: pytest.MonkeyPatch) -> None:
    """From today on there is a second version: one commitment says more, one is new, one is gone."""
    given = copy.deepcopy(load("ambassadors", "charter"))
    second = copy.deepcopy(given["versions"][0])
    second["version"], second["from"] = 2, clock.today()
    second["commitments"][2]["text"] = {code: f"{code}: within three working days" for code in ("nl", "fr", "en")}
    gone = second["commitments"].pop(4)
    second["commitments"].append(
        {
            "number": 7, "code": "transport", "title": {code: f"{code}: think about the bus" for code in ("nl", "fr", "en")},
            "text": gone["text"],
        }
    )  # fmt: skip
    given["versions"].append(second)
    monkeypatch.setattr(charters, "load", lambda room, name: given if name == "charter" else load(room, name))


def test_the_differences_are_found_commitment_by_commitment(new_text: None) -> None:
    found = charters.changes(charters.version(1, "nl"), charters.version(2, "nl"))
    assert [(one.kind, one.title) for one in found] == [
        ("changed", "Antwoorden binnen 5 werkdagen"),
        ("new", "nl: think about the bus"),
        ("dropped", "Elk jaar één actie doen"),
    ]
    assert found[0].text == "nl: within three working days" and "binnen 5 werkdagen" in found[0].before
    assert charters.changes(charters.version(1, "nl"), charters.version(1, "nl")) == []


def test_a_new_text_asks_each_signatory_once_with_what_changed(new_text: None, visitors: Any, post: Any) -> None:
    ambassador = an_ambassador()
    _as_signed_before(ambassador)
    for _ in range(2):
        renewals.ask_again()
        db.session.commit()
    letters = post.all("ambassadors/sign_again")
    assert len(letters) == 1
    assert "Veranderd: Antwoorden binnen 5 werkdagen" in letters[0].text
    assert "Nieuw: nl: think about the bus" in letters[0].text and "Staat er niet meer in:" in letters[0].text

    an = visitors(who(ambassador))
    page = an.open("/").follow("Lees wat er veranderde")
    page.says("Wat er veranderde sinds je tekende", "nl: within three working days", "Vroeger:")
    page.send("Onderteken", signed_name="An Maes", agreed=True).says("onder de nieuwe tekst")
    versions = db.session.scalars(sa.select(Signature.charter_version).order_by(Signature.charter_version)).all()
    assert versions == [1, 2]
    an.open("/").lacks("Lees wat er veranderde")
    an.open("/network").lacks("Lees wat er veranderde")
    an.open("/network/charter").lacks("Wat er veranderde").says("Ondertekend")


def _as_signed_before(ambassador: Ambassador) -> None:
    """The factory signs what is in force; this one signed the first text."""
    db.session.execute(sa.update(Signature).values(charter_version=1))
    ambassador.asked_version = 1
    db.session.commit()


def test_a_signature_under_the_old_text_stands_until_then(new_text: None, visitors: Any, post: Any) -> None:
    ambassador = an_ambassador()
    _as_signed_before(ambassador)
    an = visitors(who(ambassador))
    an.open("/network").says("Lees wat er veranderde", "Nodig een bedrijf uit")
    an.open("/network/invite")


def test_after_sixty_days_the_coordinator_hears_of_it(new_text: None, visitors: Any, post: Any) -> None:
    ambassador = an_ambassador()
    _as_signed_before(ambassador)
    renewals.ask_again()
    db.session.commit()
    with time_machine.travel(clock.now() + timedelta(days=60)):
        renewals.ask_again()
        db.session.commit()
        cor = visitors(a_coordinator())
        cor.open("/").follow("Open het bedrijf").says("Een nieuwere tekst van het charter wacht op een handtekening")
        assert len(post.all("ambassadors/sign_again")) == 1


def test_who_signed_the_new_text_or_left_is_not_asked(new_text: None, post: Any) -> None:
    an_ambassador(a_company("Nieuw"))
    left = an_ambassador(a_company("Weg"))
    resting.leave(whole(left), withdraw_sent=True)
    db.session.execute(sa.update(Signature).where(Signature.ambassador_id == left.id).values(charter_version=1))
    db.session.commit()
    renewals.ask_again()
    db.session.commit()
    assert post.all("ambassadors/sign_again") == []
    assert db.session.scalars(sa.select(Task).where(Task.kind == "ambassadors.sign_again")).all() == []


def test_two_colleagues_sign_the_new_text_once(new_text: None, visitors: Any, post: Any) -> None:
    company = a_company()
    ambassador = an_ambassador(company)
    _as_signed_before(ambassador)
    first, second = (
        visitors(who(ambassador)).open("/network/charter"),
        visitors(a_contact(company)).open("/network/charter"),
    )
    first.send("Onderteken", signed_name="An Maes", agreed=True)
    second.send("Onderteken", signed_name="Bo Maes", agreed=True)
    assert db.session.scalars(sa.select(Signature.signed_name).where(Signature.charter_version == 2)).all() == [
        "An Maes"
    ]


def _paper(answer: Any) -> tuple[PdfReader, str]:
    reader = PdfReader(BytesIO(answer.get_data()))
    return reader, " ".join(" ".join(page.extract_text() for page in reader.pages).split())


def test_the_signed_charter_is_a_paper_to_keep(visitors: Any) -> None:
    ambassador = an_ambassador()
    answer = visitors(who(ambassador)).client.get("/network/charter/file")
    assert answer.mimetype == "application/pdf" and answer.headers["Cache-Control"] == "private, no-store"
    assert answer.headers["Content-Disposition"] == "attachment; filename=charter.pdf"
    reader, text = _paper(answer)
    assert len(reader.pages) == 1
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"] and reader.trailer["/Root"]["/Lang"].startswith("nl")
    signature = db.session.scalars(sa.select(Signature)).one()
    for said in (
        "Bakkerij Soetaert",
        "An Maes",
        str(clock.today().year),
        "versie 1",
        "Antwoorden binnen 5 werkdagen",
        signature.text_hash,
    ):
        assert said in text, said


@pytest.mark.parametrize(("code", "said"), [("nl", "Getekend door"), ("fr", "Signé par"), ("en", "Signed by")])
def test_the_paper_speaks_the_language_in_which_it_was_signed(visitors: Any, code: str, said: str) -> None:
    ambassador = an_ambassador()
    text = charters.in_force(code)
    db.session.execute(sa.update(Signature).values(language=code, text_hash=text.hash))
    db.session.commit()
    reader, read = _paper(visitors(who(ambassador)).client.get("/network/charter/file"))
    assert reader.trailer["/Root"]["/Lang"].startswith(code)
    assert text.title in read and text.commitments[-1].title in read and said in read
    # What the paper says is what was signed: the fingerprint is that of this very text.
    assert text.hash in read


def test_before_signing_the_paper_has_room_for_a_name(visitors: Any) -> None:
    reader, text = _paper(visitors(a_contact(a_company("Bakkerij Soetaert"))).client.get("/network/charter/file"))
    assert "Datum en handtekening" in text and "Vingerafdruk" not in text and len(reader.pages) == 1


def test_the_coordinator_has_the_same_paper_and_nobody_elses(visitors: Any) -> None:
    ambassador = an_ambassador()
    path = f"/network/ambassadors/{ambassador.key}/charter"
    cor = visitors(a_coordinator())
    assert "Bakkerij Soetaert" in cor.open(path).html
    visitors(a_contact(a_company())).open(path, status=403)


def test_the_letter_of_approval_leads_to_the_paper(visitors: Any, post: Any) -> None:
    company = a_company("Bakkerij Soetaert")
    an = a_contact(company, "an@soetaert.example")
    signed(company, an)
    visitors(a_coordinator()).open("/").follow("Lees en antwoord").send("Verstuur", decision="approve")
    way = post.last("an@soetaert.example", "ambassadors/approved").path("/charter/file")
    assert visitors(an).client.get(way).mimetype == "application/pdf"


def test_an_odd_name_is_printed_as_text(visitors: Any) -> None:
    ambassador = an_ambassador(a_company('#import "x" *Bakkerij*'))
    _reader, text = _paper(visitors(who(ambassador)).client.get("/network/charter/file"))
    assert '#import "x" *Bakkerij*' in text
    assert db.session.get_one(Employer, ambassador.employer_id)
