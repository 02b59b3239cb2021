"""What the pages of a case ask."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from wtforms.validators import ValidationError

from portal.candidates.channels import channel_choices
from portal.candidates.service import ContactAnswer, IdentityAnswer, ReferralAnswer
from portal.candidates.states import Channel
from portal.foundation import clock
from portal.foundation.fields import Between, day, one_of, paragraph, select, several, text, tick
from portal.foundation.forms import Form
from portal.foundation.options import choices, load
from portal.foundation.words import LANGUAGES, lazy

PAST = Between(
    lambda: clock.today() - timedelta(days=730), clock.today, lazy("Choose a day that has been, in the last two years.")
)
BIRTH = Between(
    lambda: clock.today() - timedelta(days=365 * 90), lambda: clock.today() - timedelta(days=365 * 15),
    lazy("Look at the year: somebody here is between 15 and 90 years old."),
)  # fmt: skip
SOON = Between(
    clock.today,
    lambda: clock.today() + timedelta(days=550),
    lazy("Choose a day from today on, within a year and a half."),
)


class ReferralForm(Form[ReferralAnswer]):
    answers = ReferralAnswer
    first_name = text(lazy("First name"), max=80)
    last_name = text(lazy("Last name"), max=80)
    birth_date = day(
        lazy("Date of birth"), required=False, within=BIRTH,
        hint=lazy("Only to see whether we know this person already."),
    )  # fmt: skip
    language = one_of(lazy("Language to talk in"), [(code, name) for code, name in LANGUAGES.items()])
    place = select(lazy("Where can we meet this person?"))
    motive = paragraph(
        lazy("What does this person want, in their own words?"), max=1500,
        hint=lazy("About work: what they would like to do, can do, or want to learn. Nothing about facts or a sentence."),
    )  # fmt: skip
    reach = text(
        lazy("How do we reach this person?"), max=200,
        hint=lazy("For example: through you on weekdays, or by letter to the centre."),
    )  # fmt: skip
    reference = text(
        lazy("Your own reference"), max=40, required=False,
        hint=lazy("To find this referral again: a number or word of your own file. Never a national number."),
    )  # fmt: skip
    consent = tick(
        lazy("This person knows about this referral and agrees that the project team keeps these data."),
        required=True, sentence=lazy("Without this person's agreement we cannot start."),
    )  # fmt: skip


@dataclass(frozen=True)
class Said:
    said: str


class AnswerForm(Form[Said]):
    answers = Said
    said = paragraph(lazy("Your answer"), max=1500)


class QuestionForm(Form[Said]):
    answers = Said
    said = paragraph(
        lazy("Your question to the partner"), max=600,
        hint=lazy("The partner reads exactly this. Ask nothing about facts or a sentence."),
    )  # fmt: skip


@dataclass(frozen=True)
class Because:
    because: str


class DeclineForm(Form[Because]):
    answers = Because
    because = one_of(
        lazy("Why do we not go on?"),
        hint=lazy("For the team only. The partner reads a neutral word, the same for everybody."),
    )

    def __init__(self, **start: Any) -> None:
        super().__init__(**start)
        self.because.choices = choices("candidates", "decline_reasons")


@dataclass(frozen=True)
class Chosen:
    worker: str


class WorkerForm(Form[Chosen]):
    answers = Chosen
    worker = select(lazy("Project worker"), empty=lazy("Choose"))


@dataclass(frozen=True)
class ChosenCase:
    known: str


class JoinForm(Form[ChosenCase]):
    answers = ChosenCase
    known = one_of(lazy("Is it one of these people?"))


@dataclass(frozen=True)
class ChosenSlot:
    slot: str


class SlotForm(Form[ChosenSlot]):
    answers = ChosenSlot
    slot = one_of(lazy("When?"))

    def __init__(self, **start: Any) -> None:
        super().__init__(**start)
        # An hour that has gone in the meantime is no nonsense: the view says that somebody was first.
        self.slot.validate_choice = False


@dataclass(frozen=True)
class ChosenJob:
    occupation: str


class JobForm(Form[ChosenJob]):
    answers = ChosenJob
    occupation = one_of(lazy("Which one?"))


@dataclass(frozen=True)
class ChosenMore:
    chosen: tuple[str, ...]


class MoreForm(Form[ChosenMore]):
    answers = ChosenMore
    chosen = several(lazy("Which ones?"), required=True)


class IdentityForm(Form[IdentityAnswer]):
    answers = IdentityAnswer
    first_name = text(lazy("First name"), max=80)
    last_name = text(lazy("Last name"), max=80)
    nicknames = text(
        lazy("Nicknames"), max=120, required=False, hint=lazy("With commas between. No profile may hold them.")
    )
    pronoun = select(
        lazy("How do we speak of this person?"), [("he", lazy("he")), ("she", lazy("she")), ("they", lazy("they"))],
        required=False, empty=lazy("Not asked yet"),
    )  # fmt: skip
    birth_date = day(lazy("Date of birth"), required=False, within=BIRTH)
    birth_place = text(lazy("Place of birth"), max=80, required=False)
    street = text(lazy("Street"), max=120, required=False)
    house_number = text(lazy("House number"), max=12, required=False)
    postcode = text(lazy("Postcode"), max=10, required=False)
    municipality = text(lazy("Municipality"), max=80, required=False)
    phone = text(lazy("Phone"), max=40, required=False, kind="tel")
    email = text(lazy("E-mail"), max=200, required=False, kind="email")
    employers = paragraph(
        lazy("Earlier employers"), max=1000, required=False, rows=3,
        hint=lazy("One a line. They never see the profile, and no text names them."),
    )  # fmt: skip
    schools = paragraph(lazy("Schools"), max=1000, required=False, rows=2, hint=lazy("One a line. No text names them."))


class ContactForm(Form[ContactAnswer]):
    answers = ContactAnswer
    whom = select(lazy("With whom?"), empty=lazy("Choose"))
    channel = one_of(lazy("How?"), channel_choices(Channel.PHONE, Channel.IN_PERSON, Channel.EMAIL, Channel.PAPER))
    on = day(lazy("When?"), within=PAST)
    note = paragraph(lazy("What was said?"), max=1500, hint=lazy("Only what the work asks."))
    next_step = text(lazy("What comes next?"), max=200, required=False)

    def __init__(self, **start: Any) -> None:
        super().__init__(**start)
        self.whom.choices = [*self.whom.choices, *choices("candidates", "contact_services")]


@dataclass(frozen=True)
class Agreement:
    channel: str
    on: date


class AgreeForm(Form[Agreement]):
    answers = Agreement
    channel = one_of(lazy("How did the person agree?"), channel_choices(Channel.PAPER, Channel.IN_PERSON))
    on = day(lazy("On which day?"), within=PAST)


@dataclass(frozen=True)
class Divided:
    cases: tuple[str, ...]
    worker: str


class DivideForm(Form[Divided]):
    answers = Divided
    cases = several(lazy("Which cases?"), required=True)
    worker = select(lazy("To whom?"), empty=lazy("Choose"))


@dataclass(frozen=True)
class HandedOver:
    worker: str
    note: str


class HandOverForm(Form[HandedOver]):
    answers = HandedOver
    worker = select(lazy("To which colleague?"), empty=lazy("Choose"))
    note = paragraph(
        lazy("What must your colleague know to say yes or no?"), max=1000,
        hint=lazy("Leave the name out: your colleague reads it only after saying yes."),
    )  # fmt: skip


@dataclass(frozen=True)
class Reply:
    takes: str
    said: str


class ReplyForm(Form[Reply]):
    answers = Reply
    takes = one_of(
        lazy("Do you take this case over?"),
        [("yes", lazy("Yes, the case is mine from now on")), ("no", lazy("No, it stays where it is"))],
    )
    said = paragraph(lazy("Do you want to say something with it?"), max=600, required=False, rows=3)


@dataclass(frozen=True)
class WholeName:
    name: str


class LookUpForm(Form[WholeName]):
    answers = WholeName
    name = text(lazy("First and last name, as the person writes it"), max=120, autocomplete="off")


@dataclass(frozen=True)
class Opening:
    reason: str


class OpenForm(Form[Opening]):
    answers = Opening
    reason = paragraph(
        lazy("Why must you read this now?"), max=1000,
        hint=lazy("At least 20 characters. The coordinator reads exactly this."),
    )  # fmt: skip

    def validate_reason(self, field: Any) -> None:
        least = int(load("candidates", "caseload")["break_glass_reason"])
        if len(" ".join((field.data or "").split())) < least:
            raise ValidationError(str(lazy("Say a little more: in %(number)d characters at least.", number=least)))
