"""How a company stands: still here after silence, and let go on after a block."""

from flask import render_template, request, url_for
from werkzeug.wrappers import Response

from portal.accounts import link_pages, links
from portal.accounts.models import Person
from portal.employers import blocking, dormancy, policy, queries
from portal.employers.blocking_forms import UnblockForm
from portal.employers.blueprint import employers
from portal.employers.states import EmployerState
from portal.foundation import refusals
from portal.foundation.access import anyone, opens_to, viewer
from portal.foundation.database import db
from portal.foundation.forms import Press
from portal.foundation.words import _


@employers.route("/still-here/<token>", methods=["GET", "POST"])
@opens_to(anyone)
def still_here(token: str) -> str | Response:
    """The link of the one letter shows a button; the button says that the company is still here."""
    link = link_pages.find(dormancy.PURPOSE, token)
    employer = dormancy.of_link(link.subject_id)
    if employer is None:
        raise links.NoSuchLink()
    reader = db.session.get(Person, int(link.reader.partition(":")[2]))
    if reader is None or all(one.person_id != reader.id for one in queries.team(employer)):
        raise links.NoSuchLink()
    link_pages.meet_in(reader.language)
    press = Press.from_request()
    if press.accepted():
        links.use(link)
        dormancy.wake(employer)
        return press.go(url_for(".here_thanks"))
    rests = employer.state is EmployerState.DORMANT
    return render_template("employers/still_here.html", employer=employer, press=press, rests=rests, token=token)


@employers.get("/still-here")
@opens_to(anyone)
def here_thanks() -> str:
    return render_template("employers/here_thanks.html")


@employers.post("/company/still-here")
@opens_to(policy.employer)
def say_here() -> Response:
    """Somebody of the company signed in and says it."""
    employer, press = queries.employer_of(viewer()), Press.from_request()
    if press.accepted():
        dormancy.wake(employer)
        return press.go(url_for(".vacancies"), _("Good to have you back. Open a vacancy to see profiles again."))
    return refusals.see_other(url_for(".company"))


@employers.post("/companies/<key>/still-here")
@opens_to(policy.staff)
def heard_here(key: str) -> Response:
    """The worker heard on the phone that the company is still here."""
    employer, press = queries.of_staff(viewer(), key), Press.from_request()
    if press.accepted():
        dormancy.wake(employer)
        return press.go(url_for(".show", key=key), _("The company takes part again."))
    return refusals.see_other(url_for(".show", key=key))


@employers.route("/companies/<key>/unblock", methods=["GET", "POST"])
@opens_to(policy.staff)
def unblock(key: str) -> str | Response:
    employer = queries.of_staff(viewer(), key)
    form = UnblockForm.from_request()
    if form.accepted():
        blocking.unblock(employer, form.answer())
        return form.go(url_for(".show", key=key), _("%(company)s may go on. Its vacancies stay on hold until it opens them.", company=employer.name))  # fmt: skip
    if employer.state is not EmployerState.BLOCKED and request.method == "GET":
        return refusals.see_other(url_for(".show", key=key))
    return render_template("employers/unblock.html", employer=employer, form=form)
