"""What a company's own facts ask."""

from typing import Any

from wtforms import Field

from portal.employers.facts import FactsAnswer, ReachAnswer
from portal.employers.rules import rule
from portal.foundation import fields
from portal.foundation.forms import Form
from portal.foundation.options import choices
from portal.foundation.words import _, lazy


class OffersFacts:
    """For the forms that ask what a company is and does: the choices of these five fields."""

    section: Field
    size: Field
    shifts: Field
    forms_offered: Field
    concerns: Field

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        fields.offer(self.section, choices("employers", "sectors"), lazy("Choose your sector"))
        fields.offer(self.size, choices("employers", "sizes"), lazy("Choose a size"))
        fields.offer(self.shifts, choices("employers", "shifts"))
        fields.offer(self.forms_offered, choices("candidates", "employment_forms"))
        fields.offer(self.concerns, choices("employers", "concerns"))


class FactsForm(OffersFacts, Form[FactsAnswer]):
    answers = FactsAnswer
    name = fields.text(
        lazy("Name of your company"), max=160, hint=lazy("As candidates, colleagues and the team read it.")
    )
    section = fields.select(lazy("Sector"))
    size = fields.select(lazy("How many people work there?"))
    shifts = fields.several(lazy("When do people work at your place?"), required=True)
    forms_offered = fields.several(
        lazy("What could you offer?"), required=True, hint=lazy("Everything that is possible; you choose per vacancy.")
    )
    concerns = fields.several(lazy("What do you wonder about?"))


class ReachForm(Form[ReachAnswer]):
    answers = ReachAnswer
    monthly_profiles = fields.select(
        lazy("How many new profiles can you read in a month?"), required=False,
        hint=lazy("For all your vacancies together. People whom you have seen before do not count again."),
    )  # fmt: skip
    contact_way = fields.one_of(lazy("How do you like to hear from us?"), required=False)
    first_contact = fields.select(
        lazy("Whom do we ask for first?"), required=False, hint=lazy("Your project worker calls this colleague.")
    )

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        counts = [(str(n), _("At most %(number)s", number=n)) for n in rule("capacity", "choices")]
        fields.offer(self.monthly_profiles, counts, lazy("As many as there are"))
        fields.offer(self.contact_way, [("", lazy("No preference")), *choices("employers", "contact_channels")])
