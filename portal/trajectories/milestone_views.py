"""What is written at one milestone of somebody's line, and the look back of week 12."""

from flask import render_template, url_for
from werkzeug.wrappers import Response

from portal.accounts.policy import staff
from portal.candidates import identities, plan_steps
from portal.foundation import clock
from portal.foundation.access import opens_to
from portal.foundation.errors import NotFound
from portal.foundation.forms import Press
from portal.foundation.refusals import see_other
from portal.foundation.words import _
from portal.trajectories import flows, milestones, queries, reviews
from portal.trajectories.doors import steered
from portal.trajectories.forms import DeviateForm, FinishForm, ReviewForm
from portal.trajectories.models import Milestone, Outcome, Trajectory
from portal.trajectories.room import trajectories


def _one(key: str, code: str) -> tuple[Trajectory, Milestone, str]:
    """A milestone of a way whose course the viewer decides, with its name in the version that it runs on."""
    way = steered(key)
    found = queries.milestone(way.id, code)
    if found is None or way.state in queries.ENDED:
        raise NotFound()
    words = flows.of_way(way).get(code)
    return way, found, words.label if words is not None else code


@trajectories.route("/trajectories/<key>/milestones/<code>/done", methods=["GET", "POST"])
@opens_to(staff)
def finish(key: str, code: str) -> str | Response:
    """Tick a milestone off, on the day on which it was done."""
    way, one, label = _one(key, code)
    form = FinishForm.from_request(on=clock.today())
    if form.accepted():
        milestones.finish(way, one, on=form.answer().on)
        return form.go(url_for(".show", key=key), _("The milestone is done."))
    return render_template("trajectories/finish.html", trajectory=way, label=label, form=form)


@trajectories.route("/trajectories/<key>/milestones/<code>/deviate", methods=["GET", "POST"])
@opens_to(staff)
def deviate(key: str, code: str) -> str | Response:
    """Later than the flow says, or not at all: with a reason."""
    way, one, label = _one(key, code)
    form = DeviateForm.from_request(
        because=one.deviation or None, words=one.deviation_words or "", until=one.agreed_until
    )
    if form.accepted():
        answer = form.answer()
        milestones.deviate(way, one, because=answer.because, words=answer.words, until=answer.until)
        return form.go(url_for(".show", key=key), _("The deviation is kept."))
    return render_template("trajectories/deviate.html", trajectory=way, label=label, form=form, one=one)


@trajectories.post("/trajectories/<key>/milestones/<code>/return")
@opens_to(staff)
def come_back(key: str, code: str) -> Response:
    """Back to what the flow says."""
    way, one, _label = _one(key, code)
    press = Press.from_request()
    if press.accepted():
        milestones.come_back(way, one)
        return press.go(url_for(".show", key=key), _("The milestone counts again as the flow has it."))
    return see_other(url_for(".show", key=key))


@trajectories.route("/trajectories/<key>/review", methods=["GET", "POST"])
@opens_to(staff)
def review(key: str) -> str | Response:
    """Look back together: started, extended, referred back or closed."""
    way = steered(key)
    if way.state in queries.ENDED:
        raise NotFound()
    form = ReviewForm.from_request()
    if form.accepted():
        found = reviews.review(way, reviews.ReviewAnswer(**vars(form.answer())))
        said = (
            _("The trajectory goes on.")
            if found.outcome in (Outcome.EXTENDED, Outcome.STARTED)
            else _("The trajectory is closed.")
        )
        return form.go(url_for(".show", key=key), said)
    name = identities.name(way.candidate_id, "review")
    return render_template(
        "trajectories/review.html", trajectory=way, form=form, name=name, plan=plan_steps.told(way.candidate_id)
    )
