"""Vacancies: a company writes, opens, holds and closes them; staff of its programme read along."""

from typing import Any

from flask import current_app, render_template, request, url_for
from werkzeug.wrappers import Response

from portal.competences import queries as catalogue
from portal.competences.models import Competence, Occupation
from portal.employers import policy, queries, service, shown, vacancy_reach, worries
from portal.employers import vacancy_changes as changes
from portal.employers import vacancy_expiry as expiry
from portal.employers import vacancy_starts as starts
from portal.employers.blueprint import employers
from portal.employers.forms import CloseForm, VacancyForm
from portal.employers.models import Employer, Vacancy
from portal.employers.states import VacancyState
from portal.employers.vacancies import MOST_ASKED, Writing
from portal.foundation import fields, refusals
from portal.foundation.access import opens_to, viewer
from portal.foundation.errors import NotFound
from portal.foundation.forms import Press
from portal.foundation.options import label
from portal.foundation.words import _, language


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
    """First the kind of job, or an earlier vacancy; then everything else: the competences to choose from follow from it."""
    if request.args.get("from"):
        return _begun(own(request.args["from"]))
    employer = queries.written_by(viewer())
    occupation = catalogue.occupation(request.args.get("occupation", ""))
    if occupation is None:
        return _choose(employer)
    role = None if request.args.get("empty") else starts.role_template(employer.programme_id, occupation.code)
    begun = shown.fresh(occupation) if role is None else starts.of_role(role, occupation)
    return _new(employer, occupation, begun, by="role" if role is not None else "")


def _begun(earlier: Vacancy) -> str | Response:
    """The same questions, with the answers of an earlier vacancy, whatever became of it."""
    return _new(earlier.employer, earlier.occupation, starts.copied(earlier), by="earlier")


def _new(employer: Employer, occupation: Occupation, begun: dict[str, Any], *, by: str) -> str | Response:
    form = _form(employer, occupation, begun)
    aside = _aside(form, employer, occupation, by=by)
    if aside is not None:
        return aside
    if form.accepted():
        writing = Writing(employer, viewer().me, occupation, language())
        return _written(form, service.write_vacancy(writing, form.answer()))
    return _page(form, employer, occupation, by=by)


@employers.route("/vacancies/<key>/edit", methods=["GET", "POST"])
@opens_to(policy.employer_admin)
def edit_vacancy(key: str) -> str | Response:
    vacancy = own(key)
    if not policy.may_change(vacancy) and changes.may_change_openly(vacancy):
        return refusals.see_other(url_for(".change_vacancy", key=key))
    form = _form(vacancy.employer, vacancy.occupation, shown.as_typed(vacancy))
    aside = _aside(form, vacancy.employer, vacancy.occupation, vacancy)
    if aside is not None:
        return aside
    if form.accepted():
        writing = Writing(vacancy.employer, vacancy.contact_id, vacancy.occupation, vacancy.language)
        return _written(form, service.write_vacancy(writing, form.answer(), vacancy))
    if not policy.may_change(vacancy):
        return refusals.see_other(url_for(".vacancy", key=key))
    return _page(form, vacancy.employer, vacancy.occupation, vacancy)


def _aside(
    form: VacancyForm, employer: Employer, occupation: Occupation, vacancy: Vacancy | None = None, *, by: str = ""
) -> Any:
    """The two buttons that keep nothing: look for other skills, or see how many people it reaches."""
    pressed = request.form.get("then")
    if pressed == "find":
        return _page(form, employer, occupation, vacancy, by=by)
    if pressed != "reach":
        return None
    seen = None
    if form.validate():
        try:
            seen = vacancy_reach.look(employer, vacancy_reach.asked_in(form.answer()))
        except vacancy_reach.LookedOften as error:
            form.refuse(error.sentence, status=error.status)
    else:
        refusals.status(422)
    return form.tell(_page(form, employer, occupation, vacancy, by=by, seen=seen))


def _written(form: VacancyForm, vacancy: Vacancy) -> Response:
    """Two buttons: keep the draft, or keep it and open it."""
    message = _("The draft is kept.")
    if request.form.get("then") == "open":
        service.open_vacancy(vacancy)
        message = _("The vacancy is open.")
    vacancy_reach.keep(vacancy)
    return form.go(url_for(".vacancy", key=vacancy.key), message)


