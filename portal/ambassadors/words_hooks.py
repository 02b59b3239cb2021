"""What words in public listen to: a closing form with a testimonial, and who shows them."""

from typing import Any

from portal.accounts import links
from portal.aftercare.models import CheckIn, CheckInState
from portal.ambassadors import words, words_queries
from portal.answers import library
from portal.foundation.signals import state_changed
from portal.foundation.words import lazy
from portal.tasks import service as tasks

links.opens(words.PURPOSE, "ambassadors.words_by_link")
library.peers_say(words_queries.beside)

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
