"""The library for who looks after it: what there is, a text in three languages, its history, and the yearly look."""

from typing import Any

from flask import render_template, request, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response

from portal.accounts.policy import coordinator
from portal.answers import editing, library
from portal.answers.blueprint import bp
from portal.answers.forms import PLACE_LABELS, EditForm
from portal.answers.models import AnswerVersion
from portal.foundation import clock, refusals
from portal.foundation.access import opens_to
from portal.foundation.errors import NotFound
from portal.foundation.forms import Press
from portal.foundation.options import load
from portal.foundation.words import LANGUAGES, _, pick, speaking


@bp.get("/library")
@opens_to(coordinator)
def manage() -> str:
    """Every answer, with where it is shown and when it is looked at again; what nobody reads any more stands last."""
    known, days = library.entries(), editing.review_days()
    lines = [(library.read(data), bool(data.get("off")), days.get(slug)) for slug, data in known.items()]
    return render_template(
        "answers/manage.html", lines=sorted(lines, key=lambda one: one[1]), places=PLACE_LABELS, today=clock.today(),
        drafts=[one for one in editing.drafts() if one.answer.slug not in known],
    )  # fmt: skip


@bp.route("/library/new", methods=["GET", "POST"])
@opens_to(coordinator)
def new() -> str | Response:
    """A concern that the library lacks. It begins as a draft."""
    form = EditForm.beginning(None, 0)
    if form.accepted():
        row, draft = editing.add(form.written())
        return _kept(form, row.slug, seen=0, draft=editing.mark_of(draft))
    return render_template("answers/edit.html", form=form, slug="", draft=None, previews=[], title=_("A new answer"))


@bp.route("/library/<slug>", methods=["GET", "POST"])
@opens_to(coordinator)
def edit(slug: str) -> str | Response:
    """The text in three languages: kept as a draft and seen as its readers will, then published."""
    seen, data, draft = _standing(slug)
    form = EditForm.beginning(data, seen, editing.mark_of(draft))
    if form.accepted():
        return _kept(form, slug, seen=form.number_seen, draft=form.draft_seen)
    shown = library.entries().get(slug)
    return render_template(
        "answers/edit.html", form=form, slug=slug, draft=draft, previews=_previews(slug, draft),
        title=pick(shown["question"]) if shown else _("A new answer"), day=editing.review_days().get(slug),
    )  # fmt: skip


def _kept(form: EditForm, slug: str, *, seen: int, draft: str) -> Response:
    row, written = editing.row_of(slug), form.written()
    if form.publishes:
        editing.publish(row, written, seen=seen, draft_seen=draft)
        return form.go(url_for(".history", slug=slug), _("Published: from now on everybody reads this text."))
    editing.keep_draft(row, written, seen=seen, draft_seen=draft)
    return form.go(url_for(".edit", slug=slug), _("Kept as a draft. Nobody reads it yet."))


def _standing(slug: str) -> tuple[int, dict[str, Any], AnswerVersion | None]:
    """(the newest published number, what the form begins with, the draft). An earlier version begins it where asked for."""
    all_of = editing.versions(slug)
    shown = library.shipped().get(slug)
    if not all_of and shown is None:
        raise NotFound()
    draft = next((one for one in all_of if one.published_at is None), None)
    seen = next((one.number for one in all_of if one.published_at is not None), 0)
    wanted = request.args.get("from", "")
    if wanted == "0" and shown is not None:
        return seen, shown, draft
    asked = next((one for one in all_of if str(one.number) == wanted), None)
    newest = asked or (all_of[0] if all_of else None)
    return seen, library.as_data(slug, newest) if newest is not None else shown or {}, draft


def _previews(slug: str, draft: AnswerVersion | None) -> list[tuple[str, str, Markup]]:
    """(code, language, page part): the draft exactly as each reader will see it, where it is whole."""
    if draft is None or draft.source_date is None:
        return []
    data, found = library.as_data(slug, draft), []
    for code, name in LANGUAGES.items():
        if all(data[kind].get(code) for kind in ("topic", "question", "answer")) and data["source"]["title"].get(code):
            with speaking(code):
                part = render_template("answers/_preview.html", answer=library.read(data))
            found.append((code, name, Markup(part)))  # nosec B704: our own template, which escapes what it shows
    return found


@bp.get("/library/<slug>/history")
@opens_to(coordinator)
def history(slug: str) -> str:
    """Every version, by whom, when and why; each can be the beginning of the next."""
    all_of = [one for one in editing.versions(slug) if one.published_at is not None]
    first = library.shipped().get(slug)
    if not all_of and first is None:
        raise NotFound()
    lines = [(one, library.read(library.as_data(slug, one))) for one in all_of]
    newest = lines[0][1] if lines else library.read(first or {})
    return render_template(
        "answers/history.html", slug=slug, lines=lines, first=library.read(first) if first else None, newest=newest,
        written=load("answers", "library")["written"],
    )  # fmt: skip


@bp.post("/library/<slug>/looked-at")
@opens_to(coordinator)
def looked_at(slug: str) -> Response:
    """Still right: nothing changes but the day of the next look."""
    if slug not in library.entries():
        raise NotFound()
    press = Press.from_request()
    if press.accepted():
        editing.looked_at(editing.row_of(slug))
        return press.go(url_for(".manage"), _("Noted. You are asked again in a year."))
    return refusals.see_other(url_for(".edit", slug=slug))
