"""The flow of a programme and its versions: read for those who run on one, edited for those who come after.

A change never touches who is under way: their dates were laid out, and their words are read from their own version.
"""

from collections.abc import Collection, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from portal.foundation.database import db
from portal.foundation.errors import DomainError, NotFound
from portal.foundation.options import Option, load
from portal.foundation.words import lazy
from portal.programmes import queries as programmes
from portal.programmes import templates
from portal.programmes.models import Template, TemplateKind
from portal.trajectories import queries
from portal.trajectories.models import Trajectory, TrajectoryState

# Where a way begins and where it is looked back on: without these two there is no line.
FIXED = frozenset({"accepted", "review"})
OWN = "own_"
_ENDED = (TrajectoryState.COMPLETED, TrajectoryState.CLOSED)


class WeeksTurned(DomainError):
    sentence = lazy("The last week comes before the first. Choose a later week.")
    field = "to_week"


class MustStay(DomainError):
    sentence = lazy("A trajectory always has its beginning and its review. Move the review, but leave it on.")
    field = "on"


class NothingChanged(DomainError):
    sentence = lazy("Nothing is different from the version that stands. Change something first.")


class HintInThree(DomainError):
    sentence = lazy("Write the hint in all three languages, or in none.")
    field = "hint_nl"


@dataclass(frozen=True)
class Wording:
    """A milestone as the coordinator writes it: its words and hint in three languages, its weeks, and how it behaves.

    `minimum`: how many of something it asks, for a milestone that counts.
    """

    nl: str
    fr: str
    en: str
    from_week: int
    to_week: int
    waits: bool
    on: bool
    hint_nl: str = ""
    hint_fr: str = ""
    hint_en: str = ""
    minimum: int = 1

    @property
    def hint(self) -> dict[str, str]:
        return {"nl": self.hint_nl, "fr": self.hint_fr, "en": self.hint_en}


# --- Reading ---

Words = Mapping[tuple[int, int], Mapping[str, Option]]


def words_of(ways: Collection[Trajectory]) -> Words:
    """The milestones of the versions on which these ways run, by programme and version, in one query."""
    wanted = {(one.programme_id, one.flow_version) for one in ways}
    rows = programmes.template_versions({one.programme_id for one in ways}, TemplateKind.FLOW) if ways else ()
    bodies = {(row.programme_id, row.version): row.body for row in rows}
    shipped = load("trajectories", "flow")
    return {key: options(bodies.get(key, shipped)) for key in wanted}


def options(body: Mapping[str, Any]) -> Mapping[str, Option]:
    return {step["code"]: Option(step) for step in body["milestones"]}


def of_way(way: Trajectory) -> Mapping[str, Option]:
    """The milestones of the version on which one way runs."""
    return options(programmes.template_version(way.programme_id, TemplateKind.FLOW, way.flow_version))


def minimum(candidate_id: int, programme_id: int, code: str) -> int:
    """How many of something a milestone asks of somebody (companies to approach), in the version of that person's way."""
    found = queries.with_flow(Trajectory.candidate_id == candidate_id)
    body = found[1] if found is not None else standing(programme_id)
    step = options(body).get(code)
    return int(step.data.get("minimum", 1)) if step is not None else 1


def versions(programme_id: int) -> Sequence[Template]:
    return programmes.template_versions([programme_id], TemplateKind.FLOW)


def standing(programme_id: int) -> dict[str, Any]:
    """The flow on which somebody who is taken on today begins."""
    return programmes.template(programme_id, TemplateKind.FLOW)


def in_order(body: Mapping[str, Any]) -> list[Option]:
    steps = sorted(body["milestones"], key=lambda step: (step["from_week"], step["to_week"]))
    return [Option(step) for step in steps]


def running(programme_id: int) -> dict[int, int]:
    """How many ways run on each version: none of them is touched by a newer one."""
    rows = db.session.execute(
        sa.select(Trajectory.flow_version, sa.func.count())
        .where(Trajectory.programme_id == programme_id, Trajectory.state.not_in(_ENDED))
        .group_by(Trajectory.flow_version)
        .order_by(Trajectory.flow_version)
    )
    return {row[0]: row[1] for row in rows}


def step_of(body: Mapping[str, Any], code: str) -> dict[str, Any]:
    """Raises NotFound for a milestone that this version lacks."""
    found = next((step for step in body["milestones"] if step["code"] == code), None)
    if found is None:
        raise NotFound()
    return dict(found)


def wording(step: Mapping[str, Any]) -> Wording:
    label, hint = step["label"], step.get("hint") or {}
    return Wording(
        label["nl"], label["fr"], label["en"], step["from_week"], step["to_week"], bool(step.get("waits_for_permission")),
        not step.get("off", False), hint.get("nl", ""), hint.get("fr", ""), hint.get("en", ""), step.get("minimum", 1),
    )  # fmt: skip


# --- Editing ---


def reword(body: Mapping[str, Any], code: str, new: Wording) -> dict[str, Any]:
    """The flow with one milestone changed. Raises WeeksTurned, MustStay, HintInThree or NothingChanged."""
    step = step_of(body, code)
    if wording(step) == new:
        raise NothingChanged()
    _check(code, new)
    changed = {**step, **_written(new)}
    if "minimum" in step:
        changed["minimum"] = new.minimum
    return {**body, "milestones": [changed if one["code"] == code else one for one in body["milestones"]]}


def add(body: Mapping[str, Any], new: Wording, taken: Collection[str]) -> dict[str, Any]:
    """The flow with one milestone more. `taken`: codes that any version ever used, which keep their meaning."""
    number = 1 + max((int(code[len(OWN) :]) for code in taken if code.startswith(OWN)), default=0)
    code = f"{OWN}{number}"
    _check(code, new)
    return {**body, "milestones": [*body["milestones"], {"code": code, **_written(new)}]}


def _check(code: str, new: Wording) -> None:
    if new.to_week < new.from_week:
        raise WeeksTurned()
    if code in FIXED and not new.on:
        raise MustStay()
    if any(new.hint.values()) and not all(new.hint.values()):
        raise HintInThree()


def _written(new: Wording) -> dict[str, Any]:
    return {
        "label": {"nl": new.nl, "fr": new.fr, "en": new.en}, "from_week": new.from_week, "to_week": new.to_week,
        "waits_for_permission": new.waits, "off": not new.on, "hint": new.hint if new.hint_nl else None,
    }  # fmt: skip


def codes_ever(programme_id: int) -> set[str]:
    bodies = [row.body for row in versions(programme_id)] or [standing(programme_id)]
    return {step["code"] for body in bodies for step in body["milestones"]}


def keep(programme_id: int, body: Mapping[str, Any], *, because: str, based_on: int) -> Template:
    """Write the version on which who is taken on from now on begins. Raises templates.ChangedMeanwhile."""
    return templates.write(programme_id, TemplateKind.FLOW, deepcopy(dict(body)), because=because, based_on=based_on)


def go_back(programme_id: int, version: int, *, because: str, based_on: int) -> Template:
    """An earlier version counts again, as a new one: history only grows. Raises NotFound or NothingChanged."""
    found = next((row for row in versions(programme_id) if row.version == version), None)
    if found is None:
        raise NotFound()
    if found.version == based_on:
        raise NothingChanged()
    return keep(programme_id, found.body, because=because, based_on=based_on)
