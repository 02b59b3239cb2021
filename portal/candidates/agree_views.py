"""The page behind a consent link: no account, large words, nothing of the dossier."""

from flask import render_template, url_for
from werkzeug.wrappers import Response

from portal.accounts import link_pages, links
from portal.candidates import consent_requests, consents
from portal.candidates.consent_forms import AgreeForm
from portal.candidates.room import candidates
from portal.foundation import refusals
from portal.foundation.access import anyone, opens_to
from portal.foundation.errors import NotFound
from portal.foundation.forms import Press
from portal.foundation.options import label
from portal.foundation.words import _, language


@candidates.route("/agree/<token>", methods=["GET", "POST"])
@opens_to(anyone)
def agree(token: str) -> str | Response | tuple[str, int]:
    """Read what is asked, say yes or no, and see what stands."""
    try:
        asked, candidate = consent_requests.behind(token)
        link_pages.meet_in(candidate.language)
        given = consents.of(candidate.id)
        open_question = consent_requests.still_asks(asked, given)
        form = AgreeForm.from_request()
        if open_question and form.accepted():
            consent_requests.answer(asked, candidate, agrees=form.answer().agrees == "yes")
            return form.go(url_for(".agree", token=token), _("Thank you. Your answer is kept."))
    except links.NoSuchLink:
        return link_pages.closed("candidates/agree_closed.html")
    return render_template(
        "candidates/agree.html", token=token, asked=asked if open_question else None, form=form, label=label,
        words=consents.text(asked.purpose, language()) if open_question and asked.purpose else "",
        version=consents.version(asked.purpose) if open_question and asked.purpose else 0, said=asked.answer,
        given=consents.latest(given), said_yes=asked.answer == "yes",
    )  # fmt: skip


@candidates.post("/agree/<token>/<int:number>/withdraw")
@opens_to(anyone)
def take_back(token: str, number: int) -> Response | tuple[str, int]:
    """Take one agreement back: it acts at once."""
    try:
        _asked, candidate = consent_requests.behind(token)
    except links.NoSuchLink:
        return link_pages.closed("candidates/agree_closed.html")
    link_pages.meet_in(candidate.language)
    found = next((one for one in consents.of(candidate.id) if one.id == number), None)
    if found is None:
        raise NotFound()
    press = Press.from_request()
    if press.accepted() and found.withdrawn_at is None:
        consent_requests.take_back(found, candidate)
        return press.go(url_for(".agree", token=token), _("Taken back. It counts from now."))
    return refusals.see_other(url_for(".agree", token=token))
