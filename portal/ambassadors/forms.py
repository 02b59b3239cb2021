from datetime import timedelta
from typing import Any

from portal.ambassadors.answers import FairAnswer, InviteAnswer, LeaveAnswer, PauseAnswer, ReviewAnswer, SignAnswer
from portal.foundation import clock, fields
from portal.foundation.forms import Form
from portal.foundation.options import load
from portal.foundation.words import LANGUAGES, _, lazy

YES, NO = "approve", "reject"
STAND, WITHDRAW = "stand", "withdraw"


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


class PauseForm(Form[PauseAnswer]):
    answers = PauseAnswer
    until = fields.day(
        lazy("Until which day?"),
        hint=lazy("On that day you are an ambassador again by yourself. You can come back earlier."),
        within=fields.Between(
            lambda: clock.today() + timedelta(days=1),
            lambda: clock.today() + timedelta(days=load("ambassadors", "rules")["pause"]["most_days"]),
            lazy("Choose a day from tomorrow, within a year."),
        ),
    )


class LeaveForm(Form[LeaveAnswer]):
    answers = LeaveAnswer
    letters = fields.one_of(
        lazy("What happens with the invitations that wait for an answer?"),
        [
            (STAND, lazy("They stay: who wants to, can still answer")),
            (WITHDRAW, lazy("Withdraw them: their links close")),
        ],
    )
    because = fields.paragraph(
        lazy("Why do you stop?"),
        max=300,
        required=False,
        rows=3,
        hint=lazy("Only the team reads this. Write nothing about a person who works with you."),
    )


class FairForm(Form[FairAnswer]):
    answers = FairAnswer
    name = fields.text(
        lazy("Where do you take it?"), max=80, hint=lazy("Such as: job fair in Ghent. Only you see this.")
    )
    words = fields.paragraph(
        lazy("Two sentences of your own"),
        max=300,
        rows=3,
        hint=lazy("They stand on the page and on the card. Do not write about anybody who works with you."),
    )
    language = fields.select(lazy("Language of the card"), list(LANGUAGES.items()))
    shows_name = fields.tick(lazy("My own name may stand beside the name of my company."))
    most = fields.number(
        lazy("For how many companies?"),
        least=1,
        most=100,
        hint=lazy("After so many sign-ups the code closes by itself."),
    )
    expires_on = fields.day(
        lazy("Until which day does it work?"),
        within=fields.Between(
            clock.today,
            lambda: clock.today() + timedelta(days=load("ambassadors", "rules")["fair"]["most_days"]),
            lazy("Choose a day from today, within half a year."),
        ),
    )


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
