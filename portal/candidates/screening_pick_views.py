"""Searching the catalogue from the screening: work that stands in no short list, and competences of any sector."""

from typing import Any

from flask import render_template, request, url_for
from werkzeug.wrappers import Response

from portal.candidates import identities, queries, screenings
from portal.candidates.forms import JobForm, MoreForm
from portal.candidates.models import Candidate, Screening
from portal.candidates.policy import worker
from portal.candidates.room import candidates
from portal.competences import queries as catalogue
from portal.foundation.access import opens_to, viewer
from portal.foundation.fields import offer
from portal.foundation.words import _


@candidates.route("/screenings/<key>/find/job", methods=["GET", "POST"])
@opens_to(worker)
def screening_job(key: str) -> str | Response:
    """Search the work that is looked for in the whole catalogue."""
    found, candidate = queries.open_screening(viewer(), key)
    words = _words()
    page = catalogue.occupations_found(words)
    form = JobForm.from_request()
    offer(form.occupation, [(one.code, f"{one.label} ({one.sector.label})") for one in page.items])
    if form.accepted():
        screenings.choose_job(found, form.answer().occupation)
        return form.go(url_for(".screening_step", key=key, step="talents"), _("The work is chosen."))
    return _page("candidates/find_job.html", found, candidate, form=form, page=page, words=words)


@candidates.route("/screenings/<key>/find/competences", methods=["GET", "POST"])
@opens_to(worker)
def screening_more(key: str) -> str | Response:
    """Add competences of any sector to the form."""
    found, candidate = queries.open_screening(viewer(), key)
    words, sectors = _words(), catalogue.sectors()
    sector = request.args.get("sector", "")
    sector = sector if sector == catalogue.GENERAL or any(one.code == sector for one in sectors) else ""
    page = catalogue.competences_found(words, sector)
    form = MoreForm.from_request()
    offer(form.chosen, [(one.code, one.label if sector else _named(one)) for one in page.items])
    if form.accepted():
        screenings.ask_also(found, form.answer().chosen)
        return form.go(url_for(".screening_step", key=key, step="competences"), _("Added. Give each a level."))
    kinds = [(catalogue.GENERAL, _("What every job asks")), *((one.code, one.label) for one in sectors)]
    return _page(
        "candidates/find_competences.html",
        found,
        candidate,
        form=form,
        page=page,
        words=words,
        sector=sector,
        kinds=kinds,
    )


def _named(one: Any) -> str:
    return f"{one.label} ({one.sector.label})" if one.sector is not None else str(one.label)


def _words() -> str:
    return request.args.get("words", "").strip()[:60]


def _page(template: str, found: Screening, candidate: Candidate, **more: Any) -> str:
    return render_template(template, screening=found, name=identities.name(candidate.id, "screening"), **more)
