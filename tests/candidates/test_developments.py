"""Developments: a partner lets the team know, the own worker takes it over with one press."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from portal.accounts.models import Person
from portal.accounts.roles import PARTNERS, Role
from portal.candidates import developments
from portal.candidates.models import Candidate, Development, Referral, WorkConstraints
from portal.candidates.timeline import SENTENCES
from portal.foundation import clock
from portal.foundation.database import db
from portal.foundation.options import options
from portal.journal.models import Entry
from portal.programmes.models import ProgrammeSite, Site, SiteKind
from portal.tasks.models import Task
from portal.trajectories import service as trajectories
from tests.candidates.factories import (
    a_booked_screening,
    a_candidate,
    a_coordinator,
    a_partner,
    a_place,
    a_referral,
    a_screened_candidate,
    a_sit_day,
    a_worker,
)
from tests.visitor import Visitor

pytestmark = pytest.mark.usefixtures("app")
SECRET = "Zebulon Quackenbush belde zelf"
DETENTION = {"regime", "schedule", "leave"}
TITLES = {code: one.data["label"]["en"] for code, one in options("candidates", "development_kinds").items()}
SOME = {
    "regime": {"regime": "limited_detention"}, "schedule": {"days": ["mon", "tue"]}, "leave": {"note": "Two weeks earlier."},
    "moved": {}, "contact_person": {"note": "Ilse takes over."}, "cannot_come": {}, "skills": {"note": "VCA done."},
    "other": {"note": "A question."},
}  # fmt: skip


def both(role: Role = Role.PSD, *, screened: bool = True) -> tuple[Person, Person, Candidate, str]:
    """A worker, a partner, somebody whom they work with, and the referral's address."""
    worker, partner = a_worker(), a_partner(role)
    referral = a_referral(partner)
    candidate = a_screened_candidate(worker, referral=referral) if screened else a_candidate(worker, referral=referral)
    return worker, partner, candidate, f"/referrals/{referral.key}"


def elsewhere(
    name: str = "Gevangenis van Ieper", kind: SiteKind = SiteKind.PRISON, lead_days: int = 22
) -> tuple[ProgrammeSite, Site]:
    """Another place of the programme, with its own time for a permission."""
    place = a_place(name=name, kind=kind)
    site = db.session.get_one(Site, place.site_id)
    site.permission_lead_days = lead_days
    db.session.commit()
    return place, site


def the_only() -> Development:
    db.session.expire_all()
    return db.session.scalars(sa.select(Development)).one()


def open_kinds(candidate: Candidate) -> set[str]:
    db.session.expire_all()
    return set(db.session.scalars(sa.select(Task.kind).where(Task.about == candidate.id, Task.closed_at.is_(None))))


# --- What a partner may post -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", PARTNERS)
def test_each_role_posts_its_own_kinds_and_no_other(role: Role, visitors: Any) -> None:
    """Detention details come from the psychosocial service and the justice assistant; skills from VDAB and the centre."""
    a_place(name="Centrum De Linde", kind=SiteKind.CENTRE)
    _worker, partner, _candidate, path = both(role)
    tom: Visitor = visitors(partner)
    offered = {one.code for one in developments.kinds_for([role])}
    assert (offered >= DETENTION) == (role in {Role.PSD, Role.JUSTICE_ASSISTANT})
    assert offered.isdisjoint(DETENTION) == (role in {Role.VDAB, Role.CENTRE_WORKER})
    links = {href.rpartition("/")[2] for href in tom.open(path).tree.xpath("//a/@href") if "/news/" in href}
    assert links == offered
    for code in options("candidates", "development_kinds"):
        tom.open(f"{path}/news/{code}", status=200 if code in offered else 404)


@pytest.mark.parametrize("kind", list(SOME))
def test_what_is_posted_becomes_a_task_of_the_own_worker_and_stands_in_the_journal(kind: str, visitors: Any) -> None:
    _place, site = elsewhere("Centrum De Linde", SiteKind.CENTRE)
    worker, partner, candidate, path = both(Role.VDAB if kind == "skills" else Role.PSD)
    tom, lien = visitors(partner), visitors(worker)
    answer = {"site": site.key} if kind == "moved" else SOME[kind]
    sent = tom.open(f"{path}/news/{kind}").send("Send", **answer)
    sent.says("reads it within two days", "What you let us know", "sent")
    lien.open("/").says("News about Karim H")
    lien.open(f"/people/{candidate.key}").says("News about Karim H")
    lien.open(f"/people/{candidate.key}/news").says(TITLES[kind], "Tom Wouters")
    lien.open(f"/people/{candidate.key}/journal").says("A partner posted news")
    assert {"development.posted", "development.handled", "candidate.moved", "job_part.read"} <= set(SENTENCES)
    entry = db.session.scalars(sa.select(Entry).where(Entry.action == "development.posted")).one()
    assert (entry.about, entry.details) == (candidate.id, None)


