"""Figures are the coordinator's: those of the programmes that the viewer coordinates."""

from portal.accounts.policy import coordinator

__all__ = ["coordinator"]
