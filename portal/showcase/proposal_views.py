"""A company reads who is proposed to it, blind, and says yes or no."""

from dataclasses import dataclass
from typing import Any

from flask import render_template, url_for
from werkzeug.wrappers import Response

from portal.accounts.policy import employer, staff
from portal.foundation import refusals
from portal.foundation.access import opens_to, viewer
from portal.foundation.fields import offer, one_of, several
from portal.foundation.forms import Form, Press
from portal.foundation.options import choices, labels
from portal.foundation.words import _, lazy
from portal.journal import service as journal
from portal.showcase import proposals, queries
from portal.showcase.blind import Work
from portal.showcase.blind import profile as blind_profile
from portal.showcase.blueprint import showcase
from portal.showcase.states import InterestState
from portal.tasks import service as tasks


@dataclass(frozen=True)
class ProposalAnswer:
    said: str
    reasons: tuple[str, ...]


class ProposalForm(Form[ProposalAnswer]):
    answers = ProposalAnswer
    said = one_of(
        lazy("Do you want to meet this person?"),
        [("yes", lazy("Yes, we want to meet")), ("no", lazy("No, not for this job"))],
    )
    reasons = several(
        lazy("If no: what does not fit the job?"), hint=lazy("The candidate gets an answer. Tick at least one.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self.reasons, choices("interviews", "not_fitting_reasons"))

    def accepted(self) -> bool:
        if not super().accepted():
            return False
        if self.said.data == "no" and not self.reasons.data:
            self.refuse(_("Give at least one reason about the job: the candidate gets an answer."), "reasons")
            return False
        return True


@showcase.route("/proposals/<key>", methods=["GET", "POST"])
@opens_to(employer)
def proposal(key: str) -> str | Response:
    """The blind profile that a worker proposes for a vacancy, and the company's answer."""
    interest, profile = proposals.of_company(viewer(), key)
    form = ProposalForm.from_request()
    if form.accepted():
        given = form.answer()
        if given.said == "yes":
            proposals.agree(interest)
        else:
            proposals.decline(interest, given.reasons)
        return form.go(url_for(".proposal", key=key))
    blind = None
    if profile is not None:
        kept = profile.published
        blind = blind_profile(kept, queries.words(Work.read(kept["work"])))
        journal.saw("profile.read", interest)
    return render_template(
        "showcase/proposal.html", interest=interest, form=form, blind=blind, asks=interest.asks_employer and blind is not None,
        states=InterestState, said=labels("interviews", "not_fitting_reasons", interest.employer_reasons),
    )  # fmt: skip


@showcase.post("/interests/<key>/told", endpoint="told_no")
@opens_to(staff)
def told_no(key: str) -> Response:
    """The candidate heard that the company does not go on, and why."""
    interest, _case = queries.interest_of_staff(viewer(), key)
    url = url_for(".answer", key=key)
    press = Press.from_request()
    if press.accepted():
        journal.note("interest.no_told", interest)
        tasks.close("showcase.tell_no", interest)
        return press.go(url, _("Noted: the candidate heard it."))
    return refusals.see_other(url)
