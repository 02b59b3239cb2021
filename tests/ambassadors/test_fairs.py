"""A code for a fair: bounded, closed at will, greets in the ambassador's name as far as it agreed, and counts apart."""

import re
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from pypdf import PdfReader

from portal.accounts.models import Person
from portal.ambassadors import fairs, queries, resting
from portal.ambassadors.answers import FairAnswer
from portal.ambassadors.models import Ambassador, FairArrival, FairLink, Invitation, InvitationState
from portal.employers.models import Employer
from portal.employers.states import EmployerState
from portal.foundation import clock
from portal.foundation.database import db
from portal.foundation.signals import company_registered
from tests.ambassadors.factories import a_company, a_contact, an_ambassador, an_invitation, who

pytestmark = pytest.mark.usefixtures("app")
WORDS = "Wij bakken al jaren samen met nieuwe mensen. Kom eens proeven."
NUMBERS = ("0403.170.701", "0417.497.106", "0400.378.485")


def a_fair(ambassador: Ambassador, *, most: int = 25, days: int = 30, shows: bool = True) -> FairLink:
    answer = FairAnswer("Jobbeurs Gent", shows, WORDS, "nl", most, clock.today() + timedelta(days=days))
    made = fairs.make(ambassador, answer)
    db.session.commit()
    return made


def way_of(fair: FairLink) -> str:
    from portal.accounts import links

    found = fairs.way_in(fair)
    assert found is not None
    return "/" + links.url_of(found).split("/", 3)[3]


def a_fair_link(ambassador: Ambassador, **more: Any) -> str:
    return way_of(a_fair(ambassador, **more))


def sign_up(
    page: Any, *, email: str = "jan@garage.example", number: str = NUMBERS[0], name: str = "Garage Peer"
) -> Any:
    return page.send(
        "Meld je bedrijf aan", number=number, name=name, section="G", size="micro", street="Kerkstraat 1", postcode="9000",
        municipality="Gent", first_name="Jan", last_name="Peeters", email=email, phone="09 225 25 25", shifts=["day"],
        forms_offered=["permanent"],
    )  # fmt: skip


def confirm(visitor: Any, post: Any, email: str) -> None:
    page = visitor.open(post.last(email, "accounts/confirm").path("/confirm/"))
    page.send(password="een lange zin om te onthouden")


def came(ambassador: Ambassador) -> list[Invitation]:
    return list(db.session.scalars(sa.select(Invitation).where(Invitation.ambassador_id == ambassador.id)))


def test_an_ambassador_makes_a_code_and_takes_it_along(visitors: Any) -> None:
    an = visitors(who(an_ambassador()))
    made = an.open("/network").follow("Jouw codes").follow("Maak een code").send(
        "Maak de code", name="Jobbeurs Gent", words=WORDS, language="nl", shows_name=True, most=10,
        expires_on=(clock.today() + timedelta(days=20)).isoformat(),
    )  # fmt: skip
    made.says("Jobbeurs Gent", "0 van 10", WORDS, "An Maes van Bakkerij Soetaert nodigt je uit")
    drawn = made.tree.xpath("//*[@role='img'][contains(@class, 'code-square')]//*[local-name()='svg']")
    assert drawn and drawn[0].get("viewbox") and not drawn[0].get("style")
    an.open("/network/fairs").says("Jobbeurs Gent", "open")


@pytest.mark.parametrize("size", ["a6", "a4"])
def test_the_card_is_a_tagged_pdf_of_the_right_size_with_the_same_address(visitors: Any, size: str) -> None:
    ambassador = an_ambassador()
    fair = a_fair(ambassador)
    answer = visitors(who(ambassador)).client.get(f"/network/fairs/{fair.key}/card?paper={size}")
    assert answer.mimetype == "application/pdf" and "attachment" in answer.headers["Content-Disposition"]
    reader = PdfReader(BytesIO(answer.get_data()))
    assert len(reader.pages) == 1
    assert round(float(reader.pages[0].mediabox.width)) == {"a6": 298, "a4": 595}[size]
    text = " ".join(reader.pages[0].extract_text().split())
    assert WORDS in text and "An Maes van Bakkerij Soetaert" in text and "Scan de code." in text
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert "Bakkerij" not in answer.headers["Content-Disposition"]


