"""Who enters the room's pages, beside the policies that all rooms share: which rows they find, the queries decide."""

from portal.accounts.policy import coordinator, partner, staff, worker
from portal.accounts.roles import Role
from portal.candidates.queries import Case
from portal.foundation.access import Viewer

__all__ = ["allocates", "coordinator", "partner", "reads_constraints", "staff", "worker"]


def allocates(viewer: Viewer, programme_id: int) -> bool:
    """The coordinator of a programme gives its cases to workers."""
    return programme_id in viewer.programmes(Role.COORDINATOR)


def reads_constraints(viewer: Viewer, case: Case) -> bool:
    """What detention means for work is read by the case's own worker only (privacy.md)."""
    return case.own and viewer.has(Role.PROJECT_WORKER)
