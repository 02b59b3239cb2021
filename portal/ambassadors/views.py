"""The network of a company, the charter, and the coordinator's answer to it."""

from flask import render_template, request, url_for
from werkzeug.wrappers import Response

from portal.accounts.models import Person
from portal.accounts.roles import EMPLOYERS, Role
from portal.ambassadors import charter as charters
from portal.ambassadors import funnel, invitation_views, levels, peer_views, queries, service, shown
from portal.ambassadors.blueprint import ambassadors
from portal.ambassadors.charter import Charter
from portal.ambassadors.forms import NO, ReviewForm, SignForm
from portal.ambassadors.models import Ambassador, AmbassadorState, InvitationState, Signature
from portal.ambassadors.policy import coordinator, network
from portal.employers.models import Employer
from portal.foundation import refusals
from portal.foundation.access import opens_to, viewer
from portal.foundation.database import db
from portal.foundation.forms import Press
from portal.foundation.words import _, language

blueprints = (ambassadors,)


@ambassadors.get("/network")
@opens_to(network)
def index() -> str:
    """An ambassador's own network; for any other company what being an ambassador is."""
    company, ambassador = queries.company_of(viewer())
    if ambassador is None or ambassador.state not in queries.WERE:
        return _not_yet(company, ambassador)
    asked = queries.asked_by(ambassador)
    sent = [one.peer for one in asked if one.invitation.state is not InvitationState.DRAFT]
    steps, standing = funnel.steps(sent), levels.standing(queries.reached_by(ambassador))
    return render_template(
        "ambassadors/index.html", company=company, invited=len(sent), steps=steps,
        rows=[(step.label, step.value) for step in steps],
        standing=standing, thresholds=shown.thresholds(standing), lines=[shown.line(one) for one in asked],
        inviter=queries.who_asked(company), paused=ambassador.state is not AmbassadorState.ACTIVE,
        invites=viewer().has(Role.AMBASSADOR),
    )  # fmt: skip


def _not_yet(company: Employer, ambassador: Ambassador | None) -> str:
    return render_template(
        "ambassadors/about.html", company=company, inviter=queries.who_asked(company),
        state=ambassador.state.value if ambassador is not None else "",
        charter=charters.in_force(language()), may_sign=_may_sign(company, ambassador),
    )  # fmt: skip


def _may_sign(company: Employer, ambassador: Ambassador | None) -> bool:
    return ambassador is None and company.may_recruit and viewer().has(*EMPLOYERS)


@ambassadors.route("/network/charter", methods=["GET", "POST"])
@opens_to(network)
def charter() -> str | Response:
    """Read the charter and sign it; afterwards, read what was signed."""
    company, ambassador = queries.company_of(viewer())
    form = SignForm.from_request()
    if form.accepted():
        person = db.session.get_one(Person, viewer().me)
        service.sign(company, person, charters.in_force(language()), form.answer())
        return form.go(url_for(".index"), _("Thank you. The coordinator reads it and answers within a week."))
    text, signature = _signed_or_in_force(ambassador)
    return render_template(
        "ambassadors/charter.html", charter=text, form=form, company=company, signature=signature,
        may_sign=_may_sign(company, ambassador),
    )  # fmt: skip


@ambassadors.get("/network/charter/sheet")
@opens_to(network)
def charter_sheet() -> str:
    """The charter on paper, with the signature or with room for it."""
    company, ambassador = queries.company_of(viewer())
    text, signature = _signed_or_in_force(ambassador)
    return render_template("ambassadors/charter_sheet.html", charter=text, company=company, signature=signature)


def _signed_or_in_force(ambassador: Ambassador | None) -> tuple[Charter, Signature | None]:
    signature = queries.signature_of(ambassador) if ambassador is not None else None
    if signature is None:
        return charters.in_force(language()), None
    return charters.version(signature.charter_version, language()), signature


@ambassadors.post("/network/progress")
@opens_to(network)
def progress() -> Response:
    """A company chooses whether the ambassador who invited it sees how far it is."""
    company, _ambassador = queries.company_of(viewer())
    press = Press.from_request()
    if press.accepted():
        service.show_progress(company, shown=request.form.get("shown") == "yes")
        return press.go(url_for(".index"), _("Your choice is kept."))
    return refusals.see_other(url_for(".index"))


@ambassadors.get("/network/ambassadors")
@opens_to(coordinator)
def all() -> str:
    """The ambassadors of the coordinator's programmes; who waits for an answer stands first."""
    listed = queries.ambassadors_of(viewer().programmes(Role.COORDINATOR))
    return render_template("ambassadors/all.html", listed=listed, states=shown.AMBASSADOR_STATES)


@ambassadors.route("/network/ambassadors/<key>", methods=["GET", "POST"])
@opens_to(coordinator)
def review(key: str) -> str | Response:
    """A signature waits for yes or no; afterwards, where this ambassador stands."""
    ambassador = queries.ambassador_in(viewer().programmes(Role.COORDINATOR), key)
    form = ReviewForm.from_request()
    if form.accepted():
        answer = form.answer()
        if answer.decision == NO:
            service.reject(ambassador, answer.reason)
        else:
            service.approve(ambassador)
        return form.go(url_for(".all"), _("Your answer is on its way by letter."))
    text, signature = _signed_or_in_force(ambassador)
    standing = levels.standing(queries.reached_by(ambassador))
    return render_template(
        "ambassadors/review.html", ambassador=ambassador, form=form, signature=signature, charter=text,
        state=shown.AMBASSADOR_STATES[ambassador.state], waits=ambassador.state is AmbassadorState.APPLIED,
        standing=standing, thresholds=shown.thresholds(standing),
    )  # fmt: skip


@ambassadors.post("/network/ambassadors/<key>/pioneer")
@opens_to(coordinator)
def pioneer(key: str) -> Response:
    """The coordinator confirms a pioneer whose company reached the thresholds."""
    ambassador = queries.ambassador_in(viewer().programmes(Role.COORDINATOR), key)
    press = Press.from_request()
    if press.accepted():
        standing = levels.standing(queries.reached_by(ambassador))
        service.confirm_pioneer(ambassador, thresholds_met=standing.waits_for_confirmation)
        return press.go(url_for(".review", key=key), _("Confirmed: this company is a pioneer."))
    return invitation_views.back_with_refusal(press, url_for(".review", key=key))


__all__ = ["blueprints", "invitation_views", "peer_views"]