def test_a_national_number_is_refused_and_offences_are_not_asked(visitors: Any) -> None:
    _worker, partner, _candidate, path = both()
    page = visitors(partner).open(f"{path}/news/other").says("Never an offence, a sentence, a date of release")
    assert page.send("Send", note="Nr 85.07.30-033 28").says("This looks like a national number").status == 422
    assert page.send("Send", note="x" * 501).status == 422
    assert db.session.query(Development).count() == 0


@pytest.mark.engine
def test_what_was_posted_lies_sealed(visitors: Any) -> None:
    _worker, partner, _candidate, path = both()
    day = clock.today() + timedelta(days=40)
    page = visitors(partner).open(f"{path}/news/regime")
    page.send("Send", regime="conditional_release", from_on=day.isoformat(), note=SECRET)
    raw = str(db.session.connection().exec_driver_sql("SELECT * FROM development").all())
    for text in ("Quackenbush", "conditional_release", day.isoformat()):
        assert text not in raw
    assert (the_only().since, the_only().proposed) == (day, {"regime": "conditional_release"})


def test_nothing_is_posted_before_the_case_is_taken_on_nor_after_it_ended(visitors: Any, post: Any) -> None:
    partner = a_partner(Role.PSD)
    early = a_referral(partner)
    tom: Visitor = visitors(partner)
    tom.open(f"/referrals/{early.key}").lacks("Does something change?")
    assert tom.open(f"/referrals/{early.key}/news/other").path == f"/referrals/{early.key}"
    candidate = a_candidate(referral=early)
    page = tom.open(f"/referrals/{early.key}/news/other")
    trajectories.close(trajectories.of(candidate.id), "other")
    db.session.commit()
    page.send("Send", note="Too late.").says("We do not work with this person at the moment")
    assert db.session.query(Development).count() == 0


def test_only_who_referred_posts_and_reads_what_was_posted(visitors: Any) -> None:
    _worker, partner, _candidate, path = both()
    visitors(partner).open(f"{path}/news/other").send("Send", note=SECRET)
    other: Visitor = visitors(a_partner(Role.PSD, name="Ilse"))
    other.open(path, status=404)
    other.open(f"{path}/news/other", status=404)
    assert other.post(f"{path}/news/other", [("note", "mine"), ("csrf_token", "x")]).status in {400, 404}
    assert db.session.query(Development).count() == 1


# --- What the worker does with it ------------------------------------------------------------------------------------


def test_a_new_regime_is_taken_over_with_one_press_old_beside_new(visitors: Any) -> None:
    worker, partner, candidate, path = both()
    day = clock.today() + timedelta(days=10)
    page = visitors(partner).open(f"{path}/news/regime")
    page.send("Send", regime="limited_detention", lead_days="7", from_on=day.isoformat())
    lien: Visitor = visitors(worker)
    page = lien.open(f"/people/{candidate.key}/news").says(
        "Closed regime", "Limited detention", "15 working days", "7 working days"
    )
    page.send("Take this over").says("Taken over", "handled on")
    constraints = db.session.scalars(sa.select(WorkConstraints)).one()
    assert (constraints.answers["regime"], constraints.lead_days) == ("limited_detention", 7)
    assert constraints.answers["place_limits"] == ["no_rounds"]
    assert "candidates.development" not in open_kinds(candidate)
    visitors(partner).open(path).says("read by the team")
    actions = set(db.session.scalars(sa.select(Entry.action).where(Entry.about == candidate.id)))
    assert {"development.posted", "development.handled", "constraints.changed"} <= actions


def test_a_worker_may_change_it_by_hand_instead(visitors: Any) -> None:
    worker, partner, candidate, path = both()
    visitors(partner).open(f"{path}/news/schedule").send("Send", days=["mon"])
    page = visitors(worker).open(f"/people/{candidate.key}/news").send("Read, I change it by hand")
    assert page.path == f"/people/{candidate.key}/constraints"
    assert "days" not in db.session.scalars(sa.select(WorkConstraints)).one().answers


def test_before_the_screening_there_is_nothing_to_take_over(visitors: Any) -> None:
    worker, partner, candidate, path = both(screened=False)
    visitors(partner).open(f"{path}/news/regime").send("Send", regime="limited_detention")
    page = visitors(worker).open(f"/people/{candidate.key}/news").says("Limited detention").lacks("Take this over")
    assert page.send("Read, go on").path == f"/people/{candidate.key}"


