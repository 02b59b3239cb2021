"""The day's sheet: who comes when, and for each a form to fill in by hand, in the person's language and in the order of
the screens, so that typing it in afterwards is turning pages."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import current_app
from markupsafe import Markup
from wtforms import Field

from portal.agenda.models import SitDay
from portal.agenda.sit_days import spans
from portal.candidates import identities, screening_forms, typing_in
from portal.candidates.models import Screening
from portal.candidates.screening_views import TITLES
from portal.candidates.screenings import STEPS
from portal.competences import queries as catalogue
from portal.competences.models import Certificate, Competence
from portal.foundation.options import choices
from portal.foundation.words import speaking

# On paper every list of choices is in sight: a longer one becomes a line to write on.
MOST_BOXES = 16
# Competences that every job asks, and lines for those of the work that is looked for.
MOST_COMPETENCES, OWN_COMPETENCES = 6, 6


@dataclass(frozen=True)
class Expected:
    """Who comes at an hour, or nobody yet."""

    starts_at: datetime
    name: identities.Name | None


@dataclass(frozen=True)
class Part:
    """One worker's list of the day."""

    sit_day: SitDay
    expected: tuple[Expected, ...]


@dataclass(frozen=True)
class Printed:
    """The lists, and a filled-out form for each person, in the order of the lists."""

    parts: tuple[Part, ...]
    papers: tuple[Markup, ...]


@dataclass(frozen=True)
class Step:
    """A step of the screens: its title and its fields, grouped as they stand on paper."""

    code: str
    title: Any
    fields: tuple[Field, ...]

    @property
    def lights(self) -> tuple[str, ...]:
        return tuple(one.name for one in self.fields if one.name.startswith("light_"))

    @property
    def languages(self) -> tuple[str, ...]:
        return tuple(one.name for one in self.fields if one.name.startswith("language_"))


def print_out(days: Sequence[SitDay]) -> Printed:
    """The sheet of these days. Each name is journalled as read, and as printed."""
    expected = typing_in.expected_on(days)
    talks = [talk for talk, _spoken in expected]
    names = identities.names([one.candidate_id for one in talks], "sheet of a sit-day", "screening.sheet_printed")
    parts = tuple(_part(day, [one for one in talks if one.sit_day_id == day.id], names) for day in days)
    return Printed(parts, tuple(_papers(expected, names)))


def _part(day: SitDay, talks: Sequence[Screening], names: dict[int, identities.Name]) -> Part:
    at = {one.starts_at: names.get(one.candidate_id) for one in talks}
    hours = sorted({span.start for span in spans(day)} | set(at))
    return Part(day, tuple(Expected(hour, at.get(hour)) for hour in hours))


def _papers(talks: Sequence[tuple[Screening, str]], names: dict[int, identities.Name]) -> list[Markup]:
    asked = list(catalogue.competences_for(0))[:MOST_COMPETENCES] if talks else []
    certificates = list(catalogue.certificates()) if talks else []
    papers, template = [], current_app.jinja_env.get_template("candidates/sit_day_paper.html")
    for talk, spoken in talks:
        with speaking(spoken):
            page = template.render(
                talk=talk, name=names[talk.candidate_id].short, spoken=spoken, steps=_steps(asked, certificates),
                most=MOST_BOXES, own_lines=OWN_COMPETENCES, levels=choices("candidates", "competence_levels"),
            )  # fmt: skip
        papers.append(Markup(page))  # nosec B704: a template has escaped it
    return papers


def _steps(asked: Sequence[Competence], certificates: Sequence[Certificate]) -> list[Step]:
    """The forms of the screens, in the language being written; work is chosen from a list there, and written down here."""
    made = {
        "talents": lambda: screening_forms.talents([]), "competences": lambda: screening_forms.competences(asked),
        "work": lambda: screening_forms.work(certificates), "preconditions": screening_forms.preconditions,
        "constraints": screening_forms.constraints,
    }  # fmt: skip
    return [Step(code, TITLES[code], _visible(made[code]())) for code in STEPS]


def _visible(form: type[screening_forms.StepForm]) -> tuple[Field, ...]:
    hidden = {"once", "csrf_token", "version"}
    return tuple(one for one in form(formdata=None) if one.name not in hidden)
