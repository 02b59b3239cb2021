"""What is asked about a start and about its end."""

from datetime import date, timedelta

from wtforms import SubmitField

from portal.foundation import clock
from portal.foundation.fields import Between, day, number, one_of, paragraph, select, text, tick
from portal.foundation.forms import Form
from portal.foundation.words import lazy
from portal.placements.answers import CallAnswer, CorrectAnswer, EndAnswer, FellThroughAnswer, PapersAnswer, StartAnswer

SENTENCE = lazy("This date cannot be right. Look at the year.")


def _ago(days: int) -> date:
    return clock.today() - timedelta(days=days)


NEAR = Between(lambda: _ago(31), lambda: _ago(-365), lazy("Give a first day between a month ago and a year from now."))
PAST = Between(lambda: _ago(3 * 365), lambda: _ago(-365), SENTENCE)
AHEAD = Between(lambda: _ago(365), lambda: _ago(-20 * 365), SENTENCE)

CORRECTABLE = Between(
    lambda: _ago(3 * 365), lambda: _ago(-31), lazy("Give a first day between three years ago and a month from now.")
)


class StartForm(Form[StartAnswer]):
    answers = StartAnswer
    starts_on = day(lazy("First day at work"), within=NEAR, hint=lazy("An expected date is fine for a draft."))
    form = one_of(lazy("Form of employment"))
    contract_ends_on = day(lazy("Last day of the contract"), required=False, within=AHEAD)
    hours_week = number(lazy("Hours a week"), least=1, most=60)
    wage_band = select(lazy("Wage"), required=False, empty=lazy("Not known yet"))
    workplace = select(lazy("Site"))
    shift = select(lazy("Shift"))
    supervisor = text(lazy("Who gives the work"), required=False, hint=lazy("Name and function at the company."))
    buddy = text(lazy("Buddy at work"), required=False, hint=lazy("A colleague who shows the way in the first weeks."))
    transport_first_day = text(
        lazy("How to get there on day 1"),
        max=200,
        required=False,
        hint=lazy("For example: bus 9 at 6.40, we go together."),
    )
    workwear_ready = tick(lazy("Workwear and shoes are ready"))
    disclosure = one_of(lazy("What do colleagues hear?"), hint=lazy("The candidate chooses."))
    disclosure_words = paragraph(
        lazy("Who hears it, or in which words"), max=600, required=False, rows=2, hint=lazy("As the candidate says it.")
    )
    vdab_registered_on = day(
        lazy("Registered with VDAB on"), required=False, within=PAST, hint=lazy("Before the first day.")
    )
    premium_checked = tick(lazy("Premiums are checked with the company"))
    insured = tick(
        lazy("Accident insurance is shown"),
        hint=lazy("Where the form of employment asks for it, such as an internship or an IBO."),
    )
    schedule_approved_on = day(
        lazy("Schedule approved on"),
        required=False,
        within=PAST,
        hint=lazy("Where somebody else must approve the hours."),
    )
    right_to_work_until = day(
        lazy("Right to work until"), required=False, within=AHEAD,
        hint=lazy("The date on the paper. For somebody without an end date: the end date of the identity card."),
    )  # fmt: skip
    justice_assistant = select(lazy("Justice assistant who follows the schedule"), required=False, empty=lazy("None"))
    justice_consent = tick(lazy("The person agrees that we talk with the justice assistant about the schedule"))
    aftercare_consent = tick(lazy("The person agrees to aftercare for 26 weeks"), hint=lazy("On paper, in the file."))
    start = SubmitField()


class FellThroughForm(Form[FellThroughAnswer]):
    answers = FellThroughAnswer
    reason = one_of(lazy("Why does the start not come?"))
    by = one_of(lazy("Who decided it?"))


class EndForm(Form[EndAnswer]):
    answers = EndAnswer
    ended_on = day(lazy("Last day worked"))
    reason = one_of(lazy("Why does the job end?"))
    by = one_of(lazy("Who ends it?"))


class CallForm(Form[CallAnswer]):
    answers = CallAnswer
    wants = one_of(lazy("Does the company want to meet somebody else?"))
    note = paragraph(
        lazy("What was said, and what you agreed"), max=2000, hint=lazy("About the work only. Nothing about the past.")
    )


class CorrectForm(Form[CorrectAnswer]):
    answers = CorrectAnswer
    starts_on = day(lazy("First day at work, as it really was"), within=CORRECTABLE)
    reason = text(lazy("Why was another day recorded?"), max=200)


class PapersForm(Form[PapersAnswer]):
    answers = PapersAnswer
    right_to_work_until = day(
        lazy("Right to work until"), required=False, within=AHEAD, hint=lazy("The date on the new paper.")
    )
    contract_ends_on = day(
        lazy("Last day of the contract"),
        required=False,
        within=AHEAD,
        hint=lazy("Leave it empty for a permanent contract."),
    )
    schedule_approved_on = day(
        lazy("Schedule approved on"),
        required=False,
        within=PAST,
        hint=lazy("Where somebody else must approve the hours."),
    )