def test_somebody_who_moved_is_met_elsewhere_and_the_booked_talk_asks_for_another_hour(visitors: Any) -> None:
    place, new = elsewhere()
    worker, partner, candidate, path = both(screened=False)
    a_booked_screening(worker, candidate)
    a_sit_day(worker, place, in_days=9)
    visitors(partner).open(f"{path}/news/moved").send("Send", site=new.key)
    lien: Visitor = visitors(worker)
    lien.open(f"/people/{candidate.key}/news").says("Gevangenis van Oudenaarde", "Gevangenis van Ieper").send(
        "Take this over"
    )
    assert db.session.get_one(Candidate, candidate.id).site_id == new.id
    assert "candidates.rebook" in open_kinds(candidate)
    page = lien.open("/").follow("Choose a moment").says("Gevangenis van Ieper")
    page.send("Plan this moment").says("The screening is planned")
    assert open_kinds(candidate) == {"candidates.screening"}


def test_who_moved_after_the_screening_gets_the_lead_time_of_the_new_place(visitors: Any) -> None:
    _place, new = elsewhere()
    worker, partner, candidate, path = both()
    visitors(partner).open(f"{path}/news/moved").send("Send", site=new.key)
    visitors(worker).open(f"/people/{candidate.key}/news").send("Take this over")
    assert db.session.scalars(sa.select(WorkConstraints)).one().lead_days == 22


def test_who_cannot_come_leads_to_the_planned_talk(visitors: Any) -> None:
    worker, partner, candidate, path = both(Role.CENTRE_WORKER, screened=False)
    a_booked_screening(worker, candidate)
    visitors(partner).open(f"{path}/news/cannot_come").send("Send")
    page = visitors(worker).open(f"/people/{candidate.key}/news").send("Read, go on")
    assert page.path == f"/people/{candidate.key}/screening"
    page.says("Choosing another moment gives that one back")


def test_a_coordinator_reads_that_something_changes_but_not_what_detention_means(visitors: Any) -> None:
    _worker, partner, candidate, path = both()
    tom: Visitor = visitors(partner)
    tom.open(f"{path}/news/regime").send("Send", regime="limited_detention", note=SECRET)
    tom.open(f"{path}/news/contact_person").send("Send", note="Ilse neemt over.")
    griet: Visitor = visitors(a_coordinator())
    page = griet.open(f"/people/{candidate.key}/news").says("may change", "Ilse neemt over.")
    page.lacks("Limited detention", SECRET, "Take this over", "Read, go on")
    griet.open(f"/people/{candidate.key}/journal").lacks("Limited detention", SECRET)


def test_another_worker_finds_no_news_and_handles_none(visitors: Any) -> None:
    _worker, partner, candidate, path = both()
    visitors(partner).open(f"{path}/news/other").send("Send", note=SECRET)
    jonas: Visitor = visitors(a_worker("Jonas"))
    jonas.open(f"/people/{candidate.key}/news", status=404)
    with jonas.client.session_transaction() as session:
        session["csrf_token"] = "x"
    for verb in ("take", "file"):
        jonas.post(f"/people/{candidate.key}/news/{the_only().key}/{verb}", [])
    assert the_only().handled_on is None


@pytest.mark.engine
def test_news_is_taken_over_once(visitors: Any) -> None:
    worker, partner, candidate, path = both()
    visitors(partner).open(f"{path}/news/schedule").send("Send", days=["mon"])
    lien: Visitor = visitors(worker)
    page = lien.open(f"/people/{candidate.key}/news")
    page.send("Take this over")
    page.send("Read, I change it by hand")
    assert len(db.session.scalars(sa.select(Entry).where(Entry.action == "development.handled")).all()) == 1


def test_a_long_list_of_news_costs_what_a_short_one_costs(visitors: Any) -> None:
    worker, partner, candidate, path = both()
    tom, lien = visitors(partner), visitors(worker)
    tom.open(f"{path}/news/other").send("Send", note="One")
    costs = [len(tom.open(path).queries), len(lien.open(f"/people/{candidate.key}/news").queries)]
    referral = db.session.scalars(sa.select(Referral)).one()
    for _ in range(29):
        row = Development(
            candidate_id=candidate.id, referral_id=referral.id, posted_by=partner.id, kind="other", note="More"
        )
        db.session.add(row)
    db.session.commit()
    assert costs == [len(tom.open(path).queries), len(lien.open(f"/people/{candidate.key}/news").queries)]
    assert max(costs) <= 8
