"""Alerts: raised by a rule, owned by the placement's worker, answered within two working days, closed with a note."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from portal.aftercare import questions
from portal.aftercare.models import Alert, AlertState, CheckIn
from portal.aftercare.rules import Finding, Rule, label_of
from portal.agenda.windows import workdays_after
from portal.foundation import acting, clock
from portal.foundation.database import db
from portal.foundation.words import _, lower_first, speaking
from portal.journal import service as journal
from portal.placements.models import Placement
from portal.tasks import service as tasks


def open_alert(placement: Placement, check_in: CheckIn, finding: Finding, rulebook: Mapping[str, Any]) -> Alert | None:
    """A new alert with its task, or None when this rule already spoke about this moment and question."""
    known = sa.select(Alert.id).where(
        Alert.check_in_id == check_in.id, Alert.rule == finding.rule, Alert.question == finding.question
    )
    if db.session.scalar(known) is not None:
        return None
    rule = next(rule for rule in rulebook["rules"] if rule["code"] == finding.rule)
    alert = Alert(
        placement_id=placement.id, check_in_id=check_in.id, candidate_id=placement.candidate_id, rule=finding.rule,
        question=finding.question, value=finding.value, owner_id=placement.worker_id,
        threshold=rule.get("threshold"), due=workdays_after(clock.today(), rulebook["answer_working_days"]),
    )  # fmt: skip
    db.session.add(alert)
    db.session.flush()
    journal.note("alert.open", alert, rule=finding.rule, question=finding.question)
    _tell(alert, placement, check_in, rule)
    return alert


def _tell(alert: Alert, placement: Placement, check_in: CheckIn, rule: Rule) -> None:
    """The task speaks the owner's language and names the company, never the person."""
    with speaking(placement.worker.language):
        asked = questions.all_of(check_in.voice).get(alert.question)
        words: dict[str, Any] = {
            "company": placement.employer.organisation.name,
            "moment": questions.plan_label("moments", check_in.moment),
            "rule": lower_first(label_of(rule)),
            "why": _("The question was: %(question)s", question=asked.label)
            if asked is not None else _("Who: %(voice)s.", voice=lower_first(questions.plan_label("voices", check_in.voice))),
        }  # fmt: skip
    tasks.open_task(
        "aftercare.alert", alert, owner_id=alert.owner_id, about=alert.candidate_id, due=alert.due,
        at=("aftercare.alert", {"key": alert.key}), **words,
    )  # fmt: skip


def resolve(alert: Alert, note: str) -> None:
    """A person answered it: what was said and done stands in the note."""
    alert.note = note
    _close(alert)


def resolve_missing(check_in: CheckIn, reason: str = "answered") -> None:
    """The answer came after all, or is asked no more: nobody needs to chase it."""
    missing = sa.select(Alert).where(
        Alert.check_in_id == check_in.id, Alert.state == AlertState.OPEN, Alert.rule == "no_answer"
    )
    for alert in db.session.scalars(missing).all():
        _close(alert, reason)


def _close(alert: Alert, reason: str = "") -> None:
    alert.resolved_at, alert.resolved_by = clock.now(), acting.person_id()
    alert.move_to(AlertState.RESOLVED, reason)
    tasks.close("aftercare.alert", alert)
