"""Reading a case is not writing in it: identity and consents are the own worker's, the course of a way the coordinator's too."""

from typing import Any

import pytest

from portal.accounts.roles import Role
from portal.candidates.models import Candidate
from portal.foundation.database import db
from tests.candidates.factories import a_candidate
from tests.factories import a_person, a_programme

pytestmark = pytest.mark.usefixtures("app")


def test_a_coordinator_reads_a_case_and_changes_neither_identity_nor_consents(visitors: Any) -> None:
    worker = a_person(role=Role.PROJECT_WORKER)
    coordinator = a_person(role=Role.COORDINATOR)
    candidate: Candidate = a_candidate(worker=worker, programme=a_programme())
    db.session.commit()
    reads, writes = visitors(coordinator), visitors(worker)
    reads.open(f"/people/{candidate.key}")
    for page in ("identity", "consents/new"):
        writes.open(f"/people/{candidate.key}/{page}")
        reads.open(f"/people/{candidate.key}/{page}", status=404)
