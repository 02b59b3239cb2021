"""Which vacancies stand open to whom, by the cards that the batches wrote; and which were filled earlier."""

from collections import defaultdict
from dataclasses import dataclass

import sqlalchemy as sa

from portal.cli.demo.stories import Story
from portal.cli.demo.world import Company, World
from portal.employers.models import Vacancy
from portal.employers.states import VacancyState
from portal.foundation.database import db
from portal.showcase.models import Listing, Profile


@dataclass(frozen=True)
class Choice:
    """Where somebody was asked: a vacancy, and the card it began with while that list still stands."""

    company: Company
    vacancy: Vacancy
    listing: Listing | None


class Market:
    """Which vacancies stand open to whom, by the cards that the batches wrote; and which were filled earlier."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.of_employer = {company.employer.id: company for company in world.companies.values()}
        self.vacancies = {one.id: one for company in world.companies.values() for one in company.vacancies}
        self.used: dict[int, int] = defaultdict(int)
        self.asked: set[tuple[int, int]] = set()
        self.listed: dict[int, list[Listing]] = defaultdict(list)
        rows = db.session.execute(
            sa.select(Listing, Profile.candidate_id)
            .join(Profile, Profile.id == Listing.profile_id)
            .order_by(Listing.id)
        )
        for listing, candidate_id in rows:
            self.listed[candidate_id].append(listing)

    def now(self, story: Story) -> Choice | None:
        """An open vacancy on whose list the person stands: where the fewest were asked, own work first."""
        fresh = [one for one in self.listed[story.id] if (one.vacancy_id, story.id) not in self.asked]
        if not fresh:
            return None
        best = min(
            fresh, key=lambda one: (self.used[one.vacancy_id], not self._own(story, one.vacancy_id), one.vacancy_id)
        )
        return self._take(story, self.vacancies[best.vacancy_id], best)

    def at(self, story: Story, vacancy: Vacancy, *, only_look: bool = False) -> Choice | None:
        """That very vacancy, when the person stands on its list and was not asked yet."""
        found = [one for one in self.listed[story.id] if one.vacancy_id == vacancy.id]
        if not found or (vacancy.id, story.id) in self.asked:
            return None
        if only_look:
            return Choice(self._company(vacancy), vacancy, found[0])
        return self._take(story, vacancy, found[0])

    def before(self, story: Story) -> Choice:
        """A vacancy that has been filled since, in the person's line of work and programme."""
        jobs = {job.id: job for job in self.world.jobs.values()}
        there = [
            one
            for one in self.vacancies.values()
            if self._company(one).employer.programme_id == story.place.programme.id
            and one.state in {VacancyState.FILLED, VacancyState.CLOSED, VacancyState.EXPIRED}
            and (one.id, story.id) not in self.asked
        ]
        if story.company:
            there = [one for one in there if self._company(one).data["code"] == story.company] or there

        def far(one: Vacancy) -> tuple[bool, int, bool, bool, int]:
            line = jobs[one.occupation_id].sector != story.job.sector
            return line, self.used[one.id], one.state != VacancyState.FILLED, not self._own(story, one.id), one.id

        return self._take(story, min(there, key=far), None)

    def _own(self, story: Story, vacancy_id: int) -> bool:
        return self.vacancies[vacancy_id].occupation_id == story.job.id

    def _company(self, vacancy: Vacancy) -> Company:
        return self.of_employer[vacancy.employer_id]

    def _take(self, story: Story, vacancy: Vacancy, listing: Listing | None) -> Choice:
        self.used[vacancy.id] += 1
        self.asked.add((vacancy.id, story.id))
        return Choice(self._company(vacancy), vacancy, listing)


def garage(world: World) -> Vacancy:
    return next(one for one in world.companies["verlinden"].vacancies if one.state == VacancyState.OPEN)
