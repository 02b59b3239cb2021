"""Forms of employment are a list that a coordinator makes longer: named in three languages, with what each asks before a start."""

from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine

from portal.accounts.roles import Role
from portal.competences.models import Occupation
from portal.dashboard import by_form
from portal.dashboard.eyes import OUTSIDE, TEAM
from portal.dashboard.figures import Period
from portal.foundation.database import db
from portal.foundation.options import choices, label, options
from portal.foundation.words import speaking
from portal.interviews.outcome_forms import TrialForm
from portal.journal.models import Entry
from portal.organisations.models import Organisation
from portal.placements import guards, service
from portal.placements.models import PlacementState
from portal.programmes import employment, templates
from portal.programmes.employment import Asks, Names
from portal.programmes.models import Programme, Template, TemplateKind
from tests.factories import a_person, a_programme
from tests.placements.factories import Cast, a_cast, a_placement, a_start

pytestmark = pytest.mark.usefixtures("app")
FLEXI = Names("Flexi-job", "Flexi-job", "Flexi-job")
LEARNING = Names("Leren op de vloer", "Apprendre sur place", "Learning on the floor")


@pytest.fixture(autouse=True)
def _on_monday() -> Any:
    with time_machine.travel("2026-09-28 07:00:00+00:00", tick=False):
        yield


def added(programme_id: int, names: Names = LEARNING, *, based_on: int = 1, **asks: bool) -> str:
    asked = {"strict": False, "vdab_first": False, "right_to_work": False, "trial": True, **asks}
    row = employment.add(programme_id, names, Asks(**asked), because="Nieuw", based_on=based_on)
    db.session.commit()
    code: str = row.body[employment.LIST][-1]["code"]
    return code


def boss(visitors: Any) -> Any:
    return visitors(a_person("coordinator@example.org", role=Role.COORDINATOR))


def codes(pairs: list[tuple[str, str]]) -> set[str]:
    return {code for code, _label in pairs}


def warned(cast: Cast, form: str) -> set[str]:
    placement = a_placement(cast, date(2026, 10, 5))
    placement.form = form
    return {guard.code for guard in guards.of(placement)}


def test_a_coordinator_adds_a_form_and_the_start_the_vacancy_and_the_sign_up_offer_it(visitors: Any) -> None:
    cast = a_cast()
    page = (
        boss(visitors)
        .open("/aftercare/plan")
        .follow("Vormen van tewerkstelling")
        .follow("Een vorm van tewerkstelling toevoegen")
    )
    page = page.send(nl="Leren op de vloer", fr="Apprendre sur place", en="Learning on the floor", because="Nieuw decreet",
                     strict=False, vdab_first=False, right_to_work=False, insurance=True, dated=True, trial=True)  # fmt: skip
    page.says("Toegevoegd", "Leren op de vloer", "versie 2", "Nieuw decreet", "toegevoegd door het programma")
    assert len(page.visitor.open("/employment").queries) <= 8
    code = next(code for code in options("candidates", "employment_forms") if employment.own(code))
    placement = a_placement(cast, date(2026, 10, 5))
    page = visitors(cast.worker).open(f"/placements/{placement.key}/prepare").says("Leren op de vloer")
    again = visitors(cast.worker).open(f"/placements/{placement.key}/prepare")
    assert len(again.queries) <= 8, "what a process keeps is read by its first page"
    page.send("Start vastleggen", starts_on="2026-10-05", form=code, hours_week="32")
    db.session.refresh(placement)
    assert (placement.form, placement.paid, placement.state) == (code, False, PlacementState.STARTED)
    visitors(cast.worker).open(f"/aftercare/{placement.key}").says("leren op de vloer")
    company = db.session.get_one(Organisation, cast.employer.organisation_id)
    admin = a_person("baas@example.org", role=Role.EMPLOYER_ADMIN, organisation=company)
    occupation = db.session.scalars(sa.select(Occupation.code).limit(1)).one()
    visitors(admin).open(f"/vacancies/new?occupation={occupation}").says("Leren op de vloer")
    visitors().open("/sign-up?language=fr").says("Apprendre sur place")


def test_its_guards_are_those_that_were_ticked_for_it() -> None:
    cast = a_cast()
    light, heavy = added(cast.employer.programme_id), added(
        cast.employer.programme_id, FLEXI, based_on=2, vdab_first=True, right_to_work=True, insurance=True, dated=True
    )  # fmt: skip
    asked = {"vdab", "right_to_work", "insurance", "contract_end"}
    assert warned(cast, light) & asked == set()
    assert warned(cast, heavy) & asked == asked
    assert warned(cast, "permanent") & asked == {"vdab", "right_to_work"}
    assert warned(cast, "a form of long ago") & asked == {"vdab", "right_to_work"}, (
        "an unknown one asks what a contract asks"
    )


def test_one_of_the_six_keeps_its_name_and_may_ask_something_else(visitors: Any) -> None:
    cast = a_cast()
    page = boss(visitors).open("/employment/fixed_term").says("houdt haar naam").lacks("In het Frans")
    page.send(insurance=True, because="De fondsen vragen het").says("Bewaard")
    assert "insurance" in warned(cast, "fixed_term")
    assert label("candidates", "employment_forms", "fixed_term") == "Contract bepaalde duur"
    assert db.session.scalar(sa.select(Entry).where(Entry.action == "template.written")) is not None


