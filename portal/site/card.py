from dataclasses import dataclass


@dataclass(frozen=True)
class Card:
    """A title, a sentence that matters, a line that explains, lines that lead somewhere, and where the card itself leads."""

    title: str
    sentence: str
    more: str = ""
    url: str = ""
    label: str = ""
    lines: tuple[tuple[str, str, str], ...] = ()
    """What comes first in each line, what it is about, and its address."""
