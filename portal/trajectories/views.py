"""The twelve weeks of one person: where they stand, and the ways to pause, go on or close."""

from flask import render_template, url_for
from werkzeug.wrappers import Response

from portal.accounts.policy import staff
from portal.candidates import identities, plan_steps
from portal.foundation.access import opens_to
from portal.foundation.forms import Press
from portal.foundation.options import label
from portal.foundation.refusals import see_other
from portal.foundation.words import _
from portal.trajectories import board_views, flow_views, flows, line, milestone_views, queries, service, standing
from portal.trajectories.doors import opened, steered, steers
from portal.trajectories.forms import CloseForm, PauseForm
from portal.trajectories.room import trajectories

__all__ = ["board_views", "flow_views", "milestone_views"]
blueprints = (trajectories,)


@trajectories.get("/trajectories/<key>")
@opens_to(staff)
def show(key: str) -> str:
    """The way as a line, its milestones each with what is next, and each time that it was looked back on."""
    trajectory, flow, case = opened(key)
    name = identities.name(case.id, "trajectory")
    writes = trajectory.state not in queries.ENDED and steers(case)
    found = queries.written_of(trajectory.id)
    marks = line.marks(
        trajectory, found.milestones, flows.options(flow), key=case.key if writes else "", people=found.people
    )
    return render_template(
        "trajectories/show.html", trajectory=trajectory, case=case, name=name, path=standing.path(trajectory), marks=marks,
        ended=not writes, week=line.this_week(trajectory), next=line.next_of(marks) if writes else None,
        found=found, label=label, plan=plan_steps.told(case.id) if steers(case) else None,
    )  # fmt: skip


@trajectories.route("/trajectories/<key>/pause", methods=["GET", "POST"])
@opens_to(staff)
def pause(key: str) -> str | Response:
    """Stop the clock for a while."""
    trajectory = steered(key)
    form = PauseForm.from_request()
    if form.accepted():
        service.pause(trajectory, form.answer().because)
        return form.go(url_for(".show", key=key), _("The trajectory is paused."))
    return render_template("trajectories/pause.html", trajectory=trajectory, form=form)


@trajectories.post("/trajectories/<key>/resume")
@opens_to(staff)
def resume(key: str) -> Response:
    """Go on where it stood."""
    trajectory = steered(key)
    press = Press.from_request()
    if press.accepted():
        service.resume(trajectory)
        return press.go(url_for(".show", key=key), _("The trajectory goes on."))
    return see_other(url_for(".show", key=key))


@trajectories.route("/trajectories/<key>/close", methods=["GET", "POST"])
@opens_to(staff)
def close(key: str) -> str | Response:
    """End a way, with the reason."""
    trajectory = steered(key)
    form = CloseForm.from_request()
    if form.accepted():
        service.close(trajectory, form.answer().because)
        return form.go(url_for(".show", key=key), _("The trajectory is closed."))
    return render_template("trajectories/close.html", trajectory=trajectory, form=form)
