from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from flask import render_template, url_for
from werkzeug.wrappers import Response

from portal.accounts import link_pages, links
from portal.accounts.policy import staff, worker
from portal.candidates import consents, handles
from portal.candidates.doors import Dossier
from portal.candidates.profiles import JobPart, job_part
from portal.candidates.states import Channel, Purpose
from portal.competences.models import Competence
from portal.foundation import refusals, scans
from portal.foundation.access import opens_to, viewer
from portal.foundation.errors import NotFound
from portal.foundation.forms import Press
from portal.foundation.options import label, labels
from portal.foundation.states import WrongState
from portal.foundation.words import _, speaking
from portal.journal import service as journal
from portal.showcase import checking, preview, queries, service
from portal.showcase.blueprint import showcase
from portal.showcase.forms import (
    ApprovalForm,
    LookForm,
    ProfileForm,
    ReadForm,
    field_name,
    profile_form,
    read_form,
)
from portal.showcase.models import Profile, Sentence
from portal.showcase.service import APPROVAL_LINK
from portal.showcase.states import ProfileState, SentenceKind


@dataclass(frozen=True)
class Line:
    """One sentence on a page of the team: its text cut at its findings, and the field that it is written in."""

    name: str
    label: str
    level: int
    pieces: list[tuple[str, Any]]
    findings: list[checking.Found]
    remark: str
    approved: bool
    own: bool


def _line(name: str, title: str, sentence: Sentence | None, level: int = 0) -> Line:
    found = checking.findings(sentence) if sentence is not None else []
    return Line(
        name, title, level,
        pieces=checking.pieces(sentence.text, found) if sentence is not None else [],
        findings=found,
        remark=(sentence.remark or "") if sentence is not None else "",
        approved=sentence is not None and sentence.approved_by is not None,
        own=sentence is not None and sentence.written_by == viewer().person_id,
    )  # fmt: skip


@showcase.route("/people/<key>/profile", methods=["GET", "POST"])
@opens_to(staff)
def write(key: str) -> str | Response:
    """The case's worker writes the sentences; the check shows what it finds, in place. Others of the team may look."""
    case = handles.readable(viewer(), key)
    if case.worker_id != viewer().me:
        return refusals.see_other(url_for(".preview", key=key))
    part = job_part(case.id)
    if part is None:
        return render_template("showcase/too_early.html")
    draft = queries.draft_of(case.id, [one for one, level in part.skills.items() if level > 0])
    form = _profile_form(draft, case.language)
    if form.accepted():
        service.write(case, form.answer())
        return form.go(url_for(".write", key=key, _anchor="checked"))
    if draft.profile is not None:
        journal.saw("profile.read", draft.profile)
    return render_template(
        "showcase/write.html", form=form, case=case, dossier=Dossier(case.key), profile=draft.profile, lines=_lines(draft, part), part=_coded(part),
        open_findings=len(checking.undecided(draft.sentences)), state=draft.profile.state if draft.profile else None,
    )  # fmt: skip


def _profile_form(draft: queries.Draft, language: str) -> ProfileForm:
    found = [one for sentence in draft.sentences for one in checking.findings(sentence)]
    start: dict[str, Any] = {
        field_name(one.kind, _about(one, draft)): one.text
        for one in draft.sentences
        if one.competence_id is None or _about(one, draft) is not None
    }
    start["language"] = draft.profile.language if draft.profile is not None else language
    kept = [one.mark for one in found if one.kept]
    return profile_form(draft.competences, [one.mark for one in found]).from_request(**start, keep=kept)


def _about(sentence: Sentence, draft: queries.Draft) -> Competence | None:
    return next((one for one in draft.competences if one.id == sentence.competence_id), None)


def _lines(draft: queries.Draft, part: JobPart) -> list[Line]:
    kinds = SentenceKind
    evidence = [
        _line(field_name(kinds.EVIDENCE, one), one.label, draft.sentence(kinds.EVIDENCE, one.id), part.skills[one.id])
        for one in draft.competences
    ]
    first = _line(kinds.HEADLINE.value, "", draft.sentence(kinds.HEADLINE))
    return [first, *evidence, _line(kinds.OWN_WORDS.value, "", draft.sentence(kinds.OWN_WORDS))]


def _coded(part: JobPart) -> list[tuple[str, str]]:
    """The coded part as an employer will read it."""
    lists = (
        ("hours_windows", part.hours_band),
        ("licences", part.licence),
        ("availability_bands", part.availability_band),
    )
    hours, licence, available = (label("candidates", key, code) for key, code in lists)
    return [
        (_("Hours"), hours),
        (_("Transport"), " · ".join(labels("candidates", "mobility", part.mobility))),
        (_("Driving licence"), licence),
        (_("Forms"), " · ".join(labels("candidates", "employment_forms", part.forms))),
        (_("Available"), available),
    ]


@showcase.post("/people/<key>/profile/look")
@opens_to(worker)
def look(key: str) -> str:
    """What the check finds in one sentence while it is written; the page works without it, by saving."""
    case = queries.own_case(viewer(), key)
    form = LookForm.from_request()
    if not form.accepted():
        return ""
    given = form.answer()
    found = checking.look_at(case.id, "look", given.text, given.language)
    line = Line("look", "", 0, checking.pieces(given.text, found), found, remark="", approved=False, own=True)
    return form.tell(render_template("showcase/found.html", line=line, language=given.language))


