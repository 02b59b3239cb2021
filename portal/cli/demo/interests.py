"""Interests in every state, and blind profiles that were only read."""

from datetime import date

from portal.candidates.states import Purpose
from portal.cli.demo.cases import consent
from portal.cli.demo.market import Choice, Market, garage
from portal.cli.demo.stories import Stage, Story
from portal.cli.demo.world import DAY, World
from portal.foundation import crypto
from portal.foundation.database import db
from portal.showcase.models import Interest, Listing, Opening
from portal.showcase.states import InterestState

N = InterestState
REASONS = ("competences", "evidence", "own_words", "hours", "learnable", "support", "experience")
ASIDE = ("competence_missing", "experience", "hours", "language", "unclear")


def interest_of(world: World, story: Story, choice: Choice, state: InterestState, day: date) -> Interest:
    """An interest with the candidate's answer, and with the consent for this one employer where it was a yes."""
    yes = state in {N.ACCEPTED, N.INTERVIEW} or (state == N.LAPSED and choice.listing is None)
    answered = yes or state in {N.DECLINED, N.LAPSED}
    contact = choice.vacancy.contact_id
    interest = Interest(
        listing_id=choice.listing.id if choice.listing else None, vacancy_id=choice.vacancy.id,
        employer_id=choice.vacancy.employer_id, candidate_id=story.id, contact_id=contact, state=state,
        code=choice.listing.code if choice.listing else crypto.readable_code(), reasons=world.some(REASONS, 2),
        candidate_reasons=[world.pick(["schedule", "transport", "job_content", "other_job"])] if state == N.DECLINED else [],
        answered_at=world.moment(min(day + 3 * DAY, world.today)) if answered else None, created_at=world.moment(day),
        proposed_by=story.worker_id if state == N.PROPOSED else None,
    )  # fmt: skip
    db.session.add(interest)
    if yes:
        fields = [
            "first_name",
            "pronoun",
            *(["last_name"] if world.often(0.6) else []),
            *(["phone"] if world.often(0.3) else []),
        ]
        given = consent(
            world,
            story,
            Purpose.IDENTITY,
            min(day + 3 * DAY, world.today),
            employer_id=interest.employer_id,
            fields=sorted(fields),
        )
        world.told[story.id, interest.employer_id] = given
    if choice.listing is not None:
        _open(world, choice.listing, contact, day)
    db.session.flush()
    return interest


def asked(world: World, market: Market) -> None:
    """Interests that are not a talk yet, or never became one. The garage waits for Lien's answer."""
    searching = [s for s in world.stories if s.stage == Stage.SEARCHING]
    liens = [s for s in searching if s.place.worker is world.staff["lien"]]
    first = next((c for c in ((s, market.at(s, garage(world))) for s in liens) if c[1] is not None), None)
    if first is not None and first[1] is not None:
        interest_of(world, first[0], first[1], N.EXPRESSED, world.ago(1))
    states = [N.EXPRESSED] * 5 + [N.ACCEPTED] * 3 + [N.DECLINED] * 6 + [N.LAPSED] * 3 + [N.PROPOSED] * 2
    for story, state in zip([s for s in searching if not first or s is not first[0]], states, strict=False):
        choice = market.now(story)
        if choice is not None:
            recent = state in {N.EXPRESSED, N.ACCEPTED, N.PROPOSED}
            interest_of(
                world, story, choice, state, world.ago(world.rng.randint(0, 3) if recent else world.rng.randint(5, 25))
            )


def _open(world: World, listing: Listing, contact: int, day: date) -> None:
    world.opened.add((listing.id, contact))
    db.session.add(
        Opening(
            listing_id=listing.id, vacancy_id=listing.vacancy_id, person_id=contact, created_at=world.moment(day - DAY)
        )
    )


def openings(world: World, market: Market) -> None:
    """Contacts who read a profile and left it there, some of them with reasons of the job."""
    listings = [one for found in market.listed.values() for one in found]
    for listing in world.some(listings, 45):
        contact = market.vacancies[listing.vacancy_id].contact_id
        if (listing.id, contact) not in world.opened:
            world.opened.add((listing.id, contact))
            db.session.add(
                Opening(
                    listing_id=listing.id, vacancy_id=listing.vacancy_id, person_id=contact,
                    not_fitting=[world.pick(ASIDE)] if world.often(0.4) else [],
                    created_at=world.moment(world.ago(world.rng.randint(1, 20))),
                )
            )  # fmt: skip
