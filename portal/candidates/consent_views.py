"""Agreements for the team: what stands in which words, recorded from paper, asked by link, printed to sign."""

import sqlalchemy as sa
from flask import render_template, request, url_for
from werkzeug.wrappers import Response

from portal.accounts import link_pages, links
from portal.candidates import consent_requests, consents, queries
from portal.candidates.channels import CHANNELS
from portal.candidates.consent_forms import LETTER, ONLY_LOOK, AskForm, ConsentForm
from portal.candidates.models import Consent
from portal.candidates.policy import staff
from portal.candidates.room import candidates
from portal.candidates.states import Channel, Purpose
from portal.foundation import scans
from portal.foundation.access import opens_to, viewer
from portal.foundation.database import db
from portal.foundation.errors import NotFound
from portal.foundation.fields import offer
from portal.foundation.forms import Press
from portal.foundation.options import label
from portal.foundation.refusals import see_other
from portal.foundation.words import LANGUAGES, _, speaking
from portal.journal import service as journal
from portal.tasks import queries as tasks


@candidates.get("/people/<key>/agreements")
@opens_to(staff)
def agreements(key: str) -> str:
    """Everything that this person agreed to, in the words that were read; what was asked by link, and the answer."""
    case = queries.case_of(viewer(), key, "consents", keeps_only=True)
    waiting = tasks.about_case(case.candidate.id, viewer()) if case.own else ()
    return render_template(
        "candidates/agreements.html", case=case, given=consents.with_companies(case.candidate.id),
        asked=consent_requests.of(case.candidate.id), as_given=consents.as_given, channels=CHANNELS, label=label,
        spoken=LANGUAGES, purposes=list(Purpose), unread=any(one.kind == consent_requests.TASK for one in waiting),
    )  # fmt: skip


@candidates.post("/people/<key>/agreements/read")
@opens_to(staff)
def agreements_read(key: str) -> Response:
    """The own worker has read what was answered by link."""
    case = queries.case_of(viewer(), key, "consents", own_only=True)
    press = Press.from_request()
    if press.accepted():
        consent_requests.read(case.candidate)
        return press.go(url_for(".show", key=key))
    return see_other(url_for(".agreements", key=key))


@candidates.route("/people/<key>/consents/new", methods=["GET", "POST"])
@opens_to(staff)
def consent(key: str) -> str | Response:
    """Record that the person agreed. Consents for the profile and for one company are asked where they arise."""
    case = queries.case_of(viewer(), key, "consents", own_only=True)
    form = ConsentForm.from_request()
    spoken = case.candidate.language
    offer(form.purpose, [(one.value, consents.text(one, spoken)) for one in consent_requests.ASKED])
    if form.accepted():
        answer = form.answer()
        consents.give(
            case.candidate.id, Purpose(answer.purpose), channel=Channel(answer.channel), language=spoken,
            scan=scans.keep(form.scan.content()),
        )  # fmt: skip
        return form.go(url_for(".agreements", key=key), _("The agreement is kept."))
    return render_template("candidates/consent.html", case=case, form=form, asked=consent_requests.ASKED, label=label)


@candidates.post("/people/<key>/consents/<int:number>/withdraw")
@opens_to(staff)
def withdraw(key: str, number: int) -> Response:
    """The person takes an agreement back: it acts at once."""
    case = queries.case_of(viewer(), key, "consents", own_only=True)
    found = _consent(case.candidate.id, number)
    press = Press.from_request()
    if press.accepted():
        consents.withdraw(found)
        return press.go(url_for(".agreements", key=key), _("The agreement has ended, as of now."))
    return see_other(url_for(".agreements", key=key))


@candidates.get("/people/<key>/consents/<int:number>/scan")
@opens_to(staff)
def consent_scan(key: str, number: int) -> Response:
    """The signed sheet, as an attachment, for the person's own worker."""
    case = queries.case_of(viewer(), key, "consents", own_only=True)
    found = _consent(case.candidate.id, number)
    if not found.scan:
        raise NotFound()
    answer = scans.attachment(found.scan)
    journal.saw("consent.scan_read", found)
    return answer


def _consent(candidate_id: int, number: int) -> Consent:
    found = db.session.scalar(sa.select(Consent).where(Consent.id == number, Consent.candidate_id == candidate_id))
    if found is None:
        raise NotFound()
    return found


@candidates.get("/people/<key>/consents/sheet/<purpose>")
@opens_to(staff)
def consent_sheet(key: str, purpose: str) -> str:
    """One agreement on paper, in the person's language or another one, with its version, to read and sign."""
    case = queries.case_of(viewer(), key, "consent on paper", own_only=True)
    if purpose not in {one.value for one in Purpose}:
        raise NotFound()
    wished = request.args.get("in", "")
    spoken = wished if wished in LANGUAGES else case.candidate.language
    with speaking(spoken):
        return render_template(
            "candidates/consent_sheet.html", case=case, words=consents.text(Purpose(purpose), spoken), spoken=LANGUAGES,
            version=consents.version(Purpose(purpose)), purpose=purpose, label=label, page_language=spoken,
        )  # fmt: skip


@candidates.route("/people/<key>/consents/ask", methods=["GET", "POST"])
@opens_to(staff)
def ask_consent(key: str) -> str | Response:
    """Ask an agreement by link, or send the link with which the person sees and takes back what stands."""
    case = queries.case_of(viewer(), key, "consents", own_only=True)
    form = AskForm.from_request(how=LETTER if case.identity.email else "")
    kinds = [(one.value, label("candidates", "consents", one.value, "consent_texts")) for one in consent_requests.ASKED]
    offer(form.purpose, [*kinds, (ONLY_LOOK, _("Nothing: only to see what stands, and to take it back"))])
    if form.accepted():
        answer = form.answer()
        purpose = None if answer.purpose == ONLY_LOOK else Purpose(answer.purpose)
        asked = consent_requests.ask(case.candidate, purpose, by_letter=answer.how == LETTER)
        if asked.by_letter:
            return form.go(url_for(".agreements", key=key), _("The letter is on its way."))
        return form.go(url_for(".consent_link", key=key, asked=asked.key))
    return render_template("candidates/ask_consent.html", case=case, form=form)


@candidates.get("/people/<key>/consents/asked/<asked>")
@opens_to(staff)
def consent_link(key: str, asked: str) -> str | Response:
    """The link to hand over: on paper, or read by a telephone from this page."""
    case = queries.case_of(viewer(), key, "consent link", own_only=True)
    found = consent_requests.one(case.candidate.id, asked)
    link = consent_requests.open_link(found) if found is not None else None
    if found is None or link is None:
        return see_other(url_for(".agreements", key=key))
    with speaking(case.candidate.language):
        return render_template(
            "candidates/consent_link.html", case=case, asked=found, url=links.url_of(link), until=link.expires_at, label=label,
            qr=link_pages.square(link), page_language=case.candidate.language,
        )  # fmt: skip