@showcase.post("/people/<key>/profile/hand-over")
@opens_to(worker)
def hand_over(key: str) -> Response:
    """Everything is decided on: a second person reads."""
    case = queries.own_case(viewer(), key)
    profile = _profile(case.id)
    press = Press.from_request()
    if press.accepted():
        service.hand_over(profile)
        return press.go(url_for(".preview", key=key), _("A colleague reads it now. You hear when it is done."))
    return refusals.see_other(url_for(".write", key=key))


def _profile(candidate_id: int) -> Profile:
    found = queries.profile_of(candidate_id)
    if found is None:
        raise NotFound()
    return found


@showcase.get("/people/<key>/profile/preview", endpoint="preview")
@opens_to(staff)
def show_preview(key: str) -> str:
    """The profile exactly as an employer will see it, and how many people share what it shows."""
    case = handles.readable(viewer(), key)
    seen = preview.of(case)
    if seen is None:
        return render_template("showcase/too_early.html")
    journal.saw("profile.read", seen.row)
    return render_template("showcase/preview.html", case=case, seen=seen, own=case.worker_id == viewer().me)


@showcase.route("/profiles-to-read/<key>", methods=["GET", "POST"])
@opens_to(staff)
def read_sentences(key: str) -> str | Response:
    """The second person: approve each sentence, or send it back with a remark."""
    reading = queries.reading_of(viewer(), key)
    named = {field_name(sentence.kind, competence): (sentence, competence) for sentence, competence in reading.lines}
    mine = viewer().me
    to_judge = {name: row for name, (row, _c) in named.items() if row.approved_by is None and row.written_by != mine}
    version = _version(row.text for row, _c in named.values())
    judged = to_judge if reading.profile.state == ProfileState.REDACTION_CHECK else {}
    form: ReadForm = read_form(judged).from_request(version=version)
    if form.accepted():
        if form.version.data != version:
            raise WrongState()
        service.read(reading.profile, form.verdicts())
        return form.go(url_for("site.home"), _("Thank you. Your decisions are kept."))
    form.version.data = version
    journal.saw("profile.read", reading.profile)
    lines = [_line(name, competence.label if competence else "", row) for name, (row, competence) in named.items()]
    return render_template("showcase/read.html", form=form, lines=lines, profile=reading.profile)


def _version(texts: Iterable[str]) -> str:
    """A mark of the words on a page: a verdict about other words is none."""
    return sha256("\n".join(texts).encode()).hexdigest()[:16]


@showcase.route("/people/<key>/profile/approval", methods=["GET", "POST"])
@opens_to(worker)
def approval(key: str) -> str | Response:
    """The candidate approves the whole, on paper or beside the worker."""
    case = queries.own_case(viewer(), key)
    form = ApprovalForm.from_request()
    if form.accepted():
        answer = service.Approval(Channel(form.answer().channel), scans.keep(form.scan.content()))
        service.approve(_profile(case.id), answer)
        return form.go(
            url_for(".preview", key=key), _("The approval is kept. The profile appears with the next batch.")
        )
    seen = preview.of(case)
    if seen is None or seen.row.state != ProfileState.CANDIDATE_APPROVAL:
        return refusals.see_other(url_for(".preview", key=key))
    journal.saw("profile.read", seen.row)
    return render_template("showcase/approval.html", case=case, seen=seen, form=form)


@showcase.get("/people/<key>/profile/sheet")
@opens_to(worker)
def sheet(key: str) -> str:
    """The same page on paper, in the candidate's language, with room to sign."""
    case = queries.own_case(viewer(), key)
    with speaking(case.language):
        seen = preview.of(case)
        if seen is None:
            raise NotFound()
        journal.saw("profile.printed", seen.row)
        link = links.standing(APPROVAL_LINK, seen.row)
        return render_template(
            "showcase/sheet.html", case=case, seen=seen, consent=consents.text(Purpose.PROFILE, case.language),
            page_language=case.language, url=links.url_of(link) if link else "", square=link_pages.square(link) if link else "",
        )  # fmt: skip


@showcase.get("/people/<key>/profile/scan")
@opens_to(staff)
def scan(key: str) -> Response:
    """The scanned sheet, as an attachment, for the team only."""
    case = handles.kept_by(viewer(), key)
    profile = _profile(case.id)
    if not profile.approval_scan:
        raise NotFound()
    answer = scans.attachment(profile.approval_scan)
    journal.saw("profile.scan_read", profile)
    return answer


@showcase.post("/people/<key>/profile/withdraw")
@opens_to(worker)
def withdraw(key: str) -> Response:
    """The candidate withdraws: every card is gone at the next request."""
    case = queries.own_case(viewer(), key)
    profile = _profile(case.id)
    press = Press.from_request()
    if press.accepted():
        service.withdraw(profile)
        return press.go(url_for(".preview", key=key), _("The profile is withdrawn. No company can see it any more."))
    return refusals.see_other(url_for(".preview", key=key))
