"""The 160 people: who they are, sealed, and what they seek and can do, in codes. All of them are invented."""

from collections import defaultdict
from typing import Any

from portal.candidates import marks
from portal.candidates.models import Candidate, Identity, JobWish, Skill
from portal.cli.demo.stories import Story
from portal.cli.demo.vacancies import musts
from portal.cli.demo.world import World
from portal.foundation.database import db

REGIONS = {
    "gent": "ghent_area", "brugge": "bruges_area", "oudenaarde": "flemish_ardennes", "beveren": "waasland",
    "dendermonde": "dender_area", "ruiselede": "roeselare_tielt", "vliermos": "ghent_area", "lindewei": "kortrijk_area",
}  # fmt: skip
EAST = ("ghent_area", "dender_area", "waasland", "flemish_ardennes")
PROVINCES = {"bruges_area": "west_flanders", "roeselare_tielt": "west_flanders", "kortrijk_area": "west_flanders"}
STREETS = (
    "Kersenlaan",
    "Vlierstraat",
    "Meidoornpad",
    "Zwaluwhof",
    "Hoppeveld",
    "Rietgracht",
    "Wilgendreef",
    "Leeuwerikplein",
)
SCHOOLS = (
    "VTI Zeeldraaiers",
    "Provinciale school De Kouter",
    "Leercentrum Het Anker",
    "CVO De Vaart",
    "Technisch instituut Ter Leie",
)
FORMER = (
    "Meubelen Van Hoecke",
    "Bandencentrale Rik",
    "Bakkerij 't Hoekje",
    "Logistiek Waas",
    "Poetsdienst Blinkie",
    "Tuinen Decock",
)
PAPERS = {
    "logistics": ("forklift", "vca_basic"), "construction": ("vca_basic",), "metal": ("vca_basic",), "food": ("haccp",),
    "hospitality": ("haccp",), "cleaning": (), "green": ("vca_basic",), "recycling": ("vca_basic",),
}  # fmt: skip
# One in so many people of a line of work cannot work a whole day.
OTHER_HOURS = 9
LEVELS = ("few_words", "simple_instructions", "simple_instructions", "work_talk", "work_talk", "explains")


def write(world: World) -> None:
    """Candidates and their identities, then what those who were screened seek and can do."""
    who = _Names(world)
    for story in world.stories:
        story.person = who.draw(story) | story.person
        story.row = Candidate(
            programme_id=story.place.programme.id, site_id=story.place.site.id, language=story.person["language"],
            worker_id=story.worker_id if story.on("accepted") else None, created_at=world.moment(story.days["referred"]),
        )  # fmt: skip
    db.session.add_all(story.row for story in world.stories)
    db.session.flush()
    for story in world.stories:
        known = _identity(world, story)
        db.session.add(known)
        marks.keep(
            story.row, known.first_name, known.last_name, [known.nicknames or ""], known.birth_date,
        )  # fmt: skip
    lines: dict[tuple[str, str], int] = defaultdict(int)
    for story in world.stories:
        if story.screened:
            lines[story.programme, story.job.sector] += 1
            _wish(world, story, by_day=lines[story.programme, story.job.sector] % OTHER_HOURS != 0)
    db.session.flush()


