"""The aftercare plan of a programme as a form: a line per moment, each voice with its way of being heard."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from portal.aftercare import questions
from portal.foundation.fields import number, select, several, text
from portal.foundation.forms import Form
from portal.foundation.words import _, lazy
from portal.placements.guards import GUARDS
from portal.programmes.versioned import Versioned

BLANK = 2
WAYS = {
    "employee": ("call", "visit", "form", "visit_form"),
    "employer": ("call", "visit", "form", "visit_form"),
    "justice_assistant": ("confirm", "form"),
}
EARLIEST, LATEST = -30, 365


@dataclass(frozen=True)
class PlanAnswer:
    because: str


class PlanForm(Versioned, Form[PlanAnswer]):
    """Made per template: `lines` says how many moments it has, the blank ones at the end included."""

    answers = PlanAnswer
    template: ClassVar[Mapping[str, Any]]
    lines: ClassVar[int]

    def body(self) -> dict[str, Any]:
        """The next version of the template. A line without a single voice is a moment that goes."""
        moments = [moment for line in range(self.lines) if (moment := self._moment(line)) is not None]
        moments.sort(key=lambda one: one["offset_days"])
        return {
            **self.template, "moments": moments, "start_blockers": list(self._fields["blockers"].data or []),
            "reminders_working_days": [self._fields["first"].data, self._fields["second"].data],
        }  # fmt: skip

    def _moment(self, line: int) -> dict[str, Any] | None:
        voices = {voice: way for voice in WAYS if (way := self._fields[f"m{line}_{voice}"].data)}
        offset = self._fields[f"m{line}_days"].data
        if not voices or offset is None:
            return None
        known = self.template["moments"]
        if line < len(known) and known[line]["offset_days"] == offset:
            return {**known[line], "voices": voices}
        before = known[line] if line < len(known) else {}
        code = questions.moved(before["code"], code_of(offset)) if before else code_of(offset)
        label = {language: questions.plan_label("moments", code, language) for language in ("nl", "fr", "en")}
        return {
            "code": code,
            "offset_days": offset,
            "label": label,
            "voices": voices,
            "closing": before.get("closing", False),
        }

    def validate(self, extra_validators: Any = None) -> bool:
        """Each moment has a day of its own, and reminders come one after the other."""
        right: bool = super().validate(extra_validators)
        seen: set[int] = set()
        for line in range(self.lines):
            days = self._fields[f"m{line}_days"]
            heard = any(self._fields[f"m{line}_{voice}"].data for voice in WAYS)
            if heard and days.data is None and not days.errors:
                days.errors = [_("Give the number of days.")]
                right = False
            if heard and days.data in seen:
                days.errors = [_("Another moment is on this day already. Put both voices on one line.")]
                right = False
            if heard and days.data is not None:
                seen.add(days.data)
        if right and not seen:
            self.form_errors.append(_("A plan needs at least one moment."))
            right = False
        if right and self._fields["first"].data >= self._fields["second"].data:
            self._fields["second"].errors = [_("The second reminder comes after the first.")]
            right = False
        return right


def code_of(offset: int) -> str:
    """What a moment of so many days after the first is called: a week, a day of work (the first is day 1), or days before."""
    if offset < 0:
        return f"before{-offset}"
    return f"week{offset // 7}" if offset and offset % 7 == 0 else f"day{offset + 1}"


def plan_form(template: Mapping[str, Any]) -> PlanForm:
    """The form with the template's own moments, and some blank lines."""
    made: dict[str, Any] = {"template": template, "lines": len(template["moments"]) + BLANK}
    start: dict[str, Any] = {"seen": template["version"], "blockers": list(template.get("start_blockers", ()))}
    start["first"], start["second"] = template["reminders_working_days"]
    for line in range(made["lines"]):
        made[f"m{line}_days"] = number(lazy("Days after the first day"), least=EARLIEST, most=LATEST, required=False)
        for voice, ways in WAYS.items():
            named = [(way, questions.plan_label("channels", way)) for way in ways]
            made[f"m{line}_{voice}"] = select(
                questions.plan_label("voices", voice), named, required=False, empty=lazy("not heard")
            )
        if line < len(template["moments"]):
            moment = template["moments"][line]
            start[f"m{line}_days"] = moment["offset_days"]
            start |= {f"m{line}_{voice}": way for voice, way in moment["voices"].items()}
    made["first"] = number(lazy("First reminder after so many working days"), least=1, most=20)
    made["second"] = number(lazy("Second reminder after so many working days"), least=2, most=30)
    made["blockers"] = several(
        lazy("What stops a start until it is arranged"), [(guard.code, guard.title) for guard in GUARDS.values()]
    )
    made["because"] = text(lazy("Why do you change the plan?"), max=300)
    form: PlanForm = type("PlanForm", (PlanForm,), made).from_request(**start)  # type: ignore[attr-defined]
    return form
