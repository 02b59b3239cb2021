"""The funnel and the ripple of three ambassadors with sixteen peers, against tables that were written out by hand.

Soetaert (bakery) asked 9:
  a  Sabbe       never answered
  b  Vergote     said no
  c  Coene       withdrawn
  d  Braeckman   signed up                                             shows it
  e  Wielemans   verified                                              shows it
  f  Tavernier   active, interview held, start, 26 weeks               shows it
  g  Heyse       active, interview held, start, is an ambassador       shows it
  h  Cnudde      active, interview held, start, 26 weeks               does not show it
  i  Helder      active, interview held                                does not show it
  and one draft that never left.
Heyse (garage) asked 6 and all came: five verified, of whom four show it, and one blocked; one of them has five jobs of 26 weeks.
Kanteldijk (building) asked 1, by a code at a fair: active, shows it, no interview yet.
"""

from datetime import date
from itertools import count
from typing import Any

import pytest

from portal.ambassadors import funnel, invitations, queries, ripple
from portal.ambassadors.models import Ambassador, AmbassadorState, Invitation, InvitationState
from portal.employers.states import EmployerState
from portal.foundation import clock
from portal.foundation.database import db
from portal.placements.models import PlacementState
from tests.ambassadors.factories import a_company, a_contact, a_draft, an_ambassador, an_invitation, who
from tests.ambassadors.test_fairs import a_fair
from tests.dashboard.test_pages import held
from tests.placements.factories import Cast, a_cast, a_placement

pytestmark = pytest.mark.usefixtures("app")
E, P = EmployerState, PlacementState
_numbers = count(1)
FEW = "<5"

SOETAERT = {"invited": 9, "registered": 6, "verified": 3, "active": 2, "interview": FEW, "start": FEW, "ambassador": 1}
HEYSE = {"invited": 6, "registered": 6, "verified": 4, "active": 1, "interview": 5, "start": FEW, "ambassador": 0}
KANTELDIJK = {
    "invited": 1,
    "registered": 1,
    "verified": 1,
    "active": 1,
    "interview": FEW,
    "start": FEW,
    "ambassador": 0,
}
# First ring, second ring, further; jobs at 26 weeks. Soetaert: 2 (f, h) + 5 (through g) = 7 in more than five companies.
RIPPLES = {"Soetaert": (6, 6, FEW, 7), "Heyse": (6, FEW, FEW, 5), "Kanteldijk": (1, FEW, FEW, FEW)}


def peer(
    asker: Ambassador, name: str, state: EmployerState, *, shows: bool = True, talks: int = 0, jobs: tuple[PlacementState, ...] = ()
) -> Cast:  # fmt: skip
    """A company that came by this ambassador's letter, with what happened there since."""
    sent = an_invitation(asker, f"peer{next(_numbers)}@x.example", name)
    cast = a_cast(company=name)
    invitations.registered(sent, cast.employer)
    cast.employer.state, cast.employer.shows_progress, cast.employer.invitation_id = state, shows, sent.id
    cast.employer.verified_at = clock.now() if state is not E.REGISTERED else None
    db.session.commit()
    for day in range(talks):
        held(cast, clock.now().replace(year=2026, month=3, day=2 + day, hour=9, minute=0, second=0, microsecond=0))
    for job in jobs:
        placement = a_placement(cast, date(2025, 9, 1), state=job)
        placement.ended_on = date(2026, 5, 1) if job is P.ENDED else None
    db.session.commit()
    return cast


def answered(asker: Ambassador, name: str, state: InvitationState) -> None:
    sent = an_invitation(asker, f"other{next(_numbers)}@x.example", name)
    if state is InvitationState.DECLINED:
        invitations.decline(sent)
    if state is InvitationState.WITHDRAWN:
        invitations.withdraw(sent)
    db.session.commit()


