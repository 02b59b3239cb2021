"""Sites are the coordinator's. Accounts come after this room, so the role's word stands here."""

from portal.foundation.access import role_policy

coordinator = role_policy("coordinator", "coordinator")
