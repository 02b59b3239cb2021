"""What a new vacancy starts from: an earlier one of the company, what such a job usually says, or the usual answers."""

from collections.abc import Sequence
from datetime import time
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from portal.competences.models import Occupation
from portal.employers import clients, shown
from portal.employers.models import Employer, Vacancy
from portal.foundation.database import db
from portal.foundation.words import pick
from portal.programmes import queries as programmes
from portal.programmes.models import TemplateKind

# What goes along into a copy: what is asked and offered. Dates, the law for an extract, whether everybody may read it, and
# whatever else is said of one vacancy only (its client, its reach) are asked anew.
COPIED = (
    "title", "tasks", "number", "hours_week", "hours_from", "hours_until", "shift", "forms", "licence", "physical_load",
    "flexible", "interview_inside", "interview_video", "workplace", "notice_days", "language_nl", "language_fr",
    "language_en", "must", "learnable",
)  # fmt: skip
EARLIER = 8


def copied(vacancy: Vacancy) -> dict[str, Any]:
    """A form that begins where an earlier vacancy stood, whatever became of that one."""
    typed = shown.as_typed(vacancy)
    kept = {name: typed[name] for name in COPIED}
    if clients.is_agency(vacancy.employer):
        kept.pop("workplace")  # an agency's place of work is a client: for each vacancy it is chosen anew
    return {**kept, "extract": "no", "public": "no"}


def earlier(employer: Employer) -> Sequence[Vacancy]:
    """The latest vacancies of a company, drafts and closed ones too."""
    statement = (
        sa.select(Vacancy)
        .options(joinedload(Vacancy.workplace))
        .where(Vacancy.employer_id == employer.id)
        .order_by(Vacancy.id.desc())
        .limit(EARLIER)
    )
    return db.session.scalars(statement).all()


def role_template(programme_id: int, occupation_code: str) -> dict[str, Any] | None:
    """What the programme says of this kind of job, if it does."""
    roles = programmes.template(programme_id, TemplateKind.VACANCIES)["roles"]
    return next((one for one in roles if one["occupation"] == occupation_code), None)


def of_role(role: dict[str, Any], occupation: Occupation) -> dict[str, Any]:
    """A form that begins with what such a job usually says, in the reader's language."""
    asks = role["asks"]
    return {
        **shown.fresh(occupation), **{name: value for name, value in asks.items() if name not in _CLOCK},
        **{name: time.fromisoformat(asks[name]) for name in _CLOCK},
        "title": pick(role["title"]) or occupation.label, "tasks": pick(role["tasks"]),
    }  # fmt: skip


_CLOCK = ("hours_from", "hours_until")
