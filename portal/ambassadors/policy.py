"""Who enters the network: the employers' contacts and the ambassadors; approving is the coordinator's."""

from portal.accounts.policy import coordinator, employer_admin
from portal.accounts.roles import EMPLOYERS, Role
from portal.foundation.access import role_policy

network = role_policy("employer contact, employer admin or ambassador", *EMPLOYERS, Role.AMBASSADOR)
ambassador = role_policy("ambassador", Role.AMBASSADOR)

__all__ = ["ambassador", "coordinator", "employer_admin", "network"]
