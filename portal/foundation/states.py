"""States are enums, and every change goes through one table of allowed transitions per state.

A class takes `Stateful` and names its table; `move_to` refuses what the table lacks and tells `state_changed`, which
the journal writes down with actor, time and reason (product.md, States).
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, ClassVar, Self

from portal.foundation.errors import DomainError
from portal.foundation.signals import state_changed
from portal.foundation.words import lazy


class WrongState(DomainError):
    """The table of transitions does not allow this step from here."""

    sentence = lazy(
        "This step is no longer possible: somebody changed it in the meantime. Look at where it stands now."
    )
    status = 409


class Transitions:
    """The whole table: from each state to the states that may follow it."""

    def __init__(self, table: Mapping[StrEnum, frozenset[StrEnum] | set[StrEnum]]) -> None:
        self.table = {old: frozenset(new) for old, new in table.items()}

    def allow(self, old: StrEnum, new: StrEnum) -> bool:
        return new in self.table.get(old, frozenset())

    def reachable_from(self, start: StrEnum) -> frozenset[StrEnum]:
        """Every state that some way leads to; a test holds that none is forgotten."""
        seen: set[StrEnum] = {start}
        todo = [start]
        while todo:
            for state in self.table.get(todo.pop(), frozenset()) - seen:
                seen.add(state)
                todo.append(state)
        return frozenset(seen)


class Stateful:
    """A row with a `state` column whose changes are checked and journalled."""

    transitions: ClassVar[Transitions]
    state: Any

    def may_move_to(self, new: StrEnum) -> bool:
        return self.transitions.allow(self.state, new)

    def move_to(self, new: StrEnum, reason: str = "") -> Self:
        """Raises WrongState when the table has no such step."""
        if not self.may_move_to(new):
            raise WrongState()
        old, self.state = self.state, new
        state_changed.send(self, old=old, new=new, reason=reason)
        return self
