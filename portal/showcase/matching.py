"""Who meets what a vacancy asks, and how well. Pure; no score rejects anybody: only a must that is missing does.

A must-have competence counts from level 2, "with help": an employer who wants somebody on their own from the first day sees
that in the dots, and somebody who needs help at first is not sorted out beforehand (limits.toml, must_level).

What each rule means, exactly; any faster way to the same answer must agree with `missing` and `fit` on every person:

- competence: each of `must` at `must_level` or higher. `learnable` is never missing.
- hours: the vacancy's hours lie within the person's window (`hours_windows` of candidates). A person without a window,
  or a `shift` that is settled together ("flexible"), always fits; a weekend window fits weekend shifts only, and the
  other way round. An end at or before the beginning runs past midnight.
- forms: at least one form in common; a vacancy without forms asks none.
- licence: "" and "none" ask nothing; otherwise the same licence or one that includes it (`_ALLOWS`).
- language: for each language the person's rank (`language_levels`) is the asked one or higher; unknown counts as 0.
- fit: the share of met extras among these: each must at `able_level`, each learnable at `learnable_level`, and one for
  `hours_week` at least as many as asked. From `strong_share` it is strong, from `good_share` good, else partial.
"""

from collections.abc import Mapping, Sequence
from datetime import time
from typing import Any, Protocol

from portal.employers.needs import Needs
from portal.foundation.options import load, options
from portal.showcase.states import Fit

# Which licences allow what: a lorry driver may drive a car.
_ALLOWS = {
    "am": {"am", "a", "b", "be", "c", "ce", "d"},
    "a": {"a"},
    "b": {"b", "be", "c", "ce", "d"},
    "be": {"be", "ce"},
    "c": {"c", "ce"},
    "ce": {"ce"},
    "d": {"d"},
    "g": {"g"},
}
# A vacancy whose hours are settled together fits every window.
_OPEN_SHIFTS = {"flexible"}


class Coded(Protocol):
    """The coded part of a person that matching looks at; nothing else of a person reaches it."""

    @property
    def skills(self) -> Mapping[int, int]: ...
    @property
    def hours_band(self) -> str: ...
    @property
    def hours_week(self) -> int: ...
    @property
    def forms(self) -> Sequence[str]: ...
    @property
    def licence(self) -> str: ...
    @property
    def languages(self) -> Mapping[str, Any]: ...


def limit(name: str) -> Any:
    """A number of limits.toml."""
    return load("showcase", "limits")[name]


def missing(needs: Needs, person: Coded) -> list[str]:
    """What stands between a person and the must-haves: "competence:12", "hours", "forms", "licence", "language:nl"."""
    least = int(limit("must_level"))
    lacks = [f"competence:{one}" for one in sorted(needs.must) if person.skills.get(one, 0) < least]
    lacks += ["hours"] * (not hours_fit(needs, person.hours_band))
    lacks += ["forms"] * (bool(needs.forms) and needs.forms.isdisjoint(person.forms))
    lacks += ["licence"] * (not licence_allows(person.licence, needs.licence))
    lacks += [
        f"language:{code}"
        for code, level in needs.languages.items()
        if not language_allows(person.languages.get(code), level)
    ]
    return lacks


def meets(needs: Needs, person: Coded) -> bool:
    return not missing(needs, person)


def fit(needs: Needs, person: Coded) -> Fit:
    """How much more than the must-haves somebody brings, in three words. Only for people who meet them."""
    able, begun = int(limit("able_level")), int(limit("learnable_level"))
    extras = [person.skills.get(one, 0) >= able for one in needs.must]
    extras += [person.skills.get(one, 0) >= begun for one in needs.learnable]
    extras.append(person.hours_week >= needs.hours_week)
    return band(sum(extras) / len(extras))


def band(share: float) -> Fit:
    """The word for a share of the extras."""
    if share >= limit("strong_share"):
        return Fit.STRONG
    return Fit.GOOD if share >= limit("good_share") else Fit.PARTIAL


def hours_fit(needs: Needs, band: str) -> bool:
    """Whether the vacancy's hours lie within the window; somebody without a window can work at any hour."""
    window = options("candidates", "hours_windows").get(band)
    if window is None or needs.shift in _OPEN_SHIFTS:
        return True
    if (band == "weekend") != (needs.shift == "weekend"):
        return False
    start, end = _span(time.fromisoformat(window.data["from"]), time.fromisoformat(window.data["to"]))
    first, last = _span(needs.hours_from, needs.hours_until)
    return start <= first and last <= end


def licence_allows(licence: str, needed: str) -> bool:
    return needed in {"", "none"} or licence in _ALLOWS.get(needed, {needed})


def language_allows(level: Any, needed: Any) -> bool:
    return _rank(level) >= _rank(needed)


def _span(first: time, last: time) -> tuple[int, int]:
    """Minutes from midnight; past midnight when the end comes before the beginning."""
    begin, end = first.hour * 60 + first.minute, last.hour * 60 + last.minute
    return begin, end if end > begin else end + 24 * 60


def _rank(level: Any) -> int:
    found = options("candidates", "language_levels").get(str(level))
    return int(found.data["rank"]) if found else 0
