"""Companies that hire: how they come in, who is in their team, what they look for."""
