"""Developments on the side of the team: read, taken over, filed."""

from flask import render_template, url_for
from werkzeug.wrappers import Response

from portal.candidates import developments, queries
from portal.candidates.models import Development
from portal.candidates.policy import reads_constraints, staff, worker
from portal.candidates.room import candidates
from portal.foundation import clock
from portal.foundation.access import opens_to, viewer
from portal.foundation.forms import Press
from portal.foundation.refusals import see_other
from portal.foundation.words import _


@candidates.get("/people/<key>/news")
@opens_to(staff)
def news(key: str) -> str:
    """What partners let us know of this person; what comes from detention is read by the own worker only."""
    case = queries.case_of(viewer(), key, "news", own_reads="constraints.read")
    found = developments.of_case(case.candidate.id)
    changes = {
        one.id: developments.changes(one, case.candidate, case.constraints)
        for one in found.items
        if case.own and one.handled_on is None
    }
    return render_template(
        "candidates/news.html", case=case, page=found, reads=reads_constraints(viewer(), case), changes=changes,
        kind_of=developments.kind_of, told=developments.told, today=clock.today(),
    )  # fmt: skip


@candidates.post("/people/<key>/news/<news>/take")
@opens_to(worker)
def take_news(key: str, news: str) -> Response:
    """The case becomes what the partner told: old becomes new."""
    case, found = _own_news(key, news)
    press = Press.from_request()
    if press.accepted():
        developments.take_over(found, case.candidate, queries.constraints_of(case.candidate.id))
        return press.go(url_for(".news", key=key), _("Taken over. The case is up to date."))
    return see_other(url_for(".news", key=key))


@candidates.post("/people/<key>/news/<news>/file")
@opens_to(worker)
def file_news(key: str, news: str) -> Response:
    """It was read: on to the page where something may be left to do."""
    case, found = _own_news(key, news)
    press = Press.from_request()
    if press.accepted():
        developments.handle(found)
        return press.go(_where(found, case), _("Filed as read."))
    return see_other(url_for(".news", key=key))


def _own_news(key: str, news: str) -> tuple[queries.Case, Development]:
    case = queries.case_of(viewer(), key, "news", own_only=True)
    return case, developments.open_one(case.candidate.id, news)


def _where(found: Development, case: queries.Case) -> str:
    leads_to = developments.kind_of(found).data["leads_to"]
    if leads_to == "candidates.constraints" and queries.constraints_of(case.candidate.id) is None:
        leads_to = "candidates.show"
    return url_for(leads_to, key=case.candidate.key)
