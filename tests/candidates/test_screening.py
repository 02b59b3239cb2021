"""The screening form is never lost: at every step, on a phone, in two tabs, on another device, when the session ends."""

from concurrent.futures import ThreadPoolExecutor
from contextvars import Context
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
import sqlalchemy as sa

from portal.candidates import queries, screenings
from portal.candidates.models import JobWish, Screening, Skill
from portal.competences import esco
from portal.competences.esco_files import files
from portal.competences.esco_relations import relations
from portal.competences.models import Competence, Occupation
from portal.foundation.database import db
from tests.candidates.factories import DRAFT, a_booked_screening, a_candidate, a_worker, loaded_candidate
from tests.competences.factories import OCCUPATIONS, RELATIONS, SKILLS, job, relation, skill, write
from tests.employers.factories import a_contact, an_employer

pytestmark = pytest.mark.usefixtures("app")


def a_talk(*, with_work: bool = True) -> tuple[Any, Screening]:
    """Somebody's worker, and a screening in which the work that is looked for is chosen."""
    worker = a_worker()
    screening = a_booked_screening(worker, a_candidate(worker))
    if with_work:
        screening.draft = {"talents": {"occupation": "order_picking", "talents": "Kan goed koken."}}
        db.session.commit()
    return worker, screening


def _draft(screening: Screening) -> dict[str, Any]:
    db.session.expire_all()
    return dict(db.session.get_one(Screening, screening.id).draft)


def _value(page: Any, name: str) -> list[str]:
    return [str(v) for v in page.tree.xpath(f"//input[@name='{name}']/@value | //textarea[@name='{name}']/text()")]


def _level(page: Any, code: str) -> list[str]:
    return [str(v) for v in page.tree.xpath(f"//select[@name='level_{code}']/option[@selected]/@value")]


# --- Nothing is lost ------------------------------------------------------------------------------------------------


@pytest.mark.engine
def test_killed_between_two_steps_nothing_is_lost_and_another_device_goes_on_where_it_stopped(
    app: Any, visitors: Any
) -> None:
    worker, screening = a_talk(with_work=False)
    key, number = screening.key, worker.id
    phone = visitors(worker)
    step = phone.open(f"/screenings/{screening.key}")
    for button in (
        {"talents": "Kan goed koken.", "occupation": "order_picking"},
        {"level_pick_orders": "3", "evidence_pick_orders": "Twee jaar in een magazijn."},
        {"region": "flemish_ardennes", "hours_week": "38"},
    ):
        step = step.send("Save and next", **button)
    # The process dies here: what the next one reads is what the database holds.
    db.session.remove()
    db.engine.dispose()
    desk = visitors(db.session.get_one(type(worker), number))
    assert desk.open(f"/screenings/{key}").h1 == "What must be in order"
    desk.open(f"/screenings/{key}/talents").says("Kan goed koken.")
    back = desk.open(f"/screenings/{key}/competences")
    assert _level(back, "pick_orders") == ["3"]
    assert _value(back, "evidence_pick_orders") == ["Twee jaar in een magazijn."]


def test_stopping_half_way_keeps_the_step_and_leads_to_the_case(visitors: Any) -> None:
    worker, screening = a_talk()
    page = visitors(worker).open(f"/screenings/{screening.key}/work")
    page = page.send("Save and stop here", hours_week="20", hours_band="day")
    page.says("Kept. You go on where you stopped, on any device.")
    assert _draft(screening)["work"] == {"hours_week": 20, "hours_band": "day"}
    visitors(worker).open("/").says("Screening with").follow("Open the form")


@pytest.mark.engine
def test_two_tabs_keep_two_steps(visitors: Any) -> None:
    worker, screening = a_talk()
    one, other = visitors(worker), visitors(worker)
    competences = one.open(f"/screenings/{screening.key}/competences")
    constraints = other.open(f"/screenings/{screening.key}/constraints")
    constraints.send("Save and check", regime="closed")
    competences.send("Save and next", level_pick_orders="2")
    draft = _draft(screening)
    assert draft["constraints"]["regime"] == "closed"
    assert draft["competences"] == {"pick_orders": {"level": "2"}}
    assert draft["talents"]["talents"] == "Kan goed koken."


@pytest.mark.engine
def test_steps_that_are_saved_at_the_same_moment_are_both_kept(visitors: Any) -> None:
    worker, screening = a_talk(with_work=False)
    sent = {
        "talents": {"talents": "Kan goed koken."}, "work": {"hours_week": "38"}, "constraints": {"regime": "closed"},
        "preconditions": {"light_transport": "red"},
    }  # fmt: skip
    tabs = []
    for step, values in sent.items():
        tab = visitors(worker)
        page = tab.open(f"/screenings/{screening.key}/{step}")
        tabs.append((tab.client, page.path, {**{k: v for k, v in page.form("Save and").form_values() if v}, **values}))
    db.session.commit()
    ready = Barrier(len(tabs))

    def save(client: Any, path: str, values: dict[str, str]) -> int:
        ready.wait()
        return int(Context().run(client.post, path, data=values).status_code)

    with ThreadPoolExecutor(len(tabs)) as pool:
        answers = list(pool.map(lambda tab: save(*tab), tabs))
    assert answers == [303] * len(tabs)
    assert set(_draft(screening)) == set(sent), "no step replaced what another kept"