def test_the_page_greets_in_the_ambassadors_name_only_where_it_agreed(visitors: Any) -> None:
    ambassador = an_ambassador()
    visitors().open(a_fair_link(ambassador)).says("An Maes van Bakkerij Soetaert nodigt je uit", WORDS)
    page = visitors().open(a_fair_link(ambassador, shows=False)).says("Bakkerij Soetaert nodigt je uit")
    assert "An Maes" not in page.text


def test_a_company_that_scans_it_counts_once_its_address_is_confirmed(visitors: Any, post: Any) -> None:
    ambassador = an_ambassador()
    fair = a_fair(ambassador)
    peer, an = visitors(), visitors(who(ambassador))
    assert sign_up(peer.open(way_of(fair))).path == "/sign-up/sent"
    an.open("/network").says("Nog geen uitnodigingen")
    an.open(f"/network/fairs/{fair.key}").says("0 van 25")

    confirm(peer, post, "jan@garage.example")
    an.open("/network").says("1 bedrijf uitgenodigd, 1 aangemeld", "Garage Peer", "beurs")
    an.open(f"/network/fairs/{fair.key}").says("1 van 25")
    row = came(ambassador)[0]
    employer = db.session.get_one(Employer, row.employer_id)
    assert (row.state, row.fair_link_id, employer.invitation_id) == (InvitationState.REGISTERED, fair.id, row.id)
    assert (row.address, row.contact_name, row.words) == (None, "", "")


def test_nobody_finds_out_by_a_try_whether_an_address_is_known(visitors: Any, post: Any) -> None:
    """To an ambassador that tries its own code with somebody's address, a known and an unknown one look the same."""
    ambassador = an_ambassador()
    a_contact(a_company("Garage Peer"), "known@garage.example")
    an, texts = visitors(who(ambassador)), []
    for address, number in (("known@garage.example", NUMBERS[0]), ("new@garage.example", NUMBERS[1])):
        fair = a_fair(ambassador)
        sent = sign_up(visitors().open(way_of(fair)), email=address, number=number)
        page = an.open(f"/network/fairs/{fair.key}")
        texts.append((sent.status, sent.text, re.sub(r"/fair/\S+", "", page.text)))
        assert came(ambassador) == []
    assert texts[0] == texts[1]


def test_a_code_is_full_after_so_many_companies(visitors: Any, post: Any) -> None:
    way = a_fair_link(an_ambassador(), most=1)
    assert sign_up(visitors().open(way)).status == 200
    visitors().open(way, status=410).says("Deze code is gesloten").follow("Meld je bedrijf aan")
    assert db.session.scalar(sa.select(sa.func.count(FairArrival.id))) == 1


def test_the_one_too_many_still_signs_up_and_comes_by_nobody(app: Any, post: Any) -> None:
    """Two read the page while one place was left: the code counts one, and no company is sent away."""
    fair = a_fair(an_ambassador(), most=1)
    with fairs.coming_by(fair):
        for name in ("Garage Peer", "Drukkerij Ver"):
            company_registered.send(a_company(name, state=EmployerState.REGISTERED), invitation=None)
    db.session.commit()
    assert db.session.scalar(sa.select(sa.func.count(FairArrival.id))) == 1


def test_a_code_that_is_closed_expired_or_invented_reads_the_same(visitors: Any, post: Any) -> None:
    ambassador = an_ambassador()
    closed, old = a_fair(ambassador), a_fair(ambassador, days=3)
    ways = [way_of(closed), way_of(old), "/fair/1-" + "0" * 40, "/fair/nonsense"]
    visitors(who(ambassador)).open(f"/network/fairs/{closed.key}").send("Sluit deze code").says("gesloten")
    with time_machine.travel(clock.now() + timedelta(days=5)):
        texts = {visitors().open(way, status=410).text for way in ways}
    assert len(texts) == 1


def test_a_pause_rests_the_codes_and_leaving_closes_them(visitors: Any, post: Any) -> None:
    ambassador = an_ambassador()
    way = a_fair_link(ambassador)
    mine = _whole(ambassador)
    resting.pause(mine, clock.today() + timedelta(days=10))
    db.session.commit()
    visitors().open(way, status=410)
    resting.come_back(_whole(ambassador))
    db.session.commit()
    visitors().open(way)
    resting.leave(_whole(ambassador), withdraw_sent=False)
    db.session.commit()
    visitors().open(way, status=410)
    assert db.session.scalars(sa.select(FairLink)).one().closed_at is not None


def test_the_codes_of_a_blocked_company_open_nothing(visitors: Any) -> None:
    ambassador = an_ambassador()
    way = a_fair_link(ambassador)
    db.session.execute(sa.update(Employer).where(Employer.id == ambassador.employer_id).values(state="blocked"))
    db.session.commit()
    visitors().open(way, status=410)


