"""The page behind the candidate's own link: exactly what companies will see, a yes, or what should change."""

from flask import render_template, url_for
from werkzeug.wrappers import Response

from portal.accounts import link_pages, links
from portal.accounts.policy import worker
from portal.candidates import consents
from portal.candidates.handles import handle
from portal.candidates.states import Purpose
from portal.foundation import refusals
from portal.foundation.access import anyone, opens_to, viewer
from portal.foundation.errors import NotFound
from portal.foundation.forms import Press
from portal.foundation.words import language
from portal.journal import service as journal
from portal.showcase import approvals, preview, queries
from portal.showcase.blueprint import showcase
from portal.showcase.forms import OwnApprovalForm
from portal.showcase.service import APPROVAL_LINK

SAID = ("yes", "change")


@showcase.post("/people/<key>/profile/link", endpoint="hand_link")
@opens_to(worker)
def hand_link(key: str) -> Response:
    """Make a link for the candidate; it stands on the sheet, as a square for a telephone."""
    case = queries.own_case(viewer(), key)
    profile = queries.profile_of(case.id)
    if profile is None:
        raise NotFound()
    press = Press.from_request()
    if press.accepted():
        approvals.hand_link(profile)
        return press.go(url_for(".sheet", key=key))
    return refusals.see_other(url_for(".approval", key=key))


@showcase.route("/my-profile/<token>", methods=["GET", "POST"], endpoint="own_approval")
@opens_to(anyone)
def own_approval(token: str) -> str | Response:
    """No account: read, then say yes or what should change. Answered once; afterwards the link shows nothing."""
    link = link_pages.find(APPROVAL_LINK, token)
    profile = approvals.behind(link)
    case = handle(profile.candidate_id)
    link_pages.meet_in(case.language)
    form = OwnApprovalForm.from_request()
    if form.accepted():
        links.use(link)
        given = form.answer()
        if given.said == "yes":
            approvals.agree(profile)
        else:
            approvals.ask_for_change(profile, given.change)
        return form.go(url_for(".own_approval_thanks", said=given.said))
    seen = preview.of(case)
    if seen is None:
        raise NotFound()
    journal.saw("profile.read", seen.row)
    return render_template(
        "showcase/own_approval.html", seen=seen, form=form, consent=consents.text(Purpose.PROFILE, language())
    )


@showcase.get("/my-profile/thanks/<said>", endpoint="own_approval_thanks")
@opens_to(anyone)
def own_approval_thanks(said: str) -> str:
    """After the answer: what happens next."""
    if said not in SAID:
        raise NotFound()
    return render_template("showcase/own_approval_thanks.html", said=said)
