"""Where a company can have its interviews: at the candidate's place, by video. Unlike what a job asks, this may change at
any time: no candidate was compared with it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from portal.accounts.roles import EMPLOYERS, Role
from portal.employers.models import Employer, Vacancy
from portal.employers.states import VacancyState
from portal.foundation import fields
from portal.foundation.access import Viewer
from portal.foundation.database import db
from portal.foundation.forms import Form
from portal.foundation.words import lazy
from portal.journal import service as journal

GOING_ON = (VacancyState.DRAFT, VacancyState.OPEN, VacancyState.ON_HOLD)


@dataclass(frozen=True)
class MeetingAnswer:
    inside: tuple[str, ...]
    video: tuple[str, ...]


class MeetingForm(Form[MeetingAnswer]):
    answers = MeetingAnswer
    inside = fields.several(lazy("We can come to the candidate"))
    video = fields.several(lazy("We can talk by video"))


def vacancies(viewer: Viewer) -> Sequence[Vacancy]:
    """Those for which somebody says it: a contact its own, an admin all of the company's."""
    own = sa.and_(
        Vacancy.contact_id == viewer.me, Employer.organisation_id.in_(viewer.organisations(*EMPLOYERS))
    )  # fmt: skip
    statement = (
        sa.select(Vacancy)
        .join(Employer, Employer.id == Vacancy.employer_id)
        .where(sa.or_(own, Employer.organisation_id.in_(viewer.organisations(Role.EMPLOYER_ADMIN))))
        .where(Vacancy.state.in_(GOING_ON))
        .order_by(Vacancy.title, Vacancy.id)
        .limit(60)
    )
    return db.session.scalars(statement).all()


def agree(rows: Sequence[Vacancy], *, inside: Collection[str], video: Collection[str]) -> None:
    """Say for each of these vacancies where its interviews can be. What is planned already stays as it is."""
    for row in rows:
        said = (row.key in inside, row.key in video)
        if said != (row.interview_inside, row.interview_video):
            row.interview_inside, row.interview_video = said
            journal.note("vacancy.meeting_changed", row, inside=said[0], video=said[1])
