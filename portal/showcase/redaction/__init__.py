"""Finds what would give a candidate away in a text that leaves the team; a person decides."""

from portal.showcase.redaction.check import check
from portal.showcase.redaction.finding import KINDS, REASONS, SUGGESTIONS, Finding, Kind
from portal.showcase.redaction.known import Address, Known

__all__ = ["KINDS", "REASONS", "SUGGESTIONS", "Address", "Finding", "Kind", "Known", "check"]
