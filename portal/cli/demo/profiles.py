"""The blind profiles with their sentences, approved by a second person and by the candidate, released in two batches."""

from itertools import islice
from typing import Any

import sqlalchemy as sa

from portal.accounts.roles import Role
from portal.candidates import identities
from portal.candidates.states import Channel, Purpose
from portal.cli.demo import ways
from portal.cli.demo.cases import consent
from portal.cli.demo.stories import ON_SHOW, ONCE_PUBLISHED, TRAJECTORY, Stage, Story
from portal.cli.demo.world import DAY, World
from portal.foundation import acting
from portal.foundation.database import db
from portal.journal.models import Entry
from portal.showcase import batches, checking
from portal.showcase.models import Profile, Sentence
from portal.showcase.redaction import Known, check
from portal.showcase.states import ProfileState, SentenceKind

P, S = ProfileState, Stage
STATES = {S.DRAFT: P.DRAFT, S.REDACTION: P.REDACTION_CHECK, S.APPROVAL: P.CANDIDATE_APPROVAL, S.CLOSED: P.ARCHIVED}
COORDINATORS = {"brug": "hilde", "kade": "bart"}
# The two batches of each programme, in days before today; the second has who was published since the first.
FIRST, SECOND = 21, 5
SLIP = "Deed dit in de sporthal van Wetteren, elke zaterdag."
EVIDENCE = 3


def write(world: World) -> None:
    ways.write(world)
    rows = [story for story in world.stories if story.on("plan")]
    for story in rows:
        story.profile = _profile(world, story)
    db.session.add_all(story.profile for story in rows)
    db.session.flush()
    for story in rows:
        db.session.add_all(_sentences(world, story))
        if story.profile.approval_channel:
            consent(world, story, Purpose.PROFILE, story.days.get("published", world.ago(2)))
    db.session.flush()
    _slips(rows)
    publish(world)


def _profile(world: World, story: Story) -> Profile:
    """Who is on show waits for its batch; who works keeps a profile that no list shows."""
    state = STATES.get(story.stage, P.PUBLISHED)
    if story.stage in ON_SHOW or story.stage == S.APPROVED:
        state = P.CANDIDATE_APPROVAL
    approved = story.stage in ONCE_PUBLISHED or story.stage == S.APPROVED
    day = story.days.get("published", world.ago(2))
    return Profile(
        candidate_id=story.id, programme_id=story.place.programme.id, state=state, language="nl",
        written_by=story.worker_id, approved_on_paper_at=world.moment(day - 2 * DAY) if approved else None,
        approval_channel=Channel.PAPER.value if approved else "", created_at=world.moment(story.on("written") or story.days["plan"]),
    )  # fmt: skip


def _texts(world: World, story: Story) -> list[tuple[SentenceKind, int | None, str]]:
    """A headline, up to three proofs of what the person can do, and own words; none that tells who it is."""
    said = world.sentences["sectors"][story.job.sector]
    known = Known.from_json(identities.known(story.id, "demo"))

    def clean(texts: list[Any], most: int = 1) -> list[Any]:
        """The first of the shuffled texts in which the check finds nothing."""
        found = (one for one in world.some(texts, len(texts)) if not check(one["nl"], known, "nl"))
        return list(islice(found, most))

    able = [one for one in said["evidence"] if story.skills.get(world.competences[one["competence"]], 0) >= 2]
    return [
        *((SentenceKind.HEADLINE, None, one["nl"]) for one in clean(said["headlines"])),
        *(
            (SentenceKind.EVIDENCE, world.competences[one["competence"]], one["nl"])
            for one in clean(able or said["evidence"], EVIDENCE)
        ),
        *((SentenceKind.OWN_WORDS, None, one["nl"]) for one in clean(said["own_words"])),
    ]


def _sentences(world: World, story: Story) -> list[Sentence]:
    reader = world.staff[COORDINATORS[story.programme]]
    read = story.profile.state not in {P.DRAFT, P.REDACTION_CHECK}
    day = world.moment(story.on("written") or story.days["plan"])
    return [
        Sentence(
            profile_id=story.profile.id, kind=kind, competence_id=number, text=text, written_by=story.worker_id,
            approved_by=reader.id if read else None, approved_at=day if read else None, position=place, created_at=day,
        )
        for place, (kind, number, text) in enumerate(_texts(world, story))
    ]  # fmt: skip


def _slips(rows: list[Story]) -> None:
    """A draft in which the check finds something: a place says where somebody was."""
    for story in rows:
        if story.profile.state != P.DRAFT:
            continue
        sentences = db.session.scalars(sa.select(Sentence).where(Sentence.profile_id == story.profile.id)).all()
        next(one for one in sentences if one.kind == SentenceKind.EVIDENCE).text = SLIP
        with acting.as_(story.worker_id, Role.PROJECT_WORKER):
            checking.look(story.profile, sentences)


def publish(world: World) -> None:
    """Release by the showcase's own rules, twice, so that the cards are exactly those that it would write."""
    shown = [story for story in world.stories if story.stage in ON_SHOW]
    early = [story for code in world.programmes for story in _first_half(shown, code)]
    for group, ago in ((early, FIRST), ([story for story in shown if story not in early], SECOND)):
        for story in group:
            story.profile.state = P.APPROVED
        db.session.flush()
        _release(world, ago)
    for story in world.stories:
        if story.stage == S.APPROVED:
            story.profile.state = P.APPROVED
        elif story in shown:
            # A release says "searching" of everybody on show; who is in talks was further already.
            story.trajectory.state = TRAJECTORY[story.stage]
    ways.pause_some(world)
    db.session.flush()


def _first_half(shown: list[Story], programme: str) -> list[Story]:
    """Those whose profiles were ready first; each half is large enough for a batch."""
    mine = sorted((s for s in shown if s.programme == programme), key=lambda story: story.days["published"])
    return mine[: len(mine) // 2]


def _release(world: World, ago: int) -> None:
    before = db.session.scalar(sa.select(sa.func.max(Entry.id))) or 0
    day = world.moment(world.ago(ago), 16, 30)
    for code, programme in world.programmes.items():
        with acting.as_(world.staff[COORDINATORS[code]].id, Role.COORDINATOR):
            batch = batches.release(programme)
        if batch is not None:
            batch.created_at = day
    db.session.flush()
    db.session.execute(sa.update(Entry).where(Entry.id > before).values(created_at=day))
