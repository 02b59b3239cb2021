"""What is noted about a permission: that it was asked, what was answered, that it was taken back."""

from dataclasses import dataclass
from datetime import date, time
from typing import Any, Self

from wtforms import HiddenField

from portal.foundation import clock, fields
from portal.foundation.forms import Form
from portal.foundation.words import lazy
from portal.interviews.permission_history import listed


@dataclass(frozen=True)
class RequestedAnswer:
    on: date
    office: str
    channel: str


class RequestedForm(Form[RequestedAnswer]):
    answers = RequestedAnswer
    revision = HiddenField()
    on = fields.day(
        lazy("Requested on"),
        within=fields.Between(
            lambda: date(2020, 1, 1), clock.today, lazy("Give the day on which you filed it: today or earlier.")
        ),
    )
    office = fields.select(lazy("Of whom did you ask it?"))
    channel = fields.select(lazy("How did you ask it?"))

    @classmethod
    def from_request(cls, **start: Any) -> Self:
        form = super().from_request(**start)
        fields.offer(form.office, listed("offices"))
        fields.offer(form.channel, listed("channels"))
        return form


@dataclass(frozen=True)
class PermissionAnswer:
    outcome: str
    begins: time | None
    until: time | None
    conditions: tuple[str, ...]
    reason: str


class PermissionForm(Form[PermissionAnswer]):
    answers = PermissionAnswer
    rehearses = True
    revision = HiddenField()
    outcome = fields.one_of(lazy("What is the answer?"), [("granted", lazy("Granted")), ("refused", lazy("Refused"))])
    begins = fields.hour(lazy("Away from"), required=False)
    until = fields.hour(lazy("Back by"), required=False)
    conditions = fields.several(lazy("Granted on these conditions"))
    reason = fields.select(
        lazy("Refused: why?"), required=False, hint=lazy("Only the team reads this, to plan better.")
    )

    @classmethod
    def from_request(cls, **start: Any) -> Self:
        form = super().from_request(**start)
        fields.offer(form.conditions, listed("conditions"))
        fields.offer(form.reason, listed("refusals"))
        return form

    def validate(self, extra_validators: Any = None) -> bool:
        whole = bool(super().validate(extra_validators))
        for hour in (self.begins, self.until):
            if self.outcome.data == "granted" and hour.data is None and not hour.errors:
                hour.errors = [*hour.errors, str(lazy("Give an hour, such as 9:30."))]
                whole = False
        return whole


@dataclass(frozen=True)
class RevokedAnswer:
    reason: str


class RevokedForm(Form[RevokedAnswer]):
    answers = RevokedAnswer
    rehearses = True
    revision = HiddenField()
    reason = fields.select(lazy("Why was it taken back?"), hint=lazy("Only the team reads this, to plan better."))

    @classmethod
    def from_request(cls, **start: Any) -> Self:
        form = super().from_request(**start)
        fields.offer(form.reason, listed("revocations"))
        return form
