"""The journal of a handful of cases, whole: who did what, in the order of its days."""

from datetime import date
from typing import Any

import sqlalchemy as sa

from portal.accounts.roles import Role
from portal.cli.demo.stories import Stage, Story
from portal.cli.demo.world import World
from portal.foundation.database import db
from portal.interviews.models import Interview
from portal.journal.models import Entry

CASES = 12
STEPS = (
    ("referred", "referral.sent", "referral", Role.VDAB), ("accepted", "referral.accepted", "referral", Role.PROJECT_WORKER),
    ("accepted", "trajectory.begun", "trajectory", Role.PROJECT_WORKER), ("screened", "screening.done", "screening", Role.PROJECT_WORKER),
    ("plan", "plan.agreed", "plan", Role.PROJECT_WORKER), ("written", "profile.written", "profile", Role.PROJECT_WORKER),
    ("published", "profile.published", "profile", Role.COORDINATOR), ("interest", "interest.expressed", "interest", Role.EMPLOYER_CONTACT),
    ("held", "interview.held", "interview", Role.PROJECT_WORKER), ("decided", "decision.accepted", "decision", Role.PROJECT_WORKER),
    ("start", "placement.started", "placement", Role.PROJECT_WORKER),
)  # fmt: skip


def write(world: World) -> None:
    _forget_the_writing(world)
    far = [story for story in world.stories if story.stage in {Stage.AFTERCARE, Stage.INTERVIEWING, Stage.COMPLETED}]
    contacts = {one: whom for one, whom in db.session.execute(sa.select(Interview.candidate_id, Interview.contact_id))}
    liens = [story for story in far if story.place.worker is world.staff["lien"]]
    for story in (liens + [s for s in far if s not in liens])[:CASES]:
        db.session.add_all(_entries(world, story, contacts))


def _forget_the_writing(world: World) -> None:
    """Writing the demo journals what no person did or read; the batches' releases stay, on their own day."""
    db.session.execute(
        sa.delete(Entry).where(Entry.created_at >= world.now, Entry.action.not_in(["batch.released", "alert.open"]))
    )


def _entries(world: World, story: Story, contacts: dict[int, int]) -> list[Entry]:
    partner = next(iter(story.place.partners.values()))
    coordinator = world.staff["hilde" if story.programme == "brug" else "bart"]
    whose = {Role.VDAB: partner.id, Role.COORDINATOR: coordinator.id, Role.EMPLOYER_CONTACT: contacts.get(story.id)}
    rows: list[dict[str, Any]] = []
    for step, action, kind, role in STEPS:
        day: date | None = story.on(step)
        if day is not None and day <= world.today:
            rows.append(
                {
                    "actor_id": whose.get(role, story.worker_id), "role": role.value, "action": action, "subject_kind": kind,
                    "subject_id": story.id, "about": story.id, "created_at": world.moment(day),
                }
            )  # fmt: skip
    return [Entry(**row) for row in rows]
