"""My week, the team's and the company's: what stands in them, in words and shapes, and whom nobody reads there."""

from collections.abc import Iterator
from datetime import date, time
from typing import Any

import pytest
import time_machine

from portal.accounts.roles import Role
from portal.agenda import busy, hours, service
from portal.agenda.hours import KeptFor, Weekly
from portal.agenda.models import SitDay
from portal.agenda.windows import Span
from portal.foundation import acting, clock
from portal.foundation.database import db
from portal.programmes.models import Site, SiteKind
from tests.factories import a_person, a_programme
from tests.interviews.factories import (
    CANARY,
    NOW,
    a_company,
    a_confirmed,
    a_requested,
    a_worker,
    an_interest,
)
from tests.placements.factories import a_cast, a_start
from tests.visitor import Page

pytestmark = pytest.mark.usefixtures("app")
EAST, WEST = "40000", "30000"
WEEK = "?day=2026-11-16"


@pytest.fixture(autouse=True)
def now() -> Iterator[Any]:
    with time_machine.travel(NOW, tick=False) as at:
        yield at


def kinds(page: Page) -> set[str]:
    """Which kinds of piece are drawn; each has its own mark."""
    assert page.tree is not None
    found = page.tree.xpath("//li[contains(@class, 'piece')]")
    assert all(one.xpath(".//svg") for one in found if "is-holiday" not in one.get("class"))
    return {one.get("class").rpartition("is-")[2] for one in found}


def a_sit_day(worker: Any, day: date = date(2026, 11, 19)) -> SitDay:
    site = Site(
        kind=SiteKind.PRISON, code="gent", nl="Gevangenis van Gent", fr="Prison de Gand", en="Ghent prison",
        postcode="9000", municipality="Gent",
    )  # fmt: skip
    db.session.add(site)
    db.session.flush()
    row = SitDay(
        programme_id=a_programme().id,
        site_id=site.id,
        worker_id=worker.id,
        day=day,
        starts=time(9),
        slots=3,
        slot_minutes=60,
    )
    db.session.add(row)
    db.session.commit()
    return row


@pytest.mark.engine
def test_my_week_holds_talks_hours_absences_sit_days_and_other_calendars(visitors: Any, post: Any) -> None:
    case = an_interest(permission=False)
    interview = a_confirmed(case)
    worker = case.worker
    a_sit_day(worker)
    hours.add(worker.id, Weekly(0, time(9), time(12)))
    with acting.as_(worker.id, "project_worker"):
        service.be_away(
            worker.id, starts_at=clock.at(date(2026, 11, 20), time(12, 30)), ends_at=clock.midnight(date(2026, 11, 21))
        )
        busy.take_in(
            worker.id, [Span(clock.at(date(2026, 11, 18), time(13)), clock.at(date(2026, 11, 18), time(16, 30)))]
        )
    db.session.commit()
    page = visitors(worker).open(f"/agenda{WEEK}")
    assert kinds(page) == {"held", "open", "away", "sit_day", "elsewhere"}
    page.says(
        "Gesprek bij Transport Nys",
        "Zitdag: Gevangenis van Gent",
        "Bezet in mijn andere agenda",
        "Afwezig",
        "Mijn uren",
    )
    page.says("13.00 – 16.30", "09.00 – 12.00", "12.30 – 00.00").lacks(CANARY, "Kwartelslag")
    assert interview.key in page.html
    assert len(page.queries) <= 8, "\n".join(page.queries)


def test_of_another_calendar_only_the_hours_are_drawn(visitors: Any) -> None:
    from tests.agenda.test_busy_reading import a_calendar

    lien = a_worker()
    with acting.as_(lien.id, "project_worker"):
        busy.take_in(
            lien.id, busy.read(a_calendar("SUMMARY:Tandarts\nDTSTART:20261117T080000Z\nDTEND:20261117T110000Z"), set())
        )
    db.session.commit()
    visitors(lien).open(f"/agenda{WEEK}").says("Bezet in mijn andere agenda", "09.00 – 12.00").lacks("Tandarts")
    visitors(lien).open("/agenda/calendars").says("zien dat je dan bezet bent en niets meer")
    team = visitors(a_worker("Karim")).open(f"/agenda/team{WEEK}").says("bezet 09.00 – 12.00")
    team.lacks("Tandarts", "andere agenda")


