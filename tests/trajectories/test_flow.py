"""The flow of a programme: edited by its coordinator, versioned, and never changed for who is under way."""

from typing import Any

import pytest

from portal.foundation.database import db
from portal.programmes import service as programmes
from portal.programmes import templates
from portal.programmes.models import Programme, Template, TemplateKind
from portal.trajectories import flows, queries, service
from portal.trajectories.flows import MustStay, NothingChanged, WeeksTurned, Wording
from tests.candidates.factories import a_candidate, a_coordinator, a_referral, a_worker
from tests.factories import a_programme

pytestmark = pytest.mark.usefixtures("app")
PAPERS = Wording("Papieren klaar", "Papiers prêts", "Papers ready", 3, 4, False, True)


def a_flow() -> Programme:
    programme = a_programme()
    programmes.load_templates(programme)
    db.session.commit()
    return programme


def test_a_change_is_a_new_version_and_who_is_under_way_keeps_the_old_one(visitors: Any) -> None:
    programme = a_flow()
    before = a_candidate()
    griet = a_coordinator()
    page = visitors(griet).open(f"/flow/{programme.key}").says("version 1", "As it came with the portal.")
    page = visitors(griet).open(f"/flow/{programme.key}/milestones/papers_in_order")
    values = {"nl": "Papieren klaar", "fr": "Papiers prêts", "en": "Papers ready", "from_week": 3, "to_week": 4}
    page = page.send("Look at what changes", **values, because="Two weeks were never enough.")
    page.says("What changes", "Papers ready", "Whom it concerns", "1 trajectory is under way and keeps its version.")
    assert db.session.query(Template).filter_by(kind=TemplateKind.FLOW).count() == 1
    page = page.send("Keep it as version 2").says(
        "version 2", "Papers ready", "Griet Maes", "Two weeks were never enough."
    )
    page.says("1 trajectory runs on it.", "0 trajectories run on it.")

    after = a_candidate()
    assert (service.of(before.id).flow_version, service.of(after.id).flow_version) == (1, 2)
    old, new = (flows.of_way(service.of(one.id))["papers_in_order"] for one in (before, after))
    assert (old.data["from_week"], new.data["from_week"]) == (2, 3)
    lien = visitors(griet)
    lien.open(f"/trajectories/{service.of(before.id).key}").says("Papers in order", "version 1").lacks("Papers ready")
    lien.open(f"/trajectories/{service.of(after.id).key}").says("Papers ready", "version 2")
    lien.open("/board").says("Papers in order", "Papers ready")


def test_a_milestone_is_added_and_one_is_switched_off() -> None:
    programme = a_flow()
    body = flows.add(flows.standing(programme.id), PAPERS, flows.codes_ever(programme.id))
    off = flows.wording(flows.step_of(body, "leave_planned"))
    body = flows.reword(
        body, "leave_planned", Wording(off.nl, off.fr, off.en, off.from_week, off.to_week, off.waits, False)
    )
    flows.keep(programme.id, body, because="x", based_on=1)
    codes = {one.code for one in queries.milestones_of(service.of(a_candidate().id).id)}
    assert "own_1" in codes
    assert "leave_planned" not in codes
    again = flows.add(flows.standing(programme.id), PAPERS, flows.codes_ever(programme.id))
    assert again["milestones"][-1]["code"] == "own_2"


def test_what_makes_no_flow_is_refused() -> None:
    body = flows.standing(a_flow().id)
    with pytest.raises(WeeksTurned):
        flows.reword(body, "papers_in_order", Wording("a", "b", "c", 4, 3, False, True))
    with pytest.raises(MustStay):
        flows.reword(body, "review", Wording("a", "b", "c", 12, 12, False, False))
    with pytest.raises(NothingChanged):
        flows.reword(body, "screening", flows.wording(flows.step_of(body, "screening")))


