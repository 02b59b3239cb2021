"""What happens to a vacancy that stands: changed, asked a little less, gone on with, by the page or by the link of a letter."""

from flask import render_template, request, url_for
from werkzeug.wrappers import Response

from portal.accounts import link_pages
from portal.employers import policy, shown, vacancy_reach
from portal.employers import vacancy_changes as changes
from portal.employers import vacancy_expiry as expiry
from portal.employers.blueprint import employers
from portal.employers.vacancy_forms import ChangeForm
from portal.employers.vacancy_views import own
from portal.foundation import acting, clock, refusals
from portal.foundation.access import anyone, opens_to
from portal.foundation.forms import Press
from portal.foundation.words import _, date_long


@employers.route("/vacancies/<key>/change", methods=["GET", "POST"])
@opens_to(policy.employer_admin)
def change_vacancy(key: str) -> str | Response:
    """What may change while it is open; what it asks stays as it is."""
    vacancy = own(key)
    typed = shown.as_typed(vacancy)
    if vacancy.starts_on is not None and vacancy.starts_on < clock.today():
        typed["starts_on"] = None
    form = ChangeForm.from_request(**typed)
    if form.accepted():
        changed = changes.change(vacancy, form.answer())
        if changed & set(changes.HOURS):
            vacancy_reach.keep(vacancy)
        return form.go(url_for(".vacancy", key=key), _("The vacancy is changed.") if changed else _("Kept."))
    if not changes.may_change_openly(vacancy):
        return refusals.see_other(url_for(".vacancy", key=key))
    return render_template("employers/change_vacancy.html", vacancy=vacancy, form=form)


@employers.post("/vacancies/<key>/drop")
@opens_to(policy.employer_admin)
def drop_requirement(key: str) -> Response:
    """One requirement less, as the hint beside the vacancy offers."""
    vacancy, press = own(key), Press.from_request()
    if press.accepted():
        changes.drop(vacancy, request.form.get("what", ""))
        vacancy_reach.keep(vacancy)
        return press.go(url_for(".vacancy", key=key), _("The vacancy asks a little less now. More people fit."))
    return refusals.see_other(url_for(".vacancy", key=key))


@employers.post("/vacancies/<key>/renew")
@opens_to(policy.employer_admin)
def renew_vacancy(key: str) -> Response:
    vacancy, press = own(key), Press.from_request()
    if press.accepted():
        expiry.renew(vacancy)
        day = date_long(vacancy.expires_on) if vacancy.expires_on else ""
        return press.go(url_for(".vacancy", key=key), _("The vacancy goes on until %(day)s.", day=day))
    return refusals.see_other(url_for(".vacancy", key=key))


@employers.route("/vacancy/<token>", methods=["GET", "POST"])
@opens_to(anyone)
def vacancy_by_link(token: str) -> str | Response:
    """The link of a letter shows how the vacancy stands; its buttons act. Nobody's profile is a step from here."""
    vacancy, person = expiry.behind(token)
    link_pages.meet_in(person.language)
    press = Press.from_request()
    if press.accepted():
        with acting.as_(person.id, "employer", "by the link of a letter"):
            expiry.do(vacancy, request.form.get("do", ""))
            return press.go(url_for(".vacancy_by_link", token=token), _("Done. Thank you."))
    return render_template(
        "employers/vacancy_by_link.html", vacancy=vacancy, token=token, deeds=expiry.possible(vacancy),
        states=shown.VACANCY_STATES,
    )  # fmt: skip
