"""Twenty-six weeks in three voices: what was answered, what worried somebody, and what this week asks."""

from collections import defaultdict
from datetime import date, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from portal.aftercare import nightly, plan, questions, service
from portal.aftercare.models import Alert, AlertState, CheckIn, CheckInState, FormAnswer, Voice
from portal.aftercare.rules import Given
from portal.cli.demo.stories import Story
from portal.cli.demo.world import DAY, World, working
from portal.employers.models import Employer
from portal.foundation.database import db
from portal.placements.models import Placement, PlacementState
from portal.programmes import queries as programmes
from portal.programmes.models import TemplateKind

C = CheckInState
# Moments of the last days that nobody has done yet: they are this week's work.
RECENT = 4
WORRIES = 4
QUIET = "this_week"


def write(world: World) -> None:
    stories = [s for s in world.stories if s.placement is not None and s.placement.state != PlacementState.PREPARING]
    taken: dict[int, dict[str, set[date]]] = defaultdict(lambda: defaultdict(set))
    rows: list[tuple[Story, CheckIn]] = []
    for story in stories:
        rows += [(story, check_in) for check_in in _lay_out(world, story, taken[story.placement.contact_id])]
    db.session.add_all(check_in for _, check_in in rows)
    db.session.flush()
    answers = []
    for story, check_in in rows:
        if check_in.state == C.DONE:
            _talked(world, check_in)
            answers += _answers(world, story, check_in)
    db.session.add_all(answers)
    db.session.flush()
    _settled_alerts(world, rows)
    _ends_soon(world, stories)
    _silent(world, rows)
    db.session.flush()
    nightly.daily()
    _worrying(world, rows)


def _lay_out(world: World, story: Story, taken: dict[str, set[date]]) -> list[CheckIn]:
    placement: Placement = story.placement
    template = programmes.template(story.place.programme.id, TemplateKind.AFTERCARE_PLAN)
    voices = [Voice.EMPLOYEE, Voice.EMPLOYER] + ([Voice.JUSTICE_ASSISTANT] if placement.justice_assistant_id else [])
    laid = plan.lay_out(template, placement.starts_on, voices, {"employer": taken["employer"]})
    for moment in laid:
        if moment.voice == Voice.EMPLOYER and plan.asks_a_form(moment.channel):
            taken["employer"].add(moment.day)
    return [_check_in(world, placement, moment) for moment in laid]


def _check_in(world: World, placement: Placement, moment: plan.Moment) -> CheckIn:
    state, why = C.PLANNED, ""
    if placement.ended_on is not None and moment.day > placement.ended_on:
        state, why = C.SKIPPED, "job ended"
    elif moment.day < world.ago(RECENT) or (moment.day < world.today and world.often(0.5)):
        state = C.DONE
    done = None
    if state == C.DONE:
        done = min(working(moment.day + DAY * world.rng.choices([0, 1, 2, 6], [60, 25, 12, 3])[0]), world.today)
    voice = Voice(moment.voice)
    by = (
        ("link" if world.often(0.6) else "portal")
        if voice != Voice.EMPLOYEE and plan.asks_a_form(moment.channel)
        else "worker"
    )
    return CheckIn(
        placement_id=placement.id, candidate_id=placement.candidate_id, voice=voice, moment=moment.code, week=moment.week,
        channel=moment.channel, planned_for=moment.day, due=moment.day, state=state, skipped_because=why,
        answered_by=by if done else "", done_at=world.moment(done) if done else None,
        asked_on=moment.day if done and plan.asks_a_form(moment.channel) and voice != Voice.EMPLOYEE else None,
        created_at=world.moment(placement.starts_on - 5 * DAY),
    )  # fmt: skip


def _talked(world: World, check_in: CheckIn) -> None:
    if check_in.channel in {"call", "visit", "visit_form"} and check_in.voice != Voice.JUSTICE_ASSISTANT:
        check_in.note = world.note(f"aftercare_{check_in.voice}")


# --- Answers: good ones, as most are; what worries comes apart ---


def _answers(world: World, story: Story, check_in: CheckIn) -> list[FormAnswer]:
    if not check_in.has_form:
        return []
    given = [_good(world, question) for question in questions.asked(check_in.voice, check_in.moment)]
    return [
        FormAnswer(
            check_in_id=check_in.id, question=one.question, score=one.score, choice=one.choice, words=one.words or None,
            created_at=check_in.done_at,
        )
        for one in given
        if not one.empty
    ]  # fmt: skip


def _good(world: World, question: questions.Question) -> Given:
    if question.kind == "score":
        return Given(question.code, world.rng.choices([1, 2] if question.polarity == "low_good" else [5, 4], [4, 6])[0])
    if question.kind == "number":
        return Given(question.code, 0 if question.polarity == "low_good" else world.rng.randint(8, 10))
    if question.kind == "choice":
        return Given(question.code, None, _good_choice(world, question))
    if question.code == QUIET and world.often(0.35):
        said = [one["nl"] for one in world.sentences["this_week"] if not one["alert"]]
        return Given(question.code, None, "", world.pick(said))
    if question.code == "testimonial" and world.often(0.5):
        return Given(question.code, None, "", world.pick(world.sentences["testimonials"])["nl"])
    return Given(question.code)


