"""Reads every room, changes none: targets, reports, figures."""
