"""The library of concerns and their answers."""
