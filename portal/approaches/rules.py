"""The figures of rules.toml."""

from typing import Any

from portal.foundation.options import load


def rule(name: str) -> Any:
    return load("approaches", "rules")[name]
