"""The network of a company, the charter, and the coordinator's answer to it."""

from flask import render_template, request, url_for
from werkzeug.wrappers import Response

from portal.accounts.models import Person
from portal.accounts.roles import EMPLOYERS, Role
from portal.ambassadors import charter as charters
from portal.ambassadors import (
    deeds,
    fair_views,
    funnel,
    invitation_views,
    levels,
    papers,
    peer_views,
    pioneer_views,
    pioneers,
    queries,
    renewals,
    resting_views,
    ripple_views,
    service,
    shown,
)
from portal.ambassadors import question_views as question_views
from portal.ambassadors import recognition_views as recognition_views
from portal.ambassadors import words_views as words_views
from portal.ambassadors.blueprint import ambassadors
from portal.ambassadors.charter import Charter
from portal.ambassadors.forms import NO, ReviewForm, SignForm
from portal.ambassadors.models import Ambassador, AmbassadorState, InvitationState, Signature
from portal.ambassadors.policy import coordinator, network
from portal.employers.models import Employer
from portal.employers.policy import may_write
from portal.foundation import documents, refusals
from portal.foundation.access import opens_to, viewer
from portal.foundation.database import db
from portal.foundation.forms import Press
from portal.foundation.words import _, language

blueprints = (ambassadors,)


@ambassadors.get("/network")
@opens_to(network)
def index() -> str:
    """An ambassador's own network; for any other company what being an ambassador is."""
    mine = queries.mine_of(viewer())
    company, ambassador = mine.company, mine.ambassador
    if ambassador is None or ambassador.state not in queries.WERE:
        return _not_yet(mine)
    asked = queries.asked_by(ambassador)
    sent = [one.peer for one in asked if one.invitation.state is not InvitationState.DRAFT]
    return render_template(
        "ambassadors/index.html", company=company, ambassador=ambassador, invited=len(sent), steps=funnel.steps(sent),
        showing=funnel.showing(sent), level=shown.level(levels.standing(queries.reached_by(ambassador))),
        lines=[shown.line(one) for one in asked], promised=shown.promised(asked), inviter=queries.who_asked(company),
        paused=not ambassador.recruits, invites=viewer().has(Role.AMBASSADOR), asks_to_be_pioneer=mine.asks_to_be_pioneer,
        sign_again=mine.signed_version < charters.in_force("nl").version,
    )  # fmt: skip


def _not_yet(mine: queries.Mine) -> str:
    company, ambassador = mine.company, mine.ambassador
    may_sign = _may_sign(company, ambassador)
    return render_template(
        "ambassadors/about.html", company=company, inviter=queries.who_asked(company),
        state=ambassador.state.value if ambassador is not None else "", charter=charters.in_force(language()),
        may_sign=may_sign, asked=may_sign and mine.asked_to_join and may_write(viewer(), company),
    )  # fmt: skip


def _may_sign(company: Employer, ambassador: Ambassador | None) -> bool:
    """Whoever speaks for a verified company that never signed, or that left or was refused before."""
    free = ambassador is None or ambassador.may_move_to(AmbassadorState.APPLIED)
    return free and company.may_recruit and viewer().has(*EMPLOYERS)


@ambassadors.route("/network/charter", methods=["GET", "POST"])
@opens_to(network)
def charter() -> str | Response:
    """Read the charter and sign it; afterwards, read what was signed."""
    company, ambassador = queries.company_of(viewer())
    text, signature = _signed_or_in_force(ambassador)
    again, newest = renewals.waits(ambassador, signature), charters.in_force(language())
    form = SignForm.from_request()
    if form.accepted():
        return _signed(form, company, ambassador, again=again)
    may_sign = _may_sign(company, ambassador)
    return render_template(
        "ambassadors/charter.html", charter=newest if may_sign or again else text, form=form, company=company,
        signature=None if may_sign else signature, may_sign=may_sign or again, again=again,
        changes=charters.changes(text, newest) if again else [], kinds=renewals.KINDS,
    )  # fmt: skip


def _signed(form: SignForm, company: Employer, ambassador: Ambassador | None, *, again: bool) -> Response:
    """The last two beats of signing: for the first time, or a newer text."""
    text = charters.in_force(language())
    if again and ambassador is not None:
        renewals.sign_again(ambassador, text, form.answer())
        return form.go(url_for(".index"), _("Thank you. Your signature stands under the new text."))
    service.sign(company, db.session.get_one(Person, viewer().me), text, form.answer())
    return form.go(url_for(".index"), _("Thank you. The coordinator reads it and answers within a week."))


@ambassadors.get("/network/charter/sheet")
@opens_to(network)
def charter_sheet() -> str:
    """The charter on paper, with the signature or with room for it."""
    company, ambassador = queries.company_of(viewer())
    text, signature = _signed_or_in_force(ambassador)
    return render_template("ambassadors/charter_sheet.html", charter=text, company=company, signature=signature)


@ambassadors.get("/network/charter/file")
@opens_to(network)
def charter_file() -> Response:
    """The charter to keep, as a PDF: as it was signed, in the language in which it was signed."""
    company, ambassador = queries.company_of(viewer())
    return _as_file(ambassador, company.organisation.name)


@ambassadors.get("/network/ambassadors/<key>/charter")
@opens_to(coordinator)
def signed_charter(key: str) -> Response:
    """The same paper, for the coordinator's file."""
    found = queries.ambassador_in(viewer().programmes(Role.COORDINATOR), key)
    return _as_file(found, found.employer.organisation.name)


def _as_file(ambassador: Ambassador | None, company: str) -> Response:
    text, signature = _signed_or_in_force(ambassador)
    if signature is not None:
        text = charters.version(signature.charter_version, signature.language)
    return documents.attachment(papers.charter_pdf(text, signature, company), papers.FILE_NAMES[text.language])


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
    facts = deeds.of([one.ambassador.employer_id for one in listed])
    return render_template(
        "ambassadors/all.html", listed=listed, states=shown.AMBASSADOR_STATES, levels=shown.levels_of(listed, facts)
    )


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
    confirms = (
        ambassador.recruits and standing.waits_for_confirmation and not pioneers.enough(pioneers.others(ambassador))
    )
    return render_template(
        "ambassadors/review.html", ambassador=ambassador, form=form, signature=signature, charter=text,
        state=shown.AMBASSADOR_STATES[ambassador.state], waits=ambassador.state is AmbassadorState.APPLIED,
        level=shown.level(standing), confirms=confirms, behind=renewals.waits(ambassador, signature),
    )  # fmt: skip


__all__ = [
    "blueprints", "fair_views", "invitation_views", "peer_views", "pioneer_views", "resting_views", "ripple_views",
]  # fmt: skip
