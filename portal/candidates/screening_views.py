"""Planning a screening, and filling it in: one step a page, kept at every step."""

from dataclasses import dataclass
from typing import Any

from flask import render_template, url_for
from werkzeug.wrappers import Response

from portal.agenda import sit_days
from portal.agenda.holds import AlreadyTaken
from portal.candidates import identities, queries, screening_forms, screenings
from portal.candidates.forms import SlotForm
from portal.candidates.models import Candidate, Screening
from portal.candidates.policy import staff, worker
from portal.candidates.room import candidates
from portal.candidates.states import ReferralState
from portal.competences import queries as catalogue
from portal.foundation.access import opens_to, viewer
from portal.foundation.errors import NotFound
from portal.foundation.fields import offer
from portal.foundation.forms import Press
from portal.foundation.refusals import see_other
from portal.foundation.words import _, date_long, lazy, time_short

TITLES: dict[str, Any] = {
    "talents": lazy("Talents and wishes"), "competences": lazy("Competences"), "work": lazy("Work that fits"),
    "preconditions": lazy("What must be in order"), "constraints": lazy("What work must reckon with"),
}  # fmt: skip
MOST_COMPETENCES = 14
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


@candidates.route("/people/<key>/screening", methods=["GET", "POST"])
@opens_to(staff)
def plan_screening(key: str) -> str | Response:
    """Choose a free hour on a sit-day at the person's site; the next one is chosen already."""
    case = queries.case_of(viewer(), key, "planning the screening")
    candidate = case.candidate
    referral, booked = queries.to_screen(candidate.id)
    if referral.state not in (ReferralState.ACCEPTED, ReferralState.SCREENING_PLANNED, ReferralState.NO_SHOW):
        return see_other(url_for(".show", key=key))
    slots = sit_days.free(candidate.programme_id, referral.site_id)
    form = SlotForm.from_request(slot=_value(slots[0]) if slots else "")
    offer(form.slot, [(_value(one), _slot_label(one)) for one in slots])
    if form.accepted():
        slot = next((one for one in slots if _value(one) == form.answer().slot), None)
        if slot is None:
            raise AlreadyTaken(field="slot")
        if booked is not None:
            screenings.move(booked, slot)
        else:
            screenings.plan(candidate, referral, slot)
        return form.go(url_for(".show", key=key), _("The screening is planned: %(when)s.", when=_slot_label(slot)))
    return render_template(
        "candidates/plan_screening.html", case=case, referral=referral, form=form, slots=slots, booked=booked,
        no_show=referral.state == ReferralState.NO_SHOW,
    )  # fmt: skip


def _value(slot: sit_days.FreeSlot) -> str:
    return f"{slot.sit_day.key}.{slot.starts_at:%H%M}"


def _slot_label(slot: sit_days.FreeSlot) -> str:
    return _(
        "%(day)s at %(hour)s, with %(worker)s", day=date_long(slot.sit_day.day), hour=time_short(slot.starts_at),
        worker=slot.sit_day.worker.first_name,
    )  # fmt: skip


@candidates.post("/screenings/<key>/missed")
@opens_to(worker)
def missed(key: str) -> Response:
    """The talk did not take place: plan it again."""
    screening, candidate = queries.screening_of(viewer(), key)
    press = Press.from_request()
    if press.accepted():
        screenings.missed(screening, candidate, queries.latest_referral(candidate.id))
        return press.go(url_for(".plan_screening", key=candidate.key), _("Noted. Choose another moment."))
    return see_other(url_for(".screening", key=key))


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
    found, candidate = _open(key)
    if step not in screenings.STEPS:
        raise NotFound()
    draft = found.draft or {}
    form = _form(step, draft).from_request(**screening_forms.start_values(step, draft))
    if form.accepted():
        screenings.keep(found, step, screening_forms.to_keep(step, form.answer()))
        return form.go(_after(key, step))
    return render_template(
        _PAGES.get(step, "candidates/step.html"),
        form=form, title=TITLES[step], step=step, steps=_line(key, step, draft), screening=found,
        name=identities.name(candidate.id, "screening"), last=step == screenings.STEPS[-1], needs_job=_needs_job(step, draft),
    )  # fmt: skip


@candidates.route("/screenings/<key>/check", methods=["GET", "POST"])
@opens_to(worker)
def screening_check(key: str) -> str | Response:
    """What is missing, and the button that ends the talk."""
    found, candidate = _open(key)
    draft = found.draft or {}
    press = Press.from_request()
    if press.accepted():
        screenings.finish(found, candidate, queries.latest_referral(candidate.id))
        return press.go(url_for(".plan", key=candidate.key), _("The screening is done. Agree a plan now."))
    return render_template(
        "candidates/screening_check.html", form=press, screening=found, steps=_line(key, "check", draft),
        gaps=[_gap(key, one) for one in screenings.gaps(draft)], name=identities.name(candidate.id, "screening"),
        permission=_permission(draft, candidate),
    )  # fmt: skip


def _open(key: str) -> tuple[Screening, Candidate]:
    """A screening that is still being filled in; one that is done or missed has no form any more."""
    found, candidate = queries.screening_of(viewer(), key)
    if found.done_on is not None or found.missed:
        raise NotFound()
    return found, candidate


def _form(step: str, draft: dict[str, Any]) -> type[screening_forms.StepForm]:
    if step == "talents":
        return screening_forms.talents(catalogue.occupations())
    if step == "competences":
        occupation = catalogue.occupation(draft.get("talents", {}).get("occupation", ""))
        return screening_forms.competences(
            catalogue.competences_for(occupation.id if occupation else 0)[:MOST_COMPETENCES]
        )
    if step == "work":
        return screening_forms.work(catalogue.certificates())
    return screening_forms.preconditions() if step == "preconditions" else screening_forms.constraints()


def _needs_job(step: str, draft: dict[str, Any]) -> bool:
    return step == "competences" and not draft.get("talents", {}).get("occupation")


def _after(key: str, step: str) -> str:
    place = screenings.STEPS.index(step) + 1
    if place == len(screenings.STEPS):
        return url_for(".screening_check", key=key)
    return url_for(".screening_step", key=key, step=screenings.STEPS[place])


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
    return screenings.permission(regime, candidate.site) if regime else None