@pytest.fixture
def three(app: Any, post: Any) -> dict[str, Ambassador]:
    soetaert = an_ambassador(a_company("Bakkerij Soetaert"))
    answered(soetaert, "Sabbe", InvitationState.SENT)
    answered(soetaert, "Vergote", InvitationState.DECLINED)
    answered(soetaert, "Coene", InvitationState.WITHDRAWN)
    a_draft(soetaert, "draft@x.example")
    peer(soetaert, "Braeckman", E.REGISTERED)
    peer(soetaert, "Wielemans", E.VERIFIED)
    peer(soetaert, "Tavernier", E.ACTIVE, talks=1, jobs=(P.SUSTAINED_26,))
    garage = peer(soetaert, "Heyse", E.ACTIVE, talks=2, jobs=(P.ONGOING,))
    peer(soetaert, "Cnudde", E.ACTIVE, shows=False, talks=1, jobs=(P.ENDED,))
    peer(soetaert, "Helder", E.DORMANT, shows=False, talks=1)

    heyse = an_ambassador(garage.employer, garage.contact)
    peer(heyse, "Vloer", E.VERIFIED, talks=1)
    peer(heyse, "Dak", E.VERIFIED, talks=1)
    peer(heyse, "Muur", E.VERIFIED, talks=1)
    peer(heyse, "Raam", E.ACTIVE, talks=1, jobs=(P.SUSTAINED_26,) * 5)
    peer(heyse, "Deur", E.VERIFIED, shows=False, talks=1)
    gone = peer(heyse, "Trap", E.REGISTERED)
    gone.employer.state = E.BLOCKED

    kanteldijk = an_ambassador(a_company("Kanteldijk"))
    fair, came = a_fair(kanteldijk), a_company("Grond", state=E.ACTIVE, shows=True)
    db.session.add(
        Invitation(
            ambassador_id=kanteldijk.id, fair_link_id=fair.id, company_name="Grond", contact_name="", address_mark="f" * 64,
            words="", state=InvitationState.REGISTERED, employer_id=came.id, sent_at=clock.now(),
        )
    )  # fmt: skip
    db.session.commit()
    return {"Soetaert": soetaert, "Heyse": heyse, "Kanteldijk": kanteldijk}


def numbers(ambassador: Ambassador) -> dict[str, int | str]:
    sent = [one.peer for one in queries.asked_by(ambassador) if one.invitation.state is not InvitationState.DRAFT]
    return {step.code: step.value for step in funnel.steps(sent)}


def test_the_numbers_are_those_of_the_table(three: dict[str, Ambassador], visitors: Any) -> None:
    assert numbers(three["Soetaert"]) == SOETAERT
    assert numbers(three["Heyse"]) == HEYSE
    assert numbers(three["Kanteldijk"]) == KANTELDIJK
    # As they stand on the page: the drawing and the table say the same.
    page = visitors(who(three["Soetaert"])).open("/network")
    rows = page.tree.xpath("//table[caption[contains(., 'weg van je bedrijven')]]/tbody/tr")
    assert [row.xpath("string(td)").strip() for row in rows] == [str(one) for one in SOETAERT.values()]
    drawn = page.tree.xpath("//ul[@class='bars']//b/text()")
    assert drawn == [str(one) for one in SOETAERT.values()]
    page.says("Van 6 aangemelde bedrijven tonen er 4 hoe ver ze staan.")


def test_what_a_peer_does_not_show_stands_nowhere(three: dict[str, Ambassador], visitors: Any) -> None:
    page = visitors(who(three["Soetaert"])).open("/network")
    lines = {
        row.xpath("string(th)").strip(): row.xpath("string(td[3])").strip() for row in page.tree.xpath("//tr[td[3]]")
    }
    assert lines["Tavernier"] == "actief" and lines["Heyse"] == "ambassadeur" and lines["Wielemans"] == "nagekeken"
    assert lines["Cnudde"] == lines["Helder"] == lines["Braeckman"] == "aangemeld"
    page.lacks("Karim", "Benali", "Raam", "26 weken")


def test_the_ripple_is_that_of_the_table(three: dict[str, Ambassador]) -> None:
    for name, wanted in RIPPLES.items():
        found = ripple.of(three[name], ("", "", ""))
        assert (*(ring.value for ring in found.rings), found.jobs) == wanted, name


