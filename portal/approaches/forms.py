"""What the pages of approaching companies ask."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from portal.agenda.windows import workdays_after
from portal.approaches.service import CallAnswer
from portal.employers.leads import LeadAnswer
from portal.foundation import clock
from portal.foundation.fields import Between, day, offer, one_of, paragraph, select, text, tick
from portal.foundation.forms import Form
from portal.foundation.options import choices
from portal.foundation.words import lazy

_LATELY = Between(
    lambda: clock.today() - timedelta(days=60),
    clock.today,
    lazy("Give the day of the call: today, or one of the last 60."),
)
_SOON = Between(
    lambda: clock.today() - timedelta(days=1),
    lambda: clock.today() + timedelta(days=730),
    lazy("Give a day that comes."),
)


@dataclass(frozen=True)
class PlanAnswer:
    on: date


class PlanForm(Form[PlanAnswer]):
    answers = PlanAnswer
    on = day(lazy("When do you call?"), within=_SOON)

    @classmethod
    def fresh(cls) -> "PlanForm":
        return cls.from_request(on=workdays_after(clock.today(), 1))


class CallForm(Form[CallAnswer]):
    """Who was spoken to, the coded answer, and what is next."""

    answers = CallAnswer
    spoke_with = text(lazy("Whom did you speak to?"), max=120, required=False)
    called_on = day(lazy("When?"), within=_LATELY)
    by_company = tick(lazy("The company called us"))
    # The name `answer` is the form's own verb.
    said = one_of(lazy("What does the company say?"))
    until = day(
        lazy("Not before"), required=False, within=_SOON,
        hint=lazy("Only with “not now”. Until then nobody of the team calls this company."),
    )  # fmt: skip
    next_step = select(lazy("What is next?"), required=False)
    next_on = day(lazy("On which day?"), required=False, within=_SOON, hint=lazy("It becomes a task on that day."))
    note = paragraph(
        lazy("What else was said?"), max=500, required=False, rows=3,
        hint=lazy("About the work and the company. Colleagues who call it for somebody else do not read this."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self.said, choices("approaches", "answers"))
        offer(self.next_step, choices("approaches", "steps"), lazy("Nothing more"))

    def answer(self) -> CallAnswer:
        return CallAnswer(
            answer=self.said.data, called_on=self.called_on.data, spoke_with=self.spoke_with.data or "",
            by_company=bool(self.by_company.data), until=self.until.data, next_step=self.next_step.data or "",
            next_on=self.next_on.data, note=self.note.data or "",
        )  # fmt: skip


class LeadForm(Form[LeadAnswer]):
    """A company without an account: enough to call it."""

    answers = LeadAnswer
    name = text(lazy("Name of the company"), max=160)
    contact_name = text(lazy("Whom to ask for"), max=120)
    phone = text(lazy("Phone"), max=40, kind="tel")
    place = text(lazy("Municipality"), max=80, hint=lazy("Or its postcode."))
    number = text(
        lazy("Company number"), max=20, required=False,
        hint=lazy("If you know it: the company is then recognised when it signs up."),
    )  # fmt: skip
    agency = tick(lazy("It is a temporary agency"))
