"""Somebody else at the same moment: a colleague goes along or takes the interview over, another contact has it."""

from flask import render_template, url_for
from werkzeug.wrappers import Response

from portal.accounts.models import Person
from portal.agenda.holds import AlreadyTaken
from portal.agenda.windows import Span
from portal.foundation import fields, refusals
from portal.foundation.access import opens_to, viewer
from portal.foundation.words import _
from portal.interviews import contacts, lateness, letters, people, planning, queries, settling
from portal.interviews.blueprint import interviews
from portal.interviews.models import Interview
from portal.interviews.policy import staff
from portal.interviews.proposal_forms import ContactForm, TakeOverForm
from portal.interviews.talk_pages import back, load


@interviews.route("/interviews/<key>/companion", methods=["GET", "POST"])
@opens_to(staff)
def companion(key: str) -> str | Response:
    """Somebody else goes along at the same moment, and where that is asked takes the whole interview over."""
    interview = load(key)
    form = TakeOverForm.from_request(revision=interview.revision)
    if not interview.open or interview.starts_at is None or interview.ends_at is None:
        if lateness.is_late(interview, form):
            return lateness.page(interview, form)
        return back(key)
    if interview.lost_its_moment:
        return refusals.see_other(url_for(".move", key=key))
    found = settling.search(interview)
    free = planning.free_companions(found, Span(interview.starts_at, interview.ends_at))
    named = {found.people[n].key: found.people[n] for n in free if not _has_it_all(interview, n)}
    fields.offer(form.companion, [(key_of, _label(interview, person)) for key_of, person in named.items()])
    if form.accepted():
        lateness.check(interview, form.revision.data)
        chosen = named.get(form.answer().companion)
        if chosen is None:
            raise AlreadyTaken(field="companion")
        if form.answer().whole:
            people.hand_over(interview, free[chosen.id])
            return form.go(_afterwards(interview, key), _("%(name)s has the interview from now on.", name=chosen.name))
        people.change_companion(interview, free[chosen.id])
        return form.go(url_for(".show", key=key), _("%(name)s goes along.", name=chosen.name))
    if lateness.is_late(interview, form):
        return lateness.page(interview, form)
    return render_template(
        "interviews/companion.html", form=form, interview=interview, anybody=bool(named),
        company=letters.company_of(interview),
    )  # fmt: skip


def _has_it_all(interview: Interview, person_id: int) -> bool:
    return person_id == interview.companion_id == interview.worker_id


def _label(interview: Interview, person: Person) -> str:
    if person.id == interview.companion_id:
        return _("%(name)s (goes along already)", name=person.name)
    return person.name


def _afterwards(interview: Interview, key: str) -> str:
    """Whoever handed it over, and does not coordinate, no longer finds its page."""
    found = queries.readable(viewer(), interview)
    return url_for(".show", key=key) if found else url_for(".index")


@interviews.route("/interviews/<key>/contact", methods=["GET", "POST"])
@opens_to(staff)
def contact(key: str) -> str | Response:
    """A colleague of the contact has the interview."""
    interview = load(key)
    form = ContactForm.from_request(revision=interview.revision)
    if not interview.open or interview.begun or interview.starts_at is None or interview.ends_at is None:
        if lateness.is_late(interview, form):
            return lateness.page(interview, form)
        return back(key)
    if interview.lost_its_moment:
        return refusals.see_other(url_for(".move", key=key))
    team = contacts.team(interview)
    free = contacts.free(interview, team)
    named = {person.key: person for person in team if person.id in free and person.id != interview.contact_id}
    fields.offer(form.contact, [(key_of, person.name) for key_of, person in named.items()])
    if form.accepted():
        lateness.check(interview, form.revision.data)
        chosen = named.get(form.answer().contact)
        if chosen is None:
            raise AlreadyTaken(field="contact")
        people.change_contact(interview, chosen, free[chosen.id])
        return form.go(url_for(".show", key=key), _("%(name)s has the interview.", name=chosen.name))
    if lateness.is_late(interview, form):
        return lateness.page(interview, form)
    busy = [person.name for person in team if person.id not in free]
    return render_template(
        "interviews/contact.html", form=form, interview=interview, anybody=bool(named), busy=busy,
        company=letters.company_of(interview),
    )  # fmt: skip
