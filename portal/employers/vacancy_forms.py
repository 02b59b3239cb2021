"""What is asked of a vacancy that stands, and of what a role usually says."""

from typing import Any

from portal.employers.vacancy_changes import ChangeAnswer
from portal.foundation import clock, fields
from portal.foundation.forms import Form
from portal.foundation.options import choices, options
from portal.foundation.words import lazy


class ChangeForm(Form[ChangeAnswer]):
    answers = ChangeAnswer
    title = fields.text(lazy("Title"), max=120)
    tasks = fields.paragraph(lazy("What does somebody do, on an ordinary day?"), max=3000, rows=5)
    number = fields.number(lazy("How many people?"), least=1, most=100)
    starts_on = fields.day(
        lazy("Starts on"), required=False, hint=lazy("Leave it empty for: as soon as we find somebody."),
        within=fields.Between(
            clock.today, lambda: clock.days_from_now(400).date(), lazy("Give a date from today, within a year.")
        ),
    )  # fmt: skip
    hours_week = fields.number(lazy("Hours a week"), least=1, most=48)
    hours_from = fields.hour(lazy("From"))
    hours_until = fields.hour(lazy("Until"))
    shift = fields.select(lazy("Shift"))
    flexible = fields.tick(lazy("The hours can shift a little, or a morning off for an appointment is possible"))
    notice_days = fields.one_of(lazy("How long before must you know that a schedule changes?"))
    interview_inside = fields.tick(lazy("We can come to the candidate"))
    interview_video = fields.tick(lazy("We can talk by video"))
    public = fields.one_of(
        lazy("May everybody read this vacancy?"),
        hint=lazy("On our public page with jobs. Nobody's name stands there; whoever is interested calls us."),
    )

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        fields.offer(self.shift, choices("employers", "shifts"))
        notice = options("employers", "schedule_notice").values()
        fields.offer(self.notice_days, [(str(one.data["days"]), one.label) for one in notice])
        fields.offer(self.public, choices("employers", "public_ways"))
