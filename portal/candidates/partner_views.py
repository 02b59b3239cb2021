"""What a partner does after the referral: post developments, and read the part that the access table gives to the role."""

from flask import render_template, url_for
from werkzeug.wrappers import Response

from portal.accounts.roles import Role
from portal.candidates import consents, developments, identities, outcomes, profiles, queries, referred
from portal.candidates.development_forms import form_for
from portal.candidates.models import Referral, WorkConstraints
from portal.candidates.policy import READ_CONSTRAINTS, READ_JOB, partner, partner_reads_constraints, partner_reads_job
from portal.candidates.room import candidates
from portal.candidates.states import Purpose
from portal.foundation.access import opens_to, viewer
from portal.foundation.errors import NotFound
from portal.foundation.options import Option, label, labels
from portal.foundation.refusals import see_other
from portal.foundation.words import _
from portal.programmes import queries as programmes
from portal.programmes.models import Site


@candidates.route("/referrals/<key>/news/<kind>", methods=["GET", "POST"])
@opens_to(partner)
def development(key: str, kind: str) -> str | Response:
    """Let the team know one thing."""
    referral = referred.own_referral(viewer(), key)
    chosen = _kind(referral, kind)
    sites = _other_sites(referral) if "site" in chosen.data["proposes"] else {}
    form = form_for(chosen, sites).from_request()
    if form.accepted():
        developments.post(referral, chosen, form.news(chosen.data["proposes"], sites))
        return form.go(url_for(".own_referral", key=key), _("The project worker has it, and reads it within two days."))
    if not outcomes.follows(referral):
        return see_other(url_for(".own_referral", key=key))
    return render_template("candidates/development.html", referral=referral, kind=chosen, form=form)


def _kind(referral: Referral, code: str) -> Option:
    """A kind that this partner may post in this programme. Raises NotFound."""
    roles = developments.roles_in(viewer(), referral.programme_id)
    found = next((one for one in developments.kinds_for(roles) if one.code == code), None)
    if found is None:
        raise NotFound()
    return found


def _other_sites(referral: Referral) -> dict[str, Site]:
    places = programmes.meeting_places([referral.programme_id])
    return {one.site.key: one.site for one in places if one.site_id != referral.site_id}


@candidates.get("/referrals/<key>/skills")
@opens_to(partner_reads_job)
def referred_job(key: str) -> str:
    """The coded job part of somebody who was referred, while we work together: no evidence, no sentence."""
    referral = _readable(key, READ_JOB)
    part = profiles.job_part(referral.candidate_id) if _may_read(referral, Purpose.PROCESSING) else None
    known = referred.names_of(part.skills) if part is not None else {}
    if part is not None:
        identities.saw_part(referral.candidate_id, "job_part.read", "own referral")
    return render_template(
        "candidates/referred_job.html", referral=referral, part=part, known=known, label=label, labels=labels
    )


@candidates.get("/referrals/<key>/constraints")
@opens_to(partner_reads_constraints)
def referred_constraints(key: str) -> str:
    """What work must reckon with, for the service that decides on it; a justice assistant needs the person's yes."""
    referral = _readable(key, READ_CONSTRAINTS)
    roles = developments.roles_in(viewer(), referral.programme_id)
    asked = Purpose.PROCESSING if Role.PSD in roles else Purpose.JUSTICE_CONTACT
    found: WorkConstraints | None = None
    if _may_read(referral, asked):
        found = queries.constraints_of(referral.candidate_id)
    if found is not None:
        identities.saw_part(referral.candidate_id, "constraints.read", "own referral")
    return render_template(
        "candidates/referred_constraints.html", referral=referral, found=found, label=label, labels=labels
    )


def _readable(key: str, roles: tuple[Role, ...]) -> Referral:
    """An own referral to a programme in which the viewer holds one of these roles. Raises NotFound."""
    referral = referred.own_referral(viewer(), key)
    if developments.roles_in(viewer(), referral.programme_id).isdisjoint(roles):
        raise NotFound()
    return referral


def _may_read(referral: Referral, purpose: Purpose) -> bool:
    """Whether the work goes on and the person still agrees. Without it the page is the same as before any screening."""
    if not outcomes.works_together(referral):
        return False
    return consents.standing(referral.candidate_id, purpose) is not None
