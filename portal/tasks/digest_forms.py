"""How somebody wants to hear of each kind of thing, and when."""

from dataclasses import dataclass
from typing import Any, cast

from portal.foundation import fields
from portal.foundation.forms import Form
from portal.foundation.words import lazy
from portal.tasks.digest import DIGEST, NEVER, SECTIONS, WAYS

_DAYS = (lazy("Monday"), lazy("Tuesday"), lazy("Wednesday"), lazy("Thursday"), lazy("Friday"))
_HOURS = (6, 7, 8, 9, 10, 12, 14, 16, 18)


@dataclass(frozen=True)
class LettersAnswer:
    week: str
    weekday: str
    hour: str


class LettersForm(Form[LettersAnswer]):
    """Made with a field for each section that the reader may choose about."""

    answers = LettersAnswer
    week = fields.one_of(
        lazy("One letter a week with what waits for you?"),
        [(DIGEST, lazy("Yes, when something waits")), (NEVER, lazy("No letter of the week"))],
        hint=lazy("Does nothing wait? Then no letter comes."),
    )
    weekday = fields.select(lazy("On which day?"), [(str(n), day) for n, day in enumerate(_DAYS)])
    hour = fields.select(lazy("At what time?"), [(str(n), f"{n:02d}.00") for n in _HOURS])

    def ways(self) -> dict[str, str]:
        return {code: str(self._fields[name_of(code)].data) for code in SECTIONS}


def name_of(section: str) -> str:
    return f"way_{section}"


def letters_form(**start: Any) -> LettersForm:
    own = {
        name_of(code): fields.one_of(one.label, [(way, WAYS[way]) for way in one.ways], hint=one.hint)
        for code, one in SECTIONS.items()
    }
    made = cast(type[LettersForm], type("LettersFormOfAll", (LettersForm,), own))
    return made.from_request(**start)
