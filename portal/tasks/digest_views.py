"""The week's letter: how its reader wants it, what it would say now, its page with buttons, and one press that ends it."""

from http import HTTPStatus

import sqlalchemy as sa
from flask import Flask, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal.accounts import link_pages, links
from portal.accounts.models import Person, PersonalLink
from portal.accounts.policy import employer
from portal.foundation import acting
from portal.foundation.access import anyone, opens_to, viewer
from portal.foundation.database import db
from portal.foundation.forms import Press
from portal.foundation.words import _, language
from portal.outbox.rehearsal import Rehearsed
from portal.outbox.render import render
from portal.tasks import digest, digest_sending
from portal.tasks.blueprint import tasks
from portal.tasks.digest import Line
from portal.tasks.digest_forms import letters_form, name_of
from portal.tasks.digest_models import DigestRhythm, LetterWay


@tasks.route("/me/letters", methods=["GET", "POST"])
@opens_to(employer)
def letters() -> str | Response:
    """Which letters come, and when."""
    me = viewer().me
    chosen, rhythm = digest.chosen([me]), _rhythm(me)
    start = {name_of(code): chosen.get((me, code), one.begins) for code, one in digest.SECTIONS.items()}
    form = letters_form(
        week=chosen.get((me, digest.WHOLE), digest.DIGEST), weekday=str(rhythm.weekday if rhythm else 1),
        hour=str(rhythm.hour if rhythm else 8), **start,
    )  # fmt: skip
    if form.accepted():
        answer = form.answer()
        _keep_rhythm(me, rhythm, int(answer.weekday), int(answer.hour))
        for section, way in {digest.WHOLE: answer.week, **form.ways()}.items():
            digest.choose(me, section, way)
        return form.go(url_for(".letters"), _("Kept. That is how we write to you from now on."))
    return render_template("tasks/letters.html", form=form, sections=[name_of(code) for code in digest.SECTIONS])


def _rhythm(person_id: int) -> DigestRhythm | None:
    return db.session.scalar(sa.select(DigestRhythm).where(DigestRhythm.person_id == person_id))


def _keep_rhythm(person_id: int, rhythm: DigestRhythm | None, weekday: int, hour: int) -> None:
    if rhythm is None:
        rhythm = DigestRhythm(person_id=person_id)
        db.session.add(rhythm)
    rhythm.weekday, rhythm.hour = weekday, hour


@tasks.get("/me/letters/preview")
@opens_to(employer)
def preview() -> str:
    """The letter as it would leave now. Nothing is sent, and its links open nothing."""
    who = viewer()
    lines = digest.wanted([who.me], digest.lines_for([who.me]))[who.me]
    letter = None
    if lines:
        nothing = {"link": url_for("tasks.letters", _external=True), "unsubscribe": ""}
        values = {**digest_sending.values_of(who.first_name, lines), **nothing}
        seen = render(digest_sending.LETTER, language(), values, rehearsed=True)
        letter = Rehearsed("", who.name, language(), seen, None)
    return render_template("tasks/letters_preview.html", letter=letter)


@tasks.route("/week/<token>", methods=["GET", "POST"])
@opens_to(anyone)
def week(token: str) -> str | Response:
    """The page of the letter's link: what still waits, as it stands now. A button acts; whoever forwards the letter gives
    titles and buttons along, never a profile."""
    person = _reader(links.find(digest_sending.PURPOSE, token))
    link_pages.meet_in(person.language)
    lines = digest.with_ways(digest.wanted([person.id], digest.lines_for([person.id])))[person.id]
    press = Press.from_request()
    if press.accepted():
        line, code = _pressed(lines)
        if line is None:
            return press.go(url_for(".week", token=token), _("This was settled already."))
        with acting.as_(person.id, "employer", "by the link of a letter"):
            digest.answer(person.id, line, code)
            return press.go(url_for(".week", token=token), _("Done. Thank you."))
    sections = [(one.label, [line for line in lines if line.section == code]) for code, one in digest.SECTIONS.items()]
    return render_template(
        "tasks/week.html",
        token=token,
        sections=[one for one in sections if one[1]],
        person=person,
        at=digest_sending.anchor,
        way=links.url_of,
    )


def _reader(link: PersonalLink) -> Person:
    """Who holds the link, while that person speaks for a company. Raises NoSuchLink."""
    number = int(link.reader.partition(":")[2] or 0)
    hears = [Person.id.not_in(some) for some in digest.silent_ones([number])]
    found = db.session.scalar(
        sa.select(Person).where(Person.id == number, Person.id.in_(digest_sending.contacts()), *hears)
    )
    if found is None:
        raise links.NoSuchLink()
    return found


def _pressed(lines: list[Line]) -> tuple[Line | None, str]:
    """Which line's which answer; None where that line waits no more, or never offered it."""
    section, _at, rest = request.form.get("do", "").partition("|")
    subject, _at, code = rest.partition("|")
    found = next((one for one in lines if (one.section, one.subject) == (section, subject)), None)
    return (found if found is not None and code in dict(found.answers) else None), code


@tasks.route("/stop-letters/<token>", methods=["GET", "POST"])
@opens_to(anyone)
def stop(token: str) -> str | Response:
    """Ends one kind of letter. The link shows; the button acts, and so does a mail program's own (RFC 8058): it posts
    without a sign-in and without this portal's token, so the link's own proof is what counts."""
    try:
        person_id, section = _ended_by(token)
    except links.NoSuchLink:
        if request.method == "POST":
            abort(HTTPStatus.NOT_FOUND)  # a program reads no page that it is led back to
        raise
    if request.method == "POST":
        with acting.as_(person_id, "employer", "by the link of a letter"):
            digest.choose(person_id, section, digest.NEVER)
            db.session.commit()
        return redirect(url_for(".stop", token=token), 303)
    stopped = digest.chosen([person_id]).get((person_id, section)) == digest.NEVER
    label = _("The letter of the week") if section == digest.WHOLE else digest.SECTIONS[section].label
    return render_template("tasks/stop.html", token=token, label=label, stopped=stopped)


def _ended_by(token: str) -> tuple[int, str]:
    """Whose letters of which kind a link ends. Raises NoSuchLink."""
    try:
        link = links.find(digest.STOP, token)
    except links.NoSuchLink:
        link = links.find(digest_sending.PURPOSE, token)
        return int(link.reader.partition(":")[2]), digest.WHOLE
    row = db.session.get(LetterWay, link.subject_id)
    if row is None:
        raise links.NoSuchLink()
    return row.person_id, row.section


def open_to_mail_programs(app: Flask) -> None:
    """RFC 8058: a mail program presses with no cookie and no token of ours."""
    app.extensions["csrf"].exempt(f"{stop.__module__}.{stop.__name__}")


__all__ = ["letters", "open_to_mail_programs", "preview", "stop", "week"]
