"""A level is what was done lately: its value against the threshold, until when it stands, and a person who confirms."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine

from portal.accounts.models import Person
from portal.ambassadors import deeds, invitations, level_keeping, levels, pioneers, queries
from portal.ambassadors.levels import Reached
from portal.ambassadors.models import Ambassador, Level
from portal.employers.models import Employer
from portal.employers.states import EmployerState
from portal.events.models import Event, EventSeat
from portal.events.states import EventKind, EventState, SeatState
from portal.foundation import clock
from portal.foundation.database import db
from portal.interviews.models import Interview
from portal.placements.models import PlacementState
from tests.ambassadors.factories import a_company, a_contact, a_coordinator, an_ambassador, an_invitation, who
from tests.dashboard.test_pages import held
from tests.factories import a_programme
from tests.placements.factories import Cast, a_cast, a_placement

pytestmark = pytest.mark.usefixtures("app")
TODAY = date(2026, 11, 20)


def reached(interviews: Iterable[date] = (), starts: Iterable[date] = (), peers: int = 0, **more: Any) -> Reached:
    days = {
        "interviews_or_events": sorted(interviews, reverse=True),
        "placements_13_weeks": sorted(starts, reverse=True),
    }
    return Reached({**days, "active_peers": [deeds.STANDS] * peers}, **more)


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


@pytest.mark.parametrize(
    ("what", "level", "waits"),
    [
        (reached(), Level.ENGAGED, False),
        (reached([ago(1)]), Level.ACTIVE, False),
        (reached([ago(364)]), Level.ACTIVE, False),
        (reached([ago(365)]), Level.ENGAGED, False),
        (reached([ago(1)], [ago(1)], 1), Level.ACTIVE, True),
        (reached([ago(1)], [ago(1)], 1, confirmed=True), Level.PIONEER, False),
        (reached([], [ago(1)], 1, confirmed=True), Level.ENGAGED, False),
        (reached([ago(1)], [ago(729)], 1, confirmed=True, confirmed_on=ago(729)), Level.PIONEER, False),
        (reached([ago(1)], [ago(730)], 1, confirmed=True), Level.ACTIVE, False),
        (reached([ago(1)], [ago(1)], 1, confirmed=True, confirmed_on=ago(730)), Level.ACTIVE, True),
    ],
)
def test_each_level_against_its_thresholds(what: Reached, level: Level, waits: bool) -> None:
    now = levels.standing(what, TODAY)
    assert (now.level, now.waits_for_confirmation) == (level, waits)


def test_the_value_of_now_stands_against_the_threshold_with_the_day_until_which_it_counts() -> None:
    now = levels.standing(reached([ago(300), ago(10)], [], 3), TODAY)
    assert (now.level, now.ends_on) == (Level.ACTIVE, ago(10) + timedelta(days=365))
    assert [(one.value, one.wanted, one.until) for one in now.kept_by] == [(2, 1, ago(10) + timedelta(days=365))]
    assert [(one.value, one.wanted) for one in now.thresholds] == [(2, 1), (0, 1), (3, 1)]
    assert [one.met for one in now.thresholds] == [True, False, True]


def test_a_level_that_only_signing_brings_never_ends() -> None:
    assert levels.standing(reached(), TODAY).ends_on is None


def _met_and_held(company: str = "Bakkerij Soetaert") -> Cast:
    """An interview that was held a month ago, and a start that has held for half a year."""
    cast = a_cast(company=company)
    held(cast, clock.now() - timedelta(days=30))
    a_placement(cast, clock.today() - timedelta(days=120), state=PlacementState.SUSTAINED_13)
    db.session.commit()
    return cast


def _ready(company: str = "Bakkerij Soetaert") -> Ambassador:
    """An ambassador that reached all that a pioneer takes."""
    cast = _met_and_held(company)
    ambassador = an_ambassador(cast.employer, cast.contact)
    sent = an_invitation(ambassador, f"{cast.contact.id}@peer.example")
    invitations.registered(sent, a_company(state=EmployerState.ACTIVE, invitation=sent, shows=True))
    db.session.commit()
    return ambassador


def _pioneer(company: str) -> Ambassador:
    ambassador = _ready(company)
    ambassador.confirmed_on, ambassador.level = clock.today(), Level.PIONEER
    db.session.commit()
    return ambassador


def test_the_facts_are_read_and_never_filled_in(post: Any) -> None:
    ambassador = _ready()
    facts = deeds.of([ambassador.employer_id])[ambassador.employer_id]
    assert facts["interviews_or_events"] == (clock.today() - timedelta(days=30),)
    assert facts["placements_13_weeks"] == (clock.today() - timedelta(days=29),)
    assert facts["active_peers"] == (deeds.STANDS,)


def test_a_start_that_ended_too_soon_counts_for_nothing(post: Any) -> None:
    cast = a_cast()
    for days, state in ((90, PlacementState.ENDED), (91, PlacementState.ENDED), (50, PlacementState.ONGOING)):
        start = clock.today() - timedelta(days=200)
        placement = a_placement(cast, start, state=state)
        placement.ended_on = start + timedelta(days=days) if state is PlacementState.ENDED else None
    db.session.commit()
    assert len(deeds.of([cast.employer.id])[cast.employer.id]["placements_13_weeks"]) == 1


def test_a_peer_that_hides_its_progress_does_not_count(post: Any) -> None:
    ambassador = an_ambassador()
    for shows, state in ((False, EmployerState.ACTIVE), (True, EmployerState.VERIFIED), (True, EmployerState.DORMANT)):
        sent = an_invitation(ambassador, f"{state}@peer.example")
        invitations.registered(sent, a_company(state=state, invitation=sent, shows=shows))
    db.session.commit()
    assert len(deeds.of([ambassador.employer_id])[ambassador.employer_id]["active_peers"]) == 1


def test_another_subject_adds_what_counts_as_well(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deeds, "_sources", dict(deeds._sources))
    ambassador = an_ambassador()
    deeds.also(
        "events", lambda employers: deeds.row(Ambassador.employer_id, "interviews_or_events", day=sa.literal(TODAY))
    )
    assert deeds.of([ambassador.employer_id])[ambassador.employer_id]["interviews_or_events"] == (TODAY,)


def test_the_coordinator_confirms_while_there_are_fewer_than_two_pioneers(visitors: Any, post: Any) -> None:
    ambassador, cor = _ready(), visitors(a_coordinator())
    an = visitors(who(ambassador))
    an.open("/network").says("Je niveau: Actief", "voorbije jaar uitnodigde: 1.").send("Vraag de bevestiging")
    an.open("/network").says("wacht op een antwoord")
    cor.open("/").follow("Kijk en bevestig").send("Bevestig als pionier")
    an.open("/network").says("Je niveau: Pionier")
    cor.open("/").lacks("Kijk en bevestig")
    kept = db.session.get_one(Ambassador, ambassador.id)
    assert kept.confirmed_on == clock.today() and kept.confirmed_by is not None


def test_two_pioneers_confirm_the_next_one_and_the_coordinator_no_longer(visitors: Any, post: Any) -> None:
    first, second = _pioneer("Garage Noord"), _pioneer("Drukkerij Zuid")
    third, cor = _ready("Bakkerij Soetaert"), visitors(a_coordinator())
    visitors(who(third)).open("/network").send("Vraag de bevestiging")
    cor.open("/").lacks("Kijk en bevestig")
    page = cor.open(f"/network/ambassadors/{third.key}").says("een van hen bevestigt")
    assert "Bevestig als pionier" not in page.text
    with pytest.raises(pioneers.PioneersConfirm):
        pioneers.confirm(_whole(third), by_pioneer=False)

    asked = visitors(who(first)).open("/").follow("Kijk en bevestig").says("Bakkerij Soetaert")
    asked.send("Bevestig als pionier").says("Bakkerij Soetaert is nu pionier")
    visitors(who(second)).open("/").lacks("Kijk en bevestig")
    visitors(who(third)).open("/network").says("Je niveau: Pionier")


def test_who_is_no_pioneer_or_was_not_asked_confirms_nobody(visitors: Any, post: Any) -> None:
    pioneer, third = _pioneer("Garage Noord"), _ready()
    _pioneer("Drukkerij Zuid")
    way = f"/network/pioneers/{third.key}"
    visitors(who(pioneer)).open(way, status=404)
    visitors(who(third)).open("/network").send("Vraag de bevestiging")
    visitors(who(third)).open(way, status=404)
    visitors(who(an_ambassador(a_company()))).open(way, status=404)
    visitors(who(pioneer)).open(way)


def test_who_did_not_reach_it_cannot_ask(visitors: Any) -> None:
    ambassador = an_ambassador()
    page = visitors(who(ambassador)).open("/network")
    assert "Vraag de bevestiging" not in page.text
    with pytest.raises(pioneers.NotAPioneerYet):
        pioneers.ask(_whole(ambassador))


def _whole(ambassador: Ambassador) -> Ambassador:
    return queries.ambassador_in([_programme(ambassador)], ambassador.key)


def _programme(ambassador: Ambassador) -> int:
    return db.session.get_one(Employer, ambassador.employer_id).programme_id


def test_a_level_that_ends_is_told_before_once_and_kindly(post: Any) -> None:
    cast = a_cast()
    held(cast, clock.now() - timedelta(days=340))
    ambassador = an_ambassador(cast.employer, cast.contact)
    for _ in range(2):
        level_keeping.keep()
        db.session.commit()
    told = post.to(_address(ambassador), "ambassadors/level_ends")
    assert len(told) == 1
    assert "Actief" in told[0].text and "vacature" in told[0].text and "Karim" not in told[0].text
    assert ambassador.level is Level.ACTIVE

    with time_machine.travel(clock.now() + timedelta(days=30)):
        level_keeping.keep()
        db.session.commit()
        assert db.session.get_one(Ambassador, ambassador.id).level is Level.ENGAGED
        assert len(post.to(_address(ambassador), "ambassadors/level_ends")) == 1


def test_a_new_deed_moves_the_day_and_its_own_end_is_told_again(post: Any) -> None:
    cast = a_cast()
    held(cast, clock.now() - timedelta(days=340))
    ambassador = an_ambassador(cast.employer, cast.contact)
    level_keeping.keep()
    db.session.execute(sa.update(Interview).values(starts_at=clock.now(), ends_at=clock.now() + timedelta(hours=1)))
    db.session.commit()
    with time_machine.travel(clock.now() + timedelta(days=100)):
        level_keeping.keep()
        assert len(post.to(_address(ambassador), "ambassadors/level_ends")) == 1
    with time_machine.travel(clock.now() + timedelta(days=330)):
        level_keeping.keep()
        assert len(post.to(_address(ambassador), "ambassadors/level_ends")) == 2


def _address(ambassador: Ambassador) -> str:
    return db.session.get_one(Person, ambassador.person_id).email


def test_an_unfinished_ambassador_is_told_nothing(post: Any) -> None:
    an_ambassador()
    level_keeping.keep()
    assert post.all() == []


@pytest.mark.engine
def test_the_levels_of_all_cost_one_question(post: Any) -> None:
    companies = [an_ambassador(a_company()).employer_id for _ in range(3)]
    cast = _met_and_held()
    found = deeds.of([*companies, cast.employer.id])
    assert set(found) == {*companies, cast.employer.id} and found[companies[0]] == {}
    assert len(found[cast.employer.id]) == 2


def test_a_colleague_without_the_role_reads_the_level_and_meets_no_closed_door(visitors: Any, post: Any) -> None:
    ambassador = _ready()
    colleague = a_contact(db.session.get_one(Employer, ambassador.employer_id), name="Bo Maes")
    page = visitors(colleague).open("/network").says("Je niveau: Actief").lacks("Vraag de bevestiging")
    assert not page.tree.xpath("//main//a[contains(@href, '/network/rest') or contains(@href, '/network/fairs')]")


def test_a_visit_counts_for_whoever_came_and_for_whoever_received(post: Any) -> None:
    guest, host, absent = (an_ambassador() for _ in range(3))
    day = clock.now() - timedelta(days=3)
    organiser = a_coordinator()
    visit = Event(
        programme_id=a_programme().id, organiser_id=organiser.id, kind=EventKind.COMPANY_VISIT, state=EventState.HELD,
        title="Kijken", words="Een rondgang.", host_id=host.employer_id, municipality="Gent", postcode="9000", starts_at=day,
        ends_at=day + timedelta(hours=1), answer_by=day.date(),
    )  # fmt: skip
    db.session.add(visit)
    db.session.flush()
    for one, state in ((guest, SeatState.CAME), (absent, SeatState.STAYED_AWAY)):
        db.session.add(EventSeat(event_id=visit.id, employer_id=one.employer_id, person_id=one.person_id, state=state))
    db.session.commit()
    levels_now = [levels.standing(queries.reached_by(one)).level for one in (guest, host, absent)]
    assert levels_now == [Level.ACTIVE, Level.ACTIVE, Level.ENGAGED]


def test_each_page_of_the_network_stays_within_its_questions(visitors: Any, post: Any) -> None:
    first, third = _pioneer("Garage Noord"), _ready()
    _pioneer("Drukkerij Zuid")
    visitors(who(third)).open("/network").send("Vraag de bevestiging")
    pages = [
        visitors(who(first)).open(f"/network/pioneers/{third.key}"),
        visitors(a_coordinator()).open(f"/network/ambassadors/{third.key}"),
        *(
            visitors(who(third)).open(f"/network{path}")
            for path in ("", "/charter", "/rest", "/invite", "/ripple", "/fairs/new")
        ),
    ]
    assert {page.path: len(page.queries) for page in pages if len(page.queries) > 8} == {}