def test_going_back_is_a_new_version_too(visitors: Any) -> None:
    programme = a_flow()
    changed = flows.reword(flows.standing(programme.id), "papers_in_order", PAPERS)
    flows.keep(programme.id, changed, because="Longer", based_on=1)
    db.session.commit()
    page = (
        visitors(a_coordinator())
        .open(f"/flow/{programme.key}/versions/1")
        .says("It becomes version 3", "Papers in order")
    )
    page.send("Go back to this version", because="It was too long.").says("version 3", "It was too long.", "Longer")
    assert flows.wording(flows.step_of(flows.standing(programme.id), "papers_in_order")).from_week == 2
    assert [one.version for one in flows.versions(programme.id)] == [3, 2, 1]


@pytest.mark.engine
def test_of_two_who_write_at_once_the_second_looks_first(visitors: Any, engine: str) -> None:
    programme = a_flow()
    griet = a_coordinator()
    first = visitors(griet).open(f"/flow/{programme.key}/add")
    values = {"nl": "Stage", "fr": "Stage", "en": "Internship", "from_week": 4, "to_week": 6, "because": "New"}
    first = first.send("Look at what changes", **values)
    flows.keep(programme.id, flows.standing(programme.id), because="Meanwhile", based_on=1)
    db.session.commit()
    refused = first.send("Keep it as version 2")
    assert refused.status == 409
    refused.says("Somebody wrote a newer version")
    with pytest.raises(templates.ChangedMeanwhile):
        flows.keep(programme.id, flows.standing(programme.id), because="Late", based_on=1)


def test_only_the_coordinator_of_the_programme_edits_its_flow(visitors: Any) -> None:
    programme = a_flow()
    a_referral()
    visitors(a_coordinator(a_programme("Doorstart Aalst"))).open(f"/flow/{programme.key}", status=404)
    visitors(a_worker()).open(f"/flow/{programme.key}", status=403)
    griet = visitors(a_coordinator())
    griet.open("/flow").follow("Doorstart Gent").says("Twelve-week flow")
    griet.open(f"/flow/{programme.key}/milestones/nothing", status=404)
    griet.open(f"/flow/{programme.key}/versions/9", status=404)
    griet.open(f"/flow/{programme.key}/milestones/screening").send(
        "Look at what changes", because="x", from_week=2, to_week=2
    ).says("1 referral waits for an answer.")


def test_the_hint_of_a_milestone_and_how_many_it_asks_are_the_coordinators(visitors: Any) -> None:
    programme = a_flow()
    griet = visitors(a_coordinator())
    page = griet.open(f"/flow/{programme.key}/milestones/employers_approached").says("How many at least")
    words = {"nl": "Minstens 5 bedrijven benaderd", "fr": "Au moins 5 entreprises", "en": "At least 5 employers"}
    hints = {"hint_nl": "Begin dichtbij.", "hint_fr": "Commencez tout près.", "hint_en": "Begin nearby."}
    values = {**words, **hints, "minimum": 5, "because": "Three was too few."}
    griet.open(f"/flow/{programme.key}/milestones/employers_approached").send(
        "Look at what changes", **{**values, "hint_fr": ""}
    ).says("Write the hint in all three languages")
    page = page.send("Look at what changes", **values).says("Begin nearby.", "How many at least")
    page.send("Keep it as version 2").says("version 2")
    person = a_candidate()
    assert flows.minimum(person.id, programme.id, "employers_approached") == 5
    griet.open(f"/trajectories/{service.of(person.id).key}").says("At least 5 employers", "Begin nearby.")
    griet.open(f"/flow/{programme.key}/milestones/papers_in_order").lacks("How many at least")
    gone = griet.open(f"/flow/{programme.key}/milestones/employers_approached")
    gone = gone.send("Look at what changes", hint_nl="", hint_fr="", hint_en="", because="No hint.")
    gone.send("Keep it as version 3").says("version 3")
    assert flows.in_order(flows.standing(programme.id))[0].text("hint") == ""
