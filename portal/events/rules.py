"""The figures of rules.toml, and what no event may be."""

from typing import Any

from portal.foundation.errors import Conflict, DomainError
from portal.foundation.options import load
from portal.foundation.words import lazy


def rule(name: str) -> Any:
    return load("events", "rules")[name]


class Passed(DomainError):
    sentence = lazy("This moment has passed. Choose a later one.")
    field = "day"


class EndsFirst(DomainError):
    sentence = lazy("The end comes before the beginning. Choose a later end.")
    field = "ends"


class TimeTaken(Conflict):
    sentence = lazy("The organiser has something else at this hour. Choose another moment.")
    field = "starts"


class AnswerTooLate(DomainError):
    sentence = lazy("Choose a last day to answer before the event, from today on.")
    field = "answer_by"


class TooFewSeats(DomainError):
    sentence = lazy("More companies come already than this number of seats.")
    field = "seats"


class NoPlace(DomainError):
    sentence = lazy("Say where it is: choose a place, or give the address.")
    field = "place"


class Over(DomainError):
    sentence = lazy("This event has begun, is over or was called off: nothing changes any more.")
    status = 409


class CalledFirst(DomainError):
    sentence = lazy("We call you first. Then you can ask for a seat.")
    status = 409


class NotYetOver(DomainError):
    sentence = lazy("Note who came once it has begun.")
    status = 409


class NobodyThere(DomainError):
    sentence = lazy("Nobody of this company has an account. Help them to sign up first.")
    field = "companies"
