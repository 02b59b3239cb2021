"""Who takes over from a colleague who is gone: asked of the company's admin, or of the programme's worker where none is left."""

from flask import render_template, url_for
from werkzeug.wrappers import Response

from portal.employers import policy, queries, successions
from portal.employers.blueprint import employers
from portal.employers.models import Employer
from portal.employers.team_forms import LeaveForm
from portal.foundation import fields
from portal.foundation.access import opens_to, viewer
from portal.foundation.words import _


@employers.route("/company/team/take-over", methods=["GET", "POST"])
@opens_to(policy.employer_admin)
def take_over() -> str | Response:
    return _page(queries.written_by(viewer()), url_for(".team"), url_for(".company"))


@employers.route("/companies/<key>/take-over", methods=["GET", "POST"])
@opens_to(policy.staff)
def take_over_for(key: str) -> str | Response:
    """For a company in which nobody looks after the team any more."""
    return _page(queries.of_staff(viewer(), key), url_for(".show", key=key), url_for(".show", key=key))


def _page(employer: Employer, back: str, company: str) -> str | Response:
    form = LeaveForm.from_request()
    colleagues = [one.person for one in queries.team(employer)]
    fields.offer(form.successor, [(one.key, one.name) for one in colleagues], _("Choose a colleague"))
    if form.accepted():
        given = form.answer()
        successions.take_over(employer, successor=given.successor, becomes_admin=given.becomes_admin)
        return form.go(back, _("Kept. What waited is with this colleague now."))
    return render_template(
        "employers/take_over.html", employer=employer, form=form, gone=successions.gone(employer), back=back,
        company=company, alone=not colleagues, last=successions.nobody_looks_after(employer),
    )  # fmt: skip
