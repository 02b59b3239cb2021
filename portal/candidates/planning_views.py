"""Planning a screening on a sit-day: the next free hour is the obvious choice, and a talk that did not take place comes back here."""

from flask import render_template, url_for
from werkzeug.wrappers import Response

from portal.agenda import sit_days
from portal.agenda.holds import AlreadyTaken
from portal.candidates import queries, rebooking, screenings, typing_in
from portal.candidates.forms import SlotForm
from portal.candidates.models import Candidate, Referral, Screening
from portal.candidates.policy import staff, worker
from portal.candidates.room import candidates
from portal.candidates.states import ReferralState
from portal.foundation.access import opens_to, viewer
from portal.foundation.fields import offer
from portal.foundation.forms import Press
from portal.foundation.refusals import see_other
from portal.foundation.words import _, date_long, time_short

PLANS = (ReferralState.ACCEPTED, ReferralState.SCREENING_PLANNED, ReferralState.NO_SHOW)


@candidates.route("/people/<key>/screening", methods=["GET", "POST"])
@opens_to(staff)
def plan_screening(key: str) -> str | Response:
    """Take the next free hour on a sit-day at the person's site, or another one of the list."""
    case = queries.case_of(viewer(), key, "planning the screening")
    candidate = case.candidate
    referral, booked = queries.to_screen(candidate.id)
    if referral.state not in PLANS:
        return see_other(url_for(".show", key=key))
    slots = _slots(candidate, referral, booked)
    form = SlotForm.from_request(slot="")
    offer(form.slot, [(_value(one), _slot_label(one)) for one in slots[1:]])
    if form.accepted():
        slot = _chosen(slots, form.answer().slot)
        _book(candidate, referral, booked, slot)
        said = _("The screening is planned: %(when)s.", when=_slot_label(slot))
        return form.go(typing_in.left_behind(candidate.id) or url_for(".show", key=key), said)
    no_show = referral.state == ReferralState.NO_SHOW
    return render_template(
        "candidates/plan_screening.html", case=case, referral=referral, form=form, booked=booked, no_show=no_show,
        site=candidate.site or referral.site, missed=rebooking.missed_in_a_row(candidate.id) if no_show else 0,
        first=(_value(slots[0]), slots[0]) if slots else None, others=len(slots) > 1,
    )  # fmt: skip


def _slots(candidate: Candidate, referral: Referral, booked: Screening | None) -> list[sit_days.FreeSlot]:
    """The free hours where the person is now, without the one that is booked already."""
    besides = (Screening.__tablename__, booked.id) if booked is not None else None
    found = sit_days.free(
        candidate.programme_id, candidate.site_id or referral.site_id, prefer=candidate.worker_id,
        candidate_id=candidate.id, besides=besides,
    )  # fmt: skip
    if booked is None or booked.hold_id is None:
        return found
    return [one for one in found if (one.sit_day.worker_id, one.starts_at) != (booked.worker_id, booked.starts_at)]


def _chosen(slots: list[sit_days.FreeSlot], value: str) -> sit_days.FreeSlot:
    slot = next((one for one in slots if _value(one) == value), None)
    if slot is None:
        raise AlreadyTaken(field="slot")
    return slot


def _book(candidate: Candidate, referral: Referral, booked: Screening | None, slot: sit_days.FreeSlot) -> None:
    if booked is not None:
        screenings.move(booked, slot)
    else:
        screenings.plan(candidate, referral, slot)


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
