"""Letters are stored with the work that caused them and leave after its commit: never lost, never sent twice on purpose."""
