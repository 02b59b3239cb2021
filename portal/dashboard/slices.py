"""A long list of cases, a part at a time."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import request

SIZE = 25


@dataclass(frozen=True)
class Slice:
    """A part of a list, with the addresses of the parts beside it."""

    previous_url: str | None
    next_url: str | None


def start_of(number: int) -> int:
    """Where the part that was asked for begins; never outside the list."""
    return max(min(request.args.get("start", 0, type=int) or 0, number), 0)


def beside(start: int, number: int, at: Callable[[int], str]) -> Slice:
    return Slice(
        at(max(start - SIZE, 0)) if start > 0 else None,
        at(start + SIZE) if start + SIZE < number else None,
    )
