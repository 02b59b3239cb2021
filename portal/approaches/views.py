"""Companies to call for somebody: the list in its order, one company, a call, and the one press that makes an interest."""

from dataclasses import dataclass, field
from typing import Any

from flask import render_template, url_for
from werkzeug.wrappers import Response

from portal.accounts.policy import staff
from portal.agenda.windows import workdays_after
from portal.approaches import call_views, order, queries, service
from portal.approaches.blueprint import approaches
from portal.approaches.forms import CallForm, LeadForm, PlanForm
from portal.approaches.order import ORDER, Row
from portal.approaches.queries import Company
from portal.approaches.states import ApproachState
from portal.candidates import handles, rosters
from portal.candidates.doors import Dossier
from portal.candidates.handles import Handle
from portal.candidates.profiles import JobPart, job_part
from portal.candidates.rosters import Entry
from portal.employers import leads
from portal.employers.facts import contact_way
from portal.employers.models import Vacancy
from portal.foundation import clock, refusals
from portal.foundation.access import opens_to, viewer
from portal.foundation.forms import Press
from portal.foundation.options import label
from portal.foundation.words import _
from portal.showcase import spoken
from portal.showcase.matches import sliced

blueprints = (approaches,)


def _case(key: str) -> Handle:
    """The own worker and the coordinator call for somebody; nobody else finds the page. Raises NotFound."""
    return handles.kept_by(viewer(), key)


def _named(case: Handle) -> Entry:
    return rosters.roster(viewer(), [case.id], "approaching companies")[case.id]


@approaches.get("/people/<key>/calls")
@opens_to(staff)
def approaching(key: str) -> str:
    """Which companies to call for somebody, ambassadors first, and how far each is."""
    case = _case(key)
    who, part = _named(case), job_part(case.id)
    rows = order.companies(case, part, who.postcode)
    page = sliced(rows, lambda one: one.place)
    return render_template(
        "approaches/approaching.html", case=case, who=who, page=page, dossier=Dossier(case.key), screened=part is not None,
        groups=[(name, here) for name in ORDER if (here := [one for one in page.items if one.group == name])],
        called=sum(one.approach is not None and one.approach.called_on is not None for one in rows),
        asked=service.wanted(case), lines={one.employer.id: _line(one) for one in page.items},
        today=clock.today(),
    )  # fmt: skip


@dataclass(frozen=True)
class Line:
    """Why a company is in the list, and where it stands, in words."""

    why: list[str]
    step: str
    answer: str


def _line(row: Row) -> Line:
    why = [_fit_words(*row.fits[0])] if row.fits else []
    if row.same_line and row.best in {"", "far"}:
        why.append(_("has had work in this line"))
    if row.employer.section:
        why.append(label("employers", "sectors", row.employer.section))
    if row.way.km is not None:
        why.append(_("%(km)s km by road", km=row.way.km) if row.way.km else _("in the same municipality"))
    step = row.approach.next_step if row.approach is not None else ""
    return Line(
        why, label("approaches", "steps", step) if step else "",
        label("approaches", "answers", row.heard.call.answer) if row.heard is not None else "",
    )  # fmt: skip


def _fit_words(vacancy: Vacancy, group: str) -> str:
    words = {
        "strong": _("open vacancy that fits strongly: %(title)s", title=vacancy.title),
        "good": _("open vacancy that fits well: %(title)s", title=vacancy.title),
        "partial": _("open vacancy that fits in part: %(title)s", title=vacancy.title),
        "almost": _("open vacancy, one must-have is missing: %(title)s", title=vacancy.title),
    }
    return words.get(group) or _("open vacancy for other work: %(title)s", title=vacancy.title)


@approaches.route("/people/<key>/calls/new", methods=["GET", "POST"])
@opens_to(staff)
def new_lead(key: str) -> str | Response:
    """A company without an account: enough to call it."""
    case = _case(key)
    form = LeadForm.from_request()
    if form.accepted():
        employer = leads.bring(case.programme_id, form.answer())
        return form.go(url_for(".approach", key=key, company=employer.key))
    return render_template("approaches/new_lead.html", form=form, case=case)


