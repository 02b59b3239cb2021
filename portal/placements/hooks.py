"""An accepted offer becomes a start to prepare, in the transaction of the answer itself."""

from typing import Any

from portal.foundation.signals import offer_accepted
from portal.foundation.words import lazy
from portal.placements import service
from portal.tasks import service as tasks

tasks.kind(
    "placements.prepare",
    title=lazy("Prepare the start at %(company)s"),
    why=lazy("The offer for %(job)s was accepted."),
    action=lazy("Prepare the start"),
)


@offer_accepted.connect
def _prepare(interview: Any) -> None:
    service.prepare(interview)
