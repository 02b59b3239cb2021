"""The commands: install, seed, serve, messages, drills."""
