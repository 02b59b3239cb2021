from collections.abc import Sequence
from itertools import groupby

from flask import render_template, url_for
from werkzeug.wrappers import Response

from portal.accounts.policy import employer
from portal.accounts.roles import EMPLOYERS, Role
from portal.foundation.access import opens_to, viewer
from portal.foundation.errors import NotFound
from portal.foundation.options import label
from portal.journal import service as journal
from portal.showcase import capacity, employer_queries, interests, mediation, queries, questions
from portal.showcase.blind import Card, Work, card
from portal.showcase.blind import profile as blind_profile
from portal.showcase.blueprint import showcase
from portal.showcase.card_words import deck
from portal.showcase.employer_queries import CardRow, Opened
from portal.showcase.forms import InterestForm, NotFittingForm, OpenForm
from portal.showcase.matching import limit

FEWEST = 5


@showcase.get("/vacancies/<key>/profiles")
@opens_to(employer)
def cards(key: str) -> str:
    """Stage 0: the cards for one vacancy. Their order says nothing."""
    found = employer_queries.cards(viewer(), key)
    none_yet = found.is_open and not found.rows
    vacancy = employer_queries.vacancy_of(viewer(), key) if none_yet else None
    return render_template(
        "showcase/cards.html", found=found, cards=deck(found.sectors), people=_in_words(found.rows),
        call=mediation.call_about(vacancy) if vacancy is not None else None, anew=capacity.next_month(),
        month=capacity.room(vacancy.employer) if vacancy is not None else None,
    )  # fmt: skip


def _in_words(rows: Sequence[CardRow]) -> str:
    """How many people fit, in words; nothing under five."""
    if len(rows) < FEWEST:
        return ""
    return label("showcase", "numbers", str(len(rows)) if len(rows) <= 20 else "more")


@showcase.get("/people-who-look")
@opens_to(employer)
def pool() -> str:
    """Without a vacancy: who looks for work, in bands by province and sector, and nothing of anybody."""
    rows, sectors = employer_queries.pool_of(viewer()), queries.sector_words()
    provinces = [
        (label("candidates", "regions", code), [(sectors.get(sector, sector), label("showcase", "pool_bands", band)) for _p, sector, band in group])
        for code, group in groupby(rows, key=lambda row: row[0])
    ]  # fmt: skip
    own = next((seat.role for seat in viewer().seats if seat.role in EMPLOYERS), None)
    may_write = own == Role.EMPLOYER_ADMIN
    return render_template("showcase/pool_bands.html", provinces=provinces, may_write=may_write)


@showcase.route("/profiles/<key>", methods=["GET"])
@opens_to(employer)
def profile(key: str) -> str:
    """Stage 1, and how far an interest in it is. A profile that this person did not open shows its card and a button."""
    found = employer_queries.listing_of(viewer(), key)
    if found.opening is None:
        return _closed(found, OpenForm.from_request())
    kept = found.listing.profile.published
    words = queries.words(Work.read(kept["work"]))
    journal.saw("profile.read", found.listing, about=found.listing.profile.candidate_id)
    return render_template(
        "showcase/profile.html", **names_of(found), card=card(found.listing.card, words.sectors),
        blind=blind_profile(kept, words), not_fitting=bool(found.opening.not_fitting),
        interest=found.interest.state if found.interest is not None else None,
        proposal=found.interest.key if found.interest is not None and found.interest.proposed_by is not None else None,
        asked=[
            (one, label("showcase", "question_refusals", one.because) if one.because else "")
            for one in questions.about(found.listing, viewer().me)
        ],
    )  # fmt: skip


def names_of(found: Opened) -> dict[str, str]:
    vacancy = found.listing.vacancy
    return {"key": found.listing.key, "code": found.listing.code, "vacancy": vacancy.title, "vacancy_key": vacancy.key}


def _closed(found: Opened, form: OpenForm) -> str:
    shown: Card = card(found.listing.card, queries.sector_words())
    return render_template(
        "showcase/closed.html", **names_of(found), card=shown, form=form, most=limit("openings_a_week")
    )


@showcase.post("/profiles/<key>/open", endpoint="open")
@opens_to(employer)
def open_profile(key: str) -> str | Response:
    """Open a profile: a button, because it is counted and written down."""
    found = employer_queries.listing_of(viewer(), key)
    form = OpenForm.from_request()
    if form.accepted():
        interests.open_profile(found, viewer().me)
        return form.go(url_for(".profile", key=key))
    return _closed(found, form)


def opened(key: str) -> Opened:
    """A listing that this person opened. Raises NotFound: nobody answers about what they have not read."""
    found = employer_queries.listing_of(viewer(), key)
    if found.opening is None:
        raise NotFound()
    return found


@showcase.route("/profiles/<key>/interest", methods=["GET", "POST"])
@opens_to(employer)
def interest(key: str) -> str | Response:
    """Say what appeals; the candidate is asked first."""
    found = opened(key)
    form = InterestForm.from_request()
    if form.accepted():
        given = form.answer()
        interests.express(found, viewer().me, reasons=given.reasons, note=given.note)
        return form.go(url_for(".profile", key=key))
    return render_template("showcase/interest.html", **names_of(found), form=form)


@showcase.route("/profiles/<key>/not-fitting", methods=["GET", "POST"])
@opens_to(employer)
def not_fitting(key: str) -> str | Response:
    """Put a profile aside, for reasons of the job."""
    found = opened(key)
    form = NotFittingForm.from_request()
    if form.accepted():
        assert found.opening is not None
        interests.put_aside(found.opening, found.listing, form.answer().reasons)
        return form.go(url_for(".cards", key=found.listing.vacancy.key))
    return render_template("showcase/not_fitting.html", **names_of(found), form=form)
