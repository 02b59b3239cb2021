"""Companies, ambassadors and their invitations, each in one line."""

from itertools import count

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from portal.accounts import service as accounts
from portal.accounts.models import Person
from portal.accounts.roles import Role
from portal.ambassadors import charter as charters
from portal.ambassadors import invitations, queries, service
from portal.ambassadors.answers import InviteAnswer, SignAnswer
from portal.ambassadors.models import Ambassador, AmbassadorState, Invitation
from portal.employers.models import Employer
from portal.employers.states import EmployerState
from portal.foundation import clock
from portal.foundation.database import db
from portal.organisations.models import Kind, Organisation
from portal.tasks import service as tasks
from tests.factories import a_person, a_programme

_numbers = count(1)


def a_company(
    name: str = "", *, state: EmployerState = EmployerState.VERIFIED, invitation: Invitation | None = None, shows: bool = False
) -> Employer:  # fmt: skip
    name = name or f"Bedrijf {next(_numbers)}"
    organisation = Organisation(kind=Kind.COMPANY, name=name)
    db.session.add(organisation)
    db.session.flush()
    verified = state in {EmployerState.VERIFIED, EmployerState.ACTIVE, EmployerState.DORMANT}
    employer = Employer(
        organisation=organisation, organisation_id=organisation.id, programme_id=a_programme().id, state=state,
        invitation_id=invitation.id if invitation else None, shows_progress=shows,
        verified_at=clock.now() if verified else None,
    )  # fmt: skip
    db.session.add(employer)
    db.session.commit()
    return employer


def a_contact(company: Employer, email: str | None = None, *, name: str = "An Maes") -> Person:
    first, _, last = name.partition(" ")
    organisation = db.session.get_one(Organisation, company.organisation_id)
    return a_person(email, role=Role.EMPLOYER_ADMIN, organisation=organisation, first_name=first, last_name=last)


def a_coordinator(email: str = "cor@example.org") -> Person:
    return a_person(email, role=Role.COORDINATOR, programme=a_programme(), first_name="Cor", last_name="Boel")


def signed(company: Employer, person: Person) -> Ambassador:
    """The charter is signed and waits for the coordinator."""
    whole = db.session.scalars(
        sa.select(Employer)
        .options(joinedload(Employer.organisation))
        .where(Employer.id == company.id)
        .execution_options(populate_existing=True)
    ).one()
    found = service.sign(whole, person, charters.in_force("nl"), SignAnswer("An Maes", True))
    db.session.commit()
    return found


def an_ambassador(company: Employer | None = None, person: Person | None = None) -> Ambassador:
    """Signed and approved, without the letter and the tasks."""
    company = company or a_company("Bakkerij Soetaert")
    person = person or a_contact(company)
    ambassador = signed(company, person)
    ambassador.state = AmbassadorState.ACTIVE
    tasks.close(None, ambassador)
    accounts.seat(person, Role.AMBASSADOR, organisation_id=company.organisation_id)
    db.session.commit()
    return ambassador


def who(ambassador: Ambassador) -> Person:
    return db.session.get_one(Person, ambassador.person_id)


def an_answer(email: str, company: str = "Garage Peer", words: str = "Het loopt goed. Kom eens langs.") -> InviteAnswer:
    return InviteAnswer(company, "Jan Peeters", email, "nl", words)


def a_draft(ambassador: Ambassador, email: str, company: str = "Garage Peer") -> Invitation:
    """Written, with its sender at hand as the page loads it."""
    draft = invitations.write(ambassador, an_answer(email, company))
    db.session.commit()
    found = queries.invitation_behind(draft.id)
    assert found is not None
    return found


def an_invitation(ambassador: Ambassador, email: str, company: str = "Garage Peer") -> Invitation:
    """Written and sent: take the `post` fixture."""
    found = a_draft(ambassador, email, company)
    invitations.send(found)
    db.session.commit()
    return found
