"""Ambassadors who chose to be named, with the words that they agreed to. Without one, the pages show none: nothing is made up."""

from collections.abc import Sequence

from portal.ambassadors import words_queries
from portal.ambassadors.words_queries import OnTheWall


def named_ambassadors(limit: int = 12) -> Sequence[OnTheWall]:
    """Active ambassadors who chose to be named, those with words of their own first."""
    return [one for one in words_queries.wall() if one.company][:limit]
