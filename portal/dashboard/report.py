"""The figures of a period as a tagged PDF, in the language of whoever reads it."""

from collections.abc import Sequence
from datetime import date

from portal.dashboard.figures import Period
from portal.dashboard.sheets import Sheet, texts
from portal.foundation import documents
from portal.foundation.words import _, date_medium, language
from portal.programmes.models import Programme

TEMPLATE = "dashboard/report.typ"


def pdf(
    programme: Programme, period: Period, today: date, found: Sequence[Sheet], *, team: bool, operator: str
) -> bytes:
    data, title = words(programme, period, today, found, team=team, operator=operator)
    return documents.pdf(TEMPLATE, data, language=language(), title=title)


def words(
    programme: Programme, period: Period, today: date, found: Sequence[Sheet], *, team: bool, operator: str
) -> tuple[dict[str, object], str]:
    """What stands in the report, in the language being spoken, and its title."""
    opening = [
        _("%(programme)s, from %(start)s to %(end)s.", programme=programme.name, start=date_medium(period.start), end=date_medium(period.end)),
        _("The numbers stand as they were known on %(day)s.", day=date_medium(today)),
        whose(team),
    ]  # fmt: skip
    figures = [
        {
            "title": one.title, "sentence": one.sentence, "columns": list(one.columns), "rows": texts(one),
            "definition": one.definition, "words": 2 if one.code == "refusals" else 1,
        }
        for one in found
    ]  # fmt: skip
    data = {"opening": opening, "figures": figures, "how": _("How we count this:"), "top": operator, "foot": operator}
    return data, _("Report of figures")


def whose(team: bool) -> str:
    """Who may read this file."""
    if team:
        return _("For the team only: small numbers are not hidden.")
    return _("Every number under five is hidden, and others with it where it could be reckoned from them.")
