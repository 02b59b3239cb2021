"""Who called which company, over all cases: so that one company is not called by three colleagues in a week."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import render_template, url_for
from werkzeug.wrappers import Response

from portal.accounts.policy import staff
from portal.approaches import leads, queries
from portal.approaches.blueprint import approaches
from portal.approaches.models import ApproachCall
from portal.employers import queries as employers
from portal.employers.leads import lead_of, named_like
from portal.foundation import clock, refusals
from portal.foundation.access import opens_to, viewer
from portal.foundation.forms import Press
from portal.foundation.options import label
from portal.foundation.words import _


@dataclass(frozen=True)
class Called:
    """A company that was called this month: how often, and the last call."""

    name: str
    key: str
    times: int
    last: ApproachCall
    answer: str


@approaches.get("/calls")
@opens_to(staff)
def all_calls() -> str:
    """The next steps that are due, and the companies called this month, of every case of the programme."""
    who = viewer()
    steps = queries.steps_due(who)
    calls = queries.called_since(who, clock.today().replace(day=1))
    return render_template(
        "approaches/calls.html", steps=steps, called=_by_company(calls), today=clock.today(),
        whose=queries.whose(who, [one.candidate_id for one in steps.items]),
        step_of=lambda one: label("approaches", "steps", one.next_step or "call_again"),
    )  # fmt: skip


def _by_company(calls: Sequence[ApproachCall]) -> list[Called]:
    found: dict[int, list[ApproachCall]] = {}
    for one in calls:
        found.setdefault(one.employer_id, []).append(one)
    return [_called(group) for group in found.values()]


def _called(group: list[ApproachCall]) -> Called:
    last, employer = group[0], group[0].approach.employer
    return Called(employer.name, employer.key, len(group), last, label("approaches", "answers", last.answer))


@approaches.get("/companies/<key>/calls")
@opens_to(staff)
def company_calls(key: str) -> str:
    """The history of a company: who called it, under which code, and what it said. Never for whom."""
    employer = employers.of_staff(viewer(), key)
    same = named_like(employer.programme_id, employer.name, other_than=employer.id)
    return render_template(
        "approaches/company_calls.html", employer=employer, calls=queries.calls(employer.id, most=100),
        lead=lead_of(employer), same=leads.candidates(employer, same),
        answer_of=lambda one: label("approaches", "answers", one.answer),
    )  # fmt: skip


@approaches.post("/companies/<key>/calls/same/<lead>")
@opens_to(staff)
def same_company(key: str, lead: str) -> Response:
    """A company that was written down by hand turns out to be this one."""
    who = viewer()
    employer, other = employers.of_staff(who, key), employers.of_staff(who, lead)
    url = url_for(".company_calls", key=key)
    press = Press.from_request()
    if press.accepted():
        leads.put_together(other, employer)
        return press.go(url, _("They are one company now. What was said stands below."))
    return refusals.see_other(url)
