"""Aftercare on the screen: what comes next, a placement's 26 weeks, one moment, one alert, and the form of a personal link."""

from dataclasses import replace
from itertools import groupby

from flask import render_template, request, url_for
from werkzeug.wrappers import Response

from portal.accounts import link_pages, links
from portal.accounts.roles import STAFF, Role
from portal.aftercare import alerts, drafts, pages, plan_views, policy, queries, questions, service, story
from portal.aftercare.blueprint import aftercare
from portal.aftercare.forms import CheckInForm, CloseForm, MoveForm, SkipForm, TalkForm, form_for
from portal.aftercare.models import AlertState, CheckIn, CheckInState, Voice
from portal.candidates import handles, identities
from portal.candidates.handles import handle
from portal.foundation import acting, refusals
from portal.foundation.access import Viewer, opens_to, viewer
from portal.foundation.errors import NotFound
from portal.foundation.forms import Press
from portal.foundation.options import label
from portal.foundation.words import _, language, speaking
from portal.placements import queries as placements


@aftercare.get("/aftercare")
@opens_to(policy.may_list)
def index() -> str:
    """Staff: who is followed, by what comes next. An employer's contact: its own dates, and nobody's answers."""
    who = viewer()
    if not who.has(*STAFF):
        dates = {key: list(rows) for key, rows in groupby(_by_placement(who), lambda one: one.placement_id)}
        return render_template(
            "aftercare/own.html", placements=placements.running_at(who), dates=dates, words=questions
        )
    lines = queries.overview(who)
    names = identities.names([line.placement.candidate_id for line in lines], "aftercare overview")
    return render_template(
        "aftercare/index.html",
        lines=pages.in_groups(lines),
        names=names,
        title=story.moment_title,
        mine=who.has(Role.PROJECT_WORKER),
        leads=who.has(Role.COORDINATOR),
    )


def _by_placement(who: Viewer) -> list[CheckIn]:
    return sorted(queries.own_dates(who), key=lambda one: (one.placement_id, one.due))


@aftercare.get("/aftercare/<key>")
@opens_to(policy.may_see)
def show(key: str) -> str:
    """26 weeks, three voices."""
    placement = placements.placement_of(viewer(), key)
    if placement is None:
        raise NotFound()
    name = identities.name(placement.candidate_id, "aftercare")
    page = pages.whole(placement, name, writes=placement.worker_id == viewer().me)
    return render_template("aftercare/show.html", placement=placement, name=name, page=page)


@aftercare.get("/people/<key>/aftercare")
@opens_to(policy.may_see)
def of_case(key: str) -> str | Response:
    """From the dossier to the last job's aftercare; whoever came through an opened glass reads it here and no further."""
    case = handles.readable(viewer(), key, note=False)
    placement = placements.latest_of(case.id)
    if placement is None:
        identities.saw_part(case.id, "aftercare.read", "aftercare")
        return render_template("aftercare/none.html", case=case)
    if acting.actor().through is None:
        return refusals.see_other(url_for(".show", key=placement.key))
    name = identities.name(case.id, "aftercare")
    page = replace(pages.whole(placement, name, writes=False), waits=[], closed=[])
    return render_template("aftercare/show.html", placement=placement, name=name, page=page)


@aftercare.route("/aftercare/moment/<key>", methods=["GET", "POST"])
@opens_to(policy.may_record)
def moment(key: str) -> str | Response:
    """One moment: note a call or a visit, or find the way to its form."""
    check_in = _own(key)
    talk = check_in.channel != "form" and check_in.note is None and check_in.state != CheckInState.SKIPPED
    form = TalkForm.from_request()
    if talk and form.accepted():
        service.record_talk(check_in, form.answer().note)
        return form.go(_page_of(check_in), _("Noted."))
    case = handle(check_in.candidate_id)
    return render_template(
        "aftercare/moment.html", one=check_in, form=form, talk=talk, case=case, title=story.moment_title(check_in)
    )


@aftercare.route("/aftercare/moment/<key>/skip", methods=["GET", "POST"])
@opens_to(policy.may_record)
def skip(key: str) -> str | Response:
    """This moment does not take place."""
    check_in = _own(key)
    form = SkipForm.from_request()
    if form.accepted():
        service.skip(check_in, form.answer().reason)
        return form.go(_page_of(check_in), _("This moment is skipped."))
    return render_template("aftercare/skip.html", one=check_in, form=form, title=story.moment_title(check_in))


@aftercare.route("/aftercare/moment/<key>/move", methods=["GET", "POST"])
@opens_to(policy.may_record)
def move(key: str) -> str | Response:
    """Another day for this moment alone."""
    check_in = _own(key)
    form = MoveForm.from_request(day=check_in.due)
    if form.accepted():
        service.move(check_in, form.answer().day)
        return form.go(_page_of(check_in), _("The day is changed."))
    return render_template("aftercare/move.html", one=check_in, form=form, title=story.moment_title(check_in))


