"""What time brings: moments fall due, letters ask and remind, silence becomes somebody's task.

`daily` may run as often as it likes: a second run on the same day finds nothing to do. So a run that stopped half-way, with
its portions committed, is taken up by the next one.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from functools import cached_property
from typing import Any

import sqlalchemy as sa

from portal.accounts import links
from portal.accounts.models import Person
from portal.accounts.service import recipient
from portal.aftercare import alerts, due, queries, questions, service
from portal.aftercare.models import Alert, CheckIn, CheckInState, Voice
from portal.aftercare.rules import Finding, Rule, rule_of
from portal.agenda.windows import is_workday, workdays_after
from portal.foundation import clock
from portal.foundation.database import db
from portal.foundation.words import date_medium, speaking
from portal.outbox import service as outbox
from portal.placements import service as placements
from portal.placements.models import Placement
from portal.programmes import queries as programmes
from portal.programmes.models import TemplateKind

# Letters wait for working hours: nobody likes a form at two in the morning.
POST_LEAVES = time(8)


@dataclass
class Day:
    """One run: today, who already had a letter, and each programme's templates, read once."""

    today: date
    written_to: set[str]
    _templates: dict[tuple[int, TemplateKind], Mapping[str, Any]] = field(default_factory=dict)
    _plans: dict[tuple[int, int], Mapping[str, Any]] = field(default_factory=dict)

    def template(self, programme_id: int, kind: TemplateKind) -> Mapping[str, Any]:
        if (programme_id, kind) not in self._templates:
            self._templates[programme_id, kind] = programmes.template(programme_id, kind)
        return self._templates[programme_id, kind]

    def plan(self, programme_id: int, version: int | None) -> Mapping[str, Any]:
        """The plan that a placement was laid out from; what runs keeps its version."""
        kind = TemplateKind.AFTERCARE_PLAN
        if version is None:
            return self.template(programme_id, kind)
        if (programme_id, version) not in self._plans:
            self._plans[programme_id, version] = programmes.template_version(programme_id, kind, version)
        return self._plans[programme_id, version]

    def rule(self, programme_id: int, kind: str) -> Rule | None:
        return rule_of(self.rulebook(programme_id)["rules"], kind)

    def rulebook(self, programme_id: int) -> Mapping[str, Any]:
        return self.template(programme_id, TemplateKind.ALERT_RULES)

    @cached_property
    def working(self) -> bool:
        return is_workday(self.today)


def daily(today: date | None = None, *, after: Callable[[int, int], object] = lambda _done, _whole: None) -> None:
    """Everything that this date brings. `after` hears after each portion how many of how many are done; whether it commits is
    the caller's affair."""
    today = today or clock.today()
    day, done = Day(today, due.written_to(today)), 0
    # A state that grew is nothing that the others wait for, and nobody's moment depends on another one's: any order would do.
    work: list[tuple[Callable[[Day, Sequence[int]], None], Sequence[int]]] = [
        (_grow, due.growing(today)), (_bring_up, due.reached(today)), (_contracts, due.contracts_ending(today, 31)),
    ]  # fmt: skip
    whole = sum(len(numbers) for _step, numbers in work)
    for step, numbers in work:
        for portion in due.portions(numbers):
            step(day, portion)
            done += len(portion)
            after(done, whole)


def catch_up(*, after: Callable[[int, int], object] = lambda _done, _whole: None) -> None:
    """Each minute, cheaply: a start recorded today, or a night on which no worker ran."""
    if due.something_reached(clock.today()):
        daily(after=after)


def _grow(day: Day, numbers: Sequence[int]) -> None:
    for placement in due.placements(numbers):
        placements.advance(placement, day.today)


def _bring_up(day: Day, numbers: Sequence[int]) -> None:
    rows = due.moments(day.today, numbers)
    # No moment asks what another one wrote: a portion is written together, and not a row at a time before each question.
    with db.session.no_autoflush:
        for check_in, programme_id in rows:
            _bring_up_to(day, check_in, programme_id)


def _bring_up_to(day: Day, check_in: CheckIn, programme_id: int) -> None:
    if check_in.state == CheckInState.PLANNED:
        check_in.move_to(CheckInState.DUE)
        service.ask_worker(check_in)
    reader = _reader(check_in)
    if reader is not None and day.working:
        _write(day, check_in, reader, programme_id)
    if check_in.voice == Voice.EMPLOYER and check_in.has_form and check_in.asked_on is not None:
        service.ask_contact(check_in)
    _silence(day, check_in, programme_id, asked_by_letter=reader is not None)


