"""Tasks about what must be in order before work, and the night in which dates pass."""

from portal.candidates import preconditions
from portal.foundation import jobs
from portal.foundation.database import db
from portal.foundation.words import lazy
from portal.tasks import service as tasks

tasks.kind(
    "candidates.paper_nobody", title=lazy("%(name)s: %(what)s stands in the way, and nobody sees to it"),
    why=lazy("Choose who sees to it, and by when."), action=lazy("Choose who"),
)  # fmt: skip
tasks.kind(
    "candidates.paper_late", title=lazy("%(name)s: %(what)s had to be in order by %(day)s"),
    why=lazy("Look how it stands, and choose a new date if it takes longer."), action=lazy("Bring up to date"),
)  # fmt: skip
tasks.kind(
    "candidates.paper_ends", title=lazy("%(name)s: %(what)s is valid until %(day)s"),
    why=lazy("It ends within %(days)s days. Ask for the renewal in time, and note the new date."), action=lazy("Note the new date"),
)  # fmt: skip
tasks.kind(
    "candidates.paper_ended", title=lazy("%(name)s: %(what)s ended on %(day)s"),
    why=lazy("Note the new date. Without a valid paper nobody can start or go on working."), action=lazy("Note the new date"),
)  # fmt: skip


def _watch() -> None:
    preconditions.nightly()
    db.session.commit()


jobs.each_night["candidates.papers"] = _watch