@pytest.mark.engine
def test_what_aftercare_asks_stands_on_its_day(visitors: Any, post: Any) -> None:
    cast = a_cast()
    a_start(cast, clock.today())
    page = visitors(cast.worker).open("/agenda?day=2026-11-23")
    assert "on_day" in kinds(page)
    page.says("Bakkerij Soetaert").lacks("Karim")


def test_two_forms_of_one_day_are_told_apart_by_the_code_and_never_by_a_name(visitors: Any, post: Any) -> None:
    cast = a_cast()
    starts = [a_start(cast, clock.today()) for _ in range(2)]
    codes = [_with_an_interview(one, cast) for one in starts]
    page = visitors(cast.contact).open("/interviews/week?day=2026-11-30").lacks("Karim")
    page.says(*(f"({code})" for code in codes))


def _with_an_interview(placement: Any, cast: Any) -> str:
    """The talk that a start came from: its interest has the code."""
    from portal.interviews.models import Interview
    from portal.showcase.models import Interest
    from portal.showcase.states import InterestState

    interest = Interest(
        vacancy_id=cast.vacancy.id, employer_id=cast.employer.id, candidate_id=placement.candidate_id, reasons=[],
        contact_id=cast.contact.id, state=InterestState.INTERVIEW, code=f"W4K-{placement.id:02}",
    )  # fmt: skip
    db.session.add(interest)
    db.session.flush()
    talk = Interview(
        interest_id=interest.id, candidate_id=placement.candidate_id, employer_id=cast.employer.id,
        vacancy_id=cast.vacancy.id, contact_id=cast.contact.id, worker_id=cast.worker.id,
        workplace_id=cast.workplace.id, uid=f"talk-{placement.id}",
    )  # fmt: skip
    db.session.add(talk)
    db.session.flush()
    placement.interview_id = talk.id
    db.session.commit()
    return interest.code


def test_the_same_week_as_a_list_says_the_same(visitors: Any, post: Any) -> None:
    case = an_interest(permission=False)
    a_confirmed(case)
    page = visitors(case.worker).open(f"/agenda{WEEK}").follow("Toon als lijst")
    page.says("Gesprek bij Transport Nys", "Toon als week")
    assert page.tree is not None
    assert page.tree.xpath("//table//th[@scope='row']")
    page.follow("Week erna").says("Week van 23 november 2026", "Toon als week", "Deze week")


def test_at_the_weekend_the_week_that_begins_is_shown(visitors: Any, now: Any) -> None:
    now.move_to("2026-11-21 09:00:00+00:00")
    visitors(a_worker()).open("/agenda").says("Week van 23 november 2026").lacks("Deze week")


@pytest.mark.parametrize("wrong", ["9999-99-99", "1000-01-01", "x"])
def test_a_day_that_is_none_is_this_week(visitors: Any, wrong: str) -> None:
    visitors(a_worker()).open(f"/agenda?day={wrong}").says("Week van 16 november 2026")


@pytest.mark.engine
def test_the_team_week_says_taken_free_and_away_and_nobodys_name_or_place(visitors: Any, post: Any) -> None:
    case = an_interest(permission=False)
    a_confirmed(case)
    karim = a_worker("Karim")
    with acting.as_(karim.id, "project_worker"):
        service.be_away(
            karim.id, starts_at=clock.midnight(date(2026, 11, 18)), ends_at=clock.midnight(date(2026, 11, 19))
        )
    db.session.commit()
    page = visitors(a_worker("Joke")).open(f"/agenda/team{WEEK}")
    page.says("Lien Claes", "Karim Claes", "vrij", "bezet", "Afwezig")
    page.lacks(CANARY, "Kwartelslag", "Transport Nys", case.interest.code, "Oudenaarde", "is afwezig")
    assert page.tree is not None
    rows = page.tree.xpath("//tbody/tr")
    assert [row.xpath("./th")[0].text_content() for row in rows] == ["Joke Claes", "Karim Claes", "Lien Claes"]
    for line in page.tree.xpath("//tbody//p"):
        assert line.xpath(".//svg"), "a shape beside the word"
        assert line.text_content().strip()
    visitors(case.contact).open(f"/agenda/team{WEEK}", status=403)


