"""An employer asks about an opened profile; the person's worker answers."""

from dataclasses import dataclass, replace
from typing import Any

from flask import render_template, request, url_for
from werkzeug.wrappers import Response

from portal.accounts.policy import employer, staff
from portal.foundation.access import opens_to, viewer
from portal.foundation.options import label
from portal.foundation.words import _
from portal.journal import service as journal
from portal.showcase import checking, queries, questions
from portal.showcase.blind import Work, card
from portal.showcase.blind import profile as blind_profile
from portal.showcase.blueprint import showcase
from portal.showcase.checking import Found
from portal.showcase.employer_views import names_of, opened
from portal.showcase.match_forms import QuestionForm, ReplyForm
from portal.showcase.matching import limit
from portal.showcase.models import Question
from portal.showcase.states import QuestionState


@showcase.route("/profiles/<key>/ask", methods=["GET", "POST"])
@opens_to(employer)
def ask(key: str) -> str | Response:
    """Ask the worker something about a profile that this person opened."""
    found = opened(key)
    form = QuestionForm.from_request()
    if form.accepted():
        questions.ask(found, viewer().me, form.answer().text)
        return form.go(
            url_for(".profile", key=key, _anchor="questions"), _("Your question is with the project worker.")
        )
    return render_template(
        "showcase/ask.html",
        **names_of(found),
        form=form,
        days=limit("answer_within_days"),
        most=limit("questions_a_week"),
    )


@dataclass(frozen=True)
class Text:
    """A text of a question's page with what the check found in it, as the macros of the sentences read it."""

    name: str
    pieces: list[tuple[str, Any]]
    findings: list[Found]


def _text(name: str, text: str, found: list[Found], keep: tuple[str, ...] = ()) -> Text:
    seen = [replace(one, kept=one.mark in keep) for one in found]
    return Text(name, checking.pieces(text, seen), seen)


@showcase.route("/questions/<key>", methods=["GET", "POST"])
@opens_to(staff)
def question(key: str) -> str | Response:
    """The worker reads the question beside the profile as the company sees it, and answers or sends a ready text."""
    row, case = questions.of_staff(viewer(), key)
    form = ReplyForm.from_request(
        marks=tuple(request.form.getlist("keep")), language=row.language, shown=[] if row.findings else ["shown"],
        said="decline" if _personal(row) else None,
    )  # fmt: skip
    if form.accepted():
        questions.reply(row, form.answer())
        return form.go(url_for(".question", key=key), _("The company can read it now."))
    kept = row.listing.profile.published
    words = queries.words(Work.read(kept["work"])) if kept is not None else None
    journal.saw("profile.read", row.listing.profile)
    return render_template(
        "showcase/question.html", form=form, row=row, case=case, waits=row.state is QuestionState.ASKED,
        asked=_text("asked", row.text, questions.found_in(row), tuple(form.keep.data or ())),
        answered=_typed(row, form), personal=_personal(row),
        because=label("showcase", "question_refusals", row.declined_because) if row.declined_because else "",
        blind=blind_profile(kept, words) if words is not None else None,
        card=card(row.listing.card, words.sectors) if words is not None else None,
    )  # fmt: skip


def _typed(row: Question, form: ReplyForm) -> Text | None:
    """The answer as it was typed and refused, with what was found in it."""
    if request.method != "POST" or not form.text.data or form.said.data != "answer":
        return None
    found = checking.look_at(row.candidate_id, "answer", form.text.data, form.language.data)
    return _text("answered", form.text.data, found, tuple(form.keep.data or ()))


def _personal(row: Question) -> bool:
    """Whether the question is about the past or about who somebody is."""
    return any(one.kind in questions.PERSONAL for one in questions.found_in(row))