@approaches.route("/people/<key>/calls/<company>", methods=["GET", "POST"])
@opens_to(staff)
def approach(key: str, company: str) -> str | Response:
    """One company: whom to ask for, what may be said, what was answered, what is next."""
    case = _case(key)
    found = queries.company_of(case, company)
    form = CallForm.from_request(called_on=clock.today())
    if form.accepted():
        service.note_call(case, found.employer, form.answer())
        return form.go(url_for(".approach", key=key, company=company), _("The call is kept."))
    calls = queries.calls(found.employer.id)
    last = next((one for one in calls if one.reached), None)
    rest = None if found.approach is not None and found.approach.interest_id else _rest(found, last)
    return render_template(
        "approaches/approach.html", case=case, company=found, employer=found.employer, form=form, plan=PlanForm.fresh(),
        way=contact_way(found.employer),
        card=spoken.card_of(case, dict(line.split("\t") for line in (found.sectors or "").splitlines())),
        rest=rest, here=[one for one in calls if one.candidate_id == case.id],
        elsewhere=[one for one in calls if one.candidate_id != case.id], proposals=_proposals(case, found),
        answer_of=lambda one: label("approaches", "answers", one.answer), step=_step(found),
        states=ApproachState,
    )  # fmt: skip


def _rest(found: Company, last: Any) -> Any:
    return service.own_rest(found.approach) or service.rest_of(last)


def _step(found: Company) -> str:
    code = found.approach.next_step if found.approach is not None else ""
    return label("approaches", "steps", code) if code else ""


@dataclass(frozen=True)
class Proposals:
    """What one press can make of a company that is interested: its open vacancies, with how well each fits."""

    warm: bool = False
    vacancies: list[tuple[Vacancy, str]] = field(default_factory=list)


def _proposals(case: Handle, found: Company) -> Proposals:
    row = found.approach
    if row is None or row.state is not ApproachState.INTERESTED or _lives(row) or found.kept:
        return Proposals()
    part: JobPart | None = job_part(case.id)
    open_ones = order.fits(queries.open_vacancies(found.employer), part)
    return Proposals(True, [(one, _fit_words(one, group)) for one, group in open_ones])


def _lives(row: Any) -> bool:
    return row.interest is not None and row.interest.state not in {"declined", "lapsed"}


@approaches.post("/people/<key>/calls/<company>/plan")
@opens_to(staff)
def plan_call(key: str, company: str) -> Response:
    """Call this company on a day: it stands among the tasks."""
    case = _case(key)
    found = queries.company_of(case, company)
    url = url_for(".approach", key=key, company=company)
    form = PlanForm.fresh()
    if form.accepted():
        service.plan(case, found.employer, form.answer().on)
        return form.go(url_for(".approaching", key=key), _("The call stands among your tasks."))
    return refusals.see_other(url)


@approaches.post("/people/<key>/calls/<company>/drop")
@opens_to(staff)
def drop_call(key: str, company: str) -> Response:
    """Not this company after all."""
    case = _case(key)
    found = queries.company_of(case, company)
    press = Press.from_request()
    if press.accepted():
        service.drop(queries.approach_of(case, found.employer))
        return press.go(url_for(".approaching", key=key), _("The company is off the list of this person."))
    return refusals.see_other(url_for(".approach", key=key, company=company))


@approaches.post("/people/<key>/calls/<company>/propose/<vacancy>")
@opens_to(staff)
def propose_person(key: str, company: str, vacancy: str) -> Response:
    """The one press: a warm company becomes an interest."""
    case = _case(key)
    found = queries.company_of(case, company)
    url = url_for(".approach", key=key, company=company)
    press = Press.from_request()
    if press.accepted():
        row = queries.approach_of(case, found.employer)
        interest = service.propose(case, row, queries.vacancy_of(found.employer, vacancy))
        said = _("The company gets a letter. Ask the candidate now.")
        if interest.proposed_by is None:
            said = _("The company showed interest by itself in the meantime. Ask the candidate now.")
        return press.go(url_for("showcase.answer", key=interest.key), said)
    return refusals.see_other(url)


@approaches.post("/people/<key>/calls/<company>/vacancy")
@opens_to(staff)
def want_vacancy(key: str, company: str) -> Response:
    """Warm, but nothing is open: writing the vacancy together is the next step."""
    case = _case(key)
    found = queries.company_of(case, company)
    url = url_for(".approach", key=key, company=company)
    press = Press.from_request()
    if press.accepted():
        row = queries.approach_of(case, found.employer)
        service.ask_for_vacancy(case, row, workdays_after(clock.today(), 2))
        return press.go(url, _("Kept as your next step. As soon as the vacancy is open, a task asks you to propose."))
    return refusals.see_other(url)


__all__ = ["blueprints", "call_views"]
