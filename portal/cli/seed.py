"""The demo year: written once into an empty portal."""


def once() -> None:
    """Fill an empty portal; a portal with people in it is left alone."""
