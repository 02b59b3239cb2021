"""What a role usually says, as a coordinator writes it."""

from dataclasses import dataclass
from datetime import time
from typing import Any

from portal.employers import vacancy_fields
from portal.employers.vacancy_fields import OffersVacancy
from portal.foundation import fields
from portal.foundation.forms import Form
from portal.foundation.words import lazy
from portal.programmes.versioned import Versioned

LANGUAGES = ("nl", "fr", "en")
_ASKS = (
    "must",
    "learnable",
    "hours_week",
    "shift",
    "licence",
    "physical_load",
    "language_nl",
    "language_fr",
    "language_en",
)


@dataclass(frozen=True)
class RoleAnswer:
    title_nl: str
    title_fr: str
    title_en: str
    tasks_nl: str
    tasks_fr: str
    tasks_en: str
    must: tuple[str, ...]
    learnable: tuple[str, ...]
    hours_week: int
    hours_from: time
    hours_until: time
    shift: str
    licence: str
    physical_load: str
    language_nl: str
    language_fr: str
    language_en: str
    because: str

    def as_role(self, occupation: str) -> dict[str, Any]:
        """The entry of the template: plain values."""
        asks = {name: getattr(self, name) for name in _ASKS}
        asks |= {"must": list(self.must), "learnable": [one for one in self.learnable if one not in self.must]}
        asks |= {name: getattr(self, name).isoformat("minutes") for name in ("hours_from", "hours_until")}
        return {
            "occupation": occupation, "asks": asks,
            "title": {one: getattr(self, f"title_{one}") for one in LANGUAGES},
            "tasks": {one: getattr(self, f"tasks_{one}") for one in LANGUAGES},
        }  # fmt: skip


def typed(role: dict[str, Any]) -> dict[str, Any]:
    """An entry of the template as the form shows it."""
    asks = dict(role["asks"])
    asks |= {name: time.fromisoformat(asks[name]) for name in ("hours_from", "hours_until")}
    words = {f"{part}_{one}": role[part][one] for part in ("title", "tasks") for one in LANGUAGES}
    return {**asks, **words}


def _tasks(label: Any) -> Any:
    return fields.paragraph(label, max=2000, rows=4, hint=lazy("A line for each thing that somebody does."))


class RoleForm(Versioned, OffersVacancy, Form[RoleAnswer]):
    answers = RoleAnswer
    title_nl = fields.text(lazy("Title in Dutch"), max=120)
    tasks_nl = _tasks(lazy("Tasks in Dutch"))
    title_fr = fields.text(lazy("Title in French"), max=120)
    tasks_fr = _tasks(lazy("Tasks in French"))
    title_en = fields.text(lazy("Title in English"), max=120)
    tasks_en = _tasks(lazy("Tasks in English"))
    must = vacancy_fields.must()
    learnable = fields.several(lazy("Can learn with you"))
    hours_week = fields.number(lazy("Hours a week"), least=1, most=48)
    hours_from = fields.hour(lazy("From"))
    hours_until = fields.hour(lazy("Until"))
    shift = fields.select(lazy("Shift"))
    licence = fields.select(lazy("Driving licence"))
    physical_load = fields.one_of(lazy("Physical load"))
    language_nl = fields.select(lazy("Dutch"))
    language_fr = fields.select(lazy("French"))
    language_en = fields.select(lazy("English"))
    because = fields.text(lazy("Why does it change?"), max=300)
