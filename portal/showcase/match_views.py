"""The team's side of matching: people for a vacancy, vacancies for a person, and where somebody overrules the list."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import render_template, request, url_for
from werkzeug.wrappers import Response

from portal.accounts.policy import staff, worker
from portal.candidates import handles, rosters
from portal.candidates.doors import Dossier
from portal.candidates.profiles import job_part
from portal.candidates.rosters import Entry
from portal.employers import needs as vacancy_needs
from portal.employers.models import Vacancy
from portal.employers.needs import Needs
from portal.foundation import refusals
from portal.foundation.access import opens_to, viewer
from portal.foundation.errors import NotFound
from portal.foundation.fields import offer
from portal.foundation.forms import Press
from portal.foundation.options import label
from portal.foundation.words import _
from portal.showcase import choices, matches, queries, suggestions
from portal.showcase import kept_from as companies
from portal.showcase.blind import Work
from portal.showcase.blueprint import showcase
from portal.showcase.commuting import commute
from portal.showcase.match_forms import ChoiceForm, KeptFromForm
from portal.showcase.matches import Match, Offer
from portal.showcase.matching import hours_fit, limit, missing
from portal.showcase.reasons import Names, Reason, lacking, why
from portal.showcase.suggestions import Admits


@dataclass(frozen=True)
class Line:
    """One result in words, for a person or a vacancy. `shift` and `travel` are yes or no; travel None: not known."""

    title: str
    url: str
    group: str
    missing: list[str]
    reasons: list[Reason]
    shift: bool
    travel: bool | None
    choice: str
    choose_url: str
    asked: bool = False
    small_changes: Sequence[Admits] = ()


@showcase.get("/vacancies/<key>/people")
@opens_to(staff)
def people_for(key: str) -> str:
    """Who fits a vacancy and why, one's own people first; apart those whom one must-have keeps out."""
    vacancy = matches.vacancy_for_staff(viewer(), key)
    asked, words = vacancy_needs.of(vacancy), _competences(vacancy)
    pool = matches.pool(viewer(), vacancy)
    page = matches.for_vacancy(asked, pool)
    cases = rosters.roster(viewer(), [one.who.candidate_id for one in page.items], "matching")
    names = Names(words, matches.certificate_names({code for one in page.items for code in one.who.work.certificates}))
    return render_template(
        "showcase/people.html", vacancy=vacancy, page=page, groups=_grouped(
            [_person_line(vacancy, asked, one, cases[one.who.candidate_id], names) for one in page.items]
        ),
        changes=suggestions.admitted(asked, [one.work for one in pool], words), k=limit("changes_in_a_batch"),
        musts=[words[one.competence_id] for one in vacancy.competences if one.must],
    )  # fmt: skip


def _competences(vacancy: Vacancy) -> dict[int, str]:
    return {one.competence_id: one.competence.label for one in vacancy.competences}


def _grouped(lines: list[Line]) -> list[tuple[str, list[Line]]]:
    found = {group: [one for one in lines if one.group == group] for group in matches.GROUPS}
    return [(group, here) for group, here in found.items() if here]


def _person_line(vacancy: Vacancy, asked: Needs, one: Match, case: Entry, names: Names) -> Line:
    work = one.who.work
    way = commute(work.mobility, work.region, case.postcode, vacancy.workplace.postcode)
    return Line(
        title=case.name.short if case.name is not None else _("somebody of %(worker)s", worker=case.worker or "–"),
        url=url_for(".vacancies_for", key=case.key) if case.key else "",
        group=one.group, missing=[lacking(code, names.competences) for code in one.missing],
        reasons=why(asked, work, way, names), shift=hours_fit(asked, work.hours_band), travel=way.fits,
        choice=one.who.choice, asked=one.who.asked,
        choose_url=url_for(".choose", key=vacancy.key, profile=one.who.profile_key),
    )  # fmt: skip


@showcase.get("/people/<key>/vacancies")
@opens_to(staff)
def vacancies_for(key: str) -> str:
    """The open vacancies for somebody, what is missing for each, and which small change would admit how many."""
    case = rosters.entry_of(viewer(), key, "matching")
    out = matches.works(case.programme_id)
    work = out.get(case.id) or _not_out(case.id)
    if work is None:
        return render_template("showcase/too_early.html")
    page = matches.sliced(matches.offers(case.programme_id, case.id), lambda one: _place(one, work))
    return render_template(
        "showcase/vacancies_for.html", case=case, page=page, is_out=case.id in out, dossier=_dossier(key, case.own),
        lines=[_vacancy_line(one, case, work, list(out.values())) for one in page.items],
        aside=[
            (label("interviews", "not_fitting_reasons", code), number)
            for code, number in (matches.put_aside(case.id) if case.id in out else {}).items()
        ],
    )  # fmt: skip


