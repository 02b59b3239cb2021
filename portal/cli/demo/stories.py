"""How far each of the 160 people is, and when each thing happened: the plan that the other parts of the demo write out.

Days are counted back from today, so that a demo begun on any day tells the same story. [G] The gaps between two steps
are what a well-run programme reports: about three months from a referral to a start.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from itertools import cycle
from typing import Any

from portal.cli.demo.world import DAY, Job, Place, World, working
from portal.trajectories.models import TrajectoryState as T


class Stage(StrEnum):
    RECEIVED = "received"
    INFO_NEEDED = "info_needed"
    DECLINED = "declined"
    GONE = "gone"
    ACCEPTED = "accepted"
    PLANNED = "planned"
    NO_SHOW = "no_show"
    SCREENED = "screened"
    DRAFT = "draft"
    REDACTION = "redaction"
    APPROVAL = "approval"
    APPROVED = "approved"
    SEARCHING = "searching"
    INTERVIEWING = "interviewing"
    STARTING = "starting"
    AFTERCARE = "aftercare"
    COMPLETED = "completed"
    ENDED = "ended"
    CLOSED = "closed"


S = Stage
# How many people stand where, by programme: brug, kade.
COUNTS: dict[Stage, tuple[int, int]] = {
    S.RECEIVED: (3, 1), S.INFO_NEEDED: (1, 1), S.DECLINED: (4, 2), S.GONE: (2, 1), S.ACCEPTED: (2, 1), S.PLANNED: (5, 2),
    S.NO_SHOW: (1, 1), S.SCREENED: (2, 1), S.DRAFT: (1, 1), S.REDACTION: (1, 1), S.APPROVAL: (1, 0), S.APPROVED: (4, 2),
    S.SEARCHING: (26, 26), S.INTERVIEWING: (12, 10), S.STARTING: (2, 1), S.AFTERCARE: (19, 7), S.COMPLETED: (7, 2),
    S.ENDED: (3, 1), S.CLOSED: (2, 1),
}  # fmt: skip
TRAJECTORY: dict[Stage, T] = {
    S.ACCEPTED: T.INTAKE, S.PLANNED: T.INTAKE, S.NO_SHOW: T.INTAKE, S.SCREENED: T.SCREENED, S.DRAFT: T.SCREENED,
    S.REDACTION: T.SCREENED, S.APPROVAL: T.SCREENED, S.APPROVED: T.PROFILE_READY, S.SEARCHING: T.SEARCHING,
    S.INTERVIEWING: T.INTERVIEWING, S.STARTING: T.STARTING, S.AFTERCARE: T.IN_AFTERCARE, S.COMPLETED: T.COMPLETED,
    S.ENDED: T.SEARCHING, S.CLOSED: T.CLOSED,
}  # fmt: skip
# What people look for: two occupations of each line of work in which the programme's companies hire.
SOUGHT = {
    "brug": (("tyre_fitting", "assembly"), ("site_helper", "carpentry_helper"), ("warehouse_work", "order_picking"),
             ("office_cleaning", "laundry"), ("bakery_helper", "production_food")),
    "kade": (("kitchen_helper", "dishwashing"), ("waste_sorting", "reuse_shop"), ("green_work", "greenhouse")),
}  # fmt: skip
# Where they are met, in turns: so that every worker has about as many people.
TURNS = {
    "brug": ("gent", "brugge", "beveren", "dendermonde", "oudenaarde", "gent", "brugge", "beveren", "dendermonde", "ruiselede"),
    "kade": ("vliermos", "lindewei"),
}  # fmt: skip
ONCE_PUBLISHED = {S.SEARCHING, S.INTERVIEWING, S.STARTING, S.AFTERCARE, S.COMPLETED, S.ENDED, S.CLOSED}
ON_SHOW = {S.SEARCHING, S.INTERVIEWING, S.ENDED}
PLACED = {S.STARTING, S.AFTERCARE, S.COMPLETED, S.ENDED}


@dataclass
class Story:
    """One person: where, with whom, how far, and when. The rows follow as they are written."""

    number: int
    programme: str
    place: Place
    stage: Stage
    job: Job
    other_job: Job
    weeks: int = 0
    days: dict[str, date] = field(default_factory=dict)
    row: Any = None
    person: dict[str, Any] = field(default_factory=dict)
    wish: Any = None
    trajectory: Any = None
    profile: Any = None
    placement: Any = None
    skills: dict[int, int] = field(default_factory=dict)
    company: str = ""
    regime: str = "none"
    permission_needed: bool = False
    lead_days: int = 0

    def on(self, step: str) -> date | None:
        return self.days.get(step)

    @property
    def id(self) -> int:
        return int(self.row.id)

    @property
    def screened(self) -> bool:
        return "screened" in self.days

    @property
    def worker_id(self) -> int:
        return self.place.worker.id


def write(world: World) -> None:
    """Lay out every story, mixed, so that numbers tell nothing."""
    turns = {code: cycle(places) for code, places in TURNS.items()}
    stories = [
        _story(world, stage, code, world.places[next(turns[code])], nth)
        for stage, both in COUNTS.items()
        for code, number in zip(TURNS, both, strict=True)
        for nth in range(number)
    ]
    _weeks(stories)
    _known_ones(world, stories)
    for story in stories:
        _days(world, story)
    world.rng.shuffle(stories)
    for number, story in enumerate(stories):
        story.number = number
    world.stories = stories


def _story(world: World, stage: Stage, code: str, place: Place, nth: int) -> Story:
    lines = SOUGHT[code]
    pair = lines[nth % len(lines)]
    first = nth // len(lines) % 2
    job, other = world.jobs[pair[first]], world.jobs[pair[1 - first]]
    return Story(0, code, place, stage, job, other)


def _weeks(stories: list[Story]) -> None:
    """Somebody in every week of aftercare, 1 to 26, and the weeks of those who are past it."""
    running = [story for story in stories if story.stage == S.AFTERCARE]
    # Every fourth week is somebody of the second programme.
    brug, kade = ([s for s in running if s.programme == code] for code in ("brug", "kade"))
    for week in range(1, 27):
        one = kade.pop() if (week % 4 == 3 and kade) or not brug else brug.pop()
        one.weeks = week
    for nth, story in enumerate(s for s in stories if s.stage == S.COMPLETED):
        story.weeks = 27 + 2 * nth if nth < 6 else 46 + 3 * nth
    for nth, story in enumerate(s for s in stories if s.stage == S.ENDED):
        story.weeks = 10 + 4 * nth


def _known_ones(world: World, stories: list[Story]) -> None:
    """The people whom the front page's letters and a first visit speak of: Sofie at the bakery, in her ninth week."""
    sofie = next(story for story in stories if story.stage == S.AFTERCARE and story.weeks == 9)
    sofie.place, sofie.job, sofie.other_job = (
        world.places["gent"],
        world.jobs["bakery_helper"],
        world.jobs["production_food"],
    )
    sofie.company, sofie.person = "soetaert", {"first": "Sofie", "last": "Bogaert", "pronoun": "she", "pool": "belgian"}
    # Two of those who look for work at the garage are Lien's, so that its interest is hers to answer.
    for story in [s for s in stories if s.stage == S.SEARCHING and s.job.code == "tyre_fitting"][:2]:
        story.place = world.places["gent"]


