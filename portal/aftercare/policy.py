"""Who may do what in aftercare: the worker of the case writes, the coordinator reads, a contact sees only its own dates."""

from portal.accounts.policy import coordinator, staff, worker
from portal.accounts.roles import EMPLOYERS, STAFF, Role
from portal.foundation.access import anyone, role_policy

may_list = role_policy("project worker, coordinator or employer", *STAFF, *EMPLOYERS)
may_see = staff
may_record = worker
may_plan = coordinator
may_answer = role_policy("project worker or employer contact", Role.PROJECT_WORKER, *EMPLOYERS)
may_open_link = anyone
