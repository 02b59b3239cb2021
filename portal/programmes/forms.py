"""What a coordinator writes down about the places where people are met."""

from dataclasses import dataclass

from portal.foundation.fields import number, select, several, text
from portal.foundation.forms import Form
from portal.foundation.words import LANGUAGES, lazy


@dataclass(frozen=True)
class LeadDays:
    days: int


class LeadDaysForm(Form[LeadDays]):
    answers = LeadDays
    days = number(
        lazy("Working days that an exit permission takes here"), least=0, most=90,
        hint=lazy("Count from the day on which you file it. Interviews are offered only from then on."),
    )  # fmt: skip


@dataclass(frozen=True)
class CentreAnswer:
    name: str
    street: str
    postcode: str
    municipality: str
    languages: tuple[str, ...]
    days: int


class CentreForm(Form[CentreAnswer]):
    answers = CentreAnswer
    name = text(lazy("Name of the place"), max=120)
    street = text(lazy("Street and number"), max=120)
    postcode = text(lazy("Postcode"), max=10)
    municipality = text(lazy("Municipality"), max=80)
    languages = several(lazy("In which language does the house work?"), list(LANGUAGES.items()))
    days = number(
        lazy("Working days that an exit permission takes here"), least=0, most=90,
        hint=lazy("0 when people come and go without asking."),
    )  # fmt: skip


@dataclass(frozen=True)
class PlaceAnswer:
    place: str


class PlaceForm(Form[PlaceAnswer]):
    answers = PlaceAnswer
    place = select(lazy("Which place?"))
