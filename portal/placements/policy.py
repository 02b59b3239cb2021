"""Who may do what with a start: the worker prepares and records it, the coordinator looks along."""

from portal.accounts.policy import staff, worker

may_see = staff
may_prepare = worker
