"""The day in an address."""

from datetime import date

from flask import request


def asked_day() -> date | None:
    """None where it is none, or not in a believable year."""
    try:
        asked = date.fromisoformat(request.args.get("day", ""))
    except ValueError:
        return None
    return asked if 2020 <= asked.year <= 2100 else None