def test_what_is_offered_no_more_stays_with_who_has_it(visitors: Any) -> None:
    cast = a_cast()
    code = added(cast.employer.programme_id)
    running = a_start(cast)
    running.form = code
    waiting = a_placement(cast, date(2026, 10, 5))
    waiting.form = code
    db.session.commit()
    lead = boss(visitors)
    lead.open(f"/employment/{code}").send(on=False, because="Het fonds stopt").says("niet aangeboden")
    assert code not in codes(choices("candidates", "employment_forms"))
    assert code not in codes(employment.choices_of(cast.employer.programme_id))
    worker = visitors(cast.worker)
    worker.open(f"/aftercare/{running.key}").says("leren op de vloer")
    worker.open(f"/placements/{waiting.key}/prepare").says("Leren op de vloer")
    assert by_form.counts(
        db.session.get_one(Programme, cast.employer.programme_id), Period(date(2026, 1, 1), date(2026, 12, 31))
    ) == {code: 1}
    lead.open(f"/employment/{code}").send(on=True, because="Toch weer").says("Bewaard")
    assert code in codes(choices("candidates", "employment_forms"))


def test_words_are_changed_everywhere_at_once(visitors: Any) -> None:
    cast = a_cast()
    code = added(cast.employer.programme_id)
    boss(visitors).open(f"/employment/{code}").send(fr="Se former sur place", because="Beter Frans").says("Bewaard")
    with speaking("fr"):
        assert label("candidates", "employment_forms", code) == "Se former sur place"
    assert label("candidates", "employment_forms", code) == "Leren op de vloer"


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"nl": "Uitzendarbeid"}, "heeft deze naam al"),
        ({"nl": "Werken met enkelband"}, "enkelband"),
        ({"en": ""}, "Vul dit in"),
        ({"because": ""}, "Vul dit in"),
        ({"fr": "x" * 90}, "80"),
    ],
)
def test_a_name_that_cannot_be_is_refused_beside_its_field(visitors: Any, values: dict[str, str], says: str) -> None:
    a_cast()
    whole = {"nl": "Leren op de vloer", "fr": "Apprendre", "en": "Learning", "because": "Zo"}
    page = boss(visitors).open("/employment/add").send(**{**whole, **values})
    assert page.status == 422
    page.says(says)
    assert db.session.scalar(sa.select(Template.id).where(Template.kind == TemplateKind.EMPLOYMENT)) is None


@pytest.mark.parametrize("seen", ["", "²", "9" * 40, "-1"])
def test_a_version_that_nobody_can_have_seen_writes_nothing(visitors: Any, seen: str) -> None:
    a_cast()
    page = boss(visitors).open("/employment/fixed_term").send(insurance=True, because="Zo", seen=seen)
    assert page.status == 409
    assert db.session.scalar(sa.select(Template.id).where(Template.kind == TemplateKind.EMPLOYMENT)) is None


def test_at_least_one_is_offered_and_nothing_is_written_over() -> None:
    programme = a_programme().id
    six = list(options("candidates", "employment_forms"))
    for at, code in enumerate(six[:-1], start=1):
        asks = employment.asks(programme, code)
        employment.change(programme, code, None, asks, on=False, because="Weg", based_on=at)
    with pytest.raises(employment.OneStays):
        employment.change(
            programme, six[-1], None, employment.asks(programme, six[-1]), on=False, because="Weg", based_on=6
        )
    with pytest.raises(templates.ChangedMeanwhile):
        employment.add(programme, FLEXI, Asks(), because="Te laat", based_on=3)
    with pytest.raises(employment.NothingChanged):
        employment.change(
            programme, "ibo", None, employment.asks(programme, "ibo"), on=True, because="Niets", based_on=6
        )


def test_each_programme_has_its_own_list_and_codes_never_meet(visitors: Any) -> None:
    here, there = a_programme().id, a_programme("Elders").id
    first, second = added(here), added(there)
    assert first != second
    assert first in codes(employment.choices_of(here)) and first not in codes(employment.choices_of(there))
    assert {first, second} <= codes(choices("candidates", "employment_forms")), "a company may offer both"
    employment.change(here, "ibo", None, employment.asks(here, "ibo"), on=False, because="Hier niet", based_on=2)
    assert "ibo" in codes(choices("candidates", "employment_forms")), "the other programme offers it still"
    assert employment.choices_of(here, keep=second)[-1] == (second, "Leren op de vloer")
    boss(visitors).open(f"/employment/{second}", status=404)


def test_a_trial_may_have_an_added_form(app: Any) -> None:
    code = added(a_programme().id)
    with app.test_request_context():
        offered = {one.value for one in TrialForm.from_request().form.choices}
    assert code in offered and "permanent" not in offered


def test_an_accepted_offer_with_an_added_form_becomes_a_start_that_counts_as_ticked() -> None:
    cast = a_cast()
    code = added(cast.employer.programme_id)
    assert service._paid(cast.employer.programme_id, code) is False
    assert service._paid(cast.employer.programme_id, "nothing that is known") is True


def test_the_files_count_starts_by_form_and_hide_what_is_under_five() -> None:
    cast = a_cast()
    code = added(cast.employer.programme_id)
    for form in (code, *["fixed_term"] * 6):
        a_start(cast).form = form
    db.session.commit()
    programme, period = (
        db.session.get_one(Programme, cast.employer.programme_id),
        Period(date(2026, 1, 1), date(2026, 12, 31)),
    )
    team = by_form.sheet(programme, period, TEAM)
    assert list(team.rows) == [("Contract bepaalde duur", 6), ("Leren op de vloer", 1), ("Samen", 7)]
    assert "7 starts" in team.sentence
    outside = by_form.sheet(programme, period, OUTSIDE)
    assert 1 not in {row[1] for row in outside.rows}
    assert sum(isinstance(row[1], int) for row in outside.rows) <= 1, "nor does it follow from the rest"


def test_only_a_coordinator_of_the_programme_enters(visitors: Any) -> None:
    cast = a_cast()
    visitors(cast.worker).open("/employment", status=403)
    visitors(cast.contact).open("/employment/add", status=403)
    boss(visitors).open("/employment/nothing", status=404)
