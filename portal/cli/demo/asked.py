"""Questions about profiles, people that the team put on a list, and companies that must not see somebody."""

from collections.abc import Iterator

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from portal.accounts.roles import Role
from portal.candidates.handles import handle
from portal.cli.demo.market import garage
from portal.cli.demo.world import World
from portal.employers import needs
from portal.employers.models import Employer, Vacancy
from portal.foundation import acting
from portal.foundation.database import db
from portal.showcase import cards, choices, kept_from, questions
from portal.showcase.employer_queries import Opened
from portal.showcase.matching import missing
from portal.showcase.models import Interest, Listing, Opening, Profile
from portal.showcase.questions import Reply

FIRST = ("Heeft deze persoon al met een momentsleutel gewerkt?", "Ja, in de opleiding. De eerste dagen graag samen.")
SECOND = "Kan deze persoon ook op zaterdagvoormiddag werken?"


def write(world: World) -> None:
    _questions(world)
    _a_choice(world)
    _a_past_employer(world)


def _questions(world: World) -> None:
    """The garage asked twice: one answer is there, the other question waits for Lien."""
    vacancy = garage(world)
    lien = world.staff["lien"]
    for text, opened in zip((FIRST[0], SECOND), _opened(vacancy, lien.id), strict=False):
        with acting.as_(vacancy.contact_id, Role.EMPLOYER_ADMIN):
            asked = questions.ask(opened, vacancy.contact_id, text)
        if text == FIRST[0]:
            db.session.flush()
            asked.listing, asked.vacancy = opened.listing, vacancy
            with acting.as_(lien.id, Role.PROJECT_WORKER):
                questions.reply(asked, Reply(declined=False, text=FIRST[1], shown=True))


def _opened(vacancy: Vacancy, worker_id: int) -> Iterator[Opened]:
    """Profiles of this worker's people that the vacancy's contact reads, opened now where nobody had."""
    rows = db.session.scalars(
        sa.select(Listing)
        .options(
            joinedload(Listing.profile),
            joinedload(Listing.vacancy).joinedload(Vacancy.employer).joinedload(Employer.organisation),
        )
        .where(Listing.vacancy_id == vacancy.id, Listing.shown)
        .order_by(Listing.position)
    ).all()
    for row in rows:
        if handle(row.profile.candidate_id).worker_id != worker_id:
            continue
        opening = db.session.scalar(
            sa.select(Opening).where(Opening.listing_id == row.id, Opening.person_id == vacancy.contact_id)
        )
        if opening is None:
            opening = Opening(listing_id=row.id, vacancy_id=vacancy.id, person_id=vacancy.contact_id)
            db.session.add(opening)
        yield Opened(row, opening, None)


def _a_choice(world: World) -> None:
    """Lien puts somebody on a list who misses one must-have; the next batch shows it."""
    lien = world.staff["lien"]
    mine = {story.id for story in world.stories if story.worker_id == lien.id}
    for vacancy in cards.open_vacancies(Employer.worker_id == lien.id):
        asked = needs.of(vacancy)
        for one in cards.people_out(vacancy.employer.programme_id):
            if one.candidate_id in mine and len(missing(asked, one.work)) == 1:
                with acting.as_(lien.id, Role.PROJECT_WORKER):
                    row = db.session.get_one(Profile, one.profile_id)
                    choices.choose(vacancy, row, added=True, reason="Oefende dit al drie weken in de werkplaats.")
                return


def _a_past_employer(world: World) -> None:
    """Somebody of Lien's once worked for the bakery, which never sees the profile."""
    lien, bakery = world.staff["lien"], world.companies["soetaert"].employer
    listed = sa.select(Listing.profile_id).join(Listing.vacancy).where(Vacancy.employer_id == bakery.id)
    there = set(db.session.scalars(sa.select(Profile.candidate_id).where(Profile.id.in_(listed))))
    there |= set(db.session.scalars(sa.select(Interest.candidate_id)))
    story = next(
        one for one in world.stories if one.worker_id == lien.id and one.profile is not None and one.id not in there
    )
    with acting.as_(lien.id, Role.PROJECT_WORKER):
        kept_from.keep_from(handle(story.id), bakery.key, "past_employer")