def test_the_same_step_in_two_tabs_is_not_replaced_unseen(visitors: Any) -> None:
    worker, screening = a_talk()
    one, other = visitors(worker), visitors(worker)
    first, second = (tab.open(f"/screenings/{screening.key}/work") for tab in (one, other))
    first.send("Save and next", hours_week="38")
    refused = second.send("Save and next", hours_week="20")
    assert refused.status == 409
    refused.says("filled in somewhere else", "Look at what is kept")
    assert _value(refused, "hours_week") == ["20"], "what was typed stands there still"
    assert _draft(screening)["work"]["hours_week"] == 38
    assert refused.send("Save and next").h1 == "What must be in order"
    assert _draft(screening)["work"]["hours_week"] == 20, "replaced knowingly"


def test_going_back_and_forward_and_sending_again_keeps_everything(visitors: Any) -> None:
    worker, screening = a_talk()
    lien = visitors(worker)
    page = lien.open(f"/screenings/{screening.key}/work")
    page.send("Save and next", hours_week="38")
    page.send("Save and next", hours_week="38")
    assert _value(lien.open(f"/screenings/{screening.key}/work"), "hours_week") == ["38"]


def test_a_step_with_a_mistake_keeps_what_was_typed(visitors: Any) -> None:
    worker, screening = a_talk()
    page = visitors(worker).open(f"/screenings/{screening.key}/preconditions")
    page = page.send(
        "Save and next", light_transport="red", owner_transport="worker", until_right_to_work="0202-01-01",
        due_transport="2026-13-45",
    )  # fmt: skip
    assert page.status == 422
    assert page.tree.xpath("//select[@name='light_transport']/option[@selected]/@value") == ["red"]
    assert _value(page, "until_right_to_work") == ["0202-01-01"]
    assert _value(page, "due_transport") == ["2026-13-45"]


def test_a_session_that_ended_while_typing_gives_the_step_back(visitors: Any) -> None:
    worker, screening = a_talk()
    lien = visitors(worker)
    page = lien.open(f"/screenings/{screening.key}/competences")
    with lien.client.session_transaction() as session:
        session["_user_id"] = "gone"
    sent = page.send("Save and next", level_pick_orders="3", evidence_pick_orders="Twee jaar in een magazijn.")
    sent.says("wat je typte, is bewaard")
    lien.become(worker)
    again = lien.open(f"/screenings/{screening.key}/competences").says("Your text was kept.")
    assert _level(again, "pick_orders") == ["3"]
    assert _value(again, "evidence_pick_orders") == ["Twee jaar in een magazijn."]
    again.send("Save and next")
    assert _draft(screening)["competences"]["pick_orders"]["level"] == "3"


@pytest.mark.engine
def test_the_draft_is_sealed(visitors: Any) -> None:
    worker, screening = a_talk()
    visitors(worker).open(f"/screenings/{screening.key}/talents").send("Save and next", wishes="Liever geen nachtwerk")
    raw = db.session.execute(sa.text("SELECT draft FROM screening WHERE id = :id"), {"id": screening.id}).scalar_one()
    assert "nachtwerk" not in str(raw)
    assert "order_picking" not in str(raw)


# --- Competences --------------------------------------------------------------------------------------------------


def test_a_competence_of_another_sector_is_added_and_written_up(visitors: Any, post: Any) -> None:
    worker, screening = a_talk()
    lien = visitors(worker)
    page = lien.open(f"/screenings/{screening.key}/competences")
    found = page.send("Save and add another competence", level_pick_orders="2")
    assert found.h1 == "Add a competence"
    found = lien.open(f"/screenings/{screening.key}/find/competences?sector=hospitality").says("Make cold dishes")
    page = found.send("Add to the form", chosen=["prepare_cold_dishes", "mind_allergens"])
    page.says("Added. Give each a level.", "Hospitality and kitchen (2)", "Order picker (")
    assert _level(page, "pick_orders") == ["2"], "what was filled in before the search is kept"
    page.send(
        "Save and next", level_prepare_cold_dishes="4", evidence_prepare_cold_dishes="Kookte voor veertig mensen."
    )
    screening = db.session.get_one(Screening, screening.id)
    screening.draft = {**DRAFT, "competences": _draft(screening)["competences"]}
    candidate = loaded_candidate(screening.candidate_id)
    screenings.finish(screening, candidate, queries.latest_referral(candidate.id))
    db.session.commit()
    kept = db.session.query(Skill, Competence.code).join(Competence, Competence.id == Skill.competence_id).all()
    assert {(code, row.level, row.evidence) for row, code in kept} == {
        ("pick_orders", 2, None), ("prepare_cold_dishes", 4, "Kookte voor veertig mensen."),
    }  # fmt: skip


