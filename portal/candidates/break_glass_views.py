"""A colleague's case: whether there is one, opening it with a reason, closing it, and what the coordinator reads of it."""

from flask import render_template, request, url_for
from werkzeug.wrappers import Response

from portal.accounts.roles import Role
from portal.candidates import break_glass, identities, look_ups, queries
from portal.candidates.forms import LookUpForm, OpenForm
from portal.candidates.policy import opened_to, staff
from portal.candidates.room import candidates
from portal.candidates.states import Scope
from portal.foundation.access import opens_to, viewer
from portal.foundation.errors import NotFound
from portal.foundation.forms import Press
from portal.foundation.refusals import see_other
from portal.foundation.words import _


@candidates.route("/people/colleagues", methods=["GET", "POST"])
@opens_to(staff)
def look_up() -> str | Response:
    """Is this person a colleague's? Asked by the whole name; the answer names the colleague and nothing more."""
    form = LookUpForm.from_request()
    if form.accepted():
        found = look_ups.look_up(viewer(), form.answer().name)
        return form.go(url_for(".look_up", found=look_ups.sealed(viewer(), found)))
    answer = look_ups.answer(viewer(), request.args.get("found", ""))
    return render_template(
        "candidates/look_up.html", form=form, found=answer, most=break_glass.rule("look_ups_per_day"),
        leads=viewer().has(Role.COORDINATOR),
    )  # fmt: skip


@candidates.route("/people/<key>/open", methods=["GET", "POST"])
@opens_to(staff)
def open_case(key: str) -> str | Response:
    """Break the glass: say why, see who will be told, and read for an hour."""
    there = break_glass.open_now(viewer(), key)
    if there is not None:
        return see_other(_to(key, there.scope))
    candidate, scope = break_glass.to_open(viewer(), key, queries.worked(viewer()))
    form = OpenForm.from_request()
    if form.accepted():
        break_glass.open_case(candidate, viewer(), scope, form.answer().reason)
        return form.go(_to(key, scope), _("Open now, for reading. The coordinator has been told."))
    return render_template(
        "candidates/open_case.html", form=form, candidate=candidate, constraints=scope == Scope.CONSTRAINTS,
        told=break_glass.told(candidate, viewer().me), minutes=break_glass.rule("break_glass_minutes"),
        most=break_glass.rule("break_glass_per_day"),
    )  # fmt: skip


def _to(key: str, scope: Scope) -> str:
    return url_for(".screened" if scope == Scope.CONSTRAINTS else ".show", key=key)


@candidates.post("/people/<key>/close")
@opens_to(staff)
def close_case(key: str) -> Response:
    """Enough was read."""
    there = break_glass.open_now(viewer(), key)
    if there is None:
        raise NotFound()
    press = Press.from_request()
    if press.accepted():
        break_glass.close(there)
        return press.go(url_for(".index"), _("Closed again. What you read stands in the journal."))
    return see_other(url_for(".index"))


@candidates.route("/people/opened/<key>", methods=["GET", "POST"])
@opens_to(opened_to)
def opened(key: str) -> str | Response:
    """Who opened what was not theirs, when and why; talked about, it is done."""
    found = break_glass.opening_for(viewer(), key)
    press = Press.from_request()
    if found.row.discussed_at is None and press.accepted():
        break_glass.discussed(found.row)
        return press.go(url_for("site.home"), _("Noted as discussed."))
    name = identities.name(found.row.candidate_id, "opening discussed") if found.coordinates else None
    return render_template(
        "candidates/opened.html", opened=found.row, name=name, form=press, constraints=found.row.scope == Scope.CONSTRAINTS,
        read=break_glass.pages_read(found.row),
    )  # fmt: skip
