"""What changes after the screening: a light that turns green, a regime that becomes another. The own worker keeps it up."""

from collections.abc import Sequence
from typing import Any

from flask import render_template, url_for
from werkzeug.wrappers import Response

from portal.candidates import possible, queries, screening_forms, screenings, timeline
from portal.candidates import preconditions as service
from portal.candidates.models import Precondition
from portal.candidates.policy import reads_constraints, worker
from portal.candidates.room import candidates
from portal.foundation.access import opens_to, viewer
from portal.foundation.errors import NotFound
from portal.foundation.words import _


@candidates.route("/people/<key>/preconditions", methods=["GET", "POST"])
@opens_to(worker)
def preconditions(key: str) -> str | Response:
    """Bring the lights up to date."""
    case = queries.case_of(viewer(), key, "preconditions")
    if not case.own:
        raise NotFound()
    rows = queries.preconditions_of(case.candidate.id)
    start = screening_forms.start_values("preconditions", {"preconditions": _kept(rows)})
    form = screening_forms.preconditions().from_request(**start)
    if form.accepted():
        service.renew(case.candidate, screening_forms.to_keep("preconditions", form.answer()))
        return form.go(url_for(".screened", key=key), _("Kept."))
    return render_template(
        "candidates/preconditions.html",
        case=case,
        form=form,
        history=timeline.lines(timeline.changes_of(case.candidate.id)),
    )


def _kept(rows: Sequence[Precondition]) -> dict[str, dict[str, Any]]:
    """Rows as a screening's draft keeps them."""
    return {
        row.kind: {
            "light": row.light if row.light != "unknown" else "", "owner": row.owner,
            **({"due": row.due.isoformat()} if row.due else {}),
            **({"valid_until": row.valid_until.isoformat()} if row.valid_until else {}),
        }
        for row in rows
    }  # fmt: skip


@candidates.route("/people/<key>/constraints", methods=["GET", "POST"])
@opens_to(worker)
def constraints(key: str) -> str | Response:
    """What work must reckon with, when it changes."""
    case = queries.case_of(viewer(), key, "work constraints", own_reads="constraints.read")
    if not case.own or not reads_constraints(viewer(), case):
        raise NotFound()
    found = case.constraints
    form = screening_forms.constraints().from_request(**(found.answers if found is not None else {}))
    if form.accepted():
        if found is None:
            screenings.note_constraints(case.candidate, form.answer())
            return form.go(url_for(".show", key=key), _("Kept."))
        screenings.renew_constraints(found, case.candidate, form.answer())
        return form.go(url_for(".screened", key=key), _("Kept."))
    return render_template(
        "candidates/constraints.html", case=case, form=form, answer=possible.of(found, case.candidate.site)
    )
