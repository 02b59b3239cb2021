"""The figures of rules.toml, and the broken rules of an interview with the sentence that helps."""

from typing import Any

from portal.agenda.windows import Span
from portal.foundation.errors import Conflict, DomainError
from portal.foundation.options import load
from portal.foundation.words import lazy, time_short


def rule(name: str) -> Any:
    return load("interviews", "rules")[name]


class NobodyToAccompany(DomainError):
    sentence = lazy("Nobody goes along yet. Choose a colleague first: there is no interview without a companion.")


class NoContact(DomainError):
    sentence = lazy("The contact of the company has left. Choose another contact first.")


class PermissionMissing(DomainError):
    sentence = lazy("The permission is not there yet for these hours. Note the answer first.")


class DoesNotCover(DomainError):
    sentence = lazy(
        "These hours are too short: the permission must cover the way there, the interview and the way back, from %(start)s to %(end)s."
    )
    field = "until"

    @classmethod
    def between(cls, needed: Span) -> "DoesNotCover":
        return cls(str(cls.sentence) % {"start": time_short(needed.start), "end": time_short(needed.end)})


class TimeNotHeld(Conflict):
    sentence = lazy("This time is no longer held for everybody. Choose another moment.")


class Late(Conflict):
    sentence = lazy("This was about an earlier moment: something changed in the meantime. Nothing was done.")


class TooLate(DomainError):
    sentence = lazy("This moment has passed. Choose another one.")


class NotYet(DomainError):
    sentence = lazy("This can be noted once the interview has begun.")


class NoCompanionThere(DomainError):
    sentence = lazy("Without a companion it was no accompanied interview. Move it to another moment, or cancel it.")
    field = "companion"


class AlreadyPlanned(Conflict):
    sentence = lazy("This interview is planned already. Look at where it stands.")


class ReasonNeeded(DomainError):
    sentence = lazy("Give at least one reason about the job: the candidate gets an answer.")
    field = "reasons"


class WordsNeeded(DomainError):
    sentence = lazy("Say in a sentence what you mean, about the work only.")
    field = "note"


class ScoreFirst(DomainError):
    sentence = lazy("Fill in how the interview went first. Your answer follows from it.")


class NoConsent(DomainError):
    sentence = lazy("The candidate has not agreed that this company knows the name. Ask first, and note the consent.")


class NoTimes(DomainError):
    sentence = lazy("Choose one to three times.")
    field = "offered"


class NotThatDay(DomainError):
    sentence = lazy("Nobody meets on that day: choose a working day that is no holiday.")


class NotInReach(DomainError):
    sentence = lazy("Choose a time from %(first)s to %(last)s.")


class TooShort(DomainError):
    sentence = lazy("An interview takes %(minutes)s minutes: leave at least that much between the two hours.")


class HourMissing(DomainError):
    sentence = lazy("Give the day, from when and until when.")
