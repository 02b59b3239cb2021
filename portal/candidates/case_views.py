"""The caseload and the dossier of one person."""

from datetime import date

import sqlalchemy as sa
from flask import render_template, request, url_for
from werkzeug.wrappers import Response

from portal.accounts.queries import holders
from portal.accounts.roles import Role
from portal.candidates import consents, identities, marks, queries, service, standings, timeline
from portal.candidates.forms import CHANNELS, ConsentForm, ContactForm, IdentityForm, WorkerForm
from portal.candidates.models import Consent
from portal.candidates.policy import allocates, coordinator, reads_constraints, staff
from portal.candidates.room import candidates
from portal.candidates.states import Channel, Purpose
from portal.foundation import clock
from portal.foundation.access import opens_to, viewer
from portal.foundation.database import db
from portal.foundation.errors import NotFound
from portal.foundation.fields import offer
from portal.foundation.forms import Press
from portal.foundation.options import label, labels, options
from portal.foundation.refusals import see_other
from portal.foundation.words import _
from portal.tasks import queries as tasks


@candidates.get("/people")
@opens_to(staff)
def index() -> str:
    """The viewer's people, by what is next."""
    search = request.args.get("name", "").strip()[:60]
    too_short = bool(search) and marks.found(search) is None
    found = queries.caseload(viewer(), search)
    ids = [one.id for one in found.items]
    return render_template(
        "candidates/index.html", page=found, search=search, too_short=too_short, all_cases=viewer().has(Role.COORDINATOR),
        names=identities.names(ids, "caseload"), standing=standings.words(ids), next_tasks=tasks.next_for_cases(ids),
    )  # fmt: skip


@candidates.get("/people/<key>")
@opens_to(staff)
def show(key: str) -> str:
    """The dossier's first page: where it stands, what is next, who it is."""
    case = queries.case_of(viewer(), key, "dossier")
    return render_template(
        "candidates/show.html", case=case, waiting=tasks.about_case(case.candidate.id, viewer()),
        way=standings.way(case.candidate.id), allocates=allocates(viewer(), case.candidate.programme_id),
        pronouns={"he": _("he"), "she": _("she"), "they": _("they")}, born=_born(case.identity.birth_date),
    )  # fmt: skip


def _born(written: str | None) -> date | None:
    return date.fromisoformat(written) if written else None


@candidates.get("/people/<key>/screened")
@opens_to(staff)
def screened(key: str) -> str:
    """What the screening found: skills, wishes, preconditions, and, for the own worker, what work must reckon with."""
    case = queries.case_of(viewer(), key, "screening results", own_reads="constraints.read")
    wish, constraints, talk = queries.job_of(case.candidate.id)
    reads = reads_constraints(viewer(), case)
    return render_template(
        "candidates/screened.html", case=case, skills=queries.skills_of(case.candidate.id), wish=wish, talk=talk,
        preconditions=queries.preconditions_of(case.candidate.id), constraints=constraints if reads else None,
        label=label, labels=labels, options=options,
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


@candidates.route("/people/<key>/worker", methods=["GET", "POST"])
@opens_to(coordinator)
def allocate(key: str) -> str | Response:
    """Give a case to another worker."""
    case = queries.case_of(viewer(), key, "allocation")
    if not allocates(viewer(), case.candidate.programme_id):
        raise NotFound()
    workers = holders(Role.PROJECT_WORKER, programme_id=case.candidate.programme_id)
    current = next((one.key for one in workers if one.id == case.candidate.worker_id), "")
    form = WorkerForm.from_request(worker=current)
    offer(form.worker, [(one.key, one.name) for one in workers], _("Choose"))
    if form.accepted():
        service.allocate(case.candidate, next(one for one in workers if one.key == form.answer().worker))
        return form.go(url_for(".show", key=key), _("The case has its worker."))
    return render_template("candidates/allocate.html", case=case, form=form)


@candidates.get("/people/<key>/contacts")
@opens_to(staff)
def contacts(key: str) -> str:
    """With whom we spoke, and what the person agreed to."""
    case = queries.case_of(viewer(), key, "contacts")
    return render_template(
        "candidates/contacts.html", case=case, page=queries.contacts_of(case.candidate.id), channels=CHANNELS, label=label,
        consents=consents.of(case.candidate.id),
    )  # fmt: skip


@candidates.route("/people/<key>/contacts/new", methods=["GET", "POST"])
@opens_to(staff)
def contact(key: str) -> str | Response:
    """Write down a contact."""
    case = queries.case_of(viewer(), key, "contacts")
    form = ContactForm.from_request(on=clock.today())
    if form.accepted():
        service.log_contact(case.candidate, form.answer())
        return form.go(url_for(".contacts", key=key), _("The contact is kept."))
    return render_template("candidates/contact.html", case=case, form=form)


@candidates.route("/people/<key>/consents/new", methods=["GET", "POST"])
@opens_to(staff)
def consent(key: str) -> str | Response:
    """Record that the person agreed. Consents for the profile and for one company are asked where they arise."""
    case = queries.case_of(viewer(), key, "consents", own_only=True)
    form = ConsentForm.from_request()
    asked = (Purpose.PROCESSING, Purpose.AFTERCARE, Purpose.JUSTICE_CONTACT)
    offer(form.purpose, [(one.value, consents.text(one, case.candidate.language)) for one in asked])
    if form.accepted():
        answer = form.answer()
        purpose, channel = Purpose(answer.purpose), Channel(answer.channel)
        consents.give(case.candidate.id, purpose, channel=channel, language=case.candidate.language)
        return form.go(url_for(".contacts", key=key), _("The agreement is kept."))
    return render_template("candidates/consent.html", case=case, form=form)


@candidates.post("/people/<key>/consents/<int:number>/withdraw")
@opens_to(staff)
def withdraw(key: str, number: int) -> Response:
    """The person takes an agreement back: it acts at once."""
    case = queries.case_of(viewer(), key, "consents", own_only=True)
    found = db.session.scalar(sa.select(Consent).where(Consent.id == number, Consent.candidate_id == case.candidate.id))
    if found is None:
        raise NotFound()
    press = Press.from_request()
    if press.accepted():
        consents.withdraw(found)
        return press.go(url_for(".contacts", key=key), _("The agreement has ended, as of now."))
    return see_other(url_for(".contacts", key=key))


@candidates.get("/people/<key>/journal")
@opens_to(staff)
def journal_of(key: str) -> str:
    """Who did and saw what in this case."""
    case = queries.case_of(viewer(), key, "journal")
    found = timeline.entries_of(case.candidate.id)
    return render_template("candidates/journal.html", case=case, page=found, lines=timeline.lines(found.items))