def test_the_drawing_and_the_table_of_the_ripple_say_the_same(three: dict[str, Ambassador], visitors: Any) -> None:
    page = visitors(who(three["Soetaert"])).open("/network/ripple")
    page.says("6 bedrijven kwamen via jou.")
    table = [row.xpath("string(td)").strip() for row in page.tree.xpath("//table/tbody/tr")]
    assert table == ["6", "6", "<5", "7"]
    drawing = page.tree.xpath("//figure[@class='ripple']")[0]
    assert drawing.xpath(".//ul//b/text()") == table[:3]
    label = drawing.xpath(".//*[local-name()='svg']/@aria-label")[0]
    assert "Bedrijven die jij meebracht 6" in label and "En nog verder <5" in label
    assert len(drawing.xpath(".//*[@class='drop']")) == 12
    # A ring of fewer than five is dashed and has no dots to be counted.
    assert len(drawing.xpath(".//*[contains(@class, 'few')]")) == 1
    page.lacks("Raam", "Vloer", "Tavernier", "Karim")


def test_five_jobs_in_one_company_tell_nothing_of_it(three: dict[str, Ambassador], app: Any, post: Any) -> None:
    """Kanteldijk's only peer has five jobs that held: a number would be that company's."""
    lonely = an_ambassador(a_company("Eenzaam"))
    peer(lonely, "Alleen", E.ACTIVE, jobs=(P.SUSTAINED_26,) * 5)
    assert ripple.of(lonely, ("", "", "")).jobs == FEW


def test_a_zero_next_door_tells_nothing_either(three: dict[str, Ambassador]) -> None:
    """Nobody came by Kanteldijk's peer; a zero there would tell that it is not active as an ambassador."""
    found = ripple.of(three["Kanteldijk"], ("", "", ""))
    assert [ring.value for ring in found.rings] == [1, FEW, FEW]


def test_before_the_first_company_the_water_is_still(visitors: Any) -> None:
    visitors(who(an_ambassador())).open("/network/ripple").says("Het water is nog stil")


def test_who_never_signed_has_no_ripple(visitors: Any) -> None:
    assert visitors(a_contact(a_company())).open("/network/ripple").path == "/network"


def test_peers_stay_when_their_ambassador_leaves(three: dict[str, Ambassador]) -> None:
    """Heyse leaves: what it brought in stays in Soetaert's ripple, and its own funnel waits for its return."""
    heyse = three["Heyse"]
    heyse.move_to(AmbassadorState.ENDED)
    db.session.commit()
    assert tuple(ring.value for ring in ripple.of(three["Soetaert"], ("", "", "")).rings) == (6, 6, FEW)
    assert numbers(heyse) == HEYSE
    assert numbers(three["Soetaert"])["ambassador"] == 0


def test_a_circle_in_the_rows_ends(three: dict[str, Ambassador], post: Any) -> None:
    """Two companies that would each have brought in the other are counted once, and the page still comes."""
    soetaert, heyse = three["Soetaert"], three["Heyse"]
    sent = an_invitation(heyse, "circle@x.example", "Bakkerij Soetaert")
    sent.move_to(InvitationState.REGISTERED)
    sent.employer_id = soetaert.employer_id
    db.session.commit()
    assert [ring.value for ring in ripple.of(soetaert, ("", "", "")).rings] == [6, 6, FEW]


@pytest.mark.engine
def test_the_ripple_is_one_question(app: Any, post: Any, visitors: Any) -> None:
    ambassador = an_ambassador()
    for number in range(5):
        sent = an_invitation(ambassador, f"een{number}@x.example")
        company = a_company(f"Kring {number}", state=E.ACTIVE, invitation=sent, shows=True)
        invitations.registered(sent, company)
        theirs = an_ambassador(company, a_contact(company))
        for nth in range(2):
            second = an_invitation(theirs, f"twee{number}{nth}@x.example")
            invitations.registered(second, a_company(f"Kring {number} {nth}", invitation=second))
    db.session.commit()
    assert [ring.value for ring in ripple.of(ambassador, ("", "", "")).rings] == [5, 10, FEW]
    assert len(visitors(who(ambassador)).open("/network/ripple").queries) <= 8
