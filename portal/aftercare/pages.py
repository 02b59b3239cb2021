"""What the pages of staff are made of: read once, handed to the template as plain values."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from flask import url_for

from portal.aftercare import plan, queries, questions, service, story
from portal.aftercare.models import Alert, AlertState, CheckIn, Voice
from portal.aftercare.queries import Line
from portal.candidates.identities import Name
from portal.foundation import clock
from portal.foundation.options import label
from portal.foundation.words import _, date_medium, date_short, lazy
from portal.placements.models import Placement, PlacementState

LAST_WEEK = 26


@dataclass(frozen=True)
class Groups:
    """The overview in four parts: what worries, what goes its way, what is being prepared, what has had its 26 weeks."""

    worrying: list[Line]
    running: list[Line]
    preparing: list[Line]
    finished: list[Line]


def in_groups(lines: Sequence[Line]) -> Groups:
    preparing = [line for line in lines if line.placement.state == PlacementState.PREPARING]
    rest = [line for line in lines if line.placement.state != PlacementState.PREPARING]
    calm = [line for line in rest if not line.alerts]
    return Groups(
        [line for line in rest if line.alerts], [line for line in calm if line.next is not None], preparing,
        [line for line in calm if line.next is None],
    )  # fmt: skip


@dataclass(frozen=True)
class Wait:
    """One thing that waits on a placement's own page."""

    when_label: str
    late: bool
    title: str
    why: str
    url: str | None
    action_label: str


@dataclass(frozen=True)
class Row:
    """One moment in the list of all moments."""

    one: CheckIn
    title: str
    state: str
    url: str | None


@dataclass(frozen=True)
class Whole:
    """Everything on the page of a placement."""

    week: int | None
    today_week: float | None
    lanes: list[story.Lane]
    waits: list[Wait]
    differences: list[story.Difference]
    apart: int
    words: Any
    said: list[tuple[str, list[str], list[list[str]]]]
    rows: list[Row]
    notes: list[Row]
    closed: list[Alert]
    writes: bool
    form: str
    ended: str
    ended_by: str
    wants: str
    agreed: list[tuple[str, Any]]
    rule_label: Any = field(default=story.rule_label)

    def skipped(self, one: CheckIn) -> str:
        """Why a moment did not take place: our own word, or the worker's."""
        return str(_REASONS.get(one.skipped_because, one.skipped_because))


def whole(placement: Placement, name: Name, *, writes: bool) -> Whole:
    """In two queries: all moments with their answers, all alerts."""
    check_ins, alerts = queries.check_ins_of(placement), queries.alerts_of(placement)
    today = clock.today()
    since = plan.weeks_since(placement.starts_on, today)
    running = placement.running
    followed = running or (placement.state == PlacementState.ENDED and any(one.open for one in check_ins))
    differences = story.differences(check_ins)
    rows = [_row(one, writes and followed) for one in check_ins]
    return Whole(
        week=min(int(since), LAST_WEEK) if running and since >= 0 else None,
        today_week=min(since, LAST_WEEK) if running else None,
        lanes=story.lanes(placement, check_ins, alerts, _lane_names(placement, name)),
        waits=_waits(check_ins, alerts, writes) if followed else [],
        differences=differences,
        apart=sum(one.apart for one in differences),
        words=story.last_words(check_ins),
        said=_said(check_ins),
        rows=rows,
        notes=[row for row in rows if row.one.note],
        closed=[alert for alert in alerts if alert.state == AlertState.RESOLVED],
        writes=writes,
        form=_inside(label("candidates", "employment_forms", placement.form)),
        ended=_ended(placement),
        ended_by=label("placements", "ended_by", placement.ended_by) if placement.ended_by else "",
        wants=label("placements", "wants_another", placement.wants_another) if placement.wants_another else "",
        agreed=_agreed(placement),
    )


def _inside(words: str) -> str:
    """A label inside a sentence; an abbreviation keeps its capitals."""
    return words if words[1:2].isupper() else words[:1].lower() + words[1:]


def _ended(placement: Placement) -> str:
    fell = placement.state == PlacementState.FELL_THROUGH
    key = "fell_through_reasons" if fell else "end_reasons"
    return label("placements", key, placement.ended_because) if placement.ended_because else ""


def _agreed(placement: Placement) -> list[tuple[str, Any]]:
    """The facts of the start, as they were recorded."""

    def day(given: date | None) -> str | None:
        return date_medium(given) if given else None

    return [
        (_("Job"), placement.vacancy.title),
        (_("Site"), f"{placement.workplace.name}, {placement.workplace.municipality}"),
        (_("Shift"), label("employers", "shifts", placement.shift)),
        (_("Who gives the work"), placement.supervisor),
        (_("Buddy at work"), placement.buddy),
        (_("How to get there on day 1"), placement.transport_first_day),
        (_("What do colleagues hear?"), label("placements", "disclosure", placement.disclosure)),
        (_("Who hears it, or in which words"), placement.disclosure_words),
        (_("Registered with VDAB on"), day(placement.vdab_registered_on)),
        (_("Right to work until"), day(placement.right_to_work_until)),
        (_("Last day of the contract"), day(placement.contract_ends_on)),
    ]


