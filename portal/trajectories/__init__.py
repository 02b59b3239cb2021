"""The twelve-week flow. Rooms below this one push a trajectory's state through its service."""
