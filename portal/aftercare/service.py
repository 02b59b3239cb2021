"""The verbs of aftercare: lay out, record, answer, skip, move, hand over, stop."""

from collections.abc import Sequence
from datetime import date, timedelta

import sqlalchemy as sa

from portal.accounts import links
from portal.accounts.models import PersonalLink
from portal.aftercare import alerts, plan, queries, questions
from portal.aftercare.models import CheckIn, CheckInState, FormAnswer, Voice
from portal.aftercare.rules import Answers, Given, find
from portal.agenda.windows import is_workday, workdays_after
from portal.foundation import clock
from portal.foundation.database import db
from portal.foundation.errors import DomainError
from portal.foundation.words import date_medium, lazy, lower_first, speaking
from portal.journal import service as journal
from portal.outbox import service as outbox
from portal.placements.models import Placement
from portal.programmes import queries as programmes
from portal.programmes.models import TemplateKind
from portal.tasks import service as tasks
from portal.trajectories.models import Trajectory

LINK_LIVES = timedelta(days=30)
DUE_WITHIN = 1
LATE_RECORD = "start recorded later"
TASK_OF = {
    "call": "aftercare.call",
    "visit": "aftercare.visit",
    "visit_form": "aftercare.visit",
    "form": "aftercare.form",
    "confirm": "aftercare.confirm",
}
ACROSS = {Voice.EMPLOYER: Voice.EMPLOYEE, Voice.EMPLOYEE: Voice.EMPLOYER}


class AlreadyAnswered(DomainError):
    sentence = lazy("This form was sent already. What was sent cannot be changed; call the project worker instead.")
    status = 409


class NotAWorkday(DomainError):
    sentence = lazy("Choose a working day from today on: no weekend and no holiday.")
    field = "day"


class TwoFormsOnOneDay(DomainError):
    sentence = lazy("On that day this reader already gets another form. Choose the day before or after.")
    field = "day"


def programme_of(placement: Placement) -> int:
    found = sa.select(Trajectory.programme_id).where(Trajectory.id == placement.trajectory_id)
    return db.session.scalars(found).one()


def lay_out(placement: Placement) -> None:
    """The plan of a start that was just recorded. Moments whose day is already gone are skipped, and say so."""
    template = programmes.template(programme_of(placement), TemplateKind.AFTERCARE_PLAN)
    voices = [Voice.EMPLOYEE, Voice.EMPLOYER]
    if placement.justice_assistant_id is not None:
        voices.append(Voice.JUSTICE_ASSISTANT)
    placement.plan_version, today = template["version"], clock.today()
    for moment in plan.lay_out(template, placement.starts_on, voices, queries.form_days(placement)):
        late = moment.day < today
        db.session.add(
            CheckIn(
                placement_id=placement.id, candidate_id=placement.candidate_id, voice=Voice(moment.voice),
                moment=moment.code, week=moment.week, channel=moment.channel, planned_for=moment.day, due=moment.day,
                state=CheckInState.SKIPPED if late else CheckInState.PLANNED, skipped_because=LATE_RECORD if late else "",
            )
        )  # fmt: skip
    db.session.flush()
    journal.note("aftercare.planned", placement, voices=[voice.value for voice in voices])


def answer(check_in: CheckIn, given: Sequence[Given], *, by: str) -> None:
    """Take a form's answers, once, and raise what worries. `by` says how they came: link, portal or worker."""
    if not check_in.open:
        raise AlreadyAnswered()
    before, other = _earlier(check_in, check_in.voice), _earlier(check_in, ACROSS.get(check_in.voice))
    for one in given:
        row = FormAnswer(check_in_id=check_in.id, question=one.question, score=one.score, choice=one.choice)
        row.words = one.words or None
        db.session.add(row)
    check_in.draft = None
    _done(check_in, by)
    alerts.resolve_missing(check_in)
    tasks.close("aftercare.form", check_in)
    tasks.close("aftercare.answer", check_in)
    rulebook = programmes.template(programme_of(check_in.placement), TemplateKind.ALERT_RULES)
    now = {one.question: one for one in given}
    for finding in find(rulebook["rules"], check_in.voice, now, before=before, other=other):
        alerts.open_alert(check_in.placement, check_in, finding, rulebook)


