"""The coordinator's page of figures: what the rows of every room add up to, for whom, and at what cost."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine

from portal.accounts.roles import Role
from portal.aftercare.models import CheckIn, CheckInState, Voice
from portal.agenda.models import Hold, HoldKind
from portal.candidates.models import Identity
from portal.foundation.database import db
from portal.interviews.models import Interview, Participant
from portal.interviews.states import InterviewState, Presence
from portal.journal.models import Entry
from portal.placements.models import Placement, PlacementState
from portal.trajectories.models import Trajectory
from tests.factories import a_person, a_programme
from tests.placements.factories import a_candidate, a_cast, a_placement, an_interview

pytestmark = [pytest.mark.usefixtures("app"), pytest.mark.engine]
CANARY = "Zebulon"


@pytest.fixture(autouse=True)
def _november() -> Any:
    with time_machine.travel("2026-11-21 10:00:00+00:00", tick=False):
        yield


@pytest.fixture
def cor(visitors: Any) -> Any:
    return visitors(a_person("cor@example.org", role=Role.COORDINATOR, programme=a_programme()))


def counts(candidate_id: int, on: date) -> None:
    """The person's trajectory counts from this day."""
    way = db.session.scalars(sa.select(Trajectory).where(Trajectory.candidate_id == candidate_id)).one()
    way.screened_on = way.counted_on = on
    db.session.commit()


def held(cast: Any, at: datetime, *, there: bool = True) -> Interview:
    """An interview that was held, with the companion noted or not."""
    interview = an_interview(cast)
    hold = Hold(
        kind=HoldKind.INTERVIEW, subject_kind="interview", subject_id=interview.id, party=f"person:{cast.worker.id}",
        starts_at=at, ends_at=at + timedelta(hours=1), blocked_from=at, blocked_until=at + timedelta(hours=1),
    )  # fmt: skip
    db.session.add(hold)
    db.session.flush()
    interview.companion_id, interview.companion_hold_id = cast.worker.id, hold.id
    interview.starts_at, interview.ends_at, interview.state = at, at + timedelta(hours=1), InterviewState.HELD
    noted = Presence.PRESENT if there else Presence.NO_SHOW
    db.session.add(Participant(interview_id=interview.id, party=f"person:{cast.worker.id}", presence=noted))
    db.session.commit()
    return interview


def a_check_in(placement: Placement, due: date, done: date | None, moment: str) -> None:
    db.session.add(
        CheckIn(
            placement_id=placement.id, candidate_id=placement.candidate_id, voice=Voice.EMPLOYEE, moment=moment, week=1,
            channel="call", planned_for=due, due=due, state=CheckInState.DONE if done else CheckInState.OVERDUE,
            done_at=datetime(done.year, done.month, done.day, 12, tzinfo=UTC) if done else None,
        )
    )  # fmt: skip
    db.session.commit()


def test_the_page_against_a_year_worked_by_hand(cor: Any) -> None:
    """Five count: four through a start (one of them unpaid, one that fell through), one through an interview. One from
    last year does not. Two interviews held, one without a companion noted. Three starts; at 13 weeks one still works,
    one has ended, and the third is too young."""
    cast = a_cast()
    started = a_placement(cast, date(2026, 3, 2), state=PlacementState.ONGOING)
    ended = a_placement(cast, date(2026, 4, 1), state=PlacementState.ENDED)
    ended.ended_on = date(2026, 4, 20)
    unpaid = a_placement(cast, date(2026, 11, 2), state=PlacementState.STARTED)
    unpaid.paid = False
    fell = a_placement(cast, date(2026, 5, 1), state=PlacementState.FELL_THROUGH)
    for one in (started, ended, unpaid, fell):
        counts(one.candidate_id, date(2026, 2, 1))
    talk = held(cast, datetime(2026, 6, 1, 9, tzinfo=UTC))
    counts(talk.candidate_id, date(2026, 5, 1))
    held(cast, datetime(2026, 6, 2, 9, tzinfo=UTC), there=False)
    counts(a_candidate(cast).id, date(2025, 12, 1))
    a_check_in(started, date(2026, 3, 9), date(2026, 3, 12), "week_1")
    a_check_in(started, date(2026, 6, 1), date(2026, 6, 20), "week_13")

    page = cor.open("/figures")
    page.says("5 van 80 trajecten; 71 verwacht tot vandaag")
    page.says("2 van 5 personen gestart met een betaald contract: 40%")
    page.says("1 van 2 gesprekken met een projectmedewerker erbij: 50%")
    page.says("1 van 2 nazorgmomenten op tijd")
    page.says("1 van 2 mensen nog aan het werk na 13 weken: 50%")


def test_the_cases_behind_a_figure_have_names_and_the_journal_knows(cor: Any) -> None:
    cast = a_cast()
    placement = a_placement(cast, date(2026, 3, 2), state=PlacementState.ONGOING)
    counts(placement.candidate_id, date(2026, 2, 1))
    page = cor.open("/figures/activation/cases").says(
        "Karim Benali", "Lien Claes", "betaald contract sinds 2 maart 2026"
    )
    read = db.session.scalars(sa.select(Entry).where(Entry.action == "identity.name_read")).all()
    assert [entry.about for entry in read] == [placement.candidate_id]
    page.follow("Logboek")
    for figure in ("trajectories", "accompaniment", "aftercare", "weeks_13", "weeks_26", "speed"):
        cor.open(f"/figures/{figure}/cases")
    cor.open("/figures/nonsense/cases", status=404)
    cor.open("/figures/speed/cases?start=-5").says("Karim Benali")


def test_the_page_of_figures_names_nobody(cor: Any) -> None:
    cast = a_cast()
    placement = a_placement(cast, date(2026, 3, 2), state=PlacementState.ONGOING)
    identity = db.session.scalars(sa.select(Identity).where(Identity.candidate_id == placement.candidate_id)).one()
    identity.first_name = CANARY
    db.session.commit()
    cor.open("/figures").lacks(CANARY)


def test_figures_are_those_of_the_own_programmes(cor: Any, visitors: Any, visitor: Any) -> None:
    other = a_programme("Doorstart Brugge")
    cor.open(f"/figures?programme={other.key}", status=404)
    cor.open(f"/figures/speed/cases?programme={other.key}", status=404)
    both = a_person(role=Role.COORDINATOR, programme=a_programme())
    from portal.accounts import service

    service.seat(both, Role.COORDINATOR, programme_id=other.id)
    visitors(both).open(f"/figures?programme={other.key}").says("Doorstart Brugge, van 1 januari 2026")
    visitors(a_person(role=Role.PROJECT_WORKER)).open("/figures", status=403)
    assert visitor.open("/figures").path == "/sign-in"


def test_the_pages_cost_the_same_at_one_and_at_thirty(cor: Any) -> None:
    cast = a_cast()

    def another() -> None:
        placement = a_placement(cast, date(2026, 3, 2), state=PlacementState.ONGOING)
        counts(placement.candidate_id, date(2026, 2, 1))
        a_check_in(placement, date(2026, 3, 9), date(2026, 3, 12), "week_1")
        held(cast, datetime(2026, 6, 1, 9, tzinfo=UTC))

    paths = ["/figures", *[f"/figures/{one}/cases" for one in ("activation", "accompaniment", "aftercare", "weeks_13")]]
    another()
    one = {path: len(cor.open(path).queries) for path in paths}
    for _ in range(29):
        another()
    thirty = {path: len(cor.open(path).queries) for path in paths}
    assert one == thirty
    assert max(thirty.values()) <= 8, thirty
    cor.open("/figures/activation/cases").follow("Volgende").says("Karim Benali")
