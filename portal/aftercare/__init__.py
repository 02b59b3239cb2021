"""Six months with three voices: the plan, the check-ins, the alerts. Nothing fades by accident."""
