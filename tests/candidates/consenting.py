"""Short ways to a question about an agreement, and to its answer."""

import sqlalchemy as sa

from portal.accounts import links
from portal.accounts.models import Person
from portal.candidates import consent_requests, consents
from portal.candidates.models import Candidate, Consent, Identity
from portal.candidates.states import Purpose
from portal.foundation import acting
from portal.foundation.database import db
from portal.tasks.models import Task
from tests.candidates.factories import a_candidate, a_worker
from tests.visitor import Page, Visitor

EMAIL = "karim@example.org"


def somebody(email: str | None = EMAIL, language: str = "nl") -> tuple[Person, Candidate]:
    worker = a_worker()
    candidate = a_candidate(worker)
    candidate.language = language
    identity = db.session.query(Identity).filter_by(candidate_id=candidate.id).one()
    identity.email = email
    db.session.commit()
    return worker, candidate


def asked(worker: Person, candidate: Candidate, purpose: Purpose | None = Purpose.AFTERCARE) -> str:
    """A link to hand over: its path."""
    with acting.as_(worker.id, "project_worker"):
        request = consent_requests.ask(candidate, purpose, by_letter=False)
    db.session.commit()
    link = consent_requests.open_link(request)
    assert link is not None
    return f"/agree/{links.token_of(link)}"


def say(page: Page, agrees: str) -> Page:
    """Answer the question of the page."""
    form = page.tree.xpath("//form[.//input[@name='agrees']]")[0]
    sent = [pair for pair in form.form_values() if pair[0] != "agrees"]
    return page.visitor.post(page.response.request.full_path, [*sent, ("agrees", agrees)])


def stands(candidate: Candidate, purpose: Purpose) -> Consent | None:
    db.session.expire_all()
    return consents.standing(candidate.id, purpose)


def tasks_of(candidate: Candidate) -> set[str]:
    return set(db.session.scalars(sa.select(Task.kind).where(Task.about == candidate.id, Task.closed_at.is_(None))))


def take_back(visitor: Visitor, worker: Person, candidate: Candidate, purpose: Purpose) -> None:
    """By link, as the person would: the button of this agreement."""
    page = visitor.open(asked(worker, candidate, None))
    given = stands(candidate, purpose)
    assert given is not None
    form = next(f for f in page.tree.xpath("//form") if f"/{given.id}/withdraw" in f.get("action", ""))
    assert visitor.post(form.get("action"), list(form.form_values())).status == 200
    assert stands(candidate, purpose) is None
