"""Recording an agreement, asking one by link, and what the person answers."""

from dataclasses import dataclass
from typing import Any

from portal.candidates.channels import channel_choices
from portal.candidates.states import Channel
from portal.foundation.fields import one_of
from portal.foundation.forms import Form
from portal.foundation.scans import ScanField
from portal.foundation.words import lazy

ONLY_LOOK = "look"
LETTER, BY_HAND = "letter", "hand"


@dataclass(frozen=True)
class ConsentAnswer:
    purpose: str
    channel: str
    scan: Any


class ConsentForm(Form[ConsentAnswer]):
    answers = ConsentAnswer
    purpose = one_of(lazy("What does this person agree to?"))
    channel = one_of(lazy("How did the person agree?"), channel_choices(Channel.PAPER, Channel.IN_PERSON))
    scan = ScanField(
        lazy("A scan of the signed sheet"), description=lazy("PDF, JPEG or PNG. Only this person's project worker can fetch it."),
    )  # fmt: skip


@dataclass(frozen=True)
class AskAnswer:
    purpose: str
    how: str


class AskForm(Form[AskAnswer]):
    answers = AskAnswer
    purpose = one_of(lazy("What do you ask?"))
    how = one_of(
        lazy("How does the link reach this person?"),
        [(LETTER, lazy("by e-mail")), (BY_HAND, lazy("I hand it over, on paper or on a telephone"))],
    )


@dataclass(frozen=True)
class YesOrNo:
    agrees: str


class AgreeForm(Form[YesOrNo]):
    answers = YesOrNo
    agrees = one_of(lazy("Do you agree?"), [("yes", lazy("Yes, I agree")), ("no", lazy("No"))])
