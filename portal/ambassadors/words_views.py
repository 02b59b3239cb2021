"""Words of companies in public: the team edits, the person agrees by a personal link or signed in, and takes them back."""

from dataclasses import dataclass
from typing import Any

from flask import g, render_template, request, url_for
from flask_babel import refresh
from werkzeug.wrappers import Response

from portal.accounts.models import Person
from portal.accounts.policy import staff
from portal.ambassadors import queries as network_queries
from portal.ambassadors import question_queries, question_shown, words
from portal.ambassadors import words_queries as queries
from portal.ambassadors.blueprint import ambassadors
from portal.ambassadors.policy import ambassador as is_ambassador
from portal.ambassadors.policy import network
from portal.ambassadors.words_forms import TestimonialForm, WordsForm
from portal.ambassadors.words_models import PeerWords, WordsState
from portal.answers import library
from portal.answers.library import Heard
from portal.foundation import refusals
from portal.foundation.access import anyone, opens_to, viewer
from portal.foundation.database import db
from portal.foundation.errors import NotFound
from portal.foundation.forms import Form, Press
from portal.foundation.options import label
from portal.foundation.words import LANGUAGES, _, language, lazy, speaking

STATES: dict[str, tuple[Any, str]] = {
    WordsState.DRAFT: (lazy("with the project team"), ""),
    WordsState.ASKED: (lazy("waits for a yes"), "wait"),
    WordsState.AGREED: (lazy("shown"), "good"),
    WordsState.REFUSED: (lazy("said no"), ""),
    WordsState.WITHDRAWN: (lazy("taken back"), ""),
}


@dataclass(frozen=True)
class Seen:
    """Words as a page shows them: each language, where they stand, and what may be done."""

    row: PeerWords
    pictures: list[tuple[str, str, Heard]]
    places: list[str]
    state: tuple[Any, str]
    open: bool
    shown: bool


def seen(row: PeerWords, questions: dict[str, str]) -> Seen:
    pictures = [
        (code, LANGUAGES[code], Heard(row.texts[code], row.signed[code]))
        for code in LANGUAGES
        if row.texts.get(code) and row.signed.get(code)
    ]
    places = [_("Beside the answer to “%(question)s”", question=questions[row.slug])] if row.slug in questions else []
    if row.on_wall:
        places.append(_("On the public page with the companies that are in"))
    return Seen(row, pictures, places, STATES[row.state], row.state is WordsState.ASKED, row.state is WordsState.AGREED)


# --- The team -------------------------------------------------------------------------------------------------------


@ambassadors.get("/network/words/team")
@opens_to(staff)
def all_words() -> str:
    """Whose words stand where, whose wait, whose were taken back."""
    return render_template(
        "ambassadors/all_words.html", page=queries.all_of_team(viewer()), states=STATES, questions=library.questions()
    )


@ambassadors.post("/network/questions/team/<key>/library")
@opens_to(staff)
def propose_words(key: str) -> Response:
    """A good answer goes to the library: its words are edited on the next page."""
    question = question_queries.of_team(viewer(), key)
    press = Press.from_request()
    if press.accepted():
        found = words.from_question(question)
        return press.go(url_for(".edit_words", key=found.key))
    return refusals.see_other(url_for(".question_of_team", key=key))


@ambassadors.route("/network/words/team/<key>", methods=["GET", "POST"])
@opens_to(staff)
def edit_words(key: str) -> str | Response:
    """Edit the words as they will stand, then ask the person who said them."""
    row = queries.of_team(viewer(), key)
    questions = library.questions()
    form = WordsForm.from_request(**_start(row)).offer(questions)
    if form.accepted():
        if request.form.get("then") == "keep":
            words.keep(row, form.edited())
            return form.go(url_for(".edit_words", key=key), _("Kept. Nobody is asked yet."))
        words.put_before(row, form.edited())
        return form.go(url_for(".edit_words", key=key), _("A letter asks for the yes. Nothing shows before it."))
    return render_template(
        "ambassadors/edit_words.html", words=row, form=form, seen=seen(row, questions), draft=row.state is WordsState.DRAFT,
        marked=_marked(form), may_end=row.may_move_to(WordsState.WITHDRAWN),
    )  # fmt: skip