def _reader(check_in: CheckIn) -> Person | None:
    """Who gets this form by letter; the employee's goes through the worker."""
    if not check_in.has_form or check_in.voice == Voice.EMPLOYEE:
        return None
    if check_in.voice == Voice.EMPLOYER:
        return check_in.placement.contact
    return db.session.get(Person, check_in.placement.justice_assistant_id)


def _write(day: Day, check_in: CheckIn, reader: Person, programme_id: int) -> None:
    """Ask once, then remind as often as the template says; one letter a day for one reader."""
    ref = f"person:{reader.id}"
    if ref in day.written_to:
        return
    if check_in.asked_on is None:
        check_in.asked_on = day.today
        _leave("aftercare/form", day, check_in, reader)
        return
    reminders = day.plan(programme_id, check_in.placement.plan_version)["reminders_working_days"]
    sent = check_in.reminders
    if sent < len(reminders) and day.today >= workdays_after(_asked(check_in), reminders[sent]):
        check_in.reminders += 1
        _leave("aftercare/reminder", day, check_in, reader)


def _asked(check_in: CheckIn) -> date:
    """From when silence is counted: the moment's day, or the letter's when it left later."""
    return max(check_in.due, check_in.asked_on or check_in.due)


def _leave(template: str, day: Day, check_in: CheckIn, reader: Person) -> None:
    day.written_to.add(f"person:{reader.id}")
    link = service.link_for(check_in, f"person:{reader.id}")
    with speaking(reader.language):
        values = {
            "link": links.in_letter(link),
            "first_name": reader.first_name,
            "moment": questions.plan_label("moments", check_in.moment),
            "minutes": questions.minutes(check_in.voice),
            "job": check_in.placement.vacancy.title if check_in.voice == Voice.EMPLOYER else "",
            "since": date_medium(check_in.placement.starts_on),
            "worker": check_in.placement.worker.name,
            "phone": check_in.placement.worker.phone,
        }
    letter = outbox.leave(template, to=recipient(reader), values=values, about=check_in)
    letter.next_try_at = max(clock.now(), _opening(day.today))


def _opening(today: date) -> datetime:
    return clock.at(today, POST_LEAVES)


def _silence(day: Day, check_in: CheckIn, programme_id: int, *, asked_by_letter: bool) -> None:
    """Five working days without an answer: overdue, and for a form somebody's task."""
    rule = day.rule(programme_id, "overdue")
    if rule is None or check_in.state != CheckInState.DUE or (asked_by_letter and check_in.asked_on is None):
        return
    if day.today < workdays_after(_asked(check_in), rule["threshold"]):
        return
    check_in.move_to(CheckInState.OVERDUE)
    if check_in.has_form:
        finding = Finding(rule["code"], "", None, rule["severity"])
        alerts.open_alert(check_in.placement, check_in, finding, day.rulebook(programme_id))


def _contracts(day: Day, numbers: Sequence[int]) -> None:
    """A contract that ends soon. The question column carries the date, so that a longer contract alerts again."""
    for placement, programme_id in due.contracts(numbers):
        rule = day.rule(programme_id, "contract_ends")
        if rule is None or placement.contract_ends_on is None:
            continue
        left = (placement.contract_ends_on - day.today).days
        if left > rule["threshold"] or _known(placement, rule, placement.contract_ends_on):
            continue
        beside = _beside(placement)
        if beside is not None:
            finding = Finding(rule["code"], placement.contract_ends_on.isoformat(), left, rule["severity"])
            alerts.open_alert(placement, beside, finding, day.rulebook(programme_id))


def _known(placement: Placement, rule: Rule, ends_on: date) -> bool:
    known = sa.select(Alert.id).where(
        Alert.placement_id == placement.id, Alert.rule == rule["code"], Alert.question == ends_on.isoformat()
    )
    return db.session.scalar(known) is not None


def _beside(placement: Placement) -> CheckIn | None:
    """The employer's moment that an alert without a form stands beside: the next one, else the last."""
    return db.session.scalar(
        sa.select(CheckIn)
        .where(CheckIn.placement_id == placement.id, CheckIn.voice == Voice.EMPLOYER)
        .order_by(CheckIn.state.in_(queries.OPEN).desc(), CheckIn.due)
        .limit(1)
    )
