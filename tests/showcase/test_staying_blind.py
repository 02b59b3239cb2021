"""What an employer can and cannot learn: each attack of docs/privacy.md that this room answers is one test."""

import re
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine

from portal.accounts.models import Person
from portal.accounts.roles import Role
from portal.candidates import consents
from portal.candidates.states import Channel, Purpose
from portal.employers.models import Employer, Vacancy
from portal.employers.states import VacancyState
from portal.foundation import clock
from portal.foundation.access import Seat, Viewer
from portal.foundation.database import db
from portal.foundation.options import load
from portal.journal.models import Entry
from portal.showcase import batches, employer_queries, interests, service
from portal.showcase.models import Listing, Opening, Profile, Sentence
from portal.showcase.states import ProfileState
from portal.tasks.models import Task
from portal.trajectories.models import Trajectory, TrajectoryState
from tests.factories import a_person
from tests.showcase.factories import (
    CODED,
    a_candidate,
    a_company,
    a_vacancy,
    a_worker,
    an_approved_profile,
    the_programme,
)
from tests.showcase.test_the_way_of_a_profile import _csrf

pytestmark = pytest.mark.usefixtures("app")
CANARIES = ("Quirijntje", "Zonderland", "Krimo", "0471 23 45 67", "Dendermonde", "Kerkstraat")


def a_team() -> tuple[Person, Person]:
    return a_worker(), a_worker("Sam")


def people_out(number: int, worker: Person, reader: Person, **more: Any) -> list[Profile]:
    """That many people whose profile a batch has released."""
    found = [an_approved_profile(worker, reader, **more) for _ in range(number)]
    batches.release(the_programme())
    db.session.commit()
    return found


def listings(vacancy: Vacancy, shown: bool = True) -> list[Listing]:
    db.session.expire_all()
    statement = sa.select(Listing).where(Listing.vacancy_id == vacancy.id, Listing.shown.is_(shown))
    return list(db.session.scalars(statement.order_by(Listing.position)))


def open_listing(visitor: Any, listing: Listing) -> Any:
    page = visitor.open(f"/profiles/{listing.key}")
    return visitor.post(f"/profiles/{listing.key}/open", [("csrf_token", _csrf(page))])


def test_nothing_is_listed_under_k_and_a_worker_mediates(visitors: Any) -> None:
    lien, sam = a_team()
    employer, els = a_company(lien)
    fits, asks_more = a_vacancy(employer, els), a_vacancy(employer, els, licence="ce", title="Chauffeur")
    people_out(6, lien, sam)
    assert len(listings(fits)) == 5 and listings(asks_more) == []
    task = db.session.scalars(sa.select(Task).where(Task.kind == "showcase.mediate", Task.closed_at.is_(None))).one()
    assert (task.owner_id, task.words["vacancy"]) == (lien.id, "Chauffeur")
    visitors(els).open(f"/vacancies/{asks_more.key}/profiles").says("Te weinig mensen").lacks("0 mensen", "K7M")
    page = visitors(lien).open("/").follow("Kijk wie in de buurt komt").says("Een rijbewijs", "6 mensen", "dossier 1")
    page.send("Bewaar de nota", note="Rijbewijs mag later.")
    assert (
        db.session.scalar(sa.select(sa.func.count()).where(Task.kind == "showcase.mediate", Task.closed_at.is_(None)))
        == 0
    )


def test_a_programme_may_ask_for_more_than_five() -> None:
    lien, sam = a_team()
    employer, els = a_company(lien)
    vacancy = a_vacancy(employer, els)
    the_programme().k = 11
    people_out(10, lien, sam)
    assert listings(vacancy) == []


def test_every_card_of_a_list_is_shared_by_k() -> None:
    lien, sam = a_team()
    employer, els = a_company(lien)
    vacancy = a_vacancy(employer, els)
    for number in range(15):
        an_approved_profile(
            lien, sam, region=("ghent_area", "coast", "waasland")[number % 3], experience_band=("none", "over_5_years")[number % 2],
            availability_band=("now", "later")[number % 5 == 0], skills={"work_safely": 2 + number % 3, "lift_safely": 2, "be_on_time": number % 2},
        )  # fmt: skip
    batches.release(the_programme())
    db.session.commit()
    told = Counter(tuple(sorted(one.card.items())) for one in listings(vacancy))
    assert sum(told.values()) == 15 and min(told.values()) >= 5