def _start(row: PeerWords) -> dict[str, Any]:
    texts = {f"text_{code}": row.texts.get(code, "") for code in LANGUAGES}
    signed = {f"signed_{code}": row.signed.get(code) or _line(row, code) for code in LANGUAGES if row.texts.get(code)}
    return {**texts, **signed, "slug": row.slug, "on_wall": row.on_wall}


def _line(row: PeerWords, code: str) -> str:
    """The line that is proposed: the name where the company wished so, or what it is like."""
    company = row.employer
    if row.wish == "with_name":
        return company.organisation.name
    with speaking(code):
        sector = label("employers", "sectors", company.section).split(" (")[0] if company.section else ""
        return _("A company in %(sector)s", sector=sector[:1].lower() + sector[1:]) if sector else _("A company")


def _marked(form: Form[Any]) -> list[question_shown.Marked]:
    if request.method != "POST":
        return []
    return [one for code in LANGUAGES for one in question_shown.marked(form[f"text_{code}"].data, code)]


@ambassadors.post("/network/words/team/<key>/withdraw")
@opens_to(staff)
def end_words(key: str) -> Response:
    """The company said so by phone, or the team thinks better of it."""
    row = queries.of_team(viewer(), key)
    press = Press.from_request()
    if press.accepted():
        words.withdraw(row)
        return press.go(url_for(".all_words"), _("Taken back: nobody sees these words any more."))
    return refusals.see_other(url_for(".edit_words", key=key))


# --- The company ----------------------------------------------------------------------------------------------------


@ambassadors.get("/network/words")
@opens_to(network)
def my_words() -> str:
    """What a company says in public, what waits for its yes, and the way to take it back."""
    network_queries.company_of(viewer())
    questions = library.questions()
    return render_template(
        "ambassadors/my_words.html", lines=[seen(row, questions) for row in queries.of_company(viewer())], me=viewer().me,
    )  # fmt: skip


@ambassadors.route("/network/words/new", methods=["GET", "POST"])
@opens_to(is_ambassador)
def write_words() -> str | Response:
    """An ambassador writes what it would tell another company."""
    mine = network_queries.ambassador_of(viewer())
    form = TestimonialForm.from_request()
    if form.accepted():
        words.write(mine.employer, db.session.get_one(Person, viewer().me), form.answer().text, language())
        return form.go(url_for(".my_words"), _("Thank you. We read it over, and you agree before anybody sees it."))
    return render_template("ambassadors/write_words.html", form=form)


@ambassadors.post("/network/words/<key>/<deed>")
@opens_to(network)
def answer_words(key: str, deed: str) -> Response:
    """Yes, no, or taken back. The yes is the person's own; anybody of the company may take back."""
    row = queries.one_of_company(viewer(), key)
    if deed not in DEEDS or (deed != "withdraw" and row.person_id != viewer().me):
        raise NotFound()
    return _answered(row, deed, url_for(".my_words"))


DEEDS = {"agree": words.agree, "refuse": words.refuse, "withdraw": words.withdraw}


def _answered(row: PeerWords, deed: str, back: str) -> Response:
    press = Press.from_request()
    if press.accepted():
        DEEDS[deed](row)
        told = {
            "agree": _("Thank you. Your words are shown from now on."), "refuse": _("That is fine. Nothing is shown."),
            "withdraw": _("Taken back: nobody sees these words any more."),
        }  # fmt: skip
        return press.go(back, told[deed])
    return refusals.see_other(back)


@ambassadors.get("/words/<token>")
@opens_to(anyone)
def words_by_link(token: str) -> str:
    """By a personal link, without an account: the words exactly as they will stand, with yes, no, and later the way back."""
    row = queries.behind(token, words.PURPOSE)
    if viewer().is_anonymous and "language" not in request.cookies and "language" not in request.args:
        g.own_language = row.person.language
        refresh()
    return render_template("ambassadors/words_by_link.html", seen=seen(row, library.questions()), token=token)


@ambassadors.post("/words/<token>/<deed>")
@opens_to(anyone)
def answer_words_by_link(token: str, deed: str) -> Response:
    row = queries.behind(token, words.PURPOSE)
    if deed not in DEEDS:
        raise NotFound()
    return _answered(row, deed, url_for(".words_by_link", token=token))
