"""Companies that bring in their peers: the charter, the invitations, the funnel. Never a candidate."""
