"""The steps of a screening. Nothing is required while it is being filled in: what is missing is asked at the end, so
that a talk that stops half-way loses nothing. Forms with a field for each competence or precondition are made here."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from wtforms import Field, HiddenField

from portal.candidates.states import Light
from portal.competences.models import Certificate, Competence, Occupation
from portal.foundation import clock
from portal.foundation.fields import Between, day, number, one_of, paragraph, select, several, text
from portal.foundation.forms import Form
from portal.foundation.options import choices, options
from portal.foundation.words import _, lazy

NOT_ASKED = lazy("Not asked yet")
WITHIN = Between(
    lambda: clock.today() - timedelta(days=365), lambda: clock.today() + timedelta(days=3650),
    lazy("Look at the year of this date."),
)  # fmt: skip


class StepForm(Form[dict[str, Any]]):
    """One step, whose answer is plain values for the draft. `version` tells which state of the step was being filled in."""

    version = HiddenField()

    def __init__(self, *given: Any, **start: Any) -> None:
        super().__init__(*given, **start)
        for f in self:
            # Everything may stay open, and the page says so once.
            f.flags.optional = False

    def answer(self) -> dict[str, Any]:
        asked = (f for f in self if f.name not in {"once", "csrf_token", "version"})
        return {f.name: _plain(f.data) for f in asked if f.data not in (None, "", [])}


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return value.strip() if isinstance(value, str) else value


def _made(fields: dict[str, Field]) -> type[StepForm]:
    return type("MadeForm", (StepForm,), dict(fields))


def talents(occupations: Sequence[Occupation]) -> type[StepForm]:
    """What somebody is good at, in own words, and the work that is sought."""
    jobs: list[tuple[str, Any]] = [(one.code, f"{one.sector.label}: {one.label}") for one in occupations]
    return _made(
        {
            "talents": paragraph(
                lazy("What are you good at? What are you proud of?"), required=False, max=2000, rows=5,
                hint=lazy("In the person's own words. For the team only."),
            ),
            "occupation": select(
                lazy("Which work do you look for?"), jobs, required=False, empty=NOT_ASKED,
                hint=lazy("The nearest one. It decides which competences come next."),
            ),
            "wishes": paragraph(
                lazy("What do you want, and what certainly not?"), required=False, max=2000, rows=4,
                hint=lazy("For the team only."),
            ),
        }
    )  # fmt: skip


def competences(asked: Sequence[Competence]) -> type[StepForm]:
    """A level and a line of evidence for each competence that the work asks."""
    levels = [(code, f"{code} · {label}") for code, label in choices("candidates", "competence_levels")]
    fields: dict[str, Field] = {}
    for one in asked:
        fields[f"level_{one.code}"] = select(one.label, levels, required=False, empty=NOT_ASKED)
        # The empty placeholder lets the page tell a line that is empty from one that is not, without a script.
        fields[f"evidence_{one.code}"] = text(
            lazy("How do we know?"), max=300, required=False, render_kw={"placeholder": " "}
        )
    return _made(fields)


def by_competence(flat: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """{"level_x": …, "evidence_x": …} as {"x": {"level": …, "evidence": …}}."""
    nested: dict[str, dict[str, Any]] = {}
    for name, value in flat.items():
        part, _, code = name.partition("_")
        nested.setdefault(code, {})[part] = value
    return nested


def flat(nested: dict[str, dict[str, Any]]) -> dict[str, Any]:
    return {f"{part}_{code}": value for code, one in nested.items() for part, value in one.items()}


def work(certificates: Sequence[Certificate]) -> type[StepForm]:
    """What is sought and possible, in codes: this part can reach an employer, without a name."""
    fields: dict[str, Field] = {
        "experience_band": _select(lazy("How long did you do this work?"), "experience_bands"),
        "availability_band": _select(lazy("When can you begin?"), "availability_bands"),
        "hours_band": _select(lazy("Which hours?"), "hours_windows"),
        "hours_week": number(lazy("How many hours a week?"), least=4, most=40, required=False),
        "region": _select(lazy("Where can you work?"), "regions"),
        "mobility": _several(lazy("How do you get there?"), "mobility"),
        "licence": _select(lazy("Driving licence"), "licences"),
        "forms": _several(lazy("What kind of contract is possible?"), "employment_forms"),
    }
    levels = choices("candidates", "language_levels")
    for code, label in choices("candidates", "languages"):
        spoken = _("Language at work: %(language)s", language=label)
        fields[f"language_{code}"] = select(spoken, levels, required=False, empty=NOT_ASKED)
    papers = [(one.code, one.label) for one in certificates]
    fields["certificates"] = several(lazy("Certificates that you have"), papers)
    fields["support"] = _several(lazy("Support that we promise"), "support_promised")
    return _made(fields)


def _select(label: Any, key: str, **more: Any) -> Field:
    return select(label, choices("candidates", key), required=False, empty=NOT_ASKED, **more)


def _several(label: Any, key: str, **more: Any) -> Field:
    return several(label, choices("candidates", key), **more)


def preconditions() -> type[StepForm]:
    """A light, an owner and a date for each thing that must be in order."""
    lights = [pair for pair in choices("candidates", "traffic_light") if pair[0] != Light.UNKNOWN]
    owners = choices("candidates", "precondition_owners")
    fields: dict[str, Field] = {}
    for code, option in options("candidates", "preconditions").items():
        fields[f"light_{code}"] = select(
            option.label, lights, required=False, empty=NOT_ASKED, hint=option.text("hint")
        )
        fields[f"owner_{code}"] = select(lazy("Who sees to it?"), owners, required=False, empty=lazy("Nobody yet"))
        fields[f"due_{code}"] = day(lazy("By when?"), required=False, within=WITHIN)
        if option.data["has_expiry"]:
            fields[f"until_{code}"] = day(lazy("Valid until"), required=False, within=WITHIN)
    return _made(fields)


def constraints() -> type[StepForm]:
    """What work must reckon with: closed lists only, nothing about why."""
    return _made(
        {
            "regime": one_of(
                lazy("Regime"), choices("candidates", "detention_regimes"), required=False,
                hint=lazy("Decides whether an interview outside needs a permission."),
            ),
            "days": _several(lazy("Days on which this person can work outside"), "weekdays"),
            "outside_hours": _select(lazy("Between which hours?"), "outside_hours"),
            "longest_absence": _select(lazy("Longest absence"), "longest_absence"),
            "place_limits": _several(lazy("Limits of place that touch work"), "place_limits"),
            "schedule_change": _select(lazy("How is a change of schedule asked for?"), "schedule_change_channels"),
            "contact": _select(lazy("Contact"), "contact_services"),
        }
    )  # fmt: skip


def start_values(step: str, draft: dict[str, Any]) -> dict[str, Any]:
    """What a step's form begins with: the draft, with dates read back."""
    kept = draft.get(step, {})
    if step == "competences":
        return flat(kept)
    if step == "preconditions":
        names = {"valid_until": "until"}
        kept = {f"{names.get(part, part)}_{code}": value for code, one in kept.items() for part, value in one.items()}
        return {name: date.fromisoformat(v) if name.startswith(("due_", "until_")) else v for name, v in kept.items()}
    return dict(kept)


def to_keep(step: str, answer: dict[str, Any]) -> dict[str, Any]:
    """How a step's answer is kept in the draft."""
    if step == "competences":
        return by_competence(answer)
    if step == "preconditions":
        kept = by_competence(answer)
        return {
            code: {("valid_until" if part == "until" else part): v for part, v in one.items()}
            for code, one in kept.items()
        }
    return answer
