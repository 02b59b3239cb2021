"""Who enters the room's pages, beside the policies that all rooms share: which rows they find, the queries decide."""

from portal.accounts.policy import coordinator, partner, staff, worker
from portal.accounts.roles import Role
from portal.candidates.queries import reads_constraints
from portal.foundation.access import Viewer, role_policy

__all__ = ["allocates", "coordinator", "opened_to", "partner", "reads_constraints", "staff", "worker"]

opened_to = role_policy("coordinator or administrator", Role.COORDINATOR, Role.ADMINISTRATOR)
# What a regime asks is data of the houses, not of a person: the programme's own, and what counts for all.
keeps_regimes = opened_to


# privacy.md: who reads which part of the persons that they referred, logged.
READ_JOB = (Role.VDAB, Role.PSD, Role.CENTRE_WORKER)
READ_CONSTRAINTS = (Role.PSD, Role.JUSTICE_ASSISTANT)
partner_reads_job = role_policy("VDAB consultant, PSD or centre social worker", *READ_JOB)
partner_reads_constraints = role_policy("PSD or justice assistant", *READ_CONSTRAINTS)


def allocates(viewer: Viewer, programme_id: int) -> bool:
    """The coordinator of a programme gives its cases to workers."""
    return programme_id in viewer.programmes(Role.COORDINATOR)
