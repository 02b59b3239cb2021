"""Companies: signing up, a worker's call, a company's own page."""

from flask import render_template, request, url_for
from werkzeug.wrappers import Response

from portal.accounts import speaking
from portal.employers import (
    blocking,
    client_views,
    clients,
    duplicates,
    facts_views,
    join_views,
    meeting_views,
    passing_on_views,
    policy,
    public_views,
    queries,
    service,
    shown,
    sites,
    standing_views,
    succession_views,
    team_invitation_views,
    team_views,
    vacancy_life_views,
    vacancy_template_views,
    vacancy_views,
)
from portal.employers.blocking_forms import BlockForm
from portal.employers.blueprint import employers
from portal.employers.forms import CallForm, WorkplaceForm
from portal.employers.sign_up_views import signed_up_with
from portal.employers.states import EmployerState
from portal.foundation import refusals
from portal.foundation.access import opens_to, viewer
from portal.foundation.errors import NotFound
from portal.foundation.forms import Press
from portal.foundation.words import _

blueprints = (employers,)


@employers.get("/companies")
@opens_to(policy.staff)
def index() -> str:
    name, state = request.args.get("q", "").strip()[:80], request.args.get("state", "")
    page = queries.companies(viewer(), name=name, state=state)
    return render_template(
        "employers/index.html",
        page=page, may_template=policy.coordinator.allows(viewer()), open_vacancies=queries.open_vacancies(page.items), q=name, state=state, states=shown.STATES,
    )  # fmt: skip


@employers.route("/companies/<key>", methods=["GET", "POST"])
@opens_to(policy.staff)
def show(key: str) -> str | Response:
    """Everything of a company, for the team; the form keeps what was heard in a call."""
    employer = queries.of_staff(viewer(), key)
    form = CallForm.from_request(agency=clients.is_agency(employer))
    if form.accepted():
        service.note_call(employer, form.answer().note)
        clients.heard(employer, agency=form.answer().agency)
        return form.go(url_for(".show", key=key), _("The note is kept."))
    return render_template(
        "employers/show.html",
        employer=employer, form=form, facts=shown.company_facts(employer), team=queries.team(employer),
        workplaces=sites.own(employer), vacancies=queries.vacancies(employer),
        notes=queries.call_notes(employer), may_verify=policy.may_verify(employer), may_block=policy.may_block(employer),
        states=shown.STATES, vacancy_states=shown.VACANCY_STATES, roles=shown.TEAM_ROLES, reach=shown.reach_facts(employer),
        clients=clients.for_team(employer), may_unblock=policy.may_unblock(employer),
        blocked_because=shown.blocked_because(employer),
    )  # fmt: skip


@employers.route("/companies/<key>/verify", methods=["GET", "POST"])
@opens_to(policy.staff)
def verify(key: str) -> str | Response:
    employer = queries.of_staff(viewer(), key)
    form = CallForm.from_request(agency=clients.is_agency(employer))
    if form.accepted():
        service.verify(employer, form.answer().note)
        clients.heard(employer, agency=form.answer().agency)
        return form.go(url_for(".show", key=key), _("%(company)s is verified and got a letter.", company=employer.name))
    if employer.state is not EmployerState.REGISTERED:
        return refusals.see_other(url_for(".show", key=key))
    return render_template(
        "employers/verify.html",
        employer=employer, form=form, facts=shown.company_facts(employer), team=queries.team(employer),
        workplaces=queries.workplaces(employer), roles=shown.TEAM_ROLES, maybe=duplicates.maybe_same(employer),
        registered=shown.registered(employer),
    )  # fmt: skip


@employers.route("/companies/<key>/block", methods=["GET", "POST"])
@opens_to(policy.staff)
def block(key: str) -> str | Response:
    employer = queries.of_staff(viewer(), key)
    form = BlockForm.from_request()
    if form.accepted():
        blocking.block(employer, form.answer())
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
        workplaces=sites.own(employer), may_write=policy.may_write(who, employer), states=shown.STATES,
        roles=shown.TEAM_ROLES, reach=shown.reach_facts(employer), clients=clients.of(employer),
        is_agency=clients.is_agency(employer), others=queries.others_of(who, employer),
    )  # fmt: skip


@employers.post("/company/speak-for/<key>")
@opens_to(policy.employer)
def speak_for(key: str) -> Response:
    """From the next page on it is about another company for which this person speaks."""
    here = queries.employer_of(viewer())
    # Pressed twice, it is about that company already.
    theirs = (here, *queries.others_of(viewer(), here))
    found = next((one for one in theirs if one.key == key), None)
    if found is None:
        raise NotFound()
    press = Press.from_request()
    if press.accepted():
        speaking.choose(found.organisation_id)
        return press.go(url_for(".company"), _("The pages are about %(company)s now.", company=found.name))
    return refusals.see_other(url_for(".company"))


@employers.route("/company/sites/new", methods=["GET", "POST"])
@opens_to(policy.employer_admin)
def new_workplace() -> str | Response:
    employer = queries.written_by(viewer())
    form = WorkplaceForm.from_request()
    if form.accepted():
        service.add_workplace(employer.organisation, form.answer())
        return form.go(url_for(".company"), _("The site is added. You can choose it in a vacancy."))
    return render_template("employers/new_workplace.html", employer=employer, form=form)


__all__ = [
    "blueprints", "client_views", "employers", "facts_views", "join_views", "meeting_views", "passing_on_views", "public_views", "signed_up_with", "standing_views", "succession_views", "team_invitation_views", "team_views",
    "vacancy_life_views", "vacancy_template_views", "vacancy_views",
]  # fmt: skip