class _Names:
    """Draws a name from the pools, never one that stands elsewhere in the demo: the canary must be able to tell."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.pools = world.names["people"]
        self.weights = [pool["weight"] for pool in self.pools.values()]
        self.used: set[tuple[str, str]] = set()
        self.elsewhere = _spoken_of(world)

    def draw(self, story: Story) -> dict[str, Any]:
        dice = self.world.rng
        code = dice.choices(list(self.pools), self.weights)[0]
        if story.programme == "kade":
            code = dice.choice([one for one in self.pools if not one.startswith("belgian")])
        pool, pronoun = self.pools[code], "she" if dice.random() < 0.2 else "he"
        last = dice.choice([one for one in pool["last"] if one.casefold() not in self.elsewhere])
        first = dice.choice(pool[pronoun])
        if (first, last) in self.used:
            return self.draw(story)
        self.used.add((first, last))
        spoken = self.world.names["pool_languages"][code]
        home = {"belgian_fr": "fr"}.get(code, "nl" if story.programme == "brug" or dice.random() < 0.6 else spoken[0])
        return {"first": first, "last": last, "pronoun": pronoun, "pool": code, "spoken": spoken, "language": home}


def _spoken_of(world: World) -> set[str]:
    """Every word of the names of the team, the partners and the companies."""
    names = world.names
    people = [
        *names["staff"],
        *names["partners"],
        *names["colleagues"],
        *(one["contact"] for one in names["companies"]),
    ]
    said = " ".join(f"{one['first_name']} {one['last_name']}" for one in people)
    said += " " + " ".join(f"{one['name']} {one['street']} {one['municipality']}" for one in names["companies"])
    return {word.casefold() for word in said.split()} | {one["last_name"].casefold() for one in people}


def _identity(world: World, story: Story) -> Identity:
    dice, person = world.rng, story.person
    known = bool(story.on("accepted"))
    return Identity(
        candidate_id=story.id, first_name=person["first"], last_name=person["last"], pronoun=person["pronoun"],
        nicknames=world.names["nicknames"].get(person["first"]),
        birth_date=world.ago(dice.randint(21 * 365, 58 * 365)).isoformat(),
        street=world.pick(STREETS) if known else None, house_number=str(dice.randint(1, 140)) if known else None,
        postcode=story.place.site.postcode if known else None, municipality=story.place.site.municipality if known else None,
        phone=f"0470 00 {dice.randint(10, 99)} {dice.randint(10, 99)}" if world.often(0.5) else None, email=None,
        employers=world.some(FORMER, dice.randint(0, 2)) if known else [], schools=world.some(SCHOOLS, 1) if known else [],
    )  # fmt: skip


def _wish(world: World, story: Story, *, by_day: bool) -> None:
    """The coded job part. Most can work by day; some cannot, so that no list has everybody."""
    dice, sector = world.rng, story.job.sector
    region = REGIONS[story.place.data["code"]] if world.often(0.7) else world.pick(EAST)
    hours = "day" if by_day else dice.choice(["school_hours", "early"])
    talks = "work_talk" if story.programme == "brug" and world.often(0.6) else world.pick(LEVELS)
    story.wish = JobWish(
        candidate_id=story.id, occupation_id=story.job.id, region=region, province=PROVINCES.get(region, "east_flanders"),
        experience_band=dice.choices(["none", "under_1_year", "1_to_3_years", "3_to_5_years", "over_5_years"], [8, 24, 30, 20, 18])[0],
        availability_band=dice.choices(["now", "within_3_months", "later"], [5, 4, 1])[0], hours_band=hours,
        hours_week=30 if hours == "school_hours" else dice.choice([38, 38, 38, 32]),
        forms=["permanent", "fixed_term", *world.some(["internship", "ibo", "temporary_agency", "work_based_learning"], 2)],
        mobility=world.some(["bike", "public_transport", "on_foot", "e_bike"], 2) + (["car"] if world.often(0.15) else []),
        licence="b" if world.often(0.25) else "none", certificates=[one for one in PAPERS.get(sector, ()) if world.often(0.4)],
        languages={"nl": talks, **{one: world.pick(LEVELS) for one in story.person["spoken"]}},
        support=["worker_at_interview", "aftercare", *world.some(["answer_in_2_days", "workwear", "papers", "language_coaching"], 2)],
        created_at=world.moment(story.days["screened"]),
    )  # fmt: skip
    story.skills = _skills(world, story)
    db.session.add(story.wish)
    db.session.add_all(
        Skill(candidate_id=story.id, competence_id=number, level=level, evidence=None)
        for number, level in story.skills.items()
    )


def _skills(world: World, story: Story) -> dict[int, int]:
    """What their own work asks, with the heart of the neighbouring work: many can do both, with some help."""
    dice = world.rng
    levels = {number: dice.choices([0, 1, 2, 3], [1, 2, 4, 3])[0] for number in story.job.competences}
    for number in musts(story.other_job):
        levels.setdefault(number, 0)
        levels[number] = max(levels[number], 2)
    # Whoever is on show can do the heart of the work that they look for.
    for number in musts(story.job):
        levels[number] = dice.choices([2, 3, 4], [30, 46, 24])[0]
    for code in world.some(("be_on_time", "work_together", "follow_instructions", "ask_for_help", "work_safely"), 2):
        levels.setdefault(world.competences[code], dice.randint(2, 3))
    return levels
