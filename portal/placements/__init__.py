"""The start of a job, and how it lasts."""
