"""The figures of rules.toml."""

from typing import Any

from portal.foundation.options import load


def rule(subject: str, name: str) -> Any:
    return load("employers", "rules")[subject][name]