def test_a_batch_needs_five_changes(visitors: Any) -> None:
    lien, sam = a_team()
    chief = visitors(a_person(role=Role.COORDINATOR))
    for _ in range(4):
        an_approved_profile(lien, sam)
    page = chief.open("/batches").says("4 van minstens 5 wijzigingen wachten")
    assert not page.tree.xpath("//button[contains(., 'Geef de groep vrij')]")
    answer = chief.post(f"/batches/{the_programme().key}", [("csrf_token", _csrf(page))])
    answer.says("Een groep heeft minstens 5 gewijzigde profielen nodig")
    assert db.session.scalar(sa.select(sa.func.count()).where(Profile.state == ProfileState.PUBLISHED)) == 0


def test_the_order_is_drawn_anew_for_each_batch_and_stays_within_one(visitors: Any) -> None:
    lien, sam = a_team()
    employer, els = a_company(lien)
    vacancy = a_vacancy(employer, els)
    people_out(10, lien, sam)
    company = visitors(els)
    first = _order(company, vacancy)
    assert len(first) == 10 and _order(company, vacancy) == first
    by_arrival = [one.code for one in sorted(listings(vacancy), key=lambda row: row.profile_id)]
    assert first != by_arrival
    people_out(5, lien, sam)
    later = _order(company, vacancy)
    assert set(first) < set(later) and [code for code in later if code in first] != first


def _order(visitor: Any, vacancy: Vacancy) -> list[str]:
    """The codes of the cards as they stand on the page."""
    page = visitor.open(f"/vacancies/{vacancy.key}/profiles")
    return [one.text_content() for one in page.tree.xpath("//article//span[@class='code']")]


def test_two_companies_share_no_key_and_no_code() -> None:
    lien, sam = a_team()
    vacancies = [a_vacancy(*a_company(lien, name)) for name in ("Een", "Twee")]
    people_out(8, lien, sam)
    first, second = ({(one.key, one.code) for one in listings(vacancy)} for vacancy in vacancies)
    assert not {key for key, _c in first} & {key for key, _c in second}
    assert not {code for _k, code in first} & {code for _k, code in second}


def test_a_stranger_reads_the_same_as_for_an_unknown_profile(visitors: Any) -> None:
    lien, sam = a_team()
    vacancy = a_vacancy(*a_company(lien, "Een"))
    _other, jan = a_company(lien, "Twee")
    people_out(5, lien, sam)
    stranger = visitors(jan)
    bodies = []
    for key in (listings(vacancy)[0].key, "zzzzzzzzzzzz"):
        for path in (f"/profiles/{key}", f"/profiles/{key}/interest", f"/profiles/{key}/not-fitting"):
            bodies.append(_body(stranger.open(path, status=404)))
    bodies += [_body(stranger.open(f"/vacancies/{key}/profiles", status=404)) for key in (vacancy.key, "zzzzzzzzzzzz")]
    assert len(set(bodies)) == 1


def _body(page: Any) -> str:
    """The whole page, but for what is new in every answer and for the address that was asked."""
    same = re.sub(r'(nonce|name="csrf_token" value)="[^"]*"', "", page.html)
    return same.replace(page.path, "")


def test_no_byte_of_an_answer_to_an_employer_names_anybody(visitors: Any) -> None:
    lien, sam = a_team()
    employer, els = a_company(lien)
    vacancy = a_vacancy(employer, els)
    profiles = people_out(5, lien, sam, first_name="Quirijntje", last_name="Zonderland")
    company = visitors(els)
    answers = [company.open(f"/vacancies/{vacancy.key}/profiles")]
    listing = listings(vacancy)[0]
    answers += [company.open(f"/profiles/{listing.key}"), open_listing(company, listing)]
    answers += [company.open(f"/profiles/{listing.key}/interest"), company.open(f"/profiles/{listing.key}/not-fitting")]
    answers.append(company.open(f"/profiles/{listing.key}/interest").send(reasons=["hours"]))
    answers.append(company.open("/profiles/zzzzzzzzzzzz", status=404))
    for page in answers:
        whole = str(page.response.headers) + page.html
        assert not [one for one in CANARIES if one in whole], page.path
        for profile in profiles:
            assert profile.key not in whole
    title = answers[2].tree.findtext(".//title")
    assert title.startswith(listing.code)
    assert "ETag" not in answers[2].response.headers and "no-store" in answers[2].response.headers["Cache-Control"]


