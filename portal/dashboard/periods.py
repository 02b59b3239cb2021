"""Which days are looked at: a programme's own period, or one that somebody typed. A funded period may cross years."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any

from flask import request

from portal.dashboard import queries
from portal.dashboard.boards import Facts
from portal.dashboard.figures import YEAR_DAYS, Period
from portal.foundation import clock, refusals
from portal.foundation.access import viewer
from portal.foundation.fields import day
from portal.foundation.forms import Form
from portal.foundation.words import date_medium, lazy
from portal.programmes import coordinated
from portal.programmes.models import Programme

LONGEST_YEARS = 10


@dataclass(frozen=True)
class PeriodAnswer:
    since: date
    until: date


class PeriodForm(Form[PeriodAnswer]):
    """Two days in the address: what is shown can be kept as a bookmark, and nothing changes by asking."""

    answers = PeriodAnswer
    since = day(lazy("From"))
    until = day(lazy("Up to and including"))

    class Meta(Form.Meta):
        csrf = False

    def validate(self, extra_validators: Any = None) -> bool:
        whole = super().validate(extra_validators)
        if whole and self.until.data <= self.since.data:
            self.refuse(lazy("The last day comes after the first one."), "until")
            return False
        if whole and self.until.data > self.since.data + timedelta(days=LONGEST_YEARS * YEAR_DAYS + LONGEST_YEARS):
            self.refuse(lazy("A period is ten years at most. Look at the year of this date."), "until")
            return False
        return whole


@dataclass(frozen=True)
class Chosen:
    """A programme of the viewer and the days that are looked at. `own`: they are the programme's; `refused`: what was typed
    and cannot be."""

    programmes: Sequence[Programme]
    programme: Programme
    period: Period
    own: bool
    refused: PeriodForm | None = None

    @cached_property
    def form(self) -> PeriodForm:
        return self.refused or PeriodForm(formdata=None, since=self.period.start, until=self.period.end)

    @property
    def address(self) -> dict[str, Any]:
        """The same choice in another page's address."""
        days = {} if self.own else {"since": self.period.start.isoformat(), "until": self.period.end.isoformat()}
        return {"programme": self.programme.key, **days}

    @cached_property
    def facts(self) -> Facts:
        return Facts(self.programme, self.period, clock.today())

    @property
    def words(self) -> dict[str, str]:
        return {
            "programme": self.programme.name, "start": date_medium(self.period.start), "end": date_medium(self.period.end),
        }  # fmt: skip


def chosen() -> Chosen:
    """The programme and the period in the address. Raises NotFound for somebody else's programme.

    Days that cannot be are told at their field, and the programme's own period is shown meanwhile."""
    programmes = queries.programmes_of(viewer())
    programme = coordinated.asked_for(programmes)
    own = queries.period_of(programme)
    if not (request.args.get("since") or request.args.get("until")):
        return Chosen(programmes, programme, own, own=True)
    form = PeriodForm(formdata=request.args)
    if form.validate():
        answer = form.answer()
        period = Period(answer.since, answer.until)
        return Chosen(programmes, programme, period, own=period == own)
    refusals.status(422)
    return Chosen(programmes, programme, own, own=True, refused=form)
