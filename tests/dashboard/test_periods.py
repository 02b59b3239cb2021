"""Which days are looked at: a period may cross years, and a date that cannot be is told at its field."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
import time_machine

from portal.accounts.roles import Role
from portal.dashboard import cohorts, sheets
from portal.dashboard.boards import Board
from portal.dashboard.cohorts import Reached, Referred
from portal.dashboard.eyes import HIDDEN, OUTSIDE, TEAM, Share
from portal.dashboard.figures import Activation, Adherence, Leg, Spell, Sustained
from portal.foundation.database import db
from portal.placements.models import PlacementState
from tests.dashboard.test_pages import counts, held
from tests.factories import a_person, a_programme
from tests.placements.factories import a_cast, a_placement

pages = pytest.mark.usefixtures("app")


@pytest.fixture(autouse=True)
def _november() -> Any:
    with time_machine.travel("2026-11-21 10:00:00+00:00", tick=False):
        yield


@pytest.fixture
def cor(visitors: Any) -> Any:
    return visitors(a_person("cor@example.org", role=Role.COORDINATOR, programme=a_programme()))


@pages
def test_a_funded_period_may_cross_years(cor: Any) -> None:
    """1 July 2026 to 30 June 2028 is 731 days: 80 × 731 / 365 = 160.2. Until 21 November 143 days: 80 × 143 / 365 = 31.3."""
    cast = a_cast()
    counts(a_placement(cast, date(2026, 8, 3), state=PlacementState.ONGOING).candidate_id, date(2026, 7, 1))
    counts(a_placement(cast, date(2026, 6, 3), state=PlacementState.ONGOING).candidate_id, date(2026, 6, 30))
    page = cor.open("/figures?since=2026-07-01&until=2028-06-30")
    page.says("1 van 160 trajecten; 31 verwacht tot vandaag", "van 1 juli 2026 tot 30 juni 2028")
    assert len(page.follow("De dossiers achter dit cijfer: Trajecten").tree.xpath("//tbody/tr")) == 1
    cor.open("/figures").says("2 van 80 trajecten")


@pages
@pytest.mark.parametrize(
    ("days", "field", "sentence"),
    [
        ("since=2026-02-30&until=2026-12-31", "since", "Deze datum bestaat niet"),
        ("since=2026-01-01&until=nonsense", "until", "Deze datum bestaat niet"),
        ("since=0202-01-01&until=2026-12-31", "since", "Kijk het jaar"),
        ("since=2026-01-01", "until", "datum"),
        ("since=2026-12-31&until=2026-01-01", "until", "De laatste dag komt na de eerste"),
        ("since=2001-01-01&until=2026-01-01", "until", "hoogstens tien jaar"),
    ],
)
def test_an_impossible_date_is_told_at_its_field(cor: Any, days: str, field: str, sentence: str) -> None:
    page = cor.open(f"/figures?{days}", status=422)
    (error,) = page.tree.xpath(f"//*[@id='{field}-error']")
    assert sentence in error.text_content()
    page.says("van 1 januari 2026 tot 31 december 2026")
    cor.open(f"/figures/export/file?kind=pdf&reader=team&in=nl&{days}", status=404)


# --- The cohort view, worked by hand ----------------------------------------------------------------------------------

MAY, TODAY = date(2026, 5, 4), date(2026, 11, 21)


def test_how_far_everybody_came_who_was_referred() -> None:
    """Of five in May and one in June: one only referred; one screened; one with an interview but no profile noted, who
    reached what lies before it; two started on 1 June: 13 weeks later (31 August) both work, 26 weeks later (30 November)
    is still to come. The one of June started so early that 26 weeks have passed before the referral: that spell is not its."""
    start = date(2026, 6, 1)
    people = [
        Referred(1, MAY),
        Referred(2, MAY, accepted=MAY, screened=MAY),
        Referred(3, MAY, accepted=MAY, interview=date(2026, 6, 2)),
        Referred(4, MAY, accepted=MAY, screened=MAY, start=start),
        Referred(5, MAY, accepted=MAY, screened=MAY, start=start),
        Referred(6, date(2026, 6, 5), accepted=date(2026, 6, 5)),
    ]
    found = [
        Spell(4, start, None, start, date(2026, 9, 1)),
        Spell(5, start, date(2026, 9, 10), start, None),
        Spell(6, date(2026, 1, 5), date(2026, 11, 1), date(2026, 1, 5), None),
    ]
    reached = cohorts.reached(people, found, TODAY)
    assert [one.stage for one in reached] == [0, 2, 4, 6, 6, 1]
    assert cohorts.counts(reached) == [6, 5, 4, 3, 3, 2, 2, 0]
    assert cohorts.by_month(reached) == {
        date(2026, 5, 1): [5, 4, 4, 3, 3, 2, 2, 0],
        date(2026, 6, 1): [1, 1, 0, 0, 0, 0, 0, 0],
    }


# --- Who reads what ---------------------------------------------------------------------------------------------------


def a_board(strict: int = 6, broad: int = 7, unknown: int = 2) -> Board:
    return Board(
        trajectories=20, expected=30, target=80, target_activation=30, activation=Activation(20, broad, strict), held=12,
        accompanied=12, weeks_13=Sustained(18, 10, unknown), weeks_26=Sustained(4, 2, 0),
        aftercare=[Adherence("employee", 40, 35), Adherence("employer", 30, 3), Adherence("justice_assistant", 9, 8)],
        speed=[Leg("screening", 10.0, 20), Leg("profile", 8.5, 4), Leg("interview", None, 0)],
    )  # fmt: skip


@pages
def test_small_cells_stay_in_the_team(app: Any) -> None:
    with app.test_request_context():
        told = {one.code: one for one in sheets.of_board(a_board(), OUTSIDE)}
        # Broad 7 of 20 may be told; strict is one less than broad, so that it would tell of one person.
        assert [row[1] for row in told["activation"].rows[:2]] == [HIDDEN, 7]
        assert told["activation"].rows[1][2] == Share(35)
        assert "verborgen" in told["activation"].sentence
        # Nobody's unknown 2, and not the 4 starts after 26 weeks.
        assert told["lasting"].rows[0][1:] == (18, 10, HIDDEN, Share(56))
        assert told["lasting"].rows[1][1:] == (HIDDEN, HIDDEN, HIDDEN, HIDDEN)
        assert [row[1] for row in told["speed"].rows] == [10.0, HIDDEN, HIDDEN]
        # One hidden cell would follow from the total: another row goes too.
        hidden = [row[1] for row in told["aftercare"].rows]
        assert hidden.count(HIDDEN) >= 2
        assert told["accompaniment"].rows[0][1:] == (12, 12, Share(100))
        all_of_it = {one.code: one for one in sheets.of_board(a_board(), TEAM)}
        assert not [cell for one in all_of_it.values() for row in one.rows for cell in row if cell is HIDDEN]
        cohort = sheets.of_cohort([Reached(n, MAY, 0 if n < 3 else 2) for n in range(9)], OUTSIDE)
        assert cohort.rows[0][1:4] == (9, 6, 6)
        assert set(cohort.rows[0][4:]) == {HIDDEN}
    db.session.rollback()


@pages
def test_the_cohort_and_the_refusals_have_pages_cases_and_eight_queries(cor: Any, visitors: Any) -> None:
    cast = a_cast()
    held(cast, datetime(2026, 6, 1, 9, tzinfo=UTC))
    for part in ("cohort", "refusals"):
        page = cor.open(f"/figures/{part}").says("Zo tellen we dit")
        assert len(page.queries) <= 8, page.queries
        assert len(cor.open(f"/figures/{part}/cases").queries) <= 8
    visitors(cast.worker).open("/figures/cohort", status=403)
    visitors(cast.contact).open("/figures/refusals", status=403)
    other = a_programme("Doorstart Brugge")
    for part in ("cohort", "refusals", "export", "months", "months/2026-10"):
        cor.open(f"/figures/{part}?programme={other.key}", status=404)
