"""Who did and saw what: append-only, with ids instead of foreign keys, so that it outlives what it speaks of."""
