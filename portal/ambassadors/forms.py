from typing import Any

from portal.ambassadors.answers import InviteAnswer, ReviewAnswer, SignAnswer
from portal.foundation import fields
from portal.foundation.forms import Form
from portal.foundation.words import LANGUAGES, _, lazy

YES, NO = "approve", "reject"


class SignForm(Form[SignAnswer]):
    answers = SignAnswer
    signed_name = fields.text(
        lazy("Your name, as your signature"),
        max=160,
        autocomplete="name",
        hint=lazy("First name and last name. We keep the date and the version of the text with it."),
    )
    agreed = fields.tick(lazy("I may sign for my company, and we agree with this charter."), required=True)


class ReviewForm(Form[ReviewAnswer]):
    answers = ReviewAnswer
    decision = fields.one_of(
        lazy("Does this company become an ambassador?"),
        [(YES, lazy("Yes, from today on")), (NO, lazy("No, not now"))],
    )
    reason = fields.paragraph(
        lazy("Why not?"),
        max=600,
        required=False,
        rows=3,
        hint=lazy("Only with a no. The company reads this in a letter."),
    )

    def validate(self, extra_validators: Any = None) -> bool:
        """A no has a reason: an empty field skips its own checks, so the whole form asks."""
        right = bool(super().validate(extra_validators))
        if self.decision.data == NO and not self.reason.data:
            self.refuse(_("Say why not: the company reads it."), "reason")
            return False
        return right


class InviteForm(Form[InviteAnswer]):
    answers = InviteAnswer
    company_name = fields.text(lazy("Company"), max=160)
    contact_name = fields.text(lazy("Whom do you know there?"), max=120, hint=lazy("First name and last name."))
    email = fields.text(
        lazy("E-mail"),
        kind="email",
        max=254,
        hint=lazy("We use it for this invitation only, and forget it after the answer."),
    )
    language = fields.select(lazy("Language of the letter"), list(LANGUAGES.items()))
    words = fields.paragraph(
        lazy("Two sentences of your own"),
        max=400,
        rows=4,
        hint=lazy("In the language of the reader. Do not write about anybody who works with you."),
    )