def test_a_sentence_that_nobody_approved_is_never_shown(visitors: Any) -> None:
    lien, sam = a_team()
    employer, els = a_company(lien)
    vacancy = a_vacancy(employer, els)
    profile = people_out(5, lien, sam)[0]
    listing = next(one for one in listings(vacancy) if one.profile_id == profile.id)
    company = visitors(els)
    open_listing(company, listing).says("Draagt altijd de juiste bescherming.")
    case = service.handle(profile.candidate_id)
    visitors(lien).open(f"/people/{case.key}/profile").send(
        "Bewaar en controleer", evidence_work_safely="Heel nieuwe zin."
    )
    company.open(f"/profiles/{listing.key}").says("Draagt altijd de juiste bescherming.").lacks("Heel nieuwe zin.")
    db.session.expire_all()
    row = db.session.scalars(
        sa.select(Sentence).where(Sentence.profile_id == profile.id, Sentence.text.is_not(None))
    ).all()
    assert any(one.approved_by is None for one in row)
    people_out(5, lien, sam)
    company.open(f"/profiles/{listing.key}").lacks("Heel nieuwe zin.")


def test_what_changes_waits_for_the_next_batch(visitors: Any) -> None:
    lien, sam = a_team()
    employer, els = a_company(lien)
    vacancy = a_vacancy(employer, els)
    profile = people_out(5, lien, sam)[0]
    company = visitors(els)
    listing = next(one for one in listings(vacancy) if one.profile_id == profile.id)
    open_listing(company, listing).says("Nu")
    db.session.execute(
        sa.text("UPDATE job_wish SET availability_band = 'later' WHERE candidate_id = :c"), {"c": profile.candidate_id}
    )
    way = db.session.scalars(sa.select(Trajectory).where(Trajectory.candidate_id == profile.candidate_id)).one()
    company.open(f"/profiles/{listing.key}").lacks("Later")
    waits = batches.waiting(the_programme().id)
    assert [one.id for one in waits.changing] == [profile.id]
    way.state = TrajectoryState.STARTING
    db.session.commit()
    assert [one.id for one in batches.waiting(the_programme().id).leaving] == [profile.id]
    assert len(listings(vacancy)) == 5
    people_out(5, lien, sam)
    assert profile.id not in {one.profile_id for one in listings(vacancy)}
    company.open(f"/profiles/{listing.key}", status=404)


def test_a_withdrawal_hides_at_the_next_request(visitors: Any, post: Any) -> None:
    lien, sam = a_team()
    employer, els = a_company(lien)
    vacancy = a_vacancy(employer, els)
    profile = people_out(6, lien, sam)[0]
    listing = next(one for one in listings(vacancy) if one.profile_id == profile.id)
    company = visitors(els)
    open_listing(company, listing)
    company.open(f"/profiles/{listing.key}/interest").send(reasons=["hours"])
    standing = consents.standing(profile.candidate_id, Purpose.PROFILE)
    assert standing is not None
    consents.withdraw(standing)
    db.session.commit()
    company.open(f"/profiles/{listing.key}", status=404)
    company.open(f"/vacancies/{vacancy.key}/profiles").lacks(listing.code)
    assert post.last(els.email, "showcase/cannot_go_on").text


def test_the_worker_withdraws_with_a_button(visitors: Any) -> None:
    lien, sam = a_team()
    profile = people_out(5, lien, sam)[0]
    key = service.handle(profile.candidate_id).key
    visitors(lien).open(f"/people/{key}/profile/preview").send("Trek het profiel in").says("Het profiel is ingetrokken")
    db.session.expire_all()
    assert db.session.get_one(Profile, profile.id).published is None


def test_opening_is_counted_limited_and_written_down(visitors: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    lien, sam = a_team()
    employer, els = a_company(lien)
    vacancy = a_vacancy(employer, els)
    people_out(6, lien, sam)
    monkeypatch.setitem(load("showcase", "limits"), "openings_a_week", 3)
    company, rows = visitors(els), listings(vacancy)
    with time_machine.travel(clock.now(), tick=False) as at:
        for listing in [*rows[:3], rows[0]]:
            assert open_listing(company, listing).status == 200
        refused = open_listing(company, rows[3])
        assert refused.status == 429
        refused.says("het hoogste aantal profielen voor één vacature").lacks("Draagt altijd")
        company.open(f"/profiles/{rows[0].key}").says("Draagt altijd")
        at.shift(timedelta(days=7, minutes=1))
        company = visitors(els)
        assert open_listing(company, rows[3]).says("Draagt altijd").status == 200
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Opening)) == 4
    assert db.session.scalar(sa.select(sa.func.count()).where(Entry.action == "profile.opened")) == 4
    assert db.session.scalar(sa.select(sa.func.count()).where(Entry.action == "profile.read", Entry.seen)) >= 5


