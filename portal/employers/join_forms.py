"""What a worker answers to two companies that look alike."""

from dataclasses import dataclass

from portal.foundation import fields
from portal.foundation.forms import Form
from portal.foundation.words import lazy


@dataclass(frozen=True)
class SameAnswer:
    how: str


class SameForm(Form[SameAnswer]):
    answers = SameAnswer
    how = fields.one_of(
        lazy("What happens with the people of the new sign-up?"),
        [
            ("ask", lazy("They ask to join; that company's admin decides about each of them")),
            ("move", lazy("They join that team now; I checked this by phone")),
        ],
    )
