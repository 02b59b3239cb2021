"""When an interview is possible, read from what a case notes: for the own worker, and for the planning of an interview."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from portal.agenda.service import days_off, office_closes
from portal.candidates.earliest import Conditions, Earliest, Rules, Unknown, earliest
from portal.candidates.models import WorkConstraints
from portal.foundation import clock
from portal.foundation.options import label, load, options
from portal.programmes.models import Site, SiteKind

_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
# Whom to ask where the case names nobody: the service of the place.
_ASKED_AT = {SiteKind.PRISON: "psd", SiteKind.CENTRE: "centre"}


@dataclass(frozen=True)
class Answer:
    """The earliest days, and for what is not noted yet the service that knows it."""

    found: Earliest
    permission: bool | None
    lead_workdays: int
    ask: str
    today: date

    @property
    def regime_unknown(self) -> bool:
        return Unknown.REGIME in self.found.unknown

    @property
    def days_unknown(self) -> bool:
        return Unknown.DAYS in self.found.unknown


def of(row: WorkConstraints | None, site: Site | None, now: datetime | None = None) -> Answer:
    """The answer for a case as it stands, at a moment (now when not said)."""
    now, known = now or clock.now(), conditions(row, site)
    said = row.answers if row is not None else {}
    whom = said.get("contact") or (_ASKED_AT.get(site.kind, "") if site is not None else "")
    asked = label("candidates", "contact_services", whom) if whom else ""
    return Answer(earliest(known, now, rules()), known.permission, known.lead_workdays, asked, clock.local(now).date())


def conditions(row: WorkConstraints | None, site: Site | None) -> Conditions:
    """What a case says. Before anything is noted a prison's regime is unknown; elsewhere nobody needs leave."""
    if row is None or not row.answers.get("regime"):
        noted = site is not None and site.kind != SiteKind.PRISON if row is None else False
        return Conditions(False if noted else None, hours=_hours({}))
    said = row.answers
    days = frozenset(_WEEKDAYS.index(day) for day in said.get("days") or [])
    own = (row.hours_from, row.hours_until) if not said.get("outside_hours") else (None, None)
    hours = (own[0], own[1]) if own[0] is not None and own[1] is not None else _hours(said)
    return Conditions(row.permission_needed, row.lead_days, days, hours)


def _hours(said: dict[str, Any]) -> tuple[time, time]:
    noted = options("candidates", "outside_hours").get(said.get("outside_hours") or "")
    found = noted.data if noted is not None else load("candidates", "rules")["earliest"]
    return time.fromisoformat(found["from"]), time.fromisoformat(found["until"])


def rules() -> Rules:
    """The figures: of interviews how long a talk is and how early everybody knows, of the agenda when offices close."""
    talks, shown = load("interviews", "rules"), load("candidates", "rules")["earliest"]
    return Rules(
        talks["minutes"],
        timedelta(hours=talks["notice_hours"]),
        office_closes(),
        shown["days_shown"],
        shown["weeks_ahead"],
        days_off(),
    )