def _earlier(check_in: CheckIn, voice: Voice | None) -> Answers:
    """The latest answers of a voice in this placement, before this form."""
    if voice is None:
        return {}
    latest = (
        sa.select(CheckIn.id)
        .join(FormAnswer, FormAnswer.check_in_id == CheckIn.id)
        .where(CheckIn.placement_id == check_in.placement_id, CheckIn.voice == voice, CheckIn.id != check_in.id)
        .where(CheckIn.state == CheckInState.DONE)
        .order_by(CheckIn.done_at.desc(), CheckIn.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    rows = db.session.scalars(sa.select(FormAnswer).where(FormAnswer.check_in_id == latest)).all()
    return {row.question: Given.of(row) for row in rows}


def _done(check_in: CheckIn, by: str) -> None:
    check_in.done_at, check_in.answered_by = clock.now(), by
    check_in.move_to(CheckInState.DONE)
    close_ways_in(check_in)


def close_ways_in(check_in: CheckIn) -> None:
    """Nobody can answer, or be asked, twice: letters that wait are taken back and links stop working."""
    outbox.cancel_waiting(check_in)
    links.withdraw(queries.PURPOSE, check_in)


def record_talk(check_in: CheckIn, note: str) -> None:
    """A call or a visit took place. Where a form belongs to it, the form still waits for its own answer."""
    check_in.note = note
    if check_in.has_form:
        tasks.close("aftercare.visit", check_in)
        if check_in.open and check_in.voice == Voice.EMPLOYEE:
            ask_worker(check_in, "aftercare.form")
    else:
        _done(check_in, "worker")
        tasks.close(None, check_in)
    journal.note("check_in.talk", check_in)


def ask_worker(check_in: CheckIn, kind: str = "") -> None:
    """A task for the placement's worker, in the worker's language; it names the company, never the person.

    A form that goes by letter needs nobody.
    """
    if check_in.channel == "form" and check_in.voice != Voice.EMPLOYEE:
        return
    placement = check_in.placement
    language = placement.worker.language
    tasks.open_task(
        kind or TASK_OF[check_in.channel], check_in, owner_id=placement.worker_id, about=check_in.candidate_id,
        due=workdays_after(check_in.due, DUE_WITHIN), at=("aftercare.moment", {"key": check_in.key}),
        company=placement.employer.organisation.name,
        voice=lower_first(questions.plan_label("voices", check_in.voice, language)),
        moment=questions.plan_label("moments", check_in.moment, language),
    )  # fmt: skip


def ask_contact(check_in: CheckIn) -> None:
    """The employer's form also waits on the contact's own page of today, beside the letter; it names the job only."""
    placement = check_in.placement
    with speaking(placement.contact.language):
        tasks.open_task(
            "aftercare.answer", check_in, owner_id=placement.contact_id, due=workdays_after(check_in.due, DUE_WITHIN),
            at=("aftercare.answers", {"key": check_in.key}), moment=questions.plan_label("moments", check_in.moment),
            job=placement.vacancy.title, since=date_medium(placement.starts_on), minutes=questions.minutes(check_in.voice),
        )  # fmt: skip


def silence(check_in: CheckIn) -> None:
    """What was asked until now is asked no more: no letter, no link, no task."""
    close_ways_in(check_in)
    tasks.close(None, check_in, outcome="changed")


def skip(check_in: CheckIn, reason: str) -> None:
    """This moment does not take place, for a reason that stays readable."""
    check_in.skipped_because = reason
    check_in.move_to(CheckInState.SKIPPED, reason)
    close_ways_in(check_in)
    alerts.resolve_missing(check_in, "asked no more")
    tasks.close(None, check_in, outcome="skipped")


def move(check_in: CheckIn, day: date) -> None:
    """Another day for this one moment; the template's day stays known. Raises NotAWorkday or TwoFormsOnOneDay."""
    if day < clock.today() or not is_workday(day):
        raise NotAWorkday()
    if check_in.has_form:
        keep_apart(check_in, day)
    journal.note("check_in.moved", check_in, old=check_in.due.isoformat(), new=day.isoformat())
    check_in.due = day
    if check_in.waits:
        ask_worker(check_in)


def keep_apart(check_in: CheckIn, day: date) -> None:
    """Nobody gets two forms on one day, of one job or of two. Raises TwoFormsOnOneDay."""
    elsewhere = queries.form_days(check_in.placement).get(check_in.voice, set())
    if day in elsewhere | queries.other_form_days(check_in):
        raise TwoFormsOnOneDay()


def link_for(check_in: CheckIn, reader: str) -> PersonalLink:
    """The reader's way to this form: the one that is open, or a new one for 30 days."""
    found = queries.open_link(check_in, reader)
    if found is not None:
        return found
    return links.make(queries.PURPOSE, check_in, reader=reader, expires=clock.now() + LINK_LIVES)


def hand_over(check_in: CheckIn) -> PersonalLink:
    """A link for the employee, on a sheet that the worker prints or shows."""
    journal.note("check_in.handed_over", check_in)
    return link_for(check_in, f"candidate:{check_in.candidate_id}")


def stop(placement_ids: Sequence[int], reason: str, voices: Sequence[Voice] = tuple(Voice)) -> None:
    """Nothing is asked any more (the job ended, or consent was withdrawn)."""
    still = sa.select(CheckIn).where(
        CheckIn.placement_id.in_(placement_ids), CheckIn.state.in_(queries.OPEN), CheckIn.voice.in_(voices)
    )
    for check_in in db.session.scalars(still).all():
        skip(check_in, reason)


def stop_for(candidate_id: int, reason: str, voices: Sequence[Voice]) -> None:
    """Consent was withdrawn: these voices fall silent in every placement of the person."""
    stop(
        db.session.scalars(sa.select(Placement.id).where(Placement.candidate_id == candidate_id)).all(), reason, voices
    )
