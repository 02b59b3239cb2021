"""What this room asks."""

from typing import Any

from wtforms import Field
from wtforms.validators import ValidationError

from portal.events.answers import AfterAnswer, CameAnswer, CancelAnswer, EventAnswer, InviteAnswer, SeatAnswer
from portal.events.rules import rule
from portal.foundation import fields
from portal.foundation.errors import DomainError
from portal.foundation.forms import Form
from portal.foundation.options import choices
from portal.foundation.words import _, lazy
from portal.organisations import places

YES, NO = "yes", "no"


class EventForm(Form[EventAnswer]):
    answers = EventAnswer
    kind = fields.one_of(lazy("What kind of event is it?"))
    title = fields.text(lazy("Title"), max=120, hint=lazy("As it stands in calendars: “Visit to the workshops”."))
    words = fields.paragraph(
        lazy("What happens there?"), max=1500, rows=5,
        hint=lazy("Companies read this. Write nothing about a person who works or stays there."),
    )  # fmt: skip
    day = fields.day(lazy("Day"))
    starts = fields.hour(lazy("From"))
    ends = fields.hour(lazy("Until"))
    place = fields.select(lazy("Where?"), required=False, empty=lazy("Another place: fill in the address"))
    street = fields.text(lazy("Street and number"), max=160, required=False)
    postcode = fields.text(lazy("Postcode"), max=4, required=False, render_kw={"inputmode": "numeric"})
    municipality = fields.text(lazy("Municipality"), max=80, required=False)
    bring = fields.text(
        lazy("What must people bring or know?"), max=300, required=False,
        hint=lazy("An identity card, no phone, sturdy shoes."),
    )  # fmt: skip
    seats = fields.number(
        lazy("Seats, one for each company"), least=1, most=30,
        hint=lazy("Three to six companies talk with each other; more and nobody asks a question."),
    )  # fmt: skip
    answer_by = fields.day(
        lazy("Answer until"), required=False, hint=lazy("Left empty: five working days before the event.")
    )  # fmt: skip
    open = fields.tick(
        lazy("Other companies may ask for a seat"),
        hint=lazy("It then stands on the public page too: what, which day, which municipality."),
    )

    def offering(self, spots: list[tuple[str, str]]) -> "EventForm":
        fields.offer(self.kind, choices("events", "kinds"))
        fields.offer(self.place, spots, empty=_("Another place: fill in the address"))
        return self

    def validate_municipality(self, field: Field) -> None:
        """Only where no place was chosen: postcode and municipality name one place."""
        if self.place.data or not self.postcode.data:
            return
        try:
            field.data = places.checked(self.postcode.data, field.data or "")
        except DomainError as error:
            raise ValidationError(str(error)) from None


class InviteForm(Form[InviteAnswer]):
    rehearses = True
    answers = InviteAnswer
    companies = fields.several(lazy("Whom do you invite?"), required=True)


class SeatForm(Form[SeatAnswer]):
    """A company's answer. How many and who are asked only of those who come."""

    answers = SeatAnswer
    comes = fields.one_of(lazy("Do you come?"), [(YES, lazy("Yes, we come")), (NO, lazy("No, we cannot come"))])
    people = fields.select(lazy("With how many people?"), required=False)
    names = fields.text(
        lazy("Who comes?"), max=200, required=False,
        hint=lazy("First and last names. Only the organiser and the gate read them."),
    )  # fmt: skip

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        fields.offer(self.people, [(str(n), str(n)) for n in range(1, rule("most_people") + 1)])

    def answer(self) -> SeatAnswer:
        said = super().answer()
        return SeatAnswer(said.comes, int(said.people or 1), said.names or "")


class CancelForm(Form[CancelAnswer]):
    rehearses = True
    answers = CancelAnswer
    reason = fields.paragraph(
        lazy("Why does it not take place?"), max=300, rows=2, hint=lazy("Everybody who was invited reads this.")
    )


class CameForm(Form[CameAnswer]):
    answers = CameAnswer
    came = fields.several(lazy("Which companies were there?"))


class AfterForm(Form[AfterAnswer]):
    answers = AfterAnswer
    outcome = fields.one_of(lazy("What came of it?"))
    note = fields.paragraph(
        lazy("What was said"), max=1000, rows=3, required=False, hint=lazy("Only your team reads this.")
    )

    def offering(self) -> "AfterForm":
        fields.offer(self.outcome, choices("events", "outcomes"))
        return self


__all__ = ["AfterForm", "CameForm", "CancelForm", "EventForm", "InviteForm", "SeatForm"]
