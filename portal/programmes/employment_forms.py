"""What a coordinator writes about a form of employment, and why."""

from dataclasses import dataclass

from portal.foundation.fields import paragraph, text, tick
from portal.foundation.forms import Form
from portal.foundation.words import lazy
from portal.programmes.employment import Asks, Names
from portal.programmes.versioned import Versioned


@dataclass(frozen=True)
class AsksAnswer:
    strict: bool
    insurance: bool
    vdab_first: bool
    right_to_work: bool
    dated: bool
    trial: bool
    on: bool
    because: str

    @property
    def asks(self) -> Asks:
        return Asks(self.strict, self.insurance, self.vdab_first, self.right_to_work, self.dated, self.trial)


class AsksForm(Versioned, Form[AsksAnswer]):
    """One of the six: its name stays, what it asks may differ."""

    answers = AsksAnswer
    strict = tick(lazy("It is a paid contract"), hint=lazy("Then a start counts in the strict activation figure."))
    insurance = tick(lazy("An accident insurance must be shown before the start"))
    vdab_first = tick(lazy("The person is registered with VDAB before the first day"))
    right_to_work = tick(lazy("The right to work must be on record"))
    dated = tick(lazy("It ends on a day that is agreed beforehand"))
    trial = tick(lazy("A company may offer it as a trial"))
    on = tick(
        lazy("It is offered"),
        hint=lazy(
            "Switched off, nobody can choose it any more. Whoever works under it keeps it, and it stays in the figures."
        ),
    )
    because = paragraph(
        lazy("Why do you change this?"), max=300, rows=2, hint=lazy("Who reads the history later, reads this.")
    )

    @property
    def names(self) -> Names | None:
        """What it is called, where that may differ."""
        return None


class OwnForm(AsksForm):
    """One that the programme added: its words in three languages too."""

    nl = text(lazy("In Dutch"), max=80, hint=lazy("Companies and candidates read this name. Name the work only."))
    fr = text(lazy("In French"), max=80)
    en = text(lazy("In English"), max=80)

    @property
    def names(self) -> Names:
        return Names(self.nl.data, self.fr.data, self.en.data)