@employers.get("/vacancies/<key>")
@opens_to(policy.of_company_or_staff)
def vacancy(key: str) -> str:
    who = viewer()
    found = queries.vacancy_of(who, key)
    return render_template(
        "employers/vacancy.html",
        reach=vacancy_reach.said(found.reach, vacancy_reach.competences_of(found)), counted_on=vacancy_reach.counted_on(found),
        may_change_openly=changes.may_change_openly(found), ends_soon=expiry.ends_soon(found),
        closed_because=label("employers", "close_reasons", found.closed_because),
        vacancy=found, employer=found.employer, facts=shown.vacancy_facts(found), states=shown.VACANCY_STATES,
        may_write=policy.may_write(who, found.employer), may_change=policy.may_change(found), is_staff=policy.staff.allows(who),
        profiles=None if policy.staff.allows(who) else _profiles(found),
        people=_people(found) if policy.staff.allows(who) else None,
    )  # fmt: skip


@employers.post("/vacancies/<key>/open")
@opens_to(policy.employer_admin)
def open_vacancy(key: str) -> Response:
    return _pressed(key, _open, _("The vacancy is open."))


def _open(vacancy: Vacancy) -> None:
    service.open_vacancy(vacancy)
    vacancy_reach.keep(vacancy)


@employers.post("/vacancies/<key>/hold")
@opens_to(policy.employer_admin)
def hold_vacancy(key: str) -> Response:
    return _pressed(key, service.hold_vacancy, _("The vacancy is on hold. Nobody new is proposed for it."))


def _pressed(key: str, do: Any, message: str) -> Response:
    found, press = own(key), Press.from_request()
    if press.accepted():
        do(found)
        return press.go(url_for(".vacancy", key=key), message)
    return refusals.see_other(url_for(".vacancy", key=key))


@employers.route("/vacancies/<key>/close", methods=["GET", "POST"])
@opens_to(policy.employer_admin)
def close_vacancy(key: str) -> str | Response:
    found = own(key)
    form = CloseForm.from_request()
    if form.accepted():
        service.close_vacancy(found, form.answer())
        return form.go(url_for(".vacancy", key=key), _("The vacancy is closed."))
    if not found.may_move_to(VacancyState.CLOSED):
        return refusals.see_other(url_for(".vacancy", key=key))
    return render_template("employers/close_vacancy.html", vacancy=found, form=form)


def own(key: str) -> Vacancy:
    """A vacancy that this viewer may write. Somebody else's does not exist."""
    who = viewer()
    found = queries.vacancy_of(who, key)
    if not policy.may_write(who, found.employer):
        raise NotFound()
    return found


def _form(employer: Employer, occupation: Occupation, begun: dict[str, Any]) -> VacancyForm:
    form = VacancyForm.from_request(**begun)
    asked = [(one.code, one.label) for one in _skills(form, occupation)]
    fields.offer(form.must, asked)
    fields.offer(form.learnable, asked)
    fields.offer(form.workplace, [(one.key, shown.place(one)) for one in queries.workplaces(employer)])
    return form


def _skills(form: VacancyForm, occupation: Occupation) -> list[Competence]:
    """What the job usually asks, what was chosen beyond it, and what the search finds: the whole catalogue is a word away."""
    usual = list(catalogue.competences_for(occupation.id))
    known = {one.code for one in usual}
    named = [code for code in (*(form.must.data or ()), *(form.learnable.data or ())) if code not in known]
    chosen = list(catalogue.competences_called(named[:MOST_ASKED]))
    words = request.form.get("more", "").strip() if request.form.get("then") == "find" else ""
    known |= {one.code for one in chosen}
    found = [one for one in catalogue.competences_found(words).items if one.code not in known] if words else []
    return [*found, *chosen, *usual]


def _page(
    form: VacancyForm, employer: Employer, occupation: Occupation, vacancy: Vacancy | None = None, *, by: str = "",
    seen: vacancy_reach.Counted | None = None,
) -> str:  # fmt: skip
    words = request.form.get("more", "").strip()[:60]
    searched = request.form.get("then") == "find" and bool(words)
    skills = catalogue.competences_called([*(form.must.data or ())]) if seen is not None else ()
    return render_template(
        "employers/vacancy_form.html", form=form, employer=employer, occupation=occupation, vacancy=vacancy, by=by,
        words=words, searched=searched, reach=vacancy_reach.said(seen, skills),
        wonders=worries.near("vacancy", employer),
    )  # fmt: skip


def _choose(employer: Employer) -> str:
    """The short list of jobs, and a search where the catalogue has more."""
    words = request.args.get("words", "").strip()[:60]
    return render_template(
        "employers/choose_occupation.html", groups=_by_sector(), employer=employer, words=words,
        earlier=starts.earlier(employer), states=shown.VACANCY_STATES,
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
