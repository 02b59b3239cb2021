"""Referrals: what a partner sends and follows, and what the team decides."""

from collections.abc import Sequence
from typing import Any

from flask import render_template, request, url_for
from werkzeug.wrappers import Response

from portal.accounts.models import Person
from portal.accounts.queries import holders
from portal.accounts.roles import PARTNERS, Role
from portal.candidates import developments, identities, outcomes, queries, referred, service
from portal.candidates.forms import AnswerForm, DeclineForm, JoinForm, QuestionForm, ReferralForm, WorkerForm
from portal.candidates.models import Candidate, Referral
from portal.candidates.policy import READ_CONSTRAINTS, READ_JOB, allocates, partner, staff
from portal.candidates.room import candidates
from portal.candidates.states import ReferralState
from portal.foundation.access import opens_to, viewer
from portal.foundation.errors import NotFound
from portal.foundation.fields import offer
from portal.foundation.forms import Form, Press
from portal.foundation.words import _
from portal.programmes.models import ProgrammeSite
from portal.programmes.queries import meeting_places

READING = "referral"


@candidates.get("/referrals")
@opens_to(partner)
def referrals() -> str:
    """A partner's own referrals, in neutral words; found by name or by the partner's own reference."""
    search = request.args.get("search", "").strip()[:60]
    found = referred.referrals_of(viewer(), search)
    names = identities.names([one.candidate_id for one in found.items], "own referrals")
    return render_template(
        "candidates/referrals.html", page=found, names=names, word_of=outcomes.word_of, search=search
    )


@candidates.route("/referrals/new", methods=["GET", "POST"])
@opens_to(partner)
def refer() -> str | Response:
    """The short form with which somebody is referred."""
    places = {f"{one.programme.key}.{one.site.key}": one for one in meeting_places(viewer().programmes(*PARTNERS))}
    usual = next(iter(places)) if len(places) == 1 else referred.usual_place(viewer())
    form = ReferralForm.from_request(language=viewer().language, place=usual)
    offer(form.place, _place_labels(places), _("Choose"))
    if form.accepted():
        answer = form.answer()
        referral = service.refer(answer, referrer_id=viewer().me, place=places[answer.place])
        return form.go(
            url_for(".own_referral", key=referral.key),
            _("The referral has been sent. The team answers within five days."),
        )
    return render_template("candidates/refer.html", form=form)


def _place_labels(places: dict[str, ProgrammeSite]) -> list[tuple[str, str]]:
    """A partner of two programmes must see which one; of one programme the place says enough."""
    several = len({one.programme_id for one in places.values()}) > 1
    return [
        (key, f"{one.site.label} ({one.programme.name})" if several else one.site.label) for key, one in places.items()
    ]


@candidates.route("/referrals/<key>", methods=["GET", "POST"])
@opens_to(partner)
def own_referral(key: str) -> str | Response:
    """One referral for the partner who made it; a question of the team is answered here."""
    referral = referred.own_referral(viewer(), key)
    asked = referral.state == ReferralState.INFO_NEEDED
    form = AnswerForm.from_request()
    if asked and form.accepted():
        service.answer_question(referral, form.answer().said)
        return form.go(url_for(".own_referral", key=key), _("Your answer has been sent."))
    name = identities.name(referral.candidate_id, "own referral")
    return render_template(
        "candidates/own_referral.html",
        referral=referral,
        name=name,
        word=outcomes.word_of(referral),
        form=form if asked else None,
        **_meanwhile(referral),
    )


def _meanwhile(referral: Referral) -> dict[str, Any]:
    """What the partner may post and read at this point of the way, and what was posted before."""
    roles = developments.roles_in(viewer(), referral.programme_id)
    together = outcomes.works_together(referral)
    return {
        "kinds": developments.kinds_for(roles) if outcomes.follows(referral) else (),
        "posted": developments.of_referral(referral),
        "kind_of": developments.kind_of,
        "told": developments.told,
        "reads_job": together and not roles.isdisjoint(READ_JOB),
        "reads_constraints": together and not roles.isdisjoint(READ_CONSTRAINTS),
    }


