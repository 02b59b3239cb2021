"""What the portal asks by itself when nobody answers after a talk: two letters, then a person calls.

Each step happens once, on a working day, and never after something came: a decision, a card, a no of the candidate.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from portal.accounts.roles import Role
from portal.agenda.windows import is_workday, workdays_after
from portal.employers.models import Employer
from portal.foundation import clock
from portal.foundation.access import Viewer
from portal.foundation.database import db
from portal.interviews import cards, duties, letters, outcome_duties, queries
from portal.interviews.models import Decision, Interview
from portal.interviews.outcome_models import Scorer
from portal.interviews.rules import rule
from portal.interviews.states import DecisionState, InterviewState
from portal.organisations.models import Organisation
from portal.outbox.models import Letter
from portal.showcase.models import Interest
from portal.showcase.states import InterestState

_D = DecisionState
WAITS = (_D.PENDING, _D.TRYING)


def ask_for_answers() -> int:
    """Each night: what is due tonight for decisions and for cards; returns how many steps were taken."""
    if not is_workday(clock.today()):
        return 0
    return _decisions() + _cards()


def step_due(since: date, asked: int | None, today: date) -> int | None:
    """The step of tonight, in working days since the answer was awaited, or None. `asked`: the last step taken.

    After nights that were missed one letter goes, not two; nobody is called before the last letter went.
    """
    letters_at, call_at = sorted(rule("answer_reminder_workdays")), int(rule("answer_call_workdays"))
    before = asked or 0
    if before >= letters_at[-1]:
        return call_at if before < call_at and today >= workdays_after(since, call_at) else None
    due = [days for days in letters_at if today >= workdays_after(since, days)]
    return due[-1] if due and due[-1] > before else None


def _decisions() -> int:
    statement = (
        sa.select(Interview.id, Interview.ends_at, Decision.state, Decision.ends_on, Decision.asked_workdays)
        .join(Decision, Decision.interview_id == Interview.id)
        .join(Interest, Interest.id == Interview.interest_id)
        .where(
            Interview.state == InterviewState.HELD, Decision.state.in_(WAITS), Interest.state != InterestState.LAPSED
        )
    )
    done = 0
    for row in db.session.execute(statement).all():
        since = _since(row)
        step = step_due(since, row.asked_workdays, clock.today()) if since is not None else None
        if step is not None and _marked(Decision, Decision.interview_id == row.id, row.asked_workdays, step):
            _ask(queries.whole([row.id])[0], step)
            done += 1
        db.session.commit()
    return done


def _since(row: Any) -> date | None:
    """From when an answer is awaited: the talk, or the last day of the trial."""
    if row.state is _D.TRYING:
        last: date | None = row.ends_on
        return last
    return clock.local(row.ends_at).date() if isinstance(row.ends_at, datetime) else None


def _marked(table: Any, which: sa.ColumnElement[bool], before: int | None, step: int) -> bool:
    """Two workers at once: only one of them changes the row, and only that one writes."""
    same = table.asked_workdays.is_not_distinct_from(before)
    waits = table.state.in_(WAITS) if table is Decision else sa.true()
    changed = db.session.execute(sa.update(table).where(which, same, waits).values(asked_workdays=step))
    return bool(changed.rowcount)  # type: ignore[attr-defined]


def _ask(interview: Interview, step: int) -> None:
    written = rule("answer_reminder_workdays")
    if step in written:
        trial = interview.decision is not None and interview.decision.state is _D.TRYING
        letters.ask_again(interview, last=step == max(written), after_trial=trial)
    else:
        duties.silent(interview)


def _cards() -> int:
    statement = (
        sa.select(Scorer)
        .options(joinedload(Scorer.person))
        .join(Interview, Interview.id == Scorer.interview_id)
        .join(Decision, Decision.interview_id == Interview.id)
        .join(Interest, Interest.id == Interview.interest_id)
        .where(Interview.state == InterviewState.HELD, Decision.state == _D.PENDING, sa.not_(cards.card_exists()))
        .where(Interest.state != InterestState.LAPSED)
        .order_by(Scorer.id)
    )
    done = 0
    for scorer in db.session.scalars(statement).all():
        before = scorer.asked_workdays
        step = step_due(clock.local(scorer.created_at).date(), before, clock.today())
        if step is not None and _marked(Scorer, Scorer.id == scorer.id, before, step):
            interview = queries.whole([scorer.interview_id])[0]
            if step in rule("answer_reminder_workdays"):
                cards.remind(interview, scorer)
            else:
                outcome_duties.card_silent(interview, scorer)
            done += 1
        db.session.commit()
    return done


def letter_stands(letter: Letter) -> bool:
    """No question leaves once something came: asked again at sending."""
    state = db.session.scalar(sa.select(Decision.state).where(Decision.interview_id == letter.about_id))
    return state in WAITS


@dataclass(frozen=True)
class Asked:
    """One company: how many talks waited for its answer, and for how many we wrote once, twice, and called."""

    company: str
    key: str
    held: int
    once: int
    twice: int
    called: int


def by_company(viewer: Viewer) -> list[Asked]:
    """Whom the coordinator's programmes had to ask, most asked first; one query."""
    rows = db.session.execute(
        sa.select(Organisation.name, Employer.key, Decision.asked_workdays, Decision.asked_before_trial)
        .join(Interview, Interview.id == Decision.interview_id)
        .join(Employer, Employer.id == Interview.employer_id)
        .join(Organisation, Organisation.id == Employer.organisation_id)
        .where(Employer.programme_id.in_(viewer.programmes(Role.COORDINATOR)))
    )
    by_key: dict[tuple[str, str], list[tuple[int, int]]] = defaultdict(list)
    for name, key, asked, before in rows:
        by_key[name, key].append((asked or 0, before or 0))
    found = [_asked(name, key, asked) for (name, key), asked in by_key.items()]
    return sorted((one for one in found if one.once), key=lambda one: (-one.once, -one.twice, one.company))


def _asked(name: str, key: str, talks: Sequence[tuple[int, int]]) -> Asked:
    steps = (min(rule("answer_reminder_workdays")), max(rule("answer_reminder_workdays")), rule("answer_call_workdays"))
    return Asked(name, key, len(talks), *(sum(one >= step for talk in talks for one in talk) for step in steps))
