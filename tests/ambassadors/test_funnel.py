"""What an ambassador sees of the peers: companies and counts, never a person."""

from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa

from portal.ambassadors import invitations
from portal.ambassadors.funnel import Peer, progress_of, steps
from portal.ambassadors.models import Invitation, InvitationState
from portal.candidates.models import Identity
from portal.employers.models import Employer
from portal.employers.states import EmployerState
from portal.foundation.database import db
from portal.foundation.signals import company_registered
from portal.placements.models import PlacementState
from tests.ambassadors.factories import a_company, a_contact, an_ambassador, an_invitation, who
from tests.ambassadors.test_fairs import confirm
from tests.placements.factories import a_cast, a_placement

pytestmark = pytest.mark.usefixtures("app")
PEER = "jan@garage.example"
CANARY = "Zebulon"


def _values(peers: list[Peer]) -> list[int | str]:
    return [step.value for step in steps(peers)]


def test_the_funnel_against_a_table_worked_by_hand() -> None:
    """Nine invited: two without answer; seven signed up and agreed, of whom six verified, five active and interviewed,
    four started, one ambassador."""
    far = Peer(True, True, True, True, True, False, True)
    peers = [Peer(), Peer()]
    peers += [Peer(True, shows_progress=True), Peer(True, True, shows_progress=True)]
    peers += [far] * 3 + [Peer(True, True, True, True, True, True, True)]
    peers += [Peer(True, True, True, True, False, False, True)]
    assert _values(peers) == [9, 7, 6, 5, 5, "<5", 1]


def test_a_peer_that_does_not_agree_is_in_no_count_of_progress() -> None:
    """Beside the list of those that show it, a total over all would tell about those that do not: not from five either."""
    shows, hides = Peer(True, True, True, shows_progress=True), Peer(True, True, True, True, True, True)
    assert _values([shows, Peer(True, True, False)]) == [2, 2, 1, 1, "<5", "<5", 0]
    assert _values([shows] * 4 + [hides]) == [5, 5, 4, 4, "<5", "<5", 0]
    assert _values([hides] * 6) == [6, 6, 0, 0, 6, 6, 0]
    assert _values([]) == [0, 0, 0, 0, "<5", "<5", 0]


def test_a_peers_own_progress_shows_only_where_it_agreed() -> None:
    assert progress_of(Peer(True, True, True, True, True, True)) == "aangemeld"
    assert progress_of(Peer(True, True, True, True, True, shows_progress=True)) == "actief"


def test_a_sign_up_through_the_letter_moves_the_funnel(visitors: Any, visitor: Any, post: Any) -> None:
    ambassador = an_ambassador()
    an_invitation(ambassador, PEER)
    way = post.last(PEER).path("/invited/")
    sent = visitor.open(way).send(
        "Meld je bedrijf aan", number="0403.170.701", name="Garage Peer", section="G", size="micro", street="Kerkstraat 1",
        postcode="9000", municipality="Gent", first_name="Jan", last_name="Peeters", email=PEER, phone="09 225 25 25",
        shifts=["day"], forms_offered=["permanent"],
    )  # fmt: skip
    assert sent.status == 200, sent.text
    assert db.session.scalars(sa.select(Invitation.state)).one() is InvitationState.SENT, "the address is not confirmed"
    confirm(visitor, post, PEER)
    invitation = db.session.scalars(sa.select(Invitation)).one()
    employer = db.session.scalars(sa.select(Employer).where(Employer.invitation_id == invitation.id)).one()
    assert (invitation.state, invitation.employer_id) == (InvitationState.REGISTERED, employer.id)
    visitors(who(ambassador)).open("/network").says("1 bedrijf uitgenodigd, 1 aangemeld", "Garage Peer")
    visitor.open(way).says("Je bedrijf is aangemeld")


def test_a_company_without_an_invitation_moves_nothing(app: Any, post: Any) -> None:
    sent = an_invitation(an_ambassador(), PEER)
    company_registered.send(a_company(), invitation=None)
    company_registered.send(a_company(), invitation=999)
    assert sent.state is InvitationState.SENT


def test_a_peer_lets_its_ambassador_look_and_takes_it_back(visitors: Any, post: Any) -> None:
    ambassador = an_ambassador()
    sent = an_invitation(ambassador, PEER)
    company = a_company("Garage Peer", state=EmployerState.ACTIVE, invitation=sent)
    invitations.registered(sent, company)
    jan, an = visitors(a_contact(company)), visitors(who(ambassador))
    an.open("/network").lacks("actief</td>")
    jan.open("/network").says("An Maes van Bakkerij Soetaert").send("Mijn ambassadeur mag")
    assert "actief</td>" in an.open("/network").html
    jan.open("/network").send("Toon het niet meer")
    an.open("/network").lacks("actief</td>")


def test_the_network_costs_the_same_at_one_and_at_thirty(visitors: Any, post: Any) -> None:
    ambassador = an_ambassador()
    an = visitors(who(ambassador))
    _peer(ambassador, 0)
    one = an.open("/network").queries
    for number in range(1, 30):
        _peer(ambassador, number)
    thirty = an.open("/network")
    thirty.says("30 bedrijven uitgenodigd, 30 aangemeld")
    assert len(one) == len(thirty.queries) <= 8, thirty.queries


def _peer(ambassador: Any, number: int) -> None:
    sent = an_invitation(ambassador, f"peer{number}@x.example", f"Bedrijf nummer {number}")
    invitations.registered(sent, a_company(f"Bedrijf nummer {number}", invitation=sent))
    db.session.commit()


def test_no_candidate_is_ever_on_an_ambassadors_page(visitors: Any, post: Any) -> None:
    """Its own company and a peer both employ somebody with a name that is found nowhere else."""
    own, peers = a_cast(company="Bakkerij Soetaert"), a_cast(company="Garage Peer")
    for cast in (own, peers):
        started = a_placement(cast, date(2026, 3, 2), state=PlacementState.ONGOING)
        identity = db.session.scalars(sa.select(Identity).where(Identity.candidate_id == started.candidate_id)).one()
        identity.first_name, identity.last_name = CANARY, CANARY
    db.session.commit()
    ambassador = an_ambassador(own.employer, own.contact)
    sent = an_invitation(ambassador, PEER)
    waiting = an_invitation(ambassador, "wacht@x.example", "Drukkerij Ver")
    invitations.registered(sent, peers.employer)
    peers.employer.shows_progress = True
    db.session.commit()
    an = visitors(who(ambassador))
    paths = ["/network", "/network/charter", "/network/charter/sheet", "/network/invite"]
    paths += [f"/network/invitations/{one.key}" for one in (sent, waiting)]
    for path in paths:
        an.open(path).lacks(CANARY)
    assert CANARY not in an.client.get(f"/network/invitations/{waiting.key}/letter").get_data(as_text=True)
    assert all(CANARY not in letter.html for letter in post.all())
