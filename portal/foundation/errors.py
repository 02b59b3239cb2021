"""Broken rules have names and sentences; a person reads them beside the field, never as a 500."""

from typing import Any


class DomainError(Exception):
    """A rule of the domain that somebody ran into.

    `sentence` is a lazy text (foundation.words.lazy) that says in plain words what happened and what helps;
    `field` names the form field to show it at; `status` is the HTTP status of the answer.
    """

    sentence: Any = ""
    field: str | None = None
    status: int = 422

    def __init__(self, sentence: Any = None, *, field: str | None = None) -> None:
        super().__init__()
        if sentence is not None:
            self.sentence = sentence
        if field is not None:
            self.field = field

    def __str__(self) -> str:
        return str(self.sentence)


class NotFound(Exception):
    """There is no such page for this viewer: a stranger's record answers with the same bytes as an unknown one."""


class LinkGone(DomainError):
    """A personal link that is used, expired or withdrawn."""

    status = 410


class Conflict(DomainError):
    """Somebody else was first."""

    status = 409
