"""A company's admin keeps its own facts right: what it is, how to reach it, where it works."""

from flask import render_template, url_for
from werkzeug.wrappers import Response

from portal.employers import facts, policy, queries, sites
from portal.employers.blueprint import employers
from portal.employers.facts_forms import FactsForm, ReachForm
from portal.employers.forms import WorkplaceForm
from portal.employers.models import Employer
from portal.foundation import fields, refusals
from portal.foundation.access import opens_to, viewer
from portal.foundation.forms import Press
from portal.foundation.words import _, lazy


def _mine() -> Employer:
    return queries.written_by(viewer())


@employers.route("/company/facts", methods=["GET", "POST"])
@opens_to(policy.employer_admin)
def change_facts() -> str | Response:
    employer = _mine()
    now = {name: getattr(employer, name) for name in ("name", "section", "size", "shifts", "forms_offered", "concerns")}
    form = FactsForm.from_request(**now)
    if form.accepted():
        facts.change(employer, form.answer())
        return form.go(url_for(".company"), _("Kept."))
    return render_template("employers/facts.html", employer=employer, form=form)


@employers.route("/company/reach", methods=["GET", "POST"])
@opens_to(policy.employer_admin)
def change_reach() -> str | Response:
    """How many profiles a month, how to be reached, and whom to ask for."""
    employer = _mine()
    team = queries.team(employer)
    chosen = next((one.person.key for one in team if one.person_id == employer.first_contact_id), "")
    form = ReachForm.from_request(
        monthly_profiles=str(employer.monthly_profiles or ""), contact_way=employer.contact_way, first_contact=chosen
    )
    fields.offer(form.first_contact, [(one.person.key, one.person.name) for one in team], lazy("Anybody of the team"))
    if form.accepted():
        facts.reach(employer, form.answer())
        return form.go(url_for(".company"), _("Kept. It counts from now on."))
    return render_template("employers/reach.html", employer=employer, form=form)


@employers.route("/company/sites/<key>", methods=["GET", "POST"])
@opens_to(policy.employer_admin)
def change_site(key: str) -> str | Response:
    employer = _mine()
    site = sites.own_one(employer, key)
    names = ("street", "postcode", "municipality", "public_transport")
    form = WorkplaceForm.from_request(site_name=site.name, **{name: getattr(site, name) for name in names})
    if form.accepted():
        sites.change(site, form.answer())
        return form.go(url_for(".company"), _("The site is changed. Vacancies there follow."))
    may_retire = len(sites.own(employer)) > 1
    return render_template("employers/site.html", employer=employer, site=site, form=form, may_retire=may_retire)


@employers.post("/company/sites/<key>/retire")
@opens_to(policy.employer_admin)
def retire_site(key: str) -> Response:
    employer = _mine()
    site, press = sites.own_one(employer, key), Press.from_request()
    if press.accepted():
        sites.retire(employer, site)
        return press.go(url_for(".company"), _("The site is retired. Vacancies that are there keep it."))
    return refusals.see_other(url_for(".change_site", key=key))
