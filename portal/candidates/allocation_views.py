"""Whose case it is: divided by the coordinator, or handed to a colleague."""

from collections.abc import Sequence

import sqlalchemy as sa
from flask import render_template, request, url_for
from sqlalchemy.orm import joinedload
from werkzeug.wrappers import Response

from portal.accounts.models import Person
from portal.accounts.queries import by_key, holders
from portal.accounts.roles import Role
from portal.candidates import caseload, handing, identities, queries, standings
from portal.candidates.caseload import Part
from portal.candidates.forms import DivideForm, HandOverForm, ReplyForm, WorkerForm
from portal.candidates.models import Candidate
from portal.candidates.policy import allocates, coordinator, worker
from portal.candidates.room import candidates
from portal.candidates.states import HandoverState
from portal.foundation.access import opens_to, viewer
from portal.foundation.errors import NotFound
from portal.foundation.fields import offer
from portal.foundation.forms import Press
from portal.foundation.lists import page
from portal.foundation.refusals import see_other
from portal.foundation.words import _, _n
from portal.tasks import queries as tasks


@candidates.route("/people/divide", methods=["GET", "POST"])
@opens_to(coordinator)
def divide() -> str | Response:
    """Cases without a worker, or of one worker: tick them, and give them to somebody who has room."""
    team, whose = caseload.team(viewer()), request.args.get("worker", "")[:20]
    scope = caseload.of_part(viewer(), Part.TEAM, whose) if whose else caseload.without_worker(viewer())
    found = page(
        sa.select(Candidate).options(*caseload.called(), joinedload(Candidate.site), joinedload(Candidate.worker)).where(scope),
        Candidate.id,
    )  # fmt: skip
    names = identities.listed(found.items, "allocation")
    form = DivideForm.from_request()
    offer(form.cases, [(one.key, _label(one, names)) for one in found.items])
    offer(form.worker, _workers(team), _("Choose"))
    if form.accepted():
        answer = form.answer()
        cases = [one for one in found.items if one.key in answer.cases]
        handing.give_all(cases, by_key(answer.worker))
        done = _n("%(num)d case has its worker.", "%(num)d cases have their worker.", len(cases))
        return form.go(url_for(".divide", worker=whose or None), done)
    return render_template(
        "candidates/divide.html", form=form, page=found, team=team,
        whose=next((one.name for one in team.loads if one.key == whose), ""), standing=standings.words([one.id for one in found.items]),
    )  # fmt: skip


def _label(one: Candidate, names: dict[int, identities.Name]) -> str:
    who = one.worker.name if one.worker is not None else "–"
    return _(
        "%(name)s, %(site)s, with %(worker)s", name=names[one.id], site=one.site.label if one.site else "–", worker=who
    )


def _workers(team: caseload.Team) -> list[tuple[str, str]]:
    """Each worker once, with the number of cases: who has most room stands first."""
    found: dict[str, tuple[int, str]] = {}
    for one in sorted(team.loads, key=lambda load: load.cases - load.most):
        label = _("%(name)s (%(cases)d of %(most)d)", name=one.name, cases=one.cases, most=one.most)
        found.setdefault(one.key, (one.cases, label))
    return [(key, label) for key, (_cases, label) in found.items()]


@candidates.route("/people/<key>/worker", methods=["GET", "POST"])
@opens_to(coordinator)
def allocate(key: str) -> str | Response:
    """Give a case to another worker, at once."""
    case = queries.case_of(viewer(), key, "allocation", keeps_only=True)
    if not allocates(viewer(), case.candidate.programme_id):
        raise NotFound()
    workers = holders(Role.PROJECT_WORKER, programme_id=case.candidate.programme_id)
    current = next((one.key for one in workers if one.id == case.candidate.worker_id), "")
    form = WorkerForm.from_request(worker=current)
    offer(form.worker, [(one.key, one.name) for one in workers], _("Choose"))
    if form.accepted():
        handing.give(case.candidate, next(one for one in workers if one.key == form.answer().worker))
        return form.go(url_for(".show", key=key), _("The case has its worker."))
    return render_template(
        "candidates/allocate.html", case=case, form=form, bookings=_bookings(case, case.candidate.worker),
    )  # fmt: skip


def _bookings(case: queries.Case, whose: Person | None) -> list[handing.Booking]:
    return handing.bookings(case.candidate.id, whose) if whose is not None else []


@candidates.route("/people/<key>/hand-over", methods=["GET", "POST"])
@opens_to(worker)
def hand_over(key: str) -> str | Response:
    """Ask a colleague to take a case over: what goes along, and what stays."""
    case = queries.case_of(viewer(), key, "handing over", own_only=True)
    asked = handing.latest(case.candidate.id)
    waits = asked is not None and asked.state == HandoverState.PROPOSED
    colleagues, me = _colleagues(case)
    form = HandOverForm.from_request()
    offer(form.worker, [(one.key, one.name) for one in colleagues], _("Choose"))
    if not waits and form.accepted():
        answer = form.answer()
        receiver = next(one for one in colleagues if one.key == answer.worker)
        handing.propose(case.candidate, giver=me, receiver=receiver, note=answer.note)
        return form.go(
            url_for(".hand_over", key=key), _("Your colleague has been asked. Until the answer the case is yours.")
        )
    return render_template(
        "candidates/hand_over.html", case=case, form=form, asked=asked, waits=waits, colleagues=colleagues,
        open_tasks=tasks.about_case(case.candidate.id, viewer()), bookings=_bookings(case, me),
    )  # fmt: skip


def _colleagues(case: queries.Case) -> tuple[Sequence[Person], Person]:
    team = holders(Role.PROJECT_WORKER, programme_id=case.candidate.programme_id)
    me = next((one for one in team if one.id == viewer().me), None)
    if me is None:
        raise NotFound()
    return [one for one in team if one.id != me.id], me


@candidates.post("/people/<key>/hand-over/keep")
@opens_to(worker)
def keep_case(key: str) -> Response:
    """Keep the case after all."""
    case = queries.case_of(viewer(), key, "handing over", own_only=True)
    asked = handing.latest(case.candidate.id)
    if asked is None:
        raise NotFound()
    press = Press.from_request()
    if press.accepted():
        handing.take_back(asked)
        return press.go(url_for(".hand_over", key=key), _("The question is taken back. The case stays yours."))
    return see_other(url_for(".hand_over", key=key))


@candidates.route("/people/handed/<key>", methods=["GET", "POST"])
@opens_to(worker)
def handover(key: str) -> str | Response:
    """A colleague's case is offered: what it asks, without who it is, and the answer."""
    asked = handing.asked_of(viewer(), key)
    form = ReplyForm.from_request()
    if form.accepted():
        answer = form.answer()
        takes = answer.takes == "yes"
        handing.answer(asked, takes=takes, said=answer.said)
        url = url_for(".show", key=asked.candidate.key) if takes else url_for(".index")
        return form.go(
            url,
            _("The case is yours. What is open in it stands in your list.")
            if takes
            else _("Your colleague hears that the case stays there."),
        )
    standing = standings.words([asked.candidate_id]).get(asked.candidate_id, _("not begun"))
    return render_template(
        "candidates/handover.html", asked=asked, form=form, standing=standing, waiting=tasks.count_about(asked.candidate_id, asked.from_id),
    )  # fmt: skip
