"""The coordinator's pages of the forms of employment: what each asks, one more, and every version with its reason."""

from dataclasses import asdict

from flask import render_template, url_for
from werkzeug.wrappers import Response

from portal.foundation.access import opens_to
from portal.foundation.errors import NotFound
from portal.foundation.options import Option
from portal.foundation.words import _
from portal.programmes import coordinated, employment, queries
from portal.programmes.blueprint import programmes
from portal.programmes.employment_forms import AsksForm, OwnForm
from portal.programmes.models import Programme, TemplateKind
from portal.programmes.policy import coordinator


def _here(programme: Programme) -> str:
    return url_for(".employment_forms", programme=programme.key)


@programmes.get("/employment")
@opens_to(coordinator)
def employment_forms() -> str:
    """The forms of employment of a programme, with what each asks before a start."""
    own, programme = coordinated.chosen()
    versions = queries.template_versions([programme.id], TemplateKind.EMPLOYMENT)
    return render_template(
        "programmes/employment.html", programme=programme, programmes=own, versions=versions, own=employment.own,
        forms=[(one, employment.asked_by(one)) for one in employment.of_programme(programme.id).values()],
        number=versions[0].version if versions else 1,
    )  # fmt: skip


@programmes.route("/employment/add", methods=["GET", "POST"])
@opens_to(coordinator)
def add_employment() -> str | Response:
    """One form of employment more, in three languages."""
    _all, programme = coordinated.chosen()
    form = OwnForm.from_request(seen=_version(programme), on=True, **asdict(employment.Asks()))
    if form.accepted():
        answer = form.answer()
        employment.add(programme.id, form.names, answer.asks, because=answer.because, based_on=form.based_on)
        return form.go(_here(programme), _("Added. It can be chosen from now on."))
    return render_template("programmes/employment_form.html", programme=programme, form=form, one=None)


@programmes.route("/employment/<code>", methods=["GET", "POST"])
@opens_to(coordinator)
def change_employment(code: str) -> str | Response:
    """Other words, other questions, or offered no more."""
    _all, programme = coordinated.chosen()
    one = employment.of_programme(programme.id).get(code)
    if one is None:
        raise NotFound()
    form = _form(programme, one)
    if form.accepted():
        answer = form.answer()
        employment.change(
            programme.id, code, form.names, answer.asks, on=answer.on, because=answer.because, based_on=form.based_on
        )
        return form.go(_here(programme), _("Kept. Starts from now on follow it."))
    return render_template("programmes/employment_form.html", programme=programme, form=form, one=one)


def _form(programme: Programme, one: Option) -> AsksForm:
    start = {**asdict(employment.asked_by(one)), "on": not one.data.get("off"), "seen": _version(programme)}
    if not employment.own(one.code):
        return AsksForm.from_request(**start)
    return OwnForm.from_request(**start, **one.data["label"])


def _version(programme: Programme) -> str:
    return str(queries.template(programme.id, TemplateKind.EMPLOYMENT)["version"])
