"""What partners let the team know in the demo, and the agreements that were asked by link."""

from datetime import date

import sqlalchemy as sa

from portal.accounts import links
from portal.candidates import consent_requests, service
from portal.candidates.models import ConsentRequest, Development, Referral
from portal.candidates.states import Channel, Purpose, ReferralState
from portal.cli.demo.cases import consent
from portal.cli.demo.stories import Stage, Story
from portal.cli.demo.world import DAY, World
from portal.foundation import clock
from portal.foundation.database import db
from portal.foundation.options import options
from portal.tasks import service as tasks

# Kind, what is proposed, and the note; in turns over the people of each programme.
BRUG: tuple[tuple[str, dict[str, object], str], ...] = (
    ("regime", {"regime": "limited_detention", "lead_days": 10}, ""),
    ("schedule", {"days": ["mon", "tue", "wed", "thu"]}, "Op vrijdag is er voortaan een vaste afspraak."),
    ("leave", {"lead_days": 12}, "De aanvraag moet twee dagen vroeger binnen zijn."),
    ("cannot_come", {}, ""),
)
KADE: tuple[tuple[str, dict[str, object], str], ...] = (
    ("contact_person", {}, "Ilse neemt het over. Bereikbaar op weekdagen via het onthaal."),
    ("skills", {}, "Volgt sinds vorige week Nederlands, twee avonden per week."),
    ("cannot_come", {}, ""),
)


def write(world: World) -> None:
    for programme, news in (("brug", BRUG), ("kade", KADE)):
        people = [story for story in world.stories if story.programme == programme and story.stage == Stage.SEARCHING]
        for turn, story in enumerate(people[:6]):
            _post(world, story, *news[turn % len(news)], handled=turn >= 4)
    followed = [story for story in world.stories if story.stage == Stage.INTERVIEWING][:4]
    for turn, story in enumerate(followed):
        _ask(world, story, "yes" if turn < 2 else "")
    _settle(world)


def _post(world: World, story: Story, kind: str, proposed: dict[str, object], note: str, *, handled: bool) -> None:
    """Posted by who referred, as far as that service may post this kind; else by a plain note."""
    referral = db.session.query(Referral).filter_by(candidate_id=story.id).one()
    services = {person.id: code for code, person in story.place.partners.items()}
    roles = {"house_of_justice": "justice_assistant", "centre": "centre_worker"}
    code = services.get(referral.referrer_id, "vdab")
    if roles.get(code, code) not in options("candidates", "development_kinds")[kind].data["roles"]:
        kind, proposed, note = "other", {}, "De persoon is vanaf maandag alleen in de namiddag bereikbaar."
    day = world.ago(2 if not handled else 12)
    row = Development(
        candidate_id=story.id, referral_id=referral.id, posted_by=referral.referrer_id, kind=kind, proposed=proposed or None,
        note=note or None, from_on=_soon(world) if proposed else None, created_at=world.moment(day),
        handled_on=day + DAY if handled else None, handled_by=story.worker_id if handled else None,
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    if not handled:
        tasks.open_task(
            "candidates.development", row, due=world.ahead(1), at=("candidates.news", {"key": story.row.key}),
            owner_id=story.worker_id, about=story.id, name=service.short_name(story.id),
        )  # fmt: skip


def _soon(world: World) -> str:
    return date.isoformat(world.ahead(9))


def _ask(world: World, story: Story, answer: str) -> None:
    """An agreement that was asked by link: two were answered, two still wait."""
    day = world.ago(5)
    row = ConsentRequest(
        candidate_id=story.id, purpose=Purpose.AFTERCARE, asked_by=story.worker_id, answer=answer,
        answered_at=clock.now() if answer else None, created_at=world.moment(day),
    )  # fmt: skip
    db.session.add(row)
    reader = consent_requests.reader_of(story.id)
    links.make(consent_requests.PURPOSE, row, reader=reader, expires=clock.now() + 25 * DAY, single_use=False)
    if answer:
        given = consent(world, story, Purpose.AFTERCARE, day + DAY)
        given.channel, given.recorded_by = Channel.LINK, None


def _settle(world: World) -> None:
    """When the work with somebody has ended, the referral that it began with says so."""
    ended = {story.id: story for story in world.stories if story.stage in {Stage.COMPLETED, Stage.CLOSED}}
    wanted = sa.select(Referral).where(Referral.candidate_id.in_(ended), Referral.state == ReferralState.SCREENED)
    for referral in db.session.scalars(wanted):
        referral.ended_on = min(max(ended[referral.candidate_id].days.values()), world.today)