def test_the_team_week_by_province_shows_whose_hours_count_there(visitors: Any) -> None:
    lien, karim = a_worker("Lien"), a_worker("Karim")
    hours.add(lien.id, Weekly(1, time(9), time(12), KeptFor(regions=[WEST])))
    hours.add(karim.id, Weekly(1, time(9), time(12), KeptFor(regions=[EAST])))
    db.session.commit()
    page = visitors(lien).open(f"/agenda/team{WEEK}&region={WEST}").says("Lien Claes")
    assert page.tree is not None
    assert [one.text_content() for one in page.tree.xpath("//tbody//th")] == ["Lien Claes"]
    visitors(lien).open(f"/agenda/team{WEEK}&region=60000").says("Niemand heeft uren voor deze provincie")
    visitors(lien).open(f"/agenda/team{WEEK}&region=nowhere").says("Karim Claes")


def test_a_team_of_another_programme_is_not_there(visitors: Any) -> None:
    a_worker("Omar", a_programme("Doorstart Brugge"))
    visitors(a_worker()).open("/agenda/team").lacks("Omar")


@pytest.mark.parametrize("view", ["", "&view=list"])
def test_the_team_week_asks_the_database_no_more_for_thirty(visitors: Any, view: str) -> None:
    lien = a_worker()
    one = visitors(lien).open(f"/agenda/team{WEEK}{view}")
    for n in range(29):
        other = a_worker(f"Kees{n}")
        hours.add(other.id, Weekly(n % 5, time(9), time(12)))
    db.session.commit()
    many = visitors(lien).open(f"/agenda/team{WEEK}{view}")
    assert len(one.queries) == len(many.queries) <= 8, "\n".join(many.queries)


@pytest.mark.engine
def test_the_companys_week_names_nobody_and_says_what_is_not_certain(visitors: Any, post: Any) -> None:
    company = a_company()
    worker = a_worker()
    sure = an_interest(worker, company=company, permission=False)
    a_confirmed(sure)
    not_yet = an_interest(worker, company=company, permission=True)
    a_requested(not_yet)
    db.session.commit()
    visitor = visitors(company[1])
    page = visitor.open(f"/interviews/week{WEEK}").says(sure.interest.code, "Magazijnmedewerker", "Lien gaat mee")
    assert "held" in kinds(page)
    later = visitor.open("/interviews/week?day=2026-11-23").says(not_yet.interest.code)
    assert kinds(later) == {"proposed"}
    for one in (page, later, visitor.open(f"/interviews/week{WEEK}&view=list")):
        one.lacks(CANARY, "Kwartelslag", "Oudenaarde", "vergunning")
        assert len(one.queries) <= 8
    visitors(a_company("Bakkerij Elders")[1]).open(f"/interviews/week{WEEK}").lacks(sure.interest.code)
    visitors(worker).open("/interviews/week", status=403)


def test_a_contact_sees_its_own_talks_and_an_admin_the_companys(visitors: Any, post: Any) -> None:
    case = an_interest(permission=False)
    a_confirmed(case)
    company = case.employer.organisation_id
    from portal.organisations.models import Organisation

    organisation = db.session.get_one(Organisation, company)
    colleague = a_person(role=Role.EMPLOYER_CONTACT, first_name="Bo", organisation=organisation)
    admin = a_person(role=Role.EMPLOYER_ADMIN, first_name="Cas", organisation=organisation)
    visitors(colleague).open(f"/interviews/week{WEEK}").lacks(case.interest.code)
    visitors(admin).open(f"/interviews/week{WEEK}").says(case.interest.code, "An Nys")
    visitors(case.contact).open(f"/agenda{WEEK}").says(f"Gesprek {case.interest.code}").lacks(CANARY)


def test_my_week_asks_the_database_no_more_for_many(visitors: Any, post: Any) -> None:
    first = an_interest(permission=False)
    a_confirmed(first)
    browser = visitors(first.worker)
    one = browser.open(f"/agenda{WEEK}")
    for n in range(4):
        case = an_interest(first.worker, company=(first.employer, first.contact, first.vacancy), permission=False)
        a_confirmed(case, slot=n + 1)
    for n in range(30):
        hours.add(first.worker.id, Weekly(n % 5, time(8), time(12)))
    a_sit_day(first.worker)
    db.session.commit()
    many = browser.open(f"/agenda{WEEK}")
    assert len(one.queries) == len(many.queries) <= 8, "\n".join(many.queries)


def test_a_partner_has_no_appointments_here_and_no_page_of_them(visitors: Any) -> None:
    partner = visitors(a_person(role=Role.VDAB, programme=a_programme()))
    for path in ("/agenda", "/agenda/hours", "/agenda/calendars", "/agenda/team"):
        partner.open(path, status=403)
