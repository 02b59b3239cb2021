"""What questions between companies listen to and look after."""

from typing import Any

from portal.accounts.models import Person
from portal.ambassadors import question_letters, questions
from portal.ambassadors.models import Ambassador, AmbassadorState
from portal.employers.models import Employer
from portal.foundation import jobs
from portal.foundation.signals import colleague_left, state_changed
from portal.foundation.words import lazy
from portal.outbox.service import check_before_sending
from portal.tasks import service as tasks

tasks.kind(
    "ambassadors.answer_peer",
    title=lazy("A company asks you something"),
    why=lazy("It worries about something that you have done. A few sentences are enough, and you may pass."),
    action=lazy("Read and answer"),
)
tasks.kind(
    "ambassadors.question_waits",
    title=lazy("%(company)s waits for an answer"),
    why=lazy("It asked another company. Nobody could answer in time, so you do."),
    action=lazy("Read and answer"),
)
tasks.kind(
    "ambassadors.good_answer",
    title=lazy("An answer of a company helped another one"),
    why=lazy("It may help more companies. You edit it, the company agrees, and it stands beside the answer."),
    action=lazy("Read the answer"),
)


@state_changed.connect
def _an_ambassador_stops(subject: Any, *, new: Any, **_more: Any) -> None:
    """Who rests or leaves is asked nothing more."""
    if isinstance(subject, Ambassador) and new in {AmbassadorState.PAUSED, AmbassadorState.ENDED}:
        questions.peer_stops(subject.id)


@colleague_left.connect
def _somebody_takes_over(employer: Employer, *, person: Person, successor: Person, **_more: Any) -> None:
    questions.hand_over(employer, person, successor)


check_before_sending("ambassadors/question")(question_letters.letter_stands)
jobs.each_night["ambassadors.questions"] = questions.keep_moving
