"""The trajectory of everybody who was accepted, with the milestones of the flow as far as they were reached."""

from datetime import date, timedelta

from portal.cli.demo.stories import TRAJECTORY, Stage, Story
from portal.cli.demo.world import DAY, World
from portal.foundation.database import db
from portal.programmes import queries
from portal.programmes.models import TemplateKind
from portal.trajectories.models import Milestone, Trajectory, TrajectoryState

PAUSED = 3


def write(world: World) -> None:
    rows = [story for story in world.stories if story.on("accepted")]
    for story in rows:
        story.trajectory = _trajectory(world, story)
    db.session.add_all(story.trajectory for story in rows)
    db.session.flush()
    for code, programme in world.programmes.items():
        flow = queries.template(programme.id, TemplateKind.FLOW)
        for story in rows:
            if story.programme == code:
                _milestones(world, story, flow["milestones"])
    db.session.flush()


def _trajectory(world: World, story: Story) -> Trajectory:
    closed = story.stage == Stage.CLOSED
    return Trajectory(
        candidate_id=story.id, programme_id=story.place.programme.id, state=TRAJECTORY[story.stage],
        accepted_on=story.days["accepted"], screened_on=story.on("screened"),
        counted_on=story.on("screened") if story.on("plan") else None,
        closed_because=world.pick(["found_work_alone", "training", "own_request"]) if closed else "",
        created_at=world.moment(story.days["accepted"]),
    )  # fmt: skip


def pause_some(world: World) -> None:
    """A few people who search wait for something: after the batch, which is for those who do not."""
    searching = [
        s for s in world.stories if s.stage == Stage.SEARCHING and s.trajectory.state == TrajectoryState.SEARCHING
    ]
    for story in world.some([s for s in searching if s.number % 2], PAUSED):
        story.trajectory.paused_at = world.moment(world.ago(world.rng.randint(3, 12)))


def _milestones(world: World, story: Story, steps: list[dict[str, object]]) -> None:
    reached = _reached(world, story)
    began = story.days["accepted"]
    for step in steps:
        first, last = int(str(step["from_week"])), int(str(step["to_week"]))
        code = str(step["code"])
        done = reached.get(code)
        db.session.add(
            Milestone(
                trajectory_id=story.trajectory.id, code=code, due_from=began + timedelta(weeks=first),
                due_until=began + timedelta(weeks=last, days=6 if last else 0),
                done_on=done if done is not None and done <= world.today else None,
            )
        )  # fmt: skip


def _reached(world: World, story: Story) -> dict[str, date]:
    days = story.days
    reached = {"accepted": days["accepted"]}
    for step, code in (("screened", "screening"), ("plan", "plan_agreed"), ("published", "profile_approved"),
                       ("held", "interviews"), ("decided", "decision"), ("start", "start_prepared")):  # fmt: skip
        if step in days:
            reached[code] = days[step]
    if "published" in days:
        if world.often(0.85):
            reached["papers_in_order"] = days["published"] + DAY * world.rng.randint(0, 6)
        reached["leave_planned"] = days["published"] + DAY * world.rng.randint(2, 9)
        if world.often(0.8):
            reached["employers_approached"] = days["published"] + DAY * world.rng.randint(8, 22)
    review = days["accepted"] + timedelta(weeks=12)
    if review <= world.today and world.often(0.9):
        reached["review"] = review
    return reached
