"""A coordinator keeps what a vacancy for each role usually says. A change is a new version; vacancies that stand stay."""

from typing import Any

from flask import render_template
from werkzeug.wrappers import Response

from portal.accounts.policy import coordinator
from portal.competences import queries as catalogue
from portal.competences.models import Occupation
from portal.employers import shown
from portal.employers.blueprint import employers
from portal.employers.vacancy_template_forms import LANGUAGES, RoleForm, typed
from portal.foundation import fields
from portal.foundation.access import opens_to
from portal.foundation.errors import NotFound
from portal.foundation.words import _
from portal.programmes import coordinated
from portal.programmes import queries as programmes
from portal.programmes import templates as kept
from portal.programmes.models import Programme, TemplateKind


@employers.get("/vacancy-templates")
@opens_to(coordinator)
def templates() -> str:
    """Every role of the short list, by sector, with whether something is written for it."""
    own, programme = coordinated.chosen()
    written = {one["occupation"] for one in _body(programme)["roles"]}
    groups: dict[str, list[tuple[Occupation, bool]]] = {}
    for one in catalogue.occupations():
        groups.setdefault(one.sector.label, []).append((one, one.code in written))
    versions = programmes.template_versions([programme.id], TemplateKind.VACANCIES)
    return render_template(
        "employers/templates.html", groups=groups, programmes=own, programme=programme, versions=versions
    )


@employers.route("/vacancy-templates/<code>", methods=["GET", "POST"])
@opens_to(coordinator)
def edit_template(code: str) -> str | Response:
    own, programme = coordinated.chosen()
    occupation = catalogue.occupation(code)
    if occupation is None:
        raise NotFound()
    body = _body(programme)
    role = next((one for one in body["roles"] if one["occupation"] == code), None)
    form = RoleForm.from_request(**(typed(role) if role is not None else _blank(occupation)), seen=str(body["version"]))
    asked = [(one.code, one.label) for one in catalogue.competences_for(occupation.id)]
    fields.offer(form.must, asked)
    fields.offer(form.learnable, asked)
    if form.accepted():
        answer = form.answer()
        others = [one for one in body["roles"] if one["occupation"] != code]
        new = {**body, "roles": [*others, answer.as_role(code)]}
        kept.write(programme.id, TemplateKind.VACANCIES, new, because=answer.because, based_on=form.based_on)
        return form.go(
            coordinated.address(".templates", own, programme), _("Kept. New vacancies for this job start from it.")
        )
    return render_template(
        "employers/edit_template.html", form=form, occupation=occupation, programmes=own, programme=programme
    )


def _blank(occupation: Occupation) -> dict[str, Any]:
    titles = {f"title_{one}": getattr(occupation, one) for one in LANGUAGES}
    return {**shown.fresh(occupation), **titles}


def _body(programme: Programme) -> dict[str, Any]:
    return programmes.template(programme.id, TemplateKind.VACANCIES)
