"""The coordinator's page of the flow: what stands, what changes for whom, its history, and the way back."""

from collections.abc import Callable
from typing import Any

from flask import render_template, url_for
from werkzeug.wrappers import Response

from portal.accounts.policy import coordinator
from portal.candidates import handles
from portal.foundation.access import opens_to
from portal.foundation.errors import NotFound
from portal.foundation.words import _
from portal.programmes import coordinated
from portal.programmes.models import Programme
from portal.trajectories import flows, queries
from portal.trajectories.flow_forms import GoBackForm, MilestoneForm
from portal.trajectories.flows import Wording
from portal.trajectories.room import trajectories


def _concerns(programme: Programme, version: int) -> dict[str, Any]:
    """Whom a change concerns: nobody who is under way."""
    running = flows.running(programme.id)
    return {
        "version": version, "running": sum(running.values()), "by_version": running,
        "waiting": handles.waiting_to_begin(programme.id),
    }  # fmt: skip


@trajectories.get("/flow")
@opens_to(coordinator)
def flow() -> str:
    """The flow of each of the coordinator's programmes."""
    return render_template("trajectories/flows.html", programmes=coordinated.own())


@trajectories.get("/flow/<key>")
@opens_to(coordinator)
def flow_of(key: str) -> str:
    """The milestones of a programme's flow with their weeks, and every version with who, when and why."""
    programme = coordinated.named(key)
    versions = flows.versions(programme.id)
    body = versions[0].body if versions else flows.standing(programme.id)
    return render_template(
        "trajectories/flow.html", programme=programme, steps=flows.in_order(body), versions=versions, number=body["version"],
        fixed=flows.FIXED, running=flows.running(programme.id), people=queries.people({one.written_by for one in versions}),
    )  # fmt: skip


@trajectories.route("/flow/<key>/milestones/<code>", methods=["GET", "POST"])
@opens_to(coordinator)
def flow_milestone(key: str, code: str) -> str | Response:
    """Reword a milestone, move its weeks, or switch it off."""
    programme = coordinated.named(key)
    body = flows.standing(programme.id)
    step = flows.step_of(body, code)
    before = flows.wording(step)
    form = MilestoneForm.of(body["version"], step, before)
    return _first_looked_at(programme, body, form, before, lambda after: flows.reword(body, code, after))


@trajectories.route("/flow/<key>/add", methods=["GET", "POST"])
@opens_to(coordinator)
def flow_add(key: str) -> str | Response:
    """One milestone more."""
    programme = coordinated.named(key)
    body = flows.standing(programme.id)
    form = MilestoneForm.of(body["version"], None, None)
    return _first_looked_at(
        programme, body, form, None, lambda after: flows.add(body, after, flows.codes_ever(programme.id))
    )


def _first_looked_at(
    programme: Programme, body: dict[str, Any], form: MilestoneForm, before: Wording | None,
    change: Callable[[Wording], dict[str, Any]],
) -> str | Response:  # fmt: skip
    """What will be different, and for whom; kept as a new version once that was seen."""
    preview, after = None, None
    if form.accepted():
        after = form.wording()
        changed = change(after)
        if form.sure.data:
            flows.keep(programme.id, changed, because=form.answer().because, based_on=form.based_on)
            return form.go(
                url_for(".flow_of", key=programme.key), _("Kept as a new version. Who is under way keeps the old one.")
            )
        form.sure.data, preview = "yes", _concerns(programme, body["version"])
    return render_template(
        "trajectories/flow_milestone.html", programme=programme, form=form, before=before, after=after, preview=preview
    )


@trajectories.route("/flow/<key>/versions/<number>", methods=["GET", "POST"])
@opens_to(coordinator)
def flow_version(key: str, number: str) -> str | Response:
    """An earlier version as it was, and the way back to it, which is a new version."""
    programme = coordinated.named(key)
    versions = {one.version: one for one in flows.versions(programme.id)}
    found = versions.get(int(number)) if number.isascii() and number.isdigit() else None
    if found is None:
        raise NotFound()
    newest = max(versions)
    form = GoBackForm.from_request(seen=str(newest))
    if found.version != newest and form.accepted():
        flows.go_back(programme.id, found.version, because=form.answer().because, based_on=form.based_on)
        return form.go(url_for(".flow_of", key=key), _("Kept as a new version. Who is under way keeps the old one."))
    return render_template(
        "trajectories/flow_version.html", programme=programme, version=found, steps=flows.in_order(found.body), form=form,
        newest=newest, concerns_of=_concerns(programme, newest), people=queries.people({found.written_by}),
    )  # fmt: skip
