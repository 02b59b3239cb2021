"""The dossier of one person."""

from datetime import date

from flask import render_template, url_for
from werkzeug.wrappers import Response

from portal.candidates import consents, possible, queries, service, standings, timeline
from portal.candidates.channels import CHANNELS
from portal.candidates.forms import ContactForm, IdentityForm
from portal.candidates.policy import allocates, reads_constraints, staff
from portal.candidates.room import candidates
from portal.foundation import clock
from portal.foundation.access import opens_to, viewer
from portal.foundation.options import label, labels, options
from portal.foundation.words import _
from portal.tasks import queries as tasks


@candidates.get("/people/<key>")
@opens_to(staff)
def show(key: str) -> str:
    """The dossier's first page: where it stands, what is next, who it is."""
    case = queries.case_of(viewer(), key, "dossier", own_reads="constraints.read", glass=True)
    return render_template(
        "candidates/show.html", case=case, waiting=tasks.about_case(case.candidate.id, viewer()),
        way=standings.way(case.candidate.id), allocates=allocates(viewer(), case.candidate.programme_id),
        pronouns={"he": _("he"), "she": _("she"), "they": _("they")}, born=_born(case.identity.birth_date),
        earliest=possible.of(case.constraints, case.candidate.site) if case.own else None,
    )  # fmt: skip


def _born(written: str | None) -> date | None:
    return date.fromisoformat(written) if written else None


@candidates.get("/people/<key>/screened")
@opens_to(staff)
def screened(key: str) -> str:
    """What the screening found: skills, wishes, preconditions, and, for the own worker, what work must reckon with."""
    case = queries.case_of(viewer(), key, "screening results", own_reads="constraints.read", glass=True)
    wish, constraints, talk = queries.job_of(case.candidate.id)
    reads = reads_constraints(viewer(), case)
    return render_template(
        "candidates/screened.html", case=case, skills=queries.skills_of(case.candidate.id), wish=wish, talk=talk,
        preconditions=queries.preconditions_of(case.candidate.id) if case.works else None,
        constraints=constraints if reads else None, closed=allocates(viewer(), case.candidate.programme_id) and not reads,
        label=label, labels=labels, options=options, today=clock.today(),
    )  # fmt: skip


@candidates.route("/people/<key>/identity", methods=["GET", "POST"])
@opens_to(staff)
def identity(key: str) -> str | Response:
    """Who somebody is, as far as the work asks; what no profile may give away."""
    case = queries.case_of(viewer(), key, "identity form", own_only=True)
    form = IdentityForm.from_request(**_identity_values(case))
    if form.accepted():
        service.know(case.candidate, case.identity, form.answer())
        return form.go(url_for(".show", key=key), _("Kept."))
    return render_template("candidates/identity.html", case=case, form=form)


def _identity_values(case: queries.Case) -> dict[str, object]:
    one = case.identity
    same = ("first_name", "last_name", "nicknames", "pronoun", "birth_place", "street", "house_number", "postcode")
    values: dict[str, object] = {name: getattr(one, name) for name in (*same, "municipality", "phone", "email")}
    values["birth_date"] = _born(one.birth_date)
    values["employers"], values["schools"] = "\n".join(one.employers or []), "\n".join(one.schools or [])
    return values


@candidates.get("/people/<key>/contacts")
@opens_to(staff)
def contacts(key: str) -> str:
    """With whom we spoke, and what the person agreed to."""
    case = queries.case_of(viewer(), key, "contacts", keeps_only=True)
    return render_template(
        "candidates/contacts.html", case=case, page=queries.contacts_of(case.candidate.id), channels=CHANNELS, label=label,
        consents=consents.of(case.candidate.id),
    )  # fmt: skip


@candidates.route("/people/<key>/contacts/new", methods=["GET", "POST"])
@opens_to(staff)
def contact(key: str) -> str | Response:
    """Write down a contact."""
    case = queries.case_of(viewer(), key, "contacts", keeps_only=True)
    form = ContactForm.from_request(on=clock.today())
    if form.accepted():
        service.log_contact(case.candidate, form.answer())
        return form.go(url_for(".contacts", key=key), _("The contact is kept."))
    return render_template("candidates/contact.html", case=case, form=form)


@candidates.get("/people/<key>/journal")
@opens_to(staff)
def journal_of(key: str) -> str:
    """Who did and saw what in this case."""
    case = queries.case_of(viewer(), key, "journal", keeps_only=True)
    found = timeline.entries_of(case.candidate.id)
    return render_template("candidates/journal.html", case=case, page=found, lines=timeline.lines(found.items))
