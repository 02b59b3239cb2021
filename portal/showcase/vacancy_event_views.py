"""A vacancy closed, or its hours changed: what the worker tells whoever was in the running."""

from flask import render_template, url_for
from werkzeug.wrappers import Response

from portal.accounts.policy import staff
from portal.foundation.access import opens_to, viewer
from portal.foundation.forms import Press
from portal.foundation.options import label
from portal.foundation.words import _
from portal.showcase import queries, vacancy_events
from portal.showcase.blueprint import showcase


@showcase.route("/interests/<key>/vacancy", methods=["GET", "POST"])
@opens_to(staff)
def vacancy_news(key: str) -> str | Response:
    """How the vacancy stands now, why it closed in the company's own words, and one press once it is told."""
    interest, case = queries.interest_of_staff(viewer(), key)
    press = Press.from_request()
    if press.accepted():
        vacancy_events.told(interest)
        return press.go(url_for("site.home"), _("Noted. Thank you for telling."))
    vacancy = interest.vacancy
    because = label("employers", "close_reasons", vacancy.closed_because) if vacancy.closed_because else ""
    return render_template(
        "showcase/vacancy_news.html", vacancy=vacancy, company=vacancy.employer.organisation.name, case=case,
        interest=interest, because=because,
    )  # fmt: skip