@aftercare.route("/aftercare/moment/<key>/sheet", methods=["GET", "POST"])
@opens_to(policy.may_record)
def sheet(key: str) -> str | Response:
    """A sheet for the employee: the form on paper, and a link for whoever has a telephone."""
    check_in = _own(key)
    press = Press.from_request()
    if check_in.voice != Voice.EMPLOYEE or not check_in.has_form or not check_in.open:
        return refusals.see_other(url_for(".moment", key=key))
    if press.accepted():
        service.hand_over(check_in)
        return press.go(url_for(".sheet", key=key))
    link = queries.open_link(check_in, f"candidate:{check_in.candidate_id}")
    if link is None:
        return refusals.see_other(url_for(".moment", key=key))
    with speaking(handle(check_in.candidate_id).language):
        form = form_for(check_in.voice, check_in.moment).from_request()
        return render_template(
            "aftercare/sheet.html", one=check_in, form=form, words=questions, url=links.url_of(link), qr=link_pages.square(link)
        )  # fmt: skip


@aftercare.route("/aftercare/moment/<key>/answers", methods=["GET", "POST"])
@opens_to(policy.may_answer)
def answers(key: str) -> str | Response:
    """The same form for somebody who is signed in: the contact itself, or a worker who types along."""
    check_in = queries.check_in_to_answer(viewer(), key)
    if check_in is None:
        raise NotFound()
    worker = check_in.placement.worker_id == viewer().me
    if worker and check_in.open and "draft" in request.form:
        press = Press.from_request()
        if press.accepted():
            drafts.keep(check_in, request.form)
            return press.go(_page_of(check_in), _("What you typed is kept. Nobody has been sent anything."))
    form = drafts.opened(check_in, form_for(check_in.voice, check_in.moment, by_worker=worker), mine=worker)
    if form.accepted():
        service.answer(check_in, form.answer(), by=form.came_by if worker else "portal")
        if worker:
            return form.go(_page_of(check_in), _("The answers are kept."))
        return form.go(url_for(".thanks", voice=check_in.voice.value))
    if not check_in.open:
        return refusals.see_other(_page_of(check_in) if worker else url_for(".index"))
    return render_template("aftercare/answers.html", one=check_in, form=form, words=questions, worker=worker)


@aftercare.route("/aftercare/alert/<key>", methods=["GET", "POST"])
@opens_to(policy.may_see)
def alert(key: str) -> str | Response:
    """What was said, what was said before, and what the other voice says; closed with a note."""
    found = queries.alert_of(viewer(), key)
    if found is None:
        raise NotFound()
    may_close = found.owner_id == viewer().me and found.state == AlertState.OPEN
    form = CloseForm.from_request()
    if may_close and form.accepted():
        alerts.resolve(found, form.answer().note)
        where = url_for(".show", key=found.placement.key)
        return form.go(where, _("The alert is closed. Your note stays with it."))
    name = identities.name(found.candidate_id, "aftercare alert")
    page = pages.of_alert(found)
    return render_template("aftercare/alert.html", alert=found, form=form, page=page, name=name, may_close=may_close)


@aftercare.route("/form/<token>", methods=["GET", "POST"])
@opens_to(policy.may_open_link)
def form(token: str) -> str | Response | tuple[str, int]:
    """The form behind a personal link: no account, sent once, never shown again."""
    try:
        link = link_pages.find(queries.PURPOSE, token)
    except links.NoSuchLink:
        return _closed(token)
    check_in = queries.check_in_behind(link)
    _speak(link.reader, check_in)
    asked: CheckInForm = form_for(check_in.voice, check_in.moment).from_request()
    if asked.accepted():
        links.use(link)
        service.answer(check_in, asked.answer(), by="link")
        # Whoever was asked in French is thanked in French, on a page that knows of no link any more.
        return asked.go(url_for(".thanks", voice=check_in.voice.value, language=language()))
    shift = label("employers", "shifts", check_in.placement.shift)
    return render_template("aftercare/form.html", one=check_in, form=asked, words=questions, shift=shift)


@aftercare.get("/form/thanks/<voice>")
@opens_to(policy.may_open_link)
def thanks(voice: str) -> str:
    """After sending: what happens next. The answers are not shown again."""
    if voice not in {one.value for one in Voice}:
        raise NotFound()
    return render_template("aftercare/thanks.html", text=questions.form_text(voice, "thanks"))


def _closed(token: str) -> tuple[str, int]:
    """A link that is used, expired or wrong; whoever held a right one hears it in the language of the letter."""
    refusals.take()
    link = queries.link_that_was(token)
    if link is not None:
        _speak(link.reader, queries.check_in_behind(link))
    return render_template("aftercare/closed.html"), 410


def _speak(reader: str, check_in: CheckIn) -> None:
    """A letter's reader is met in the language of the letter."""
    if check_in.voice == Voice.EMPLOYER:
        link_pages.meet_in(check_in.placement.contact.language)
    elif reader.startswith("candidate:"):
        link_pages.meet_in(handle(check_in.candidate_id).language)
    else:
        link_pages.meet_in(queries.language_of_assistant(check_in.placement))


def _own(key: str) -> CheckIn:
    found = queries.own_check_in(viewer(), key)
    if found is None:
        raise NotFound()
    return found


def _page_of(check_in: CheckIn) -> str:
    return url_for(".show", key=check_in.placement.key)


blueprints = (aftercare,)
__all__ = ["blueprints", "plan_views"]
