"""Which tasks an interview opens and closes, so that each thing that waits waits for somebody."""

from datetime import date, timedelta
from typing import Any

from portal.accounts.models import Person
from portal.accounts.roles import Role
from portal.agenda.windows import workdays_after, workdays_before
from portal.candidates.handles import handle
from portal.foundation import clock
from portal.foundation.words import date_short, lazy, speaking, time_short
from portal.interviews.letters import company_of
from portal.interviews.models import Interview
from portal.interviews.rules import rule
from portal.interviews.states import InterviewState, PermissionState
from portal.showcase.models import Interest
from portal.tasks import service as tasks

KINDS: dict[str, tuple[Any, Any, Any]] = {
    "plan": (
        lazy("Plan the interview at %(company)s"),
        lazy("The candidate of %(profile)s agrees. Choose a moment and somebody to go along."),
        lazy("Choose a moment"),
    ),
    "request_permission": (
        lazy("Request the permission for the interview at %(company)s"),
        lazy("The interview is on %(day)s. Print the letter for the file."),
        lazy("Request it"),
    ),
    "permission_answer": (
        lazy("Is the permission there for %(company)s?"),
        lazy("It was requested for the interview on %(day)s."),
        lazy("Note the answer"),
    ),
    "confirm": (
        lazy("Confirm the interview at %(company)s"),
        lazy("Everything is in place for %(day)s."),
        lazy("Look and confirm"),
    ),
    "move": (
        lazy("Choose another moment for %(company)s"),
        lazy("The interview on %(day)s cannot go on as planned."),
        lazy("Choose a moment"),
    ),
    "sheet": (
        lazy("Give the candidate the sheet for %(company)s"),
        lazy("The interview is on %(day)s: where to be, how to get there, who comes along."),
        lazy("Print the sheet"),
    ),
    "presence": (
        lazy("The interview at %(company)s"),
        lazy("You go along on %(day)s. Note afterwards who was there."),
        lazy("Open the interview"),
    ),
    "find_companion": (
        lazy("Find somebody for the interview at %(company)s"),
        lazy("Nobody goes along on %(day)s any more."),
        lazy("Choose a colleague"),
    ),
    "away": (
        lazy("%(name)s is away during the interview at %(company)s"),
        lazy("Choose another colleague or another moment than %(day)s."),
        lazy("Look at the interview"),
    ),
    "answer": (
        lazy("Your answer after the interview for %(vacancy)s"),
        lazy("Every candidate gets an answer within a week, with a reason about the job."),
        lazy("Fill it in"),
    ),
    "way_ended": (
        lazy("The interview at %(company)s still stands"),
        lazy("The way of this person has ended. Call off the interview of %(day)s, or talk about it first."),
        lazy("Call it off"),
    ),
    "silence": (
        lazy("No answer yet from %(company)s"),
        lazy("The interview was on %(day)s. Call and ask what they need."),
        lazy("Look at the interview"),
    ),
    "tell": (
        lazy("Tell the candidate the answer of %(company)s"),
        lazy("Every answer is told within a week."),
        lazy("Read the answer"),
    ),
    "prefer": (
        lazy("When would you like to meet? %(vacancy)s"),
        lazy("The candidate of %(profile)s agrees. Give up to three times; we look for one that suits everybody."),
        lazy("Give times"),
    ),
    "settle": (
        lazy("%(company)s gave times for the interview"),
        lazy("Settle the first one that suits everybody: %(times)s"),
        lazy("Look and settle"),
    ),
    "tell_change": (
        lazy("Tell the candidate that the interview at %(company)s is off"),
        lazy("It was planned on %(day)s."),
        lazy("Look at the interview"),
    ),
}  # fmt: skip


def plan(interest: Interest, *, worker_id: int | None, programme_id: int, company: str) -> None:
    """The candidate said yes: somebody chooses a moment."""
    whose: dict[str, Any] = {"role": Role.COORDINATOR, "programme_id": programme_id}
    tasks.open_task(
        "interviews.plan", interest, due=workdays_after(clock.today(), 2), at=("interviews.plan", {"key": interest.key}),
        about=interest.candidate_id, company=company, profile=interest.code,
        **({"owner_id": worker_id} if worker_id else whose),
    )  # fmt: skip


def planned(interview: Interview) -> None:
    """A moment is held: ask for the permission where one is needed, else confirm."""
    tasks.close("interviews.plan", interview.interest)
    close(interview, "move", "away", "find_companion", "confirm", "permission_answer", "sheet", "presence", "back_by")
    close(interview, "file_late", "permission_late")
    if interview.permission.state is PermissionState.TO_REQUEST:
        due = interview.permission.file_by or clock.today()
        _open(interview, "request_permission", "permission_request", due)
    else:
        _open(interview, "confirm", "show", workdays_after(clock.today(), 1))


def permission_requested(interview: Interview) -> None:
    close(interview, "request_permission")
    due = workdays_before(day_of(interview), rule("permission_answer_workdays"))
    _open(interview, "permission_answer", "permission_answer", max(due, clock.today()))


def permission_granted(interview: Interview) -> None:
    close(interview, "permission_answer")
    if interview.state is InterviewState.AWAITING_PERMISSION:
        _open(interview, "confirm", "show", workdays_after(clock.today(), 1))


def must_move(interview: Interview) -> None:
    close(interview, "request_permission", "permission_answer", "confirm", "sheet", "presence", "back_by", "away")
    close(interview, "find_companion")
    _open(interview, "move", "move", workdays_after(clock.today(), 1))
    _open(interview, "tell_change", "show", workdays_after(clock.today(), 1))