def _whole(ambassador: Ambassador) -> Ambassador:
    programme = db.session.get_one(Employer, ambassador.employer_id).programme_id
    return queries.ambassador_in([programme], ambassador.key)


def test_five_codes_may_be_open_at_once(app: Any) -> None:
    ambassador = an_ambassador()
    made = [a_fair(ambassador) for _ in range(5)]
    with pytest.raises(fairs.TooManyLinks):
        a_fair(ambassador)
    db.session.rollback()
    fairs.close(made[0])
    assert a_fair(ambassador).id


def test_words_on_a_card_never_speak_of_a_past(visitors: Any) -> None:
    an = visitors(who(an_ambassador()))
    page = an.open("/network/fairs/new").send(
        "Maak de code", name="Beurs", words="Onze beste bakker zat in de gevangenis.", language="nl", most=5,
        expires_on=clock.today().isoformat(),
    )  # fmt: skip
    assert page.status == 422
    page.says("over iemands verleden")


@pytest.mark.parametrize(
    "wrong", [{"most": 0}, {"most": 101}, {"expires_on": "2020-01-01"}, {"expires_on": "2099-01-01"}, {"words": ""}]
)
def test_what_is_out_of_bounds_gets_a_sentence(visitors: Any, wrong: dict[str, Any]) -> None:
    an = visitors(who(an_ambassador()))
    right = {"name": "Beurs", "words": WORDS, "language": "nl", "most": 5, "expires_on": clock.today().isoformat()}
    page = an.open("/network/fairs/new").send("Maak de code", **{**right, **wrong})
    assert page.status == 422 and page.tree.xpath("//*[contains(@class, 'wrong-text')]")


def test_other_peoples_codes_do_not_exist(visitors: Any) -> None:
    fair = a_fair(an_ambassador())
    other = visitors(who(an_ambassador(a_company())))
    other.open(f"/network/fairs/{fair.key}", status=404)
    other.open(f"/network/fairs/{fair.key}/card", status=404)
    visitors(a_contact(a_company())).open("/network/fairs", status=403)


def test_a_letters_invitation_and_a_code_are_counted_apart(visitors: Any, post: Any) -> None:
    ambassador = an_ambassador()
    an_invitation(ambassador, "ria@drukkerij.example", "Drukkerij Ver")
    peer = visitors()
    sign_up(peer.open(a_fair_link(ambassador)))
    confirm(peer, post, "jan@garage.example")
    rows = {one.company_name: one.fair_link_id is not None for one in came(ambassador)}
    assert rows == {"Drukkerij Ver": False, "Garage Peer": True}


def test_who_signs_up_without_a_code_comes_by_nobody(visitors: Any, post: Any) -> None:
    a_fair(an_ambassador())
    peer = visitors()
    sign_up(peer.open("/sign-up"))
    confirm(peer, post, "jan@garage.example")
    assert db.session.scalar(sa.select(sa.func.count(FairArrival.id))) == 0
    assert db.session.scalars(sa.select(Invitation)).all() == []
    person = db.session.scalars(sa.select(Person).where(Person.email == "jan@garage.example")).one()
    assert person.confirmed_at is not None


def test_the_list_of_codes_costs_the_same_at_one_and_at_thirty(visitors: Any) -> None:
    ambassador = an_ambassador()
    an = visitors(who(ambassador))
    first = a_fair(ambassador)
    one = an.open("/network/fairs").queries
    for _ in range(29):
        db.session.add(
            FairLink(
                ambassador_id=ambassador.id,
                name="Beurs",
                words="",
                most=1,
                expires_on=clock.today(),
                closed_at=clock.now(),
            )
        )
    db.session.commit()
    assert len(an.open("/network/fairs").queries) == len(one) <= 8
    assert len(an.open(f"/network/fairs/{first.key}").queries) <= 8
    assert len(visitors().open(way_of(first)).queries) <= 8


def test_a_verified_company_that_comes_back_by_a_code_changes_no_road(visitors: Any, post: Any) -> None:
    """A company that is known already stays whose it was."""
    ambassador = an_ambassador()
    company = a_company("Garage Peer", state=EmployerState.ACTIVE)
    a_contact(company, "jan@garage.example")
    sign_up(visitors().open(a_fair_link(ambassador)))
    assert db.session.get_one(Employer, company.id).invitation_id is None
    assert came(ambassador) == []
