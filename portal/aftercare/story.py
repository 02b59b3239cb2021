"""A placement as its page tells it: the 26 weeks in lanes, where two voices differ, what waits. Rows in, plain values out."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from portal.aftercare import plan, questions
from portal.aftercare.models import Alert, AlertState, CheckIn, CheckInState, Voice
from portal.aftercare.questions import Question
from portal.aftercare.rules import Answers, Given, label_of, worth
from portal.foundation.options import load
from portal.foundation.words import _, date_short
from portal.placements.models import Placement

APART = 2


@dataclass(frozen=True)
class Mark:
    """One moment of one voice on its line."""

    week: float
    state: str
    label: str


@dataclass(frozen=True)
class Lane:
    name: str
    marks: tuple[Mark, ...]


@dataclass(frozen=True)
class Cell:
    """One voice's latest answer to a question, with the one before it. `bad`: worth 2 or less."""

    text: str = ""
    was: str = ""
    bad: bool = False


@dataclass(frozen=True)
class Difference:
    """One pair of questions that belong together, as both voices answered it last."""

    label: str
    employer: Cell
    employee: Cell
    apart: bool


@dataclass(frozen=True)
class Said:
    """One moment at which a form was answered: a column of the table of all answers."""

    moment: str
    day: date
    check_in: CheckIn
    answers: Answers


def lanes(
    placement: Placement, check_ins: Sequence[CheckIn], alerts: Sequence[Alert], names: Mapping[str, str]
) -> list[Lane]:
    """The voices that this placement has, each with its moments in the order of the weeks."""
    worrying = {alert.check_in_id for alert in alerts if alert.state == AlertState.OPEN}
    return [
        Lane(names[voice], tuple(_mark(placement, one, worrying) for one in check_ins if one.voice == voice))
        for voice in Voice
        if any(one.voice == voice for one in check_ins)
    ]


def _mark(placement: Placement, one: CheckIn, worrying: set[int]) -> Mark:
    place = plan.place_of(load("aftercare", "plan"), one.moment) if one.due == one.planned_for else None
    week = plan.weeks_since(placement.starts_on, one.due) if place is None else place
    state = "alert" if one.id in worrying else one.state.value
    return Mark(week, state, f"{questions.plan_label('channels', one.channel)} {date_short(one.due)}")


def answered(check_ins: Sequence[CheckIn], voice: str) -> list[Said]:
    """The forms that a voice sent, the oldest first."""
    done = [one for one in check_ins if one.voice == voice and one.state == CheckInState.DONE and one.answers]
    return [
        Said(
            questions.plan_label("moments", one.moment),
            one.due,
            one,
            {row.question: Given.of(row) for row in one.answers},
        )
        for one in sorted(done, key=lambda one: (one.done_at or one.created_at, one.id))
    ]


def in_words(question: Question | None, given: Given | None) -> str:
    """An answer as a person reads it."""
    if question is None or given is None:
        return ""
    if question.kind == "choice":
        return question.choice_label(given.choice)
    if question.kind == "dates":
        return "; ".join(_dated(row) for row in json.loads(given.words))
    return str(given.score) if given.score is not None else given.words


def _dated(row: Mapping[str, str]) -> str:
    day = date_short(date.fromisoformat(row["day"]))
    return f"{day}: {row['words']}" if row["words"] else day


def differences(check_ins: Sequence[CheckIn]) -> list[Difference]:
    """Each pair of questions that at least one of the two voices answered."""
    said = {voice: answered(check_ins, voice) for voice in (Voice.EMPLOYER, Voice.EMPLOYEE)}
    rows = []
    for pair in questions.pairs():
        cells = {voice: _cell(voice, pair.of(voice), said[voice]) for voice in said}
        values = [worth(voice, _latest(said[voice], pair.of(voice))) for voice in said]
        apart = None not in values and abs((values[0] or 0) - (values[1] or 0)) >= APART
        if any(cell.text for cell in cells.values()):
            rows.append(Difference(pair.label, cells[Voice.EMPLOYER], cells[Voice.EMPLOYEE], apart))
    return rows


def _latest(said: Sequence[Said], code: str, back: int = 1) -> Given | None:
    return said[-back].answers.get(code) if len(said) >= back else None


def _cell(voice: str, code: str, said: Sequence[Said]) -> Cell:
    question = questions.all_of(voice)[code]
    now, earlier = _latest(said, code), _latest(said, code, 2)
    value = worth(voice, now)
    was = in_words(question, earlier)
    text = in_words(question, now)
    return Cell(text, was if was != text else "", value is not None and value <= APART)


def answers_table(said: Sequence[Said], voice: str) -> list[list[str]]:
    """Rows of question and answer per moment; questions that were never answered are left out."""
    rows = []
    for code, question in questions.all_of(voice).items():
        texts = [in_words(question, one.answers.get(code)) for one in said]
        if any(texts):
            rows.append([question.label, *texts])
    return rows


def last_words(check_ins: Sequence[CheckIn]) -> tuple[str, date] | None:
    """What the employer last asked for in its own words."""
    for one in reversed(answered(check_ins, Voice.EMPLOYER)):
        given = one.answers.get("this_week")
        if given is not None and given.words:
            return given.words, one.day
    return None


def rule_label(alert: Alert) -> str:
    """What an alert is about, with the number that its rule had."""
    for rule in load("aftercare", "alert_rules")["rules"]:
        if rule["code"] == alert.rule:
            return label_of(rule, alert.threshold)
    return alert.rule


def moment_title(one: CheckIn) -> str:
    """Week 8: form, employer."""
    channel, voice = questions.plan_label("channels", one.channel), questions.plan_label("voices", one.voice)
    moment = questions.plan_label("moments", one.moment)
    return _("%(moment)s: %(channel)s, %(voice)s", moment=moment, channel=channel.lower(), voice=voice.lower())
