"""Vacancies: a company writes, opens, holds and closes them; staff of its programme read along."""

from typing import Any

from flask import current_app, render_template, request, url_for
from werkzeug.wrappers import Response

from portal.competences import queries as catalogue
from portal.competences.models import Occupation
from portal.employers import policy, queries, service, shown
from portal.employers.blueprint import employers
from portal.employers.forms import CloseForm, VacancyForm
from portal.employers.models import Employer, Vacancy
from portal.employers.states import VacancyState
from portal.employers.vacancies import Writing
from portal.foundation import fields, refusals
from portal.foundation.access import opens_to, viewer
from portal.foundation.errors import NotFound
from portal.foundation.forms import Press
from portal.foundation.words import _


@employers.get("/vacancies")
@opens_to(policy.employer)
def vacancies() -> str:
    who = viewer()
    employer = queries.employer_of(who)
    return render_template(
        "employers/vacancies.html",
        employer=employer, page=queries.vacancies(employer), may_write=policy.may_write(who, employer),
        states=shown.VACANCY_STATES, profiles=_profiles,
    )  # fmt: skip


@employers.route("/vacancies/new", methods=["GET", "POST"])
@opens_to(policy.employer_admin)
def new_vacancy() -> str | Response:
    """First the kind of job, then everything else: the competences to choose from follow from it."""
    employer = queries.employer_of(viewer())
    occupation = catalogue.occupation(request.args.get("occupation", ""))
    if occupation is None:
        return _choose(employer)
    form = _form(employer, occupation)
    if form.accepted():
        writing = Writing(employer, viewer().me, occupation)
        return _written(form, service.write_vacancy(writing, form.answer()))
    return _page(form, employer, occupation)


@employers.route("/vacancies/<key>/edit", methods=["GET", "POST"])
@opens_to(policy.employer_admin)
def edit_vacancy(key: str) -> str | Response:
    vacancy = _own(key)
    form = _form(vacancy.employer, vacancy.occupation, vacancy)
    if form.accepted():
        writing = Writing(vacancy.employer, vacancy.contact_id, vacancy.occupation)
        return _written(form, service.write_vacancy(writing, form.answer(), vacancy))
    if not policy.may_change(vacancy):
        return refusals.see_other(url_for(".vacancy", key=key))
    return _page(form, vacancy.employer, vacancy.occupation, vacancy)


def _written(form: VacancyForm, vacancy: Vacancy) -> Response:
    """Two buttons: keep the draft, or keep it and open it."""
    message = _("The draft is kept.")
    if request.form.get("then") == "open":
        service.open_vacancy(vacancy)
        message = _("The vacancy is open.")
    return form.go(url_for(".vacancy", key=vacancy.key), message)


@employers.get("/vacancies/<key>")
@opens_to(policy.of_company_or_staff)
def vacancy(key: str) -> str:
    who = viewer()
    found = queries.vacancy_of(who, key)
    return render_template(
        "employers/vacancy.html",
        vacancy=found, employer=found.employer, facts=shown.vacancy_facts(found), states=shown.VACANCY_STATES,
        may_write=policy.may_write(who, found.employer), may_change=policy.may_change(found), is_staff=policy.staff.allows(who),
        profiles=None if policy.staff.allows(who) else _profiles(found),
        people=_people(found) if policy.staff.allows(who) else None,
    )  # fmt: skip


@employers.post("/vacancies/<key>/open")
@opens_to(policy.employer_admin)
def open_vacancy(key: str) -> Response:
    return _pressed(key, service.open_vacancy, _("The vacancy is open."))


@employers.post("/vacancies/<key>/hold")
@opens_to(policy.employer_admin)
def hold_vacancy(key: str) -> Response:
    return _pressed(key, service.hold_vacancy, _("The vacancy is on hold. Nobody new is proposed for it."))


def _pressed(key: str, do: Any, message: str) -> Response:
    found, press = _own(key), Press.from_request()
    if press.accepted():
        do(found)
        return press.go(url_for(".vacancy", key=key), message)
    return refusals.see_other(url_for(".vacancy", key=key))


@employers.route("/vacancies/<key>/close", methods=["GET", "POST"])
@opens_to(policy.employer_admin)
def close_vacancy(key: str) -> str | Response:
    found = _own(key)
    form = CloseForm.from_request()
    if form.accepted():
        service.close_vacancy(found, form.answer())
        return form.go(url_for(".vacancy", key=key), _("The vacancy is closed."))
    if not found.may_move_to(VacancyState.CLOSED):
        return refusals.see_other(url_for(".vacancy", key=key))
    return render_template("employers/close_vacancy.html", vacancy=found, form=form)


def _own(key: str) -> Vacancy:
    """A vacancy that this viewer may write. Somebody else's does not exist."""
    who = viewer()
    found = queries.vacancy_of(who, key)
    if not policy.may_write(who, found.employer):
        raise NotFound()
    return found


def _form(employer: Employer, occupation: Occupation, vacancy: Vacancy | None = None) -> VacancyForm:
    form = VacancyForm.from_request(**shown.as_typed(vacancy) if vacancy is not None else shown.fresh(occupation))
    asked = [(one.code, one.label) for one in catalogue.competences_for(occupation.id)]
    fields.offer(form.must, asked)
    fields.offer(form.learnable, asked)
    fields.offer(form.workplace, [(one.key, shown.place(one)) for one in queries.workplaces(employer)])
    return form


def _page(form: VacancyForm, employer: Employer, occupation: Occupation, vacancy: Vacancy | None = None) -> str:
    return render_template(
        "employers/vacancy_form.html", form=form, employer=employer, occupation=occupation, vacancy=vacancy
    )


def _choose(employer: Employer) -> str:
    """The short list of jobs, and a search where the catalogue has more."""
    words = request.args.get("words", "").strip()[:60]
    return render_template(
        "employers/choose_occupation.html", groups=_by_sector(), employer=employer, words=words,
        more=catalogue.more_occupations(), found=catalogue.occupations_found(words) if words else None,
    )  # fmt: skip


def _by_sector() -> list[tuple[str, list[Occupation]]]:
    groups: dict[str, list[Occupation]] = {}
    for one in catalogue.occupations():
        groups.setdefault(one.sector.label, []).append(one)
    return list(groups.items())


def _profiles(vacancy: Vacancy) -> str | None:
    """Where the profiles for this vacancy are read, once it is open (the showcase room's page)."""
    if vacancy.state is not VacancyState.OPEN or "showcase.cards" not in current_app.view_functions:
        return None
    return url_for("showcase.cards", key=vacancy.key)


def _people(vacancy: Vacancy) -> str | None:
    """Where the team finds people for this vacancy (the showcase room's page)."""
    there = "showcase.people_for" in current_app.view_functions
    return url_for("showcase.people_for", key=vacancy.key) if there else None