def test_a_vacancy_that_opens_shows_the_cards_of_the_last_batch_only() -> None:
    lien, sam = a_team()
    employer, els = a_company(lien)
    people_out(5, lien, sam)
    late = an_approved_profile(lien, sam)
    vacancy = a_vacancy(employer, els, state=VacancyState.DRAFT)
    vacancy.move_to(VacancyState.OPEN)
    db.session.commit()
    assert len(listings(vacancy)) == 5
    assert late.id not in {one.profile_id for one in listings(vacancy)}


def test_put_aside_with_reasons_of_the_job(visitors: Any) -> None:
    lien, sam = a_team()
    employer, els = a_company(lien)
    vacancy = a_vacancy(employer, els)
    people_out(5, lien, sam)
    company, listing = visitors(els), listings(vacancy)[0]
    open_listing(company, listing).follow("Zeg waarom").send("Leg opzij", reasons=["hours"]).says(
        "Je legde dit profiel opzij"
    )
    assert db.session.scalars(sa.select(Opening.not_fitting)).one() == ["hours"]


def _seat(person: Person, employer: Employer) -> Viewer:
    return Viewer(person_id=person.id, seats=(Seat(Role.EMPLOYER_ADMIN, employer.organisation_id),))


@pytest.mark.parametrize("number", [5, 30])
def test_the_pages_cost_the_same_at_any_length(visitors: Any, number: int) -> None:
    lien, sam = a_team()
    employer, els = a_company(lien)
    vacancy = a_vacancy(employer, els)
    profile = people_out(number, lien, sam)[0]
    company, worker = visitors(els), visitors(lien)
    interest = interests.express(
        employer_queries.listing_of(_seat(els, employer), listings(vacancy)[1].key), els.id, reasons=("hours",), note=""
    )
    chief = visitors(a_person(role=Role.COORDINATOR))
    key = service.handle(profile.candidate_id).key
    listing = listings(vacancy)[0]
    open_listing(company, listing)
    costs = {
        path: len(who.open(path).queries)
        for who, path in (
            (company, f"/vacancies/{vacancy.key}/profiles"),
            (company, f"/profiles/{listing.key}"),
            (worker, f"/people/{key}/profile"),
            (worker, f"/people/{key}/profile/preview"),
            (worker, f"/vacancies/{vacancy.key}/mediate"),
            (worker, f"/interests/{interest.key}"),
            (chief, "/batches"),
        )
    }
    assert max(costs.values()) <= 8, costs


def test_the_last_check_keeps_back_what_became_known() -> None:
    lien, sam = a_team()
    people_out(5, lien, sam)
    for _ in range(5):
        an_approved_profile(lien, sam)
    held = an_approved_profile(lien, sam, headline="Bel naar 0471 23 45 67")
    batches.release(the_programme())
    db.session.commit()
    assert held.state == ProfileState.DRAFT
    assert db.session.scalars(
        sa.select(Task.kind).where(Task.subject_kind == "profile", Task.closed_at.is_(None))
    ).all() == ["showcase.rewrite"]


@pytest.mark.engine
def test_what_may_exist_once_is_refused_with_a_sentence() -> None:
    lien, sam = a_team()
    employer, els = a_company(lien)
    vacancy = a_vacancy(employer, els)
    people_out(5, lien, sam)
    who = _seat(els, employer)
    fresh = employer_queries.listing_of(who, listings(vacancy)[0].key)
    interests.open_profile(fresh, els.id)
    with pytest.raises(interests.AlreadyOpen):
        interests.open_profile(fresh, els.id)
    interests.express(fresh, els.id, reasons=("hours",), note="")
    with pytest.raises(interests.AlreadyInterested):
        interests.express(fresh, els.id, reasons=("hours",), note="")


def test_the_coordinator_hears_when_a_batch_is_ready() -> None:
    lien, sam = a_team()
    for _ in range(4):
        an_approved_profile(lien, sam)
    last = an_approved_profile(lien, sam)
    last.state = ProfileState.CANDIDATE_APPROVAL
    db.session.commit()
    service.approve(last, service.Approval(Channel.PAPER))
    db.session.commit()
    ready = sa.select(Task.role).where(Task.kind == "showcase.release", Task.closed_at.is_(None))
    assert db.session.scalars(ready).all() == [Role.COORDINATOR]
    batches.release(the_programme())
    db.session.commit()
    assert db.session.scalars(ready).all() == []


def test_another_workers_case_is_not_found(visitors: Any) -> None:
    lien, sam = a_team()
    key = a_candidate(lien).key
    visitors(sam).open(f"/people/{key}/profile", status=404)
    visitors(sam).open(f"/people/{key}/profile/preview", status=404)
    assert CODED["region"]