def test_choosing_other_work_keeps_the_levels_that_were_given(visitors: Any) -> None:
    worker, screening = a_talk()
    lien = visitors(worker)
    late = visitors(worker).open(f"/screenings/{screening.key}/competences")
    lien.open(f"/screenings/{screening.key}/competences").send("Save and next", level_pick_orders="3")
    lien.open(f"/screenings/{screening.key}/talents").send("Save and next", occupation="painting")
    page = lien.open(f"/screenings/{screening.key}/competences").says(
        "Paint walls and wood", "Logistics and transport (1)"
    )
    assert _level(page, "pick_orders") == ["3"]
    refused = late.send("Save and next", level_scan_goods="1")
    assert refused.status == 409
    assert _level(refused, "scan_goods") == ["1"], "what a tab of the old work asks is not dropped"


def test_before_the_end_the_form_says_of_which_competence_nobody_wrote_how_we_know(visitors: Any) -> None:
    worker, screening = a_talk()
    screening.draft = {**DRAFT, "competences": {"work_safely": {"level": "3"}, "work_together": {"level": "0"}}}
    db.session.commit()
    page = visitors(worker).open(f"/screenings/{screening.key}/check")
    page.says("Nobody wrote that yet for: Work safely.", "Finish the screening")


def test_a_stranger_finds_no_search_of_somebody_elses_screening(visitors: Any) -> None:
    _worker, screening = a_talk()
    other = visitors(a_worker("Jonas"))
    for page in ("job", "competences"):
        other.open(f"/screenings/{screening.key}/find/{page}", status=404)


# --- With the whole of ESCO -----------------------------------------------------------------------------------------


def a_long_catalogue(folder: Path, skills: int = 14_000, jobs: int = 3_000) -> None:
    """As long as ESCO's: nothing on a page may grow with it."""
    write(
        folder / "skills_en.csv",
        SKILLS,
        (skill(f"s{n}", f"handle tool number {n}", altLabels=f"werktuig {n}") for n in range(skills)),
    )
    write(folder / "occupations_en.csv", OCCUPATIONS, (job(f"o{n}", f"toolmaker number {n}") for n in range(jobs)))
    write(folder / "occupationSkillRelations_en.csv", RELATIONS, (relation(f"o{n % 3}", f"s{n}") for n in range(300)))
    report, found = esco.Report(), files(folder)
    for kind in ("occupations", "skills"):
        esco.concepts(found, kind, report, db.session.commit)
    relations(found, report, db.session.commit)


def test_with_the_whole_of_esco_every_step_stays_light(visitors: Any, tmp_path: Path) -> None:
    a_long_catalogue(tmp_path)
    worker, screening = a_talk()
    lien = visitors(worker)
    for address in (
        "talents",
        "competences",
        "work",
        "find/job",
        "find/competences",
        "find/competences?words=werktuig+12",
    ):
        page = lien.open(f"/screenings/{screening.key}/{address}")
        assert len(page.queries) <= 8, (address, page.queries)
        assert len(page.html) < 200_000, address
    page = lien.open(f"/screenings/{screening.key}/talents").says("Is the work not in this list?")
    assert page.send("Save and search all jobs", talents="Ook sleutelen.").h1 == "Search all jobs"
    found = lien.open(f"/screenings/{screening.key}/find/job?words=toolmaker+number")
    assert len(found.tree.xpath("//input[@name='occupation']")) == 30
    more = found.follow("Next")
    assert len(more.tree.xpath("//input[@name='occupation']")) == 30
    back = found.send("Choose this job", occupation=found.tree.xpath("//input[@name='occupation']/@value")[3])
    back.says("The work is chosen.", "Ook sleutelen.")
    assert back.tree.xpath("//select[@name='occupation']/option[@selected]/text()") == [
        "Metal, technical work and vehicles: toolmaker number 100"
    ]
    page = lien.open(f"/screenings/{screening.key}/competences")
    assert len(page.queries) <= 8, page.queries
    lien.open(f"/screenings/{screening.key}/find/competences?words=no+such+thing").says("Nothing has that name")


def test_with_the_whole_of_esco_a_company_still_gets_a_light_form(visitors: Any, tmp_path: Path) -> None:
    a_long_catalogue(tmp_path)
    ann = visitors(a_contact(an_employer()))
    page = ann.open("/vacancies/new")
    assert len(page.queries) <= 8, page.queries
    assert len(page.html) < 200_000
    found = ann.open("/vacancies/new?words=toolmaker+number+0").says("toolmaker number 0")
    form = found.follow("toolmaker number 0")
    assert len(form.queries) <= 8, form.queries
    assert len(form.html) < 200_000
    assert len(form.tree.xpath("//input[@name='must']")) <= 44


def test_a_work_that_esco_gave_up_meanwhile_is_still_written_up(post: Any) -> None:
    _worker, screening = a_talk()
    db.session.query(Occupation).filter_by(code="order_picking").one().retired = True
    screening.draft = DRAFT
    db.session.commit()
    candidate = loaded_candidate(screening.candidate_id)
    screenings.finish(screening, candidate, queries.latest_referral(candidate.id))
    db.session.commit()
    assert (
        db.session.query(JobWish).one().occupation_id
        == db.session.query(Occupation).filter_by(code="order_picking").one().id
    )
