"""The practical guide of an interview for its company: the rules for this form and situation, each with its source.

Before the interview is confirmed everybody reads the rules of every situation, so that none of them tells about one person.
After it: those of the place and the form that were agreed.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from portal.foundation.options import Option, labels, load, options, shipped
from portal.foundation.words import _, _n, pick, time_short
from portal.interviews.models import Interview


@dataclass(frozen=True)
class Line:
    text: str
    source: str
    checked: date
    short: bool
    law: bool


@dataclass(frozen=True)
class Topic:
    title: str
    lines: list[Line]


@dataclass(frozen=True)
class Guide:
    topics: list[Topic]
    certain: bool

    @property
    def sources(self) -> list[tuple[str, date]]:
        """Where the rules come from, and when somebody last read it; in the order of the lines."""
        return list(
            {line.source: (line.source, line.checked) for topic in self.topics for line in topic.lines}.values()
        )

    @property
    def short(self) -> list[str]:
        """What stands on the page of the interview itself."""
        return [line.text for topic in self.topics for line in topic.lines if line.short]


def for_interview(interview: Interview) -> Guide:
    """What holds now for this interview, in the language being written."""
    certain = interview.shows_identity
    values = _values(interview, certain)
    found = [Topic(topic.label, list(_lines(topic.code, interview, certain, values))) for topic in _topics()]
    return Guide([topic for topic in found if topic.lines], certain)


def _topics() -> list[Option]:
    return list(options("interviews", "topics", "guide").values())


def _lines(topic: str, interview: Interview, certain: bool, values: dict[str, str]) -> Iterator[Line]:
    sources = load("interviews", "guide")["sources"]
    for line in options("interviews", "lines", "guide").values():
        if line.data["topic"] != topic or not _holds(line.data, interview, certain):
            continue
        source = sources[line.data["source"]]
        yield Line(
            line.label % values,
            pick(source),
            source["checked"],
            bool(line.data.get("short")),
            line.data["source"] != "own",
        )


def _holds(line: dict[str, Any], interview: Interview, certain: bool) -> bool:
    if line["when"] == ("before" if certain else "after"):
        return False
    if certain and line.get("modes") and interview.mode not in line["modes"]:
        return False
    if line.get("other_forms"):
        return bool(_others(interview))
    return not line.get("forms") or bool(set(line["forms"]) & _forms(interview))


def _forms(interview: Interview) -> set[str]:
    """The forms that the vacancy offers; after a decision the one that was decided."""
    decided = interview.decision.form if interview.decision is not None else ""
    return {decided} if decided else set(interview.vacancy.forms)


def _others(interview: Interview) -> list[str]:
    """Forms that a programme added: no law that we know has a line about them."""
    return sorted(_forms(interview) - set(shipped("candidates", "employment_forms")))


def _values(interview: Interview, certain: bool) -> dict[str, str]:
    vacancy, worker, along = interview.vacancy, interview.worker, interview.companion
    hours = _("%(start)s to %(end)s", start=time_short(vacancy.hours_from), end=time_short(vacancy.hours_until))
    return {
        "other": ", ".join(labels("candidates", "employment_forms", _others(interview))),
        "notice": _n("%(num)s working day", "%(num)s working days", vacancy.notice_days), "hours": hours, "worker": worker.name, "phone": worker.phone or worker.email,
        "companion": f"{along.name}, {along.phone or along.email}" if certain and along is not None else worker.name,
    }  # fmt: skip
