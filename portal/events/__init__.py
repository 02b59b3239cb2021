"""Visits and meetings: a few companies together at a company or in a prison, and what came of it."""
