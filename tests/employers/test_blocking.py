"""A company is stopped for a reason with a code, and goes on for a reason: both stand in the journal, sealed."""

from typing import Any

import pytest

from portal.accounts.roles import Role
from portal.employers.models import Employer
from portal.employers.states import EmployerState, VacancyState
from portal.foundation import clock
from portal.foundation.database import db
from portal.journal.models import Entry
from tests.employers.factories import a_contact, a_vacancy, an_employer
from tests.factories import a_person, a_programme

pytestmark = pytest.mark.usefixtures("app")


def blocked(visitors: Any, state: EmployerState = EmployerState.ACTIVE) -> tuple[Employer, Any]:
    employer = an_employer(state=state)
    employer.verified_at = clock.now() if state in (EmployerState.VERIFIED, EmployerState.ACTIVE) else None
    if state is EmployerState.LEAD:
        employer.registered_at = None
    if state is EmployerState.ACTIVE:
        a_vacancy(employer, a_contact(employer), state=VacancyState.OPEN)
    db.session.commit()
    lien = visitors(a_person(role=Role.PROJECT_WORKER))
    lien.open(f"/companies/{employer.key}/block").send(
        "Blokkeer dit bedrijf", because="agreements", reason="Kwam drie keer niet opdagen."
    )
    return employer, lien


def test_the_code_and_the_words_are_kept_and_the_team_reads_why(visitors: Any) -> None:
    employer, lien = blocked(visitors)
    lien.open(f"/companies/{employer.key}").says("Geblokkeerd: Houdt zich niet aan afspraken").lacks("Kwam drie keer")
    entry = db.session.query(Entry).filter_by(action="employer.blocked").one()
    assert entry.reason == "Kwam drie keer niet opdagen."
    assert db.session.query(Entry).filter_by(action="employer.blocked_because").one().details == {
        "because": "agreements"
    }
    assert "opdagen" not in str(db.session.execute(db.text("SELECT reason FROM journal_entry")).all())


@pytest.mark.parametrize(
    "state", [EmployerState.LEAD, EmployerState.REGISTERED, EmployerState.VERIFIED, EmployerState.ACTIVE]
)
def test_unblocked_with_a_reason_it_is_what_it_was(visitors: Any, state: EmployerState) -> None:
    employer, lien = blocked(visitors, state)
    page = lien.open(f"/companies/{employer.key}").follow("Laat dit bedrijf verdergaan")
    assert page.send("Deblokkeer dit bedrijf", reason="").status == 422
    page.send("Deblokkeer dit bedrijf", reason="Nieuwe zaakvoerder.").says("mag verder")
    db.session.expire_all()
    again = db.session.get_one(Employer, employer.id)
    assert again.state is state and again.blocked_because == ""
    assert db.session.query(Entry).filter_by(action=f"employer.{state.value}").one().reason == "Nieuwe zaakvoerder."


def test_unblocking_twice_or_where_nothing_is_blocked_changes_nothing(visitors: Any) -> None:
    employer, lien = blocked(visitors)
    page = lien.open(f"/companies/{employer.key}/unblock")
    page.send("Deblokkeer", reason="Nieuwe zaakvoerder.")
    data = [(k, v) for k, v in page.form("Deblokkeer").form_values() if k not in ("once", "reason")]
    assert lien.post(f"/companies/{employer.key}/unblock", [*data, ("reason", "Nog eens.")]).status == 409
    assert lien.open(f"/companies/{employer.key}/unblock").path == f"/companies/{employer.key}"


def test_another_programmes_company_does_not_exist_and_a_company_does_not_unblock_itself(visitors: Any) -> None:
    far = an_employer(programme=a_programme("Doorstart Hasselt"), state=EmployerState.BLOCKED)
    lien = visitors(a_person(role=Role.PROJECT_WORKER))
    lien.open(f"/companies/{far.key}/unblock", status=404)
    visitors(a_contact(far)).open(f"/companies/{far.key}/unblock", status=403)
