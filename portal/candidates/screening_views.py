"""Planning a screening, and filling it in: one step a page, kept at every step."""

from dataclasses import dataclass
from typing import Any

from flask import render_template, request, url_for
from werkzeug.wrappers import Response

from portal.candidates import identities, leave, queries, screening_forms, screening_skills, screenings, typing_in
from portal.candidates.models import Candidate, Screening
from portal.candidates.policy import worker
from portal.candidates.room import candidates
from portal.competences import queries as catalogue
from portal.foundation.access import opens_to, viewer
from portal.foundation.errors import NotFound
from portal.foundation.forms import Press
from portal.foundation.refusals import see_other
from portal.foundation.words import _, lazy

TITLES: dict[str, Any] = {
    "talents": lazy("Talents and wishes"), "competences": lazy("Competences"), "work": lazy("Work that fits"),
    "preconditions": lazy("What must be in order"), "constraints": lazy("What work must reckon with"),
}  # fmt: skip
ELSEWHERE = lazy(
    "This step was filled in somewhere else meanwhile. What you typed stands here still: compare it with what is kept, and "
    "save again to replace that."
)
# Steps with a layout of their own; the others show their questions one after another.
_PAGES = {
    "competences": "candidates/step_competences.html", "preconditions": "candidates/step_preconditions.html",
    "work": "candidates/step_work.html",
}  # fmt: skip


@dataclass(frozen=True)
class StepLink:
    """A step of the form in the line above it."""

    code: str
    label: str
    url: str
    state: str


@candidates.get("/screenings/<key>")
@opens_to(worker)
def screening(key: str) -> Response:
    """Where the form was left."""
    found, candidate = queries.screening_of(viewer(), key)
    if found.done_on is not None:
        return see_other(url_for(".screened", key=candidate.key))
    draft = found.draft or {}
    begun = [step for step in screenings.STEPS if step not in draft]
    return see_other(
        url_for(".screening_step", key=key, step=begun[0]) if begun else url_for(".screening_check", key=key)
    )


@candidates.route("/screenings/<key>/<step>", methods=["GET", "POST"])
@opens_to(worker)
def screening_step(key: str, step: str) -> str | Response:
    """One step: what is filled in is kept, and the next step opens."""
    found, candidate = queries.open_screening(viewer(), key)
    if step not in screenings.STEPS:
        raise NotFound()
    draft = found.draft or {}
    version = screenings.version(draft, step)
    groups = screening_skills.groups(draft, request.form) if step == "competences" else []
    form = _form(step, draft, groups).from_request(version=version, **screening_forms.start_values(step, draft))
    elsewhere = False
    if form.accepted():
        if form.version.data in ("", version):
            screenings.keep(found, step, screening_forms.to_keep(step, form.answer()))
            return form.go(*_after(found, candidate, step))
        elsewhere = True
        form.refuse(ELSEWHERE, status=409)
        form.version.data = version
    return render_template(
        _PAGES.get(step, "candidates/step.html"),
        form=form, title=TITLES[step], step=step, steps=_line(key, step, draft), screening=found, groups=groups, elsewhere=elsewhere,
        name=identities.name(candidate.id, "screening"), case_key=candidate.key, last=step == screenings.STEPS[-1], needs_job=_needs_job(step, draft),
        more_jobs=step == "talents" and catalogue.more_occupations(),
    )  # fmt: skip


@candidates.route("/screenings/<key>/check", methods=["GET", "POST"])
@opens_to(worker)
def screening_check(key: str) -> str | Response:
    """What is missing, and the button that ends the talk."""
    found, candidate = queries.open_screening(viewer(), key)
    draft = found.draft or {}
    press = Press.from_request()
    if press.accepted():
        screenings.finish(found, candidate, queries.latest_referral(candidate.id))
        then = typing_in.left_after(found) or url_for(".plan", key=candidate.key)
        return press.go(then, _("The screening is done. Agree a plan now."))
    return render_template(
        "candidates/screening_check.html", form=press, screening=found, steps=_line(key, "check", draft),
        gaps=[_gap(key, one) for one in screenings.gaps(draft)], name=identities.name(candidate.id, "screening"), case_key=candidate.key,
        permission=_permission(draft, candidate),
        unproven=catalogue.competences_called(screenings.without_evidence(draft)),
    )  # fmt: skip


def _form(step: str, draft: dict[str, Any], groups: list[screening_skills.Group]) -> type[screening_forms.StepForm]:
    if step == "talents":
        return screening_forms.talents(screening_skills.jobs(draft))
    if step == "competences":
        return screening_forms.competences([one for group in groups for one in group.competences])
    if step == "work":
        return screening_forms.work(catalogue.certificates())
    return screening_forms.preconditions() if step == "preconditions" else screening_forms.constraints()


def _needs_job(step: str, draft: dict[str, Any]) -> bool:
    return step == "competences" and not draft.get("talents", {}).get("occupation")


def _after(found: Screening, candidate: Candidate, step: str) -> tuple[str, str | None]:
    """Where the pressed button leads, and what it says: the next step, a search, or the door."""
    then, key = request.form.get("then"), found.key
    if then == "later":
        return url_for(".show", key=candidate.key), _("Kept. You go on where you stopped, on any device.")
    if then == "job" and step == "talents":
        return url_for(".screening_job", key=key), None
    if then == "more" and step == "competences":
        return url_for(".screening_more", key=key), None
    place = screenings.STEPS.index(step) + 1
    if place == len(screenings.STEPS):
        return url_for(".screening_check", key=key), None
    return url_for(".screening_step", key=key, step=screenings.STEPS[place]), None


def _line(key: str, here: str, draft: dict[str, Any]) -> list[StepLink]:
    links = [
        StepLink(
            step, str(TITLES[step]), url_for(".screening_step", key=key, step=step),
            "now" if step == here else "done" if step in draft else "next",
        )
        for step in screenings.STEPS
    ]  # fmt: skip
    state = "now" if here == "check" else "next"
    return [*links, StepLink("check", _("Check and finish"), url_for(".screening_check", key=key), state)]


def _gap(key: str, gap: str) -> tuple[str, str]:
    """A thing that is missing, and the step where it is asked."""
    names = {
        "talents.occupation": _("Which work is looked for"), "competences.level": _("A level for one competence at least"),
        "work.region": _("Where somebody can work"), "work.experience_band": _("How much experience"),
        "work.availability_band": _("When somebody can begin"), "work.hours_band": _("Which hours"),
        "work.hours_week": _("How many hours a week"), "constraints.regime": _("The regime"),
    }  # fmt: skip
    return names[gap], url_for(".screening_step", key=key, step=gap.partition(".")[0])


def _permission(draft: dict[str, Any], candidate: Candidate) -> tuple[bool, int] | None:
    regime = draft.get("constraints", {}).get("regime")
    return leave.permission(regime, candidate) if regime else None
