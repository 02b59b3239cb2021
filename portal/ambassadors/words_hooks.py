"""What words in public listen to: a closing form with a testimonial, and who shows them."""

from typing import Any

from portal.accounts import links
from portal.accounts.models import Person
from portal.aftercare.models import CheckIn, CheckInState
from portal.ambassadors import words, words_leaving, words_queries
from portal.answers import library
from portal.employers import successions
from portal.employers.models import Employer
from portal.foundation.signals import colleague_left, contact_left, state_changed
from portal.foundation.words import lazy
from portal.tasks import service as tasks

links.opens(words.PURPOSE, "ambassadors.words_by_link")
library.peers_say(words_queries.beside)
successions.holds(words_leaving.asked_of)

tasks.kind(
    "ambassadors.edit_words",
    title=lazy("%(company)s wrote something for other companies"),
    why=lazy("You read it over, and the company agrees to the exact text before anybody sees it."),
    action=lazy("Read it over"),
)
tasks.kind(
    "ambassadors.agree_words",
    title=lazy("May we show your words?"),
    why=lazy("You read them exactly as they will stand. Nothing shows before you say yes."),
    action=lazy("Read and answer"),
)


@state_changed.connect
def _said_in_a_form(subject: Any, *, new: Any, **_more: Any) -> None:
    if isinstance(subject, CheckIn) and new == CheckInState.DONE:
        words.heard(subject)


@colleague_left.connect
def _another_is_asked(employer: Employer, *, person: Person, successor: Person) -> None:
    words_leaving.hand_over(employer, person, successor)


@contact_left.connect
def _nobody_says_yes_for_another(person: Person, *, organisation_id: int) -> None:
    words_leaving.take_back_own(person, organisation_id)
