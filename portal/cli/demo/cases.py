"""The first months of a case: referral, screening on a sit-day, plan, trajectory with its milestones, consents, contacts."""

import hashlib
from datetime import date, timedelta

from portal.agenda.models import HoldKind, SitDay
from portal.agenda.windows import Span
from portal.candidates import consents, leave
from portal.candidates.models import (
    Consent,
    Contact,
    Plan,
    PlanStep,
    Precondition,
    Referral,
    Screening,
    WorkConstraints,
)
from portal.candidates.states import Channel, Purpose, ReferralState
from portal.cli.demo import people
from portal.cli.demo.sitting import SitDays
from portal.cli.demo.stories import Stage, Story
from portal.cli.demo.world import DAY, World, write_cells
from portal.foundation.database import db
from portal.foundation.options import options
from portal.foundation.words import pick
from portal.programmes.regimes import Book

R, S = ReferralState, Stage
STATES = {
    S.RECEIVED: R.RECEIVED, S.INFO_NEEDED: R.INFO_NEEDED, S.DECLINED: R.DECLINED, S.GONE: R.CLOSED, S.ACCEPTED: R.ACCEPTED,
    S.PLANNED: R.SCREENING_PLANNED, S.NO_SHOW: R.NO_SHOW,
}  # fmt: skip
REGIMES = {
    "exit_permit": 28, "prison_leave": 20, "closed": 8, "limited_detention": 9, "electronic_monitoring": 12,
    "conditional_release": 14, "provisional_release": 9,
}  # fmt: skip
# Somebody who works full weeks is no longer in a closed regime.
AT_WORK = {"limited_detention": 3, "electronic_monitoring": 4, "conditional_release": 4, "provisional_release": 3}
OWNERS = {"candidate": "person", "worker": "worker"}
CHANGE = {
    "prison": "prison_management",
    "house_of_justice": "justice_assistant_email",
    "centre": "centre_social_worker",
}


def write(world: World) -> None:
    slots = _slots(world)
    people.write(world)
    referrals = {story.number: _referral(world, story) for story in world.stories}
    db.session.add_all(referrals.values())
    db.session.flush()
    _screenings(world, referrals, slots)
    for story in world.stories:
        consent(world, story, Purpose.PROCESSING, story.days["referred"])
        if story.screened:
            _preconditions(world, story)
            _constraints(world, story)
        if story.on("plan"):
            _plan(world, story)
        if story.on("accepted"):
            _contacts(world, story)


def _referral(world: World, story: Story) -> Referral:
    partners = story.place.partners
    services = [code for code in ("vdab", "psd", "centre") if code in partners]
    referrer = partners["psd" if "psd" in partners and world.often(0.3) else services[0]]
    state = STATES.get(story.stage, R.SCREENED)
    outcome = world.pick(["own_wish", "too_early", "outside_area"]) if state in {R.DECLINED, R.CLOSED} else ""
    asked = "Kan de persoon ook op woensdag weg voor een gesprek?" if state == R.INFO_NEEDED else None
    return Referral(
        candidate_id=story.id, programme_id=story.place.programme.id, referrer_id=referrer.id, site_id=story.place.site.id,
        state=state, motive=world.pick(world.sentences["referral_notes"])["nl"], question=asked, outcome=outcome,
        reach="Op de zitdag, of via de dienst.", consent_given=True, received_on=story.days["referred"],
        created_at=world.moment(story.days["referred"]),
    )  # fmt: skip


# --- Sit-days and screenings ---


def _slots(world: World) -> list[tuple[Story, SitDay, Span]]:
    """A slot on a sit-day for everybody who was screened, missed it, or comes soon; a story's dates follow the day found."""
    days = SitDays(world)
    slots = []
    for story in world.stories:
        if story.stage == S.PLANNED:
            slots.append((story, *days.next(story.place)))
        elif story.screened or story.stage in {S.NO_SHOW, S.GONE}:
            wanted = story.on("screened") or days.before(story.place, world.ago(3 if story.stage == S.NO_SHOW else 20))
            slots.append((story, *days.take(story.place, wanted)))
            _follow(story, slots[-1][1].day)
    db.session.add_all(days.rows())
    db.session.flush()
    return slots


def _follow(story: Story, day: date) -> None:
    if story.screened:
        story.days["screened"] = day
    if story.on("accepted"):
        story.days["accepted"] = min(story.days["accepted"], day - 5 * DAY)
        story.days["referred"] = min(story.days["referred"], story.days["accepted"] - 2 * DAY)


def _screenings(world: World, referrals: dict[int, Referral], slots: list[tuple[Story, SitDay, Span]]) -> None:
    screenings = [
        (story, _screening(world, story, referrals[story.number], sit_day, span), span)
        for story, sit_day, span in slots
    ]
    db.session.add_all(screening for _, screening, _ in screenings)
    db.session.flush()
    _hold(world, [one for one in screenings if one[0].stage == S.PLANNED])


def _screening(world: World, story: Story, referral: Referral, sit_day: SitDay, span: Span) -> Screening:
    talked = story.screened
    return Screening(
        candidate_id=story.id, referral_id=referral.id, sit_day_id=sit_day.id, worker_id=sit_day.worker_id, starts_at=span.start,
        talents=world.pick(world.sentences["talents"])["nl"] if talked else None,
        wishes=pick(world.pick(world.sentences["plan_goals"])["label"], "nl") if talked else None,
        missed=story.stage in {S.NO_SHOW, S.GONE}, done_on=sit_day.day if talked else None,
        created_at=world.moment(story.on("accepted") or story.days["referred"]),
    )  # fmt: skip


