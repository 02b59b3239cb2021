"""Who may enter, by role: the predicates of docs/access.md that several rooms share."""

from portal.accounts.roles import EMPLOYERS, PARTNERS, STAFF, Role
from portal.foundation.access import Policy, role_policy

staff = role_policy("project worker or coordinator", *STAFF)
worker = role_policy("project worker", Role.PROJECT_WORKER)
coordinator = role_policy("coordinator", Role.COORDINATOR)
employer = role_policy("employer contact or admin", *EMPLOYERS)
employer_admin = role_policy("employer admin", Role.EMPLOYER_ADMIN)
partner = role_policy("partner", *PARTNERS)
administrator = role_policy("administrator", Role.ADMINISTRATOR)
visitor = Policy("visitor", lambda who: who.is_anonymous)
