"""Accompanied interviews: request, permission, companion, outcome, decision."""
