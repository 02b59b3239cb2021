"""Programmes with their targets, the sites where their people are, and the templates that a coordinator edits."""
