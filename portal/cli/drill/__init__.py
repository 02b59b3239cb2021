"""Drills: the portal's promises about load and about sudden death, tried for real (docs/reliability.md)."""
