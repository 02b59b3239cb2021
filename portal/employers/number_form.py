"""The first question of signing up: by which number is the company known, and where."""

from dataclasses import dataclass
from typing import Any

from portal.foundation import fields
from portal.foundation.forms import Form
from portal.foundation.words import lazy
from portal.organisations import numbers


@dataclass(frozen=True)
class NumberAnswer:
    number: str
    country: str


class NumberForm(Form[NumberAnswer]):
    """Sent as an address (GET): it changes nothing, and the page that follows can be kept and shared."""

    answers = NumberAnswer
    number = fields.text(
        lazy("Company number"), max=40, hint=lazy("Ten digits; they stand on every invoice. Such as 0403.170.701.")
    )
    country = fields.select(lazy("Where is your company registered?"))

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        fields.offer(self.country, numbers.countries())
