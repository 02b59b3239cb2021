"""What the library looks after: each answer is looked at again after a year."""

from portal.answers import editing
from portal.foundation import jobs
from portal.foundation.words import lazy
from portal.tasks import service as tasks

tasks.kind(
    "answers.review",
    title=lazy("Is this answer still right? “%(question)s”"),
    why=lazy("Nobody looked at it for a year. Companies rely on it."),
    action=lazy("Read it over"),
)

jobs.each_night["answers.review"] = editing.ask_to_review
