"""Companies: signing up, a worker's call, a company's own page."""

from flask import render_template, request, url_for
from sqlalchemy.exc import IntegrityError
from werkzeug.wrappers import Response

from portal.answers import library
from portal.employers import meeting_views, policy, queries, service, shown, vacancy_views
from portal.employers.answers import SignUpAnswer
from portal.employers.blueprint import employers
from portal.employers.forms import BlockForm, CallForm, InviteForm, SignUpForm, WorkplaceForm
from portal.employers.states import EmployerState
from portal.foundation import refusals
from portal.foundation.access import anyone, opens_to, viewer
from portal.foundation.database import db
from portal.foundation.forms import Form
from portal.foundation.options import load, options
from portal.foundation.words import _, language

blueprints = (employers,)


@employers.route("/sign-up", methods=["GET", "POST"])
@opens_to(anyone)
def sign_up() -> str | Response:
    form = SignUpForm.from_request()
    if form.accepted():
        return signed_up_with(form)
    return render_template("employers/sign_up.html", form=form, page=load("site", "texts")["page"]["signup"])


def signed_up_with(form: Form[SignUpAnswer], invitation_id: int | None = None) -> Response:
    """The last two beats of signing up, for this page and for the one that an invitation opens."""
    answer = form.answer()
    service.count_sign_up(answer.email, request.remote_addr or "")
    try:
        service.sign_up(answer, language(), invitation_id)
    except IntegrityError:
        # Somebody was first with this address or number, perhaps this very form: then it is known by now.
        db.session.rollback()
        if form.accepted():
            service.sign_up(answer, language(), invitation_id)
    return form.go(url_for("employers.signed_up", concern=list(answer.concerns)))


@employers.get("/sign-up/sent")
@opens_to(anyone)
def signed_up() -> str:
    """What happens next, the same for everybody, and an answer to what was ticked."""
    concerns = options("employers", "concerns")
    asked = [concerns[code].data["answer"] for code in request.args.getlist("concern") if code in concerns]
    return render_template("employers/signed_up.html", answers=[library.answer(slug) for slug in dict.fromkeys(asked)])


@employers.get("/companies")
@opens_to(policy.staff)
def index() -> str:
    name, state = request.args.get("q", "").strip()[:80], request.args.get("state", "")
    page = queries.companies(viewer(), name=name, state=state)
    return render_template(
        "employers/index.html",
        page=page, open_vacancies=queries.open_vacancies(page.items), q=name, state=state, states=shown.STATES,
    )  # fmt: skip


@employers.route("/companies/<key>", methods=["GET", "POST"])
@opens_to(policy.staff)
def show(key: str) -> str | Response:
    """Everything of a company, for the team; the form keeps what was heard in a call."""
    employer = queries.of_staff(viewer(), key)
    form = CallForm.from_request()
    if form.accepted():
        service.note_call(employer, form.answer().note)
        return form.go(url_for(".show", key=key), _("The note is kept."))
    return render_template(
        "employers/show.html",
        employer=employer, form=form, facts=shown.company_facts(employer), team=queries.team(employer),
        workplaces=queries.workplaces(employer), vacancies=queries.vacancies(employer),
        notes=queries.call_notes(employer), may_verify=policy.may_verify(employer), may_block=policy.may_block(employer),
        states=shown.STATES, vacancy_states=shown.VACANCY_STATES, roles=shown.TEAM_ROLES,
    )  # fmt: skip


@employers.route("/companies/<key>/verify", methods=["GET", "POST"])
@opens_to(policy.staff)
def verify(key: str) -> str | Response:
    employer = queries.of_staff(viewer(), key)
    form = CallForm.from_request()
    if form.accepted():
        service.verify(employer, form.answer().note)
        return form.go(url_for(".show", key=key), _("%(company)s is verified and got a letter.", company=employer.name))
    if employer.state is not EmployerState.REGISTERED:
        return refusals.see_other(url_for(".show", key=key))
    return render_template(
        "employers/verify.html",
        employer=employer, form=form, facts=shown.company_facts(employer), team=queries.team(employer),
        workplaces=queries.workplaces(employer), roles=shown.TEAM_ROLES,
    )  # fmt: skip


@employers.route("/companies/<key>/block", methods=["GET", "POST"])
@opens_to(policy.staff)
def block(key: str) -> str | Response:
    employer = queries.of_staff(viewer(), key)
    form = BlockForm.from_request()
    if form.accepted():
        service.block(employer, form.answer())
        return form.go(url_for(".show", key=key), _("%(company)s is blocked.", company=employer.name))
    if not policy.may_block(employer):
        return refusals.see_other(url_for(".show", key=key))
    return render_template("employers/block.html", employer=employer, form=form)


@employers.get("/company")
@opens_to(policy.employer)
def company() -> str:
    """A company's own page: what the programme knows of it, its sites and its team."""
    who = viewer()
    employer = queries.employer_of(who)
    return render_template(
        "employers/company.html",
        employer=employer, facts=shown.company_facts(employer), team=queries.team(employer),
        workplaces=queries.workplaces(employer), may_write=policy.may_write(who, employer), states=shown.STATES,
        roles=shown.TEAM_ROLES,
    )  # fmt: skip


@employers.route("/company/sites/new", methods=["GET", "POST"])
@opens_to(policy.employer_admin)
def new_workplace() -> str | Response:
    employer = queries.employer_of(viewer())
    form = WorkplaceForm.from_request()
    if form.accepted():
        service.add_workplace(employer.organisation, form.answer())
        return form.go(url_for(".company"), _("The site is added. You can choose it in a vacancy."))
    return render_template("employers/new_workplace.html", employer=employer, form=form)


@employers.route("/company/team/new", methods=["GET", "POST"])
@opens_to(policy.employer_admin)
def invite() -> str | Response:
    employer = queries.employer_of(viewer())
    form = InviteForm.from_request()
    if form.accepted():
        service.invite_colleague(employer, form.answer(), language())
        return form.go(url_for(".company"), _("A letter with a link is on its way to your colleague."))
    return render_template("employers/invite.html", employer=employer, form=form)


__all__ = ["blueprints", "employers", "meeting_views", "vacancy_views"]