def _hold(world: World, coming: list[tuple[Story, Screening, Span]]) -> None:
    held = []
    for story, screening, span in coming:
        parties = [f"person:{screening.worker_id}", f"candidate:{story.id}"]
        held.append(
            (screening, world.diary.hold(HoldKind.SCREENING, screening, parties, span, span, story.place.site.postcode))
        )
    db.session.flush()
    for screening, holds in held:
        screening.hold_id = holds[0].id
        write_cells(holds)


# --- What was said, seen and agreed ---


def consent(
    world: World,
    story: Story,
    purpose: Purpose,
    day: date,
    *,
    employer_id: int | None = None,
    fields: list[str] | None = None,
) -> Consent:
    """A consent given on paper on a day, with the words as they are now."""
    spoken = story.person["language"]
    row = Consent(
        candidate_id=story.id, purpose=purpose, employer_id=employer_id, fields=fields or [], channel=Channel.PAPER,
        language=spoken, text_version=options("candidates", "consents", "consent_texts")[purpose.value].data["version"],
        text_hash=hashlib.sha256(consents.text(purpose, spoken).encode()).hexdigest(), given_on=day,
        recorded_by=story.worker_id, created_at=world.moment(day),
    )  # fmt: skip
    db.session.add(row)
    return row


def _preconditions(world: World, story: Story) -> None:
    late = story.stage in {S.STARTING, S.AFTERCARE, S.COMPLETED, S.ENDED}
    weights = [90, 8, 1, 0] if late else [64, 24, 8, 4]
    for code, option in options("candidates", "preconditions").items():
        light = world.rng.choices(["green", "amber", "red", "unknown"], weights)[0]
        todo = light in {"amber", "red"}
        db.session.add(
            Precondition(
                candidate_id=story.id, kind=code, light=light, owner=world.pick(["person", "worker"]) if todo else "",
                due=working_due(world) if todo else None,
                valid_until=world.ahead(world.rng.randint(200, 900)) if option.data["has_expiry"] and light == "green" else None,
            )
        )  # fmt: skip


def working_due(world: World) -> date:
    return world.ahead(world.rng.randint(5, 35))


def _constraints(world: World, story: Story) -> None:
    if story.programme == "kade":
        story.regime = "reception_centre"
    else:
        weighed = AT_WORK if story.on("start") else REGIMES
        story.regime = world.rng.choices(list(weighed), list(weighed.values()))[0]
    rule = options("candidates", "detention_regimes")[story.regime].data
    leave_rule = leave.of(story.regime, story.place.site, Book(None, {}))
    story.permission_needed, story.lead_days = leave_rule.permission_needed, leave_rule.lead_days
    answers = {
        "regime": story.regime, "days": ["mon", "tue", "wed", "thu", "fri"],
        "longest_absence": "working_day" if story.permission_needed else "no_limit",
        "place_limits": world.some(["one_address", "within_belgium", "home_by_hour"], world.rng.randint(0, 2)),
        "schedule_change": CHANGE.get(rule["schedule_approved_by"], "not_needed"),
        "contact": "centre" if story.programme == "kade" else "house_of_justice" if rule["justice_assistant"] else "psd",
    }  # fmt: skip
    db.session.add(
        WorkConstraints(
            candidate_id=story.id, answers=answers, permission_needed=story.permission_needed, lead_days=story.lead_days
        )
    )


def _plan(world: World, story: Story) -> None:
    agreed = story.days["plan"]
    plan = Plan(
        candidate_id=story.id, goal=pick(world.pick(world.sentences["plan_goals"])["label"], "nl"), agreed_on=agreed,
        channel=Channel.PAPER, review_on=agreed + timedelta(weeks=12), created_at=world.moment(agreed),
    )  # fmt: skip
    db.session.add(plan)
    db.session.flush()
    chosen = sorted(world.some(world.sentences["plan_steps"], 4), key=lambda step: step["days"])
    for step in chosen:
        due = agreed + DAY * step["days"]
        done = due < world.today and world.often(0.8)
        db.session.add(
            PlanStep(
                plan_id=plan.id, text=pick(step["label"], "nl"), due=due, done_on=due if done else None,
                owner=OWNERS.get(step["owner"], "centre" if story.programme == "kade" else "vdab"),
            )
        )  # fmt: skip


def _contacts(world: World, story: Story) -> None:
    """Calls with the services around a case, the latest within a month for whoever is still on the way."""
    whoms = ["centre", "vdab"] if story.programme == "kade" else ["psd", "vdab", "house_of_justice"]
    began = story.days["accepted"]
    room = max((world.today - began).days, 1)
    for nth in range(world.rng.randint(1, 4)):
        # Nearly everybody's latest word was with the PSD or VDAB; of the others the portal asks for one.
        whom = world.pick([one for one in whoms if one in {"psd", "vdab"}] if nth == 0 and story.id % 9 else whoms)
        day = max(began, world.ago(world.rng.randint(0, min(room, 26)) if nth == 0 else world.rng.randint(0, room)))
        db.session.add(
            Contact(
                candidate_id=story.id, person_id=story.worker_id, whom=whom, channel=world.pick([Channel.PHONE, Channel.EMAIL]),
                note=world.note("contact_log", whom), next_step=None, on=day, created_at=world.moment(day),
            )
        )  # fmt: skip
