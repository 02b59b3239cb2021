"""Which companies to ask for somebody, in the order of asking, with why, and what anybody heard there last."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased, contains_eager, joinedload

from portal.accounts.models import Person
from portal.approaches import service
from portal.approaches.models import Approach, ApproachCall
from portal.approaches.rules import rule
from portal.approaches.service import Rest
from portal.approaches.states import ApproachState
from portal.candidates.handles import Handle
from portal.candidates.profiles import JobPart
from portal.competences.models import Occupation, Sector
from portal.employers import needs, standings
from portal.employers.models import Employer, Lead, Vacancy, VacancyCompetence
from portal.employers.standings import Standing
from portal.employers.states import EmployerState, VacancyState
from portal.foundation import clock
from portal.foundation.database import db
from portal.organisations.models import Workplace
from portal.showcase.blind import Work
from portal.showcase.commuting import Commute, commute
from portal.showcase.matches import GROUPS, group_of
from portal.showcase.matching import missing
from portal.showcase.models import KeptFrom

# The groups of the list, in their order: who is under way, whom to ask first, and whom to leave alone.
UNDER_WAY, RESTING = "under_way", "resting"
ORDER = (UNDER_WAY, *(one.value for one in Standing), RESTING)
_FAR = 9999


@dataclass(frozen=True)
class Heard:
    """A call in which somebody of a company was spoken to: by whom, and under which code, never for whom."""

    call: ApproachCall
    by: str
    code: str
    here: bool


@dataclass(frozen=True)
class Row:
    """A company with all that says whether and why to ask it for this person."""

    employer: Employer
    standing: Standing
    approach: Approach | None
    heard: Heard | None
    kept: bool
    same_line: bool
    fits: Sequence[tuple[Vacancy, str]]
    way: Commute

    @property
    def rest(self) -> Rest | None:
        return service.own_rest(self.approach) or service.rest_of(self.heard.call if self.heard else None)

    @property
    def group(self) -> str:
        if self.kept or (self.rest is not None and not self._goes_on):
            return RESTING
        return UNDER_WAY if self.approach is not None else self.standing.value

    @property
    def _goes_on(self) -> bool:
        return self.approach is not None and self.approach.state is ApproachState.INTERESTED

    @property
    def best(self) -> str:
        """How well the best open vacancy fits: a group of the matching, or nothing."""
        return self.fits[0][1] if self.fits else ""

    @property
    def place(self) -> tuple[int, ...]:
        fit = len(GROUPS) if self.best in {"", "far"} else GROUPS.index(self.best)
        due = self.approach.next_on if self.approach is not None else None
        soon = (due or date.max).toordinal() if self.group == UNDER_WAY else 0
        return ORDER.index(self.group), soon, fit, self.lately, not self.same_line, _km(self.way), self.employer.id

    @property
    def lately(self) -> bool:
        """Whether a colleague had this company on the phone a short while ago: then others of its group come first."""
        since = clock.today() - timedelta(days=rule("called_lately_days"))
        return self.heard is not None and not self.heard.here and self.heard.call.called_on > since


def _km(way: Commute) -> int:
    return way.km if way.km is not None else _FAR


def companies(case: Handle, part: JobPart | None, home: str) -> list[Row]:
    """Every company that may be asked for somebody, in the order of asking, in one query."""
    found: dict[int, list[Any]] = {}
    for row in db.session.execute(_companies(case, part)).unique():
        found.setdefault(row.Employer.id, []).append(row)
    return sorted((_row(case, group, part, home) for group in found.values()), key=lambda one: one.place)


def _companies(case: Handle, part: JobPart | None) -> Any:
    other, who = aliased(Approach), aliased(Person)
    return (
        sa.select(
            Employer, standings.standing().label("standing"), Approach, ApproachCall, other.code.label("heard_code"),
            (who.first_name + " " + who.last_name).label("heard_by"), KeptFrom.id.label("kept"),
            _postcodes().label("postcodes"), _same_line(part).label("same_line"), Vacancy,
        )
        .join(Employer.organisation)
        .outerjoin(Approach, sa.and_(Approach.employer_id == Employer.id, Approach.candidate_id == case.id))
        .outerjoin(ApproachCall, ApproachCall.id == _last_heard())
        .outerjoin(other, other.id == ApproachCall.approach_id)
        .outerjoin(who, who.id == ApproachCall.person_id)
        .outerjoin(KeptFrom, sa.and_(KeptFrom.employer_id == Employer.id, KeptFrom.candidate_id == case.id))
        .outerjoin(Vacancy, sa.and_(Vacancy.employer_id == Employer.id, Vacancy.state == VacancyState.OPEN))
        .options(
            contains_eager(Employer.organisation), joinedload(Approach.interest), joinedload(Vacancy.competences)
            .joinedload(VacancyCompetence.competence), joinedload(Vacancy.workplace),
        )
        .where(Employer.programme_id == case.programme_id, Employer.state != EmployerState.BLOCKED)
    )  # fmt: skip


def _last_heard() -> sa.ScalarSelect[int]:
    """The last call in which somebody of a company was spoken to, whoever it was for."""
    call = aliased(ApproachCall)
    return (
        sa.select(call.id)
        .where(call.employer_id == Employer.id, call.reached)
        .order_by(call.called_on.desc(), call.id.desc())
        .limit(1)
        .correlate(Employer)
        .scalar_subquery()
    )


def _postcodes() -> sa.Function[str]:
    """Where a company works, or where a lead was said to be."""
    sites = (
        sa.select(sa.func.aggregate_strings(Workplace.postcode, " "))
        .where(Workplace.organisation_id == Employer.organisation_id)
        .correlate(Employer)
        .scalar_subquery()
    )
    lead = sa.select(Lead.postcode).where(Lead.employer_id == Employer.id).correlate(Employer).scalar_subquery()
    return sa.func.coalesce(sites, lead, "")


def _same_line(part: JobPart | None) -> sa.ColumnElement[bool]:
    """Whether a company ever looked for somebody in this person's line of work."""
    if part is None:
        return sa.false()
    job = aliased(Vacancy)
    return (
        sa.exists()
        .where(
            job.employer_id == Employer.id, job.occupation_id == Occupation.id, Occupation.sector_id == Sector.id,
            Sector.code == part.sector_code,
        )
        .correlate(Employer)
    )  # fmt: skip


