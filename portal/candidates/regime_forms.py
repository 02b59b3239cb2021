"""What is written down about a regime: what it asks, from which source, of which day."""

from dataclasses import dataclass
from datetime import date, time

from portal.foundation.fields import day, hour, number, one_of, select, text
from portal.foundation.forms import Form
from portal.foundation.words import lazy
from portal.programmes.regimes import Rule


@dataclass(frozen=True)
class RegimeAnswer:
    place: str
    needed: str
    days: int
    hours_from: time | None
    hours_until: time | None
    source: str
    source_date: date

    def rule(self, regime: str) -> Rule:
        return Rule(
            regime, self.needed == "yes", self.days, self.hours_from, self.hours_until, self.source, self.source_date,
            self.source_date,
        )  # fmt: skip


class RegimeForm(Form[RegimeAnswer]):
    answers = RegimeAnswer
    place = select(lazy("Where does it count?"), required=False, hint=lazy("Choose one place when it differs there."))
    needed = one_of(lazy("Must leave be asked for an interview outside?"), [("yes", lazy("Yes")), ("no", lazy("No"))])
    days = number(
        lazy("Working days between asking and the interview"), least=0, most=90,
        hint=lazy("Count from the day on which you file it. Interviews are offered only from then on."),
    )  # fmt: skip
    hours_from = hour(lazy("Possible from"), required=False)
    hours_until = hour(lazy("Possible until"), required=False)
    source = text(
        lazy("Who says so?"),
        max=300,
        hint=lazy("A text with its article, a letter, or the office that you called. No names of persons."),
    )
    source_date = day(lazy("Date of that source"))
