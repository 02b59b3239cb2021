"""Who may enter the pages of an interview; which interviews they then find is decided by the scoped queries."""

from portal.accounts.policy import employer, staff
from portal.accounts.roles import EMPLOYERS, STAFF
from portal.foundation.access import role_policy

either = role_policy("project worker, coordinator, employer contact or admin", *STAFF, *EMPLOYERS)

__all__ = ["either", "employer", "staff"]
