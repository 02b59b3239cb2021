"""The twelve weeks of one person: where they stand, and the ways to pause, go on or close."""

from flask import Blueprint, render_template, url_for
from werkzeug.wrappers import Response

from portal.accounts.policy import staff
from portal.accounts.roles import Role
from portal.candidates import handles, identities
from portal.candidates.handles import Handle
from portal.foundation.access import opens_to, viewer
from portal.foundation.errors import NotFound
from portal.foundation.forms import Press
from portal.foundation.refusals import see_other
from portal.foundation.words import _
from portal.trajectories import queries, service, standing
from portal.trajectories.forms import CloseForm, PauseForm
from portal.trajectories.models import Trajectory

trajectories = Blueprint("trajectories", __name__)
blueprints = (trajectories,)


@trajectories.get("/trajectories/<key>")
@opens_to(staff)
def show(key: str) -> str:
    """The way as a line, and its milestones with their dates."""
    trajectory, case = _open(key)
    name = identities.name(case.id, "trajectory")
    return render_template(
        "trajectories/show.html", trajectory=trajectory, case=case, name=name, path=standing.path(trajectory),
        milestones=standing.milestones(trajectory), ended=trajectory.state in queries.ENDED or not _steers(case),
    )  # fmt: skip


@trajectories.route("/trajectories/<key>/pause", methods=["GET", "POST"])
@opens_to(staff)
def pause(key: str) -> str | Response:
    """Stop the clock for a while."""
    trajectory = _steered(key)
    form = PauseForm.from_request()
    if form.accepted():
        service.pause(trajectory, form.answer().because)
        return form.go(url_for(".show", key=key), _("The trajectory is paused."))
    return render_template("trajectories/pause.html", trajectory=trajectory, form=form)


@trajectories.post("/trajectories/<key>/resume")
@opens_to(staff)
def resume(key: str) -> Response:
    """Go on where it stood."""
    trajectory = _steered(key)
    press = Press.from_request()
    if press.accepted():
        service.resume(trajectory)
        return press.go(url_for(".show", key=key), _("The trajectory goes on."))
    return see_other(url_for(".show", key=key))


@trajectories.route("/trajectories/<key>/close", methods=["GET", "POST"])
@opens_to(staff)
def close(key: str) -> str | Response:
    """End a way, with the reason."""
    trajectory = _steered(key)
    form = CloseForm.from_request()
    if form.accepted():
        service.close(trajectory, form.answer().because)
        return form.go(url_for(".show", key=key), _("The trajectory is closed."))
    return render_template("trajectories/close.html", trajectory=trajectory, form=form)


def _open(key: str) -> tuple[Trajectory, Handle]:
    found = queries.by_key(key)
    if found is None:
        raise NotFound()
    return found, handles.read_by(viewer(), found.candidate_id)


def _steered(key: str) -> Trajectory:
    """A trajectory whose course the viewer decides: the case's own worker and the coordinator. A companion only reads."""
    trajectory, case = _open(key)
    if not _steers(case):
        raise NotFound()
    return trajectory


def _steers(case: Handle) -> bool:
    who = viewer()
    return case.worker_id == who.me or case.programme_id in who.programmes(Role.COORDINATOR)
