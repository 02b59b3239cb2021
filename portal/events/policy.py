"""Who enters: staff plan, companies answer. A visitor answers by a personal link only."""

from portal.accounts.policy import staff
from portal.accounts.roles import EMPLOYERS, STAFF, Role
from portal.foundation.access import role_policy

both = role_policy("project worker, coordinator, or a company's contact", *STAFF, *EMPLOYERS, Role.AMBASSADOR)
company = role_policy("employer contact, employer admin or ambassador", *EMPLOYERS, Role.AMBASSADOR)

__all__ = ["both", "company", "staff"]
