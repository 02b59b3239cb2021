"""The alert rules of a programme as a form: each rule on or off, from which number, and how urgent."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from portal.aftercare.rules import label_of
from portal.foundation.fields import number, one_of, text, tick
from portal.foundation.forms import Form
from portal.foundation.words import lazy
from portal.programmes.versioned import Versioned

# What a rule's number means, and between which bounds it makes sense.
BOUNDS = {
    "low_score": (1, 4), "drop": (1, 4), "gap": (1, 4), "number_over": (0, 10), "overdue": (1, 20), "contract_ends": (7, 31),
}  # fmt: skip
MEANS = {
    "low_score": lazy("at this score or lower (1 to 5)"),
    "drop": lazy("at so many points lower than before"),
    "gap": lazy("at so many points between the two"),
    "number_over": lazy("above this number"),
    "overdue": lazy("after so many working days"),
    "contract_ends": lazy("at so many days before the end"),
}


@dataclass(frozen=True)
class RulesAnswer:
    because: str


class RulesForm(Versioned, Form[RulesAnswer]):
    answers = RulesAnswer
    rulebook: ClassVar[Mapping[str, Any]]

    def body(self) -> dict[str, Any]:
        """The next version: a rule that is off stays in the book, so that it can be switched on again."""
        rules = [self._rule(at, rule) for at, rule in enumerate(self.rulebook["rules"])]
        return {**self.rulebook, "rules": rules, "answer_working_days": self._fields["days"].data}

    def _rule(self, at: int, rule: Mapping[str, Any]) -> dict[str, Any]:
        made = {**rule, "off": not self._fields[f"r{at}_on"].data, "severity": self._fields[f"r{at}_severity"].data}
        if rule["kind"] in BOUNDS:
            made["threshold"] = self._fields[f"r{at}_threshold"].data
        return made


def rules_form(rulebook: Mapping[str, Any]) -> RulesForm:
    made: dict[str, Any] = {"rulebook": rulebook}
    start: dict[str, Any] = {"seen": rulebook["version"], "days": rulebook["answer_working_days"]}
    urgent = (("red", lazy("by phone")), ("amber", lazy("may be in writing")))
    for at, rule in enumerate(rulebook["rules"]):
        made[f"r{at}_on"] = tick(label_of(rule))
        made[f"r{at}_severity"] = one_of(lazy("How it is answered"), urgent)
        start[f"r{at}_on"], start[f"r{at}_severity"] = not rule.get("off", False), rule["severity"]
        if rule["kind"] in BOUNDS:
            least, most = BOUNDS[rule["kind"]]
            made[f"r{at}_threshold"] = number(MEANS[rule["kind"]], least=least, most=most)
            start[f"r{at}_threshold"] = rule["threshold"]
    made["days"] = number(lazy("Each alert is answered within so many working days"), least=1, most=10)
    made["because"] = text(lazy("Why do you change the rules?"), max=300)
    form: RulesForm = type("RulesForm", (RulesForm,), made).from_request(**start)  # type: ignore[attr-defined]
    return form