def _dossier(key: str, own: bool) -> Dossier | None:
    """The tabs of the dossier, for the case's own worker; others find their way back by the breadcrumbs."""
    return Dossier(key) if own else None


def _not_out(candidate_id: int) -> Work | None:
    """The coded part of somebody whose profile no batch has released yet."""
    part = job_part(candidate_id)
    return Work.of(part) if part is not None else None


def _place(one: Offer, work: Work) -> tuple[int, ...]:
    asked = vacancy_needs.of(one.vacancy)
    lacks = missing(asked, work)
    return matches.GROUPS.index(matches.group_of(asked, work, lacks)), len(lacks), one.vacancy.id


def _vacancy_line(one: Offer, case: Entry, work: Work, pool: list[Work]) -> Line:
    vacancy, asked, words = one.vacancy, vacancy_needs.of(one.vacancy), _competences(one.vacancy)
    lacks = missing(asked, work)
    way = commute(work.mobility, work.region, case.postcode, vacancy.workplace.postcode)
    return Line(
        title=_("%(vacancy)s at %(company)s", vacancy=vacancy.title, company=vacancy.employer.organisation.name),
        url=url_for(".people_for", key=vacancy.key), group=matches.group_of(asked, work, lacks),
        missing=[lacking(code, words) for code in lacks], reasons=why(asked, work, way, Names(words, {})),
        shift=hours_fit(asked, work.hours_band), travel=way.fits, choice=one.choice,
        choose_url=url_for(".choose", key=vacancy.key, profile=one.profile_key) if one.profile_key else "",
        small_changes=suggestions.that_admit(asked, work, pool, words),
    )  # fmt: skip


@showcase.route("/vacancies/<key>/people/<profile>", methods=["GET", "POST"])
@opens_to(staff)
def choose(key: str, profile: str) -> str | Response:
    """Put somebody on a vacancy's list, or take somebody off it, with a reason; the next batch does it."""
    vacancy = matches.vacancy_for_staff(viewer(), key)
    row = choices.profile_out(profile, vacancy.employer.programme_id)
    lacks = missing(vacancy_needs.of(vacancy), Work.read(row.published["work"]))
    before = choices.choice_of(vacancy, row)
    form = ChoiceForm.from_request(reason=before.reason if before is not None else "")
    if form.accepted():
        choices.choose(vacancy, row, added=bool(lacks), reason=form.answer().reason)
        return form.go(url_for(".people_for", key=key), _("Kept. The list follows with the next batch."))
    case = rosters.roster(viewer(), [row.candidate_id], "matching")[row.candidate_id]
    words = _competences(vacancy)
    return render_template(
        "showcase/choose.html", form=form, vacancy=vacancy, profile=row, before=before,
        case=case, missing=[lacking(code, words) for code in lacks],
    )  # fmt: skip


@showcase.post("/vacancies/<key>/people/<profile>/undo")
@opens_to(staff)
def undo_choice(key: str, profile: str) -> Response:
    """Let the must-haves decide again."""
    vacancy = matches.vacancy_for_staff(viewer(), key)
    row = choices.profile_out(profile, vacancy.employer.programme_id)
    press = Press.from_request()
    if press.accepted():
        choices.undo(vacancy, row)
        return press.go(url_for(".people_for", key=key), _("The must-haves decide again, from the next batch on."))
    return refusals.see_other(url_for(".choose", key=key, profile=profile))


@showcase.route("/people/<key>/companies", methods=["GET", "POST"])
@opens_to(staff)
def kept_from(key: str) -> str | Response:
    """The companies that must not see somebody. The case's worker writes them down; others of the team may look."""
    case = handles.of_staff(viewer(), key)
    own = case.worker_id == viewer().me
    if not own and request.method == "POST":
        raise NotFound()
    form = KeptFromForm.from_request()
    offer(form.company, companies.companies(case.programme_id), empty=_("Choose a company"))
    if form.accepted():
        given = form.answer()
        companies.keep_from(case, given.company, given.reason)
        return form.go(url_for(".kept_from", key=key), _("This company no longer sees the person."))
    return render_template(
        "showcase/kept_from.html", form=form, case=case, own=own, dossier=_dossier(key, own),
        rows=[(one, label("showcase", "kept_from_reasons", one.reason)) for one in companies.kept_from(case.id)],
    )  # fmt: skip


@showcase.post("/people/<key>/companies/<company>/let-see")
@opens_to(worker)
def let_see(key: str, company: str) -> Response:
    case = queries.own_case(viewer(), key)
    url = url_for(".kept_from", key=key)
    press = Press.from_request()
    if press.accepted():
        companies.let_see(case, company)
        return press.go(url, _("The company may see the person again, from the next batch on."))
    return refusals.see_other(url)
