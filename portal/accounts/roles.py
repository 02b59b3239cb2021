"""The roles of product.md, as data: which are staff, and what each is called."""

from enum import StrEnum
from typing import Any

from portal.foundation.words import lazy


class Role(StrEnum):
    EMPLOYER_CONTACT = "employer_contact"
    EMPLOYER_ADMIN = "employer_admin"
    AMBASSADOR = "ambassador"
    PROJECT_WORKER = "project_worker"
    COORDINATOR = "coordinator"
    VDAB = "vdab"
    PSD = "psd"
    JUSTICE_ASSISTANT = "justice_assistant"
    CENTRE_WORKER = "centre_worker"
    ADMINISTRATOR = "administrator"


EMPLOYERS = (Role.EMPLOYER_CONTACT, Role.EMPLOYER_ADMIN)
STAFF = (Role.PROJECT_WORKER, Role.COORDINATOR)
PARTNERS = (Role.VDAB, Role.PSD, Role.JUSTICE_ASSISTANT, Role.CENTRE_WORKER)
# Who never comes in by a password alone. Employers may take a second step; a programme can demand it of them.
SECOND_STEP = (*STAFF, *PARTNERS, Role.ADMINISTRATOR)
# Whom an administrator invites; employers come in through their own company, ambassadors through the charter.
INVITED = (*STAFF, *PARTNERS, Role.ADMINISTRATOR)

LABELS: dict[str, Any] = {
    Role.EMPLOYER_CONTACT: lazy("employer contact"),
    Role.EMPLOYER_ADMIN: lazy("employer admin"),
    Role.AMBASSADOR: lazy("ambassador"),
    Role.PROJECT_WORKER: lazy("project worker"),
    Role.COORDINATOR: lazy("coordinator"),
    Role.VDAB: lazy("VDAB detention consultant"),
    Role.PSD: lazy("psychosocial service"),
    Role.JUSTICE_ASSISTANT: lazy("justice assistant"),
    Role.CENTRE_WORKER: lazy("centre social worker"),
    Role.ADMINISTRATOR: lazy("administrator"),
}