def _row(case: Handle, group: list[Any], part: JobPart | None, home: str) -> Row:
    row = group[0]
    heard = None
    if row.ApproachCall is not None:
        heard = Heard(row.ApproachCall, row.heard_by, row.heard_code, row.ApproachCall.candidate_id == case.id)
    mobility, region = (part.mobility, part.region) if part is not None else ((), "")
    ways = [commute(mobility, region, home, one) for one in sorted(set(row.postcodes.split()))]
    return Row(
        employer=row.Employer, standing=Standing(row.standing), approach=row.Approach, heard=heard,
        kept=row.kept is not None, same_line=bool(row.same_line),
        fits=fits([one.Vacancy for one in group if one.Vacancy is not None], part),
        way=min(ways, key=_km) if ways else Commute(None, None),
    )  # fmt: skip


def fits(vacancies: Iterable[Vacancy], part: JobPart | None) -> list[tuple[Vacancy, str]]:
    """Open vacancies with how well each fits somebody, the best first. Before the screening nothing can be said."""
    if part is None:
        return [(one, "") for one in vacancies]
    work = Work.of(part)
    asked = [(one, needs.of(one)) for one in vacancies]
    found = [(one, group_of(wanted, work, missing(wanted, work))) for one, wanted in asked]
    return sorted(found, key=lambda pair: (GROUPS.index(pair[1]), pair[0].id))
