"""Editing a programme's templates: a change is a new version with who, when and why; what runs keeps its own."""

from typing import Any

from sqlalchemy.exc import IntegrityError

from portal.foundation import acting
from portal.foundation.database import db
from portal.foundation.errors import Conflict
from portal.foundation.words import lazy
from portal.journal import service as journal
from portal.programmes import queries
from portal.programmes.models import Template, TemplateKind


class ChangedMeanwhile(Conflict):
    sentence = lazy("Somebody wrote a newer version in the meantime. Look at it first, then make your change again.")


def write(programme_id: int, kind: TemplateKind, body: dict[str, Any], *, because: str, based_on: int) -> Template:
    """A new version after the one that the writer had before the eyes. Raises ChangedMeanwhile."""
    newest = max([one.version for one in queries.template_versions([programme_id], kind)], default=None)
    stands = newest if newest is not None else queries.template(programme_id, kind)["version"]
    if stands != based_on:
        raise ChangedMeanwhile()
    row = Template(
        programme_id=programme_id, kind=kind, version=stands + 1, body={**body, "version": stands + 1},
        written_by=acting.person_id(), because=because,
    )  # fmt: skip
    try:
        with db.session.begin_nested():
            db.session.add(row)
    except IntegrityError:
        raise ChangedMeanwhile() from None
    journal.note("template.written", row, template=kind.value, version=row.version, programme=programme_id)
    return row