def _days(world: World, story: Story) -> None:
    """The dates of a story, walked backwards from where it stands now."""
    days, stage = story.days, story.stage
    if stage in PLACED:
        _back_from_start(world, story)
    elif stage in ONCE_PUBLISHED:
        low, high = {S.SEARCHING: (6, 75), S.INTERVIEWING: (32, 70), S.CLOSED: (60, 140)}[stage]
        days["published"] = world.ago(world.rng.randint(low, high))
    elif stage in {S.DRAFT, S.REDACTION, S.APPROVAL, S.APPROVED}:
        days["plan"] = world.ago(world.rng.randint(4, 12))
    if "published" in days:
        days["written"] = days["published"] - DAY * world.rng.randint(4, 9)
        days["plan"] = days["written"] - DAY * world.rng.randint(4, 10)
    if "plan" in days:
        days["screened"] = days["plan"] - DAY * world.rng.randint(2, 5)
    if stage == S.SCREENED:
        days["screened"] = world.ago(world.rng.randint(1, 4))
    _beginning(world, story)


def _back_from_start(world: World, story: Story) -> None:
    """A start on a Monday: in week n of aftercare today, or in the coming weeks."""
    days, dice = story.days, world.rng
    start = world.ago(7 * story.weeks - 7) if story.weeks else world.ahead(dice.randint(7, 20))
    while start.weekday() != 0:
        start -= DAY
    days["start"] = start
    days["decided"] = working(
        start - DAY * dice.randint(12, 20) if story.weeks else world.ago(dice.randint(3, 8)), back=True
    )
    days["held"] = working(days["decided"] - DAY * dice.randint(1, 4), back=True)
    days["interest"] = days["held"] - DAY * dice.randint(14, 26)
    days["published"] = days["interest"] - DAY * dice.randint(4, 20)


def _beginning(world: World, story: Story) -> None:
    days, dice, stage = story.days, world.rng, story.stage
    if "screened" in days:
        days["screened"] = _sit_day(story.place, days["screened"])
        days["accepted"] = days["screened"] - DAY * dice.randint(6, 13)
    elif stage in {S.ACCEPTED, S.PLANNED, S.NO_SHOW}:
        days["accepted"] = world.ago(dice.randint(2, 6) if stage == S.ACCEPTED else dice.randint(7, 12))
    if "accepted" in days:
        days["referred"] = days["accepted"] - DAY * dice.randint(1, 5)
    elif stage in {S.RECEIVED, S.INFO_NEEDED}:
        days["referred"] = world.ago(dice.randint(0, 2) if stage == S.RECEIVED else dice.randint(3, 6))
    else:
        days["referred"] = world.ago(dice.randint(30, 160))


def _sit_day(place: Place, day: date) -> date:
    """The last sit-day of a place on or before a day."""
    weekday = place.data["sit_day"]["weekday"]
    return day - timedelta(days=(day.weekday() - weekday) % 7)