@candidates.get("/people/referrals")
@opens_to(staff)
def open_referrals() -> str:
    """Referrals that nobody has decided on."""
    return render_template("candidates/open_referrals.html", page=queries.open_referrals(viewer()))


@candidates.route("/people/referrals/<key>", methods=["GET", "POST"])
@opens_to(staff)
def referral(key: str) -> str | Response:
    """Read a referral, and take the case on; a coordinator gives it to a worker."""
    found = queries.referral_for(viewer(), key)
    divides = allocates(viewer(), found.programme_id)
    workers = holders(Role.PROJECT_WORKER, programme_id=found.programme_id) if divides else ()
    form: Form = _worker_form(workers, viewer().me) if divides else Press.from_request()
    if form.accepted():
        service.accept(found, _chosen(workers, form) if divides else holder(found.programme_id, viewer().me))
        return form.go(
            url_for(".plan_screening", key=found.candidate.key), _("The case is taken on. Plan the screening now.")
        )
    name = identities.name(found.candidate_id, READING)
    doubles = queries.namesakes(found, name) if found.state == ReferralState.RECEIVED else ()
    return render_template(
        "candidates/referral.html", referral=found, name=name, form=form, divides=divides, doubles=doubles,
        undecided=found.state == ReferralState.RECEIVED, asked=found.state == ReferralState.INFO_NEEDED,
    )  # fmt: skip


def _worker_form(workers: Sequence[Person], me: int) -> WorkerForm:
    mine = next((one.key for one in workers if one.id == me), "")
    form = WorkerForm.from_request(worker=mine)
    offer(form.worker, [(one.key, one.name) for one in workers], _("Choose"))
    return form


def _chosen(workers: Sequence[Person], form: Form) -> Person:
    return next(one for one in workers if one.key == form.answer().worker)


def holder(programme_id: int, person_id: int) -> Person:
    """A worker of the programme by number. Raises NotFound for somebody who is none."""
    found = [one for one in holders(Role.PROJECT_WORKER, programme_id=programme_id) if one.id == person_id]
    if not found:
        raise NotFound()
    return found[0]


@candidates.route("/people/referrals/<key>/question", methods=["GET", "POST"])
@opens_to(staff)
def ask(key: str) -> str | Response:
    """Send a question back to the partner."""
    found = queries.referral_for(viewer(), key)
    form = QuestionForm.from_request()
    if form.accepted():
        service.ask(found, form.answer().said)
        return form.go(url_for(".open_referrals"), _("The question has been sent."))
    return render_template("candidates/ask.html", referral=found, form=form)


@candidates.route("/people/referrals/<key>/decline", methods=["GET", "POST"])
@opens_to(staff)
def decline(key: str) -> str | Response:
    """Do not go on, or close after nobody came."""
    found = queries.referral_for(viewer(), key)
    form = DeclineForm.from_request()
    if form.accepted():
        if found.state == ReferralState.NO_SHOW:
            service.close_after_no_show(found, form.answer().because)
        else:
            service.decline(found, form.answer().because)
        return form.go(url_for(".open_referrals"), _("The referral is closed. The partner reads a neutral word."))
    return render_template("candidates/decline.html", referral=found, form=form)


@candidates.route("/people/referrals/<key>/same", methods=["GET", "POST"])
@opens_to(staff)
def join(key: str) -> str | Response:
    """Perhaps the same person: a choice, never made by the portal."""
    found = queries.referral_for(viewer(), key)
    doubles = queries.namesakes(found, identities.name(found.candidate_id, READING))
    form = JoinForm.from_request()
    names = identities.names([one.id for one in doubles], READING)
    offer(form.known, [(one.key, _case_label(one, names)) for one in doubles])
    if form.accepted():
        service.join(found, next(one for one in doubles if one.key == form.answer().known))
        return form.go(url_for(".referral", key=key), _("The referral now belongs to the case that we knew."))
    return render_template("candidates/join.html", referral=found, form=form, doubles=doubles)


def _case_label(one: Candidate, names: dict[int, identities.Name]) -> str:
    worker = one.worker.name if one.worker else "–"
    return _(
        "%(name)s, %(site)s, with %(worker)s",
        name=names[one.id],
        site=one.site.label if one.site else "–",
        worker=worker,
    )
