"""Ambassadors who chose to be named, and the words that companies agreed to. Without one, the pages show none: nothing is
made up."""

from collections.abc import Sequence

from portal.ambassadors import words_queries
from portal.ambassadors.words_queries import OnTheWall


def named_ambassadors(limit: int = 12) -> Sequence[OnTheWall]:
    """Active ambassadors who chose to be named, those with words of their own first."""
    return [one for one in words_queries.wall() if one.company][:limit]


def told(limit: int = 30) -> Sequence[OnTheWall]:
    """What companies tell, whether they stand beside it with their name or not."""
    return [one for one in words_queries.wall() if one.text][:limit]
