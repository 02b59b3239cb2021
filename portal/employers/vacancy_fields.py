"""What several forms ask of a vacancy: the fields that are alike, and what can be chosen in them."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from wtforms import Field

from portal.foundation import clock, fields
from portal.foundation.options import choices, options
from portal.foundation.words import _, lazy


def tasks() -> Field:
    return fields.paragraph(lazy("What does somebody do, on an ordinary day?"), max=3000, rows=5)


def must() -> Field:
    return fields.several(
        lazy("Must be able to do now"), hint=lazy("Only what cannot wait. The fewer you tick, the more people you see.")
    )


def starts_on() -> Field:
    return fields.day(
        lazy("Starts on"), required=False, hint=lazy("Leave it empty for: as soon as we find somebody."),
        within=fields.Between(
            clock.today, lambda: clock.today() + timedelta(days=400), lazy("Give a date from today, within a year.")
        ),
    )  # fmt: skip


def public() -> Field:
    return fields.one_of(
        lazy("May everybody read this vacancy?"),
        hint=lazy("On our public page with jobs. Nobody's name stands there; whoever is interested calls us."),
    )


def _levels() -> fields.Choices:
    return choices("candidates", "language_levels")


def _licences() -> fields.Choices:
    return [(code, _("Not needed") if code == "none" else text) for code, text in choices("candidates", "licences")]


def _notice() -> fields.Choices:
    return [(str(one.data["days"]), one.label) for one in options("employers", "schedule_notice").values()]


_CHOICES: dict[str, Callable[[], fields.Choices]] = {
    "shift": lambda: choices("employers", "shifts"),
    "forms": lambda: choices("candidates", "employment_forms"),
    "language_nl": _levels,
    "language_fr": _levels,
    "language_en": _levels,
    "licence": _licences,
    "physical_load": lambda: choices("employers", "physical_load"),
    "notice_days": _notice,
    "extract": lambda: choices("employers", "legal_extract"),
    "public": lambda: choices("employers", "public_ways"),
}


class OffersVacancy:
    """For the forms that ask about a vacancy: what can be chosen in whichever of these fields they have."""

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        form: Any = self
        for name, some in _CHOICES.items():
            if name in form:
                fields.offer(form[name], some())