_REASONS = {
    service.LATE_RECORD: lazy("the start was recorded later"),
    "job ended": lazy("the job ended"),
    "consent withdrawn": lazy("consent was withdrawn"),
    "new job": lazy("a new job began"),
}


def _lane_names(placement: Placement, name: Name) -> dict[str, str]:
    return {
        Voice.EMPLOYEE: name.first,
        Voice.EMPLOYER: placement.employer.organisation.name,
        Voice.JUSTICE_ASSISTANT: _("House of justice"),
    }


def state_word(one: CheckIn) -> str:
    """The state of a moment, as staff say it."""
    return {
        "planned": _("planned"),
        "due": _("due now"),
        "done": _("done"),
        "overdue": _("overdue"),
        "skipped": _("skipped"),
    }[one.state.value]


def _row(one: CheckIn, linked: bool) -> Row:
    url = url_for("aftercare.moment", key=one.key) if linked and (one.open or one.has_form) else None
    return Row(one, story.moment_title(one), state_word(one), url)


def _waits(check_ins: Sequence[CheckIn], alerts: Sequence[Alert], writes: bool) -> list[Wait]:
    """Open alerts first, then the moments whose day has come, then the next one that will."""
    today = clock.today()
    of = {one.id: story.moment_title(one) for one in check_ins}
    found = [
        _alert_waits(alert, of.get(alert.check_in_id, ""), writes) for alert in alerts if alert.state == AlertState.OPEN
    ]
    waiting = [one for one in check_ins if one.waits]
    coming = [one for one in check_ins if one.open and not one.waits][:1]
    for one in [*waiting, *coming]:
        url = url_for("aftercare.moment", key=one.key) if writes and one.waits else None
        late = one.due < today
        when = _("since %(day)s", day=date_short(one.due)) if late else date_short(one.due)
        found.append(Wait(when, late, story.moment_title(one), _why(one), url, _("Open it")))
    return found


def _why(one: CheckIn) -> str:
    if one.channel == "form" and one.voice != Voice.EMPLOYEE:
        if one.asked_on is not None:
            return _("The form left by letter on %(day)s.", day=date_short(one.asked_on))
        return _("The form leaves by letter on the day itself.")
    return ""


def _alert_waits(alert: Alert, moment: str, writes: bool) -> Wait:
    today = clock.today()
    late = alert.due < today
    when = _("since %(day)s", day=date_short(alert.due)) if late else _("by %(day)s", day=date_short(alert.due))
    action = _("Look and call") if writes else _("Look")
    return Wait(when, late, story.rule_label(alert), moment, url_for("aftercare.alert", key=alert.key), action)


def _said(check_ins: Sequence[CheckIn]) -> list[tuple[str, list[str], list[list[str]]]]:
    """Per voice that answered: its name, the headers and the rows of the table of all answers."""
    tables = []
    for voice in Voice:
        said = story.answered(check_ins, voice)
        if said:
            headers = [_("Question"), *[one.moment for one in said]]
            tables.append((questions.plan_label("voices", voice), headers, story.answers_table(said, voice)))
    return tables


@dataclass(frozen=True)
class AlertPage:
    """What stands on the page of an alert."""

    title: str
    moment: str
    question: str
    answer: str
    was: str
    anchors: str
    words: list[tuple[str, str]]
    differences: list[story.Difference]


def of_alert(alert: Alert) -> AlertPage:
    """The answer that worries, the one before it, and both lines side by side."""
    check_ins = queries.check_ins_of(alert.placement)
    voice = alert.check_in.voice
    said = story.answered(check_ins, voice)
    at = next((n for n, one in enumerate(said) if one.check_in.id == alert.check_in_id), None)
    question = questions.all_of(voice).get(alert.question)
    now = said[at].answers.get(alert.question) if at is not None else None
    before = said[at - 1].answers.get(alert.question) if at else None
    return AlertPage(
        title=story.rule_label(alert),
        moment=story.moment_title(alert.check_in),
        question=question.label if question else "",
        answer=story.in_words(question, now),
        was=story.in_words(question, before),
        anchors=f"1 = {question.text('low')}, 5 = {question.text('high')}"
        if question and question.kind == "score"
        else "",
        words=_own_words(said[at], voice) if at is not None else [],
        differences=story.differences(check_ins),
    )


def _own_words(said: story.Said, voice: str) -> list[tuple[str, str]]:
    """What was written in that same form, in somebody's own words."""
    asked = questions.all_of(voice)
    return [
        (asked[one.question].label, one.words) for one in said.answers.values() if asked[one.question].kind == "text"
    ]
