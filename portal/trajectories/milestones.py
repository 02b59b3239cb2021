"""What a worker writes at one milestone: done on a day, or a deviation with its reason, and the way back from it."""

from datetime import date

from portal.foundation import acting, clock
from portal.foundation.errors import DomainError
from portal.foundation.states import WrongState
from portal.foundation.words import lazy
from portal.journal import service as journal
from portal.trajectories import queries
from portal.trajectories.models import Milestone, Trajectory
from portal.trajectories.service import BY_ITSELF


class NotYetDone(DomainError):
    sentence = lazy("That day is still to come, or lies before the person was taken on. Look at the date.")
    field = "on"


class DayIsPast(DomainError):
    sentence = lazy("Agree on a day that is still to come.")
    field = "until"


def finish(way: Trajectory, one: Milestone, *, on: date) -> None:
    """Done on this day. What is reached in another room is done there. Raises WrongState or NotYetDone."""
    _runs(way)
    if one.done_on is not None or one.code in BY_ITSELF:
        raise WrongState()
    if not way.accepted_on <= on <= clock.today():
        raise NotYetDone()
    one.done_on = on
    one.paused_since, one.waits = None, []
    journal.note("milestone.reached", one, about=way.candidate_id, code=one.code)


def deviate(way: Trajectory, one: Milestone, *, because: str, words: str, until: date | None) -> None:
    """This person's way differs here: later, by a day that was agreed, or not at all. Raises WrongState or DayIsPast."""
    _runs(way)
    if one.done_on is not None:
        raise WrongState()
    if until is not None and until <= clock.today():
        raise DayIsPast()
    one.deviation, one.deviation_words, one.agreed_until = because, words or None, until
    one.deviated_on, one.deviated_by = clock.today(), acting.person_id()
    journal.note("milestone.deviated", one, about=way.candidate_id, code=one.code, because=because)


def come_back(way: Trajectory, one: Milestone) -> None:
    """The milestone counts again as the flow has it."""
    _runs(way)
    if not one.deviation or one.done_on is not None:
        raise WrongState()
    one.deviation, one.deviation_words, one.agreed_until = "", None, None
    one.deviated_on = one.deviated_by = None
    journal.note("milestone.returned", one, about=way.candidate_id, code=one.code)


def _runs(way: Trajectory) -> None:
    if way.state in queries.ENDED:
        raise WrongState()