def confirmed(interview: Interview, *, again: bool = False) -> None:
    """The candidate gets the sheet (the new one, when it moved), and who goes along finds the interview on the day itself."""
    close(interview, "confirm", "request_permission", "permission_answer", "move", "away", "find_companion")
    close(interview, "presence", "back_by", "tell_change")
    day = day_of(interview)
    soon = workdays_after(clock.today(), 2)
    _open(interview, "sheet", "show", max(clock.today(), min(soon, workdays_before(day, 1))))
    _go_along(interview)


def _go_along(interview: Interview) -> None:
    if interview.companion_id is not None:
        _open(interview, "presence", "show", day_of(interview), owner_id=interview.companion_id)
        _back_by(interview, interview.companion_id)


def _back_by(interview: Interview, companion_id: int) -> None:
    """Who goes along knows when the granted hours end."""
    until = interview.permission.covers_until
    if until is not None:
        with speaking(interview.companion.language if interview.companion is not None else "nl"):
            ends = time_short(until)
        _open(interview, "back_by", "show", day_of(interview), owner_id=companion_id, time=ends)


def companion_found(interview: Interview) -> None:
    close(interview, "find_companion", "away", "presence", "back_by")
    if interview.state is InterviewState.CONFIRMED:
        _go_along(interview)
        _open(interview, "sheet", "show", max(clock.today(), workdays_before(day_of(interview), 1)))
    elif interview.permission.stands:
        _open(interview, "confirm", "show", workdays_after(clock.today(), 1))


def contact_changed(interview: Interview) -> None:
    """The candidate's sheet names the contact."""
    if interview.state is InterviewState.CONFIRMED:
        _open(interview, "sheet", "show", max(clock.today(), workdays_before(day_of(interview), 1)))


def needs_worker(interview: Interview) -> None:
    """Nobody goes along: the coordinator's task, at once."""
    close(interview, "presence", "back_by", "confirm", "away")
    _open(
        interview, "find_companion", "companion", clock.today(), role=Role.COORDINATOR,
        programme_id=interview.vacancy.employer.programme_id,
    )  # fmt: skip


def somebody_away(interview: Interview, person: Person) -> None:
    _open(interview, "away", "show", clock.today(), name=person.name)


def cancelled(interview: Interview, *, plan_again: bool) -> None:
    """Everything that waited is over; the candidate hears it from the worker, and where it can the search for a moment goes on."""
    tasks.close(None, interview, "cancelled")
    _open(interview, "tell_change", "show", workdays_after(clock.today(), 1))
    if plan_again:
        company = company_of(interview)
        case = handle(interview.candidate_id)
        plan(interview.interest, worker_id=case.worker_id, programme_id=case.programme_id, company=company)


def not_held(interview: Interview) -> None:
    """Somebody was missing: another moment, or none."""
    close(interview, "presence", "back_by", "sheet")
    _open(interview, "move", "move", workdays_after(clock.today(), 1))


def held(interview: Interview) -> None:
    """The employer answers within five working days."""
    tasks.close(None, interview)
    due = workdays_after(clock.today(), rule("answer_workdays"))
    _open(interview, "answer", "score", due, owner_id=interview.contact_id)


def way_ended(interview: Interview) -> None:
    """Nobody calls it off by itself: a worker tells the company, and everybody's time is free again."""
    _open(interview, "way_ended", "cancel", clock.today())


def silent(interview: Interview) -> None:
    _open(interview, "silence", "show", clock.today())


def decided(interview: Interview) -> None:
    close(interview, "answer", "silence")
    _open(interview, "tell", "tell", clock.today() + timedelta(days=rule("tell_within_days")))


def told(interview: Interview, *, thinks: bool = False, until: date | None = None) -> None:
    if thinks:
        _open(interview, "tell", "tell", until or workdays_after(clock.today(), 3))
    else:
        close(interview, "tell")


def open_for(interview: Interview, kind: str, page: str, due: date, **more: Any) -> None:
    """For what other modules of the room wait for: the case's worker, unless another owner is named."""
    _open(interview, kind, page, due, **more)


def close(interview: Interview, *kinds: str) -> None:
    for kind in kinds:
        tasks.close(f"interviews.{kind}", interview)


def _open(interview: Interview, kind: str, page: str, due: date, **more: Any) -> None:
    """For the case's worker, unless another owner or role is named. No word here names a candidate."""
    whose: dict[str, Any] = {} if "owner_id" in more or "role" in more else {"owner_id": interview.worker_id}
    tasks.open_task(
        f"interviews.{kind}", interview, due=due, at=(f"interviews.{page}", {"key": interview.key}),
        about=interview.candidate_id, company=company_of(interview), vacancy=interview.vacancy.title,
        day=_in_language_of_owner(interview, more.get("owner_id")), **whose, **more,
    )  # fmt: skip


def _in_language_of_owner(interview: Interview, owner_id: int | None) -> str:
    """A task's words are kept, so its date is written once, in the language of who will read it."""
    known = {interview.contact_id: interview.contact, interview.worker_id: interview.worker}
    reader = known.get(owner_id or interview.worker_id)
    with speaking(reader.language if reader is not None else "nl"):
        return date_short(day_of(interview))


def day_of(interview: Interview) -> date:
    return clock.local(interview.starts_at).date() if interview.starts_at else clock.today()
