"""Whose way a page is about: read by who may read the case, steered by its own worker and the coordinator."""

from typing import Any

from portal.accounts.roles import Role
from portal.candidates import handles
from portal.candidates.handles import Handle
from portal.foundation.access import viewer
from portal.foundation.errors import NotFound
from portal.trajectories import queries
from portal.trajectories.models import Trajectory


def opened(key: str) -> tuple[Trajectory, dict[str, Any], Handle]:
    """A way, the version of the flow on which it runs, and its case. Raises NotFound for a stranger's."""
    found = queries.with_flow(Trajectory.key == key)
    if found is None:
        raise NotFound()
    return *found, handles.read_by(viewer(), found[0].candidate_id)


def steered(key: str) -> Trajectory:
    """A way whose course the viewer decides: the case's own worker and the coordinator. A companion only reads."""
    trajectory, _flow, case = opened(key)
    if not steers(case):
        raise NotFound()
    return trajectory


def steers(case: Handle) -> bool:
    who = viewer()
    return case.worker_id == who.me or case.programme_id in who.programmes(Role.COORDINATOR)
