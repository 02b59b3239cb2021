"""An agency's clients, and for which of them a vacancy is."""

from flask import render_template, url_for
from werkzeug.wrappers import Response

from portal.employers import clients, policy, queries, shown
from portal.employers.blueprint import employers
from portal.employers.client_forms import ClientForm, MoveForm
from portal.employers.models import Employer
from portal.foundation import fields, refusals
from portal.foundation.access import opens_to, viewer
from portal.foundation.errors import NotFound
from portal.foundation.forms import Press
from portal.foundation.words import _


def _agency() -> Employer:
    employer = queries.written_by(viewer())
    if not clients.is_agency(employer):
        raise NotFound()
    return employer


@employers.route("/company/clients/new", methods=["GET", "POST"])
@opens_to(policy.employer_admin)
def new_client() -> str | Response:
    """For which company people would work: its name, its number and its place."""
    agency = _agency()
    form = ClientForm.from_request()
    if form.accepted():
        clients.add(agency, form.answer())
        return form.go(url_for(".company"), _("The client is added. Choose its place in a vacancy."))
    return render_template("employers/new_client.html", employer=agency, form=form)


@employers.post("/company/clients/<key>/retire")
@opens_to(policy.employer_admin)
def retire_client(key: str) -> Response:
    client, press = clients.one(_agency(), key), Press.from_request()
    if press.accepted():
        clients.retire(client)
        return press.go(url_for(".company"), _("You no longer work for this client."))
    return refusals.see_other(url_for(".company"))


@employers.route("/vacancies/<key>/place", methods=["GET", "POST"])
@opens_to(policy.employer_admin)
def move_vacancy(key: str) -> str | Response:
    """The job is at another place; of an agency, maybe for another client. Who agreed is asked anew."""
    who = viewer()
    vacancy = queries.vacancy_of(who, key)
    if not policy.may_write(who, vacancy.employer) or vacancy.state not in clients.STANDING:
        raise NotFound()
    places = {one.key: one for one in queries.workplaces(vacancy.employer)}
    form = MoveForm.from_request(workplace=vacancy.workplace.key)
    fields.offer(form.workplace, [(code, shown.place(one)) for code, one in places.items()])
    if form.accepted():
        clients.move(vacancy, places[form.answer().workplace])
        return form.go(url_for(".vacancy", key=key), _("Kept. Who is asked for this job hears it first."))
    return render_template(
        "employers/move_vacancy.html", vacancy=vacancy, form=form, client=clients.at(vacancy.workplace_id),
        is_agency=clients.is_agency(vacancy.employer),
    )  # fmt: skip
