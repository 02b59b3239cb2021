"""When an answer becomes somebody's task. Pure: answers in, findings out; the rules themselves are data (alert_rules.toml).

Rules are read from top to bottom, and for one question the first that matches wins, so that one answer makes one alert.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from portal.aftercare import questions
from portal.foundation.words import _, _n, pick


@dataclass(frozen=True)
class Given:
    """One answer: a number, a code of a choice, or words; dates are kept as words."""

    question: str
    score: int | None = None
    choice: str = ""
    words: str = ""

    @property
    def empty(self) -> bool:
        return self.score is None and not self.choice and not self.words

    @classmethod
    def of(cls, row: Any) -> "Given":
        """As the row of a form's answer keeps it."""
        return cls(row.question, row.score, row.choice, row.words or "")


@dataclass(frozen=True)
class Finding:
    """A rule that an answer ran into. `value` is the answer on the scale of good, or the number given."""

    rule: str
    question: str
    value: int | None
    severity: str


Answers = Mapping[str, Given]
Rule = Mapping[str, Any]
_NONE: Answers = {}


def find(
    rules: Sequence[Rule], voice: str, now: Answers, *, before: Answers = _NONE, other: Answers = _NONE
) -> list[Finding]:
    """What worries in a form that was just sent. `before` is the same voice's form before it; `other` is the latest one
    of the voice across the table, for the pairs of questions that belong together."""
    found: dict[str, Finding] = {}
    for rule in rules:
        matches = _KINDS.get(rule["kind"])
        if matches is None or rule.get("off") or voice not in rule["voices"]:
            continue
        for given in now.values():
            if given.question in found or not _meant(rule, given.question):
                continue
            value = matches(rule, voice, given, before, other)
            if value is not None:
                found[given.question] = Finding(rule["code"], given.question, value, rule["severity"])
    return list(found.values())


def label_of(rule: Rule, threshold: int | None = None) -> str:
    """What a rule is about, with the number that counts; a rule that no number was changed of keeps its own words."""
    number = rule.get("threshold") if threshold is None else threshold
    sentence = _COUNTED.get(rule["code"])
    if sentence is None or number is None:
        return str(pick(rule["label"]))
    return sentence(number)


_COUNTED: dict[str, Callable[[int], str]] = {
    "low_score": lambda number: _("A score of %(number)s or lower", number=number),
    "drop": lambda number: _n(
        "One point or more lower than before", "%(num)s points or more lower than before", number
    ),
    "no_answer": lambda number: _n("No answer for %(num)s working day", "No answer for %(num)s working days", number),
    "contract_ends": lambda number: _("The contract ends within %(number)s days", number=number),
}


def rule_of(rules: Sequence[Rule], kind: str) -> Rule | None:
    """The first rule of a kind: for those that need no answer (overdue, contract_ends)."""
    return next((rule for rule in rules if rule["kind"] == kind and not rule.get("off")), None)


def worth(voice: str, given: Given | None) -> int | None:
    """An answer on the scale of 1 to 5 where 5 is good."""
    question = questions.all_of(voice).get(given.question) if given is not None else None
    return None if question is None or given is None else question.worth(given.score, given.choice)


def _meant(rule: Rule, question: str) -> bool:
    return question in rule.get("questions", (question,))


def _low_score(rule: Rule, voice: str, given: Given, _before: Answers, _other: Answers) -> int | None:
    question = questions.all_of(voice).get(given.question)
    value = worth(voice, given)
    judged = question is not None and question.kind == "score"
    return value if judged and value is not None and value <= rule["threshold"] else None


def _drop(rule: Rule, voice: str, given: Given, before: Answers, _other: Answers) -> int | None:
    value, earlier = worth(voice, given), worth(voice, before.get(given.question))
    return value if value is not None and earlier is not None and earlier - value >= rule["threshold"] else None


def _number_over(rule: Rule, _voice: str, given: Given, _before: Answers, _other: Answers) -> int | None:
    return given.score if given.score is not None and given.score > rule["threshold"] else None


def _choice_in(rule: Rule, voice: str, given: Given, _before: Answers, _other: Answers) -> int | None:
    return (worth(voice, given) or 0) if given.choice in rule["choices"] else None


def _dates_given(_rule: Rule, _voice: str, given: Given, _before: Answers, _other: Answers) -> int | None:
    return given.score or None


def _gap(rule: Rule, voice: str, given: Given, _before: Answers, other: Answers) -> int | None:
    across = "employee" if voice == "employer" else "employer"
    for pair in questions.pairs():
        if pair.of(voice) != given.question:
            continue
        mine, theirs = worth(voice, given), worth(across, other.get(pair.of(across)))
        if mine is not None and theirs is not None and abs(mine - theirs) >= rule["threshold"]:
            return mine
    return None


_KINDS: dict[str, Callable[[Rule, str, Given, Answers, Answers], int | None]] = {
    "low_score": _low_score,
    "drop": _drop,
    "number_over": _number_over,
    "choice_in": _choice_in,
    "dates_given": _dates_given,
    "gap": _gap,
}