def _good_choice(world: World, question: questions.Question) -> str:
    quiet = {"call_me": "no", "contact_wanted": "no", "become_ambassador": "later", "testimonial_use": "sector_only"}
    if question.code in quiet:
        return quiet[question.code]
    if question.code == "contract_plan":
        return world.pick(["permanent", "extend", "undecided"])
    return question.choices[0][0]


# --- What worried, and what nobody answered ---


def _settled_alerts(world: World, rows: list[tuple[Story, CheckIn]]) -> None:
    """Low scores of earlier weeks, each answered by its worker with a note."""
    done = [
        c
        for _, c in rows
        if c.state == C.DONE and c.channel == "form" and c.voice == Voice.EMPLOYER and c.due < world.ago(25)
    ]
    for check_in in world.some(done, 9):
        low = db.session.scalar(
            sa.select(FormAnswer).where(FormAnswer.check_in_id == check_in.id, FormAnswer.question == "attendance")
        )
        if low is None or check_in.done_at is None:
            continue
        low.score = 2
        worker = _worker_of(check_in, rows)
        db.session.add(
            Alert(
                placement_id=check_in.placement_id, check_in_id=check_in.id, candidate_id=check_in.candidate_id, rule="low_score",
                question="attendance", value=2, state=AlertState.RESOLVED, owner_id=worker, due=working(check_in.done_at.date() + 2 * DAY),
                resolved_at=check_in.done_at + timedelta(days=1), resolved_by=worker, note=world.note("aftercare_employer"),
                created_at=check_in.done_at,
            )
        )  # fmt: skip


def _worker_of(check_in: CheckIn, rows: list[tuple[Story, CheckIn]]) -> int:
    return next(story.worker_id for story, one in rows if one is check_in)


def _ends_soon(world: World, stories: list[Story]) -> None:
    """One contract ends within a month: the night asks what comes next."""
    fixed = [
        s for s in stories if s.placement.contract_ends_on is not None and s.placement.ended_on is None and s.weeks > 14
    ]
    if fixed:
        fixed[0].placement.contract_ends_on = world.ahead(24)


def _silent(world: World, rows: list[tuple[Story, CheckIn]]) -> None:
    """Two forms that were asked and reminded, and still nobody answered: the night makes them somebody's task."""
    late = [
        c for _, c in rows
        if c.state == C.DONE and c.channel == "form" and c.voice == Voice.EMPLOYER and world.ago(24) <= c.due <= world.ago(9)
    ]  # fmt: skip
    for check_in in world.some(late, 2):
        check_in.state, check_in.done_at, check_in.answered_by, check_in.reminders = C.DUE, None, "", 2
        db.session.execute(sa.delete(FormAnswer).where(FormAnswer.check_in_id == check_in.id))


def _worrying(world: World, rows: list[tuple[Story, CheckIn]]) -> None:
    """Answers of the last days that worry somebody: taken by aftercare's own verb, so that the alerts are its own."""
    waits = {c.id: story for story, c in rows if c.state in {C.DONE, C.DUE} and c.has_form and c.due >= world.ago(16)}
    fresh = [c for _, c in rows if c.id in waits and c.voice != Voice.JUSTICE_ASSISTANT and c.reminders == 0]
    fresh.sort(key=lambda one: (not waits[one.id].company, one.voice != Voice.EMPLOYER, -one.due.toordinal(), one.id))
    for nth, check_in in enumerate(_one_each(fresh)[:WORRIES]):
        db.session.execute(sa.delete(FormAnswer).where(FormAnswer.check_in_id == check_in.id))
        check_in.state = C.DUE
        db.session.flush()
        db.session.expire(check_in)
        found = db.session.scalars(_whole(check_in.id)).one()
        service.answer(found, _bad(world, found, nth), by="link" if found.voice == Voice.EMPLOYER else "worker")
        found.done_at = world.moment(max(found.due, world.ago(1)))


def _one_each(check_ins: list[CheckIn]) -> list[CheckIn]:
    seen: dict[int, CheckIn] = {}
    for one in check_ins:
        seen.setdefault(one.placement_id, one)
    return list(seen.values())


def _whole(check_in_id: int) -> sa.Select[CheckIn]:
    placement = joinedload(CheckIn.placement)
    return (
        sa.select(CheckIn)
        .where(CheckIn.id == check_in_id)
        .options(placement.joinedload(Placement.worker), placement.joinedload(Placement.vacancy))
        .options(placement.joinedload(Placement.employer).joinedload(Employer.organisation))
    )


def _bad(world: World, check_in: CheckIn, nth: int) -> list[Given]:
    """One thing each that is not right, in the words of somebody who says so."""
    wrong = {
        Voice.EMPLOYER: [Given("attendance", 2), Given("keep", None, "doubt"), Given("unexplained_absences", 1)],
        Voice.EMPLOYEE: [Given("hours_and_transport", 2), Given("worry_housing", None, "big"), Given("stress", 5)],
    }[check_in.voice][nth % 3]
    said = [one["nl"] for one in world.sentences["this_week"] if one["alert"]][nth]
    given = {one.code: _good(world, one) for one in questions.asked(check_in.voice, check_in.moment)}
    given[wrong.question] = wrong
    if QUIET in given:
        given[QUIET] = Given(QUIET, None, "", said)
    return [one for one in given.values() if not one.empty]
