"""A calendar file is handed to a process of its own (`ics_spans`), which answers with taken quarters and nothing else."""

import json
import subprocess
import sys
from collections.abc import Collection
from datetime import date
from enum import StrEnum
from pathlib import Path

from portal.agenda.cells import spanning
from portal.agenda.windows import Span
from portal.foundation.clock import BRUSSELS

MOST_BYTES = 1_000_000
PATIENCE = 10
_PROGRAM = Path(__file__).with_name("ics_spans.py")


class Trouble(StrEnum):
    """Why a calendar gave no hours."""

    REFUSED_ADDRESS = "refused_address"
    UNREACHABLE = "unreachable"
    NOT_GIVEN = "not_given"
    TOO_SLOW = "too_slow"
    TOO_LARGE = "too_large"
    TOO_MUCH = "too_much"
    NOT_A_CALENDAR = "not_a_calendar"


class Unread(Exception):
    """A calendar could not be read. It holds a word of ours only: nothing of the address, and nothing of the file."""

    def __init__(self, trouble: Trouble) -> None:
        super().__init__(trouble.value)
        self.trouble = trouble


def spans_of(content: bytes, first: date, last: date, ours: Collection[str] = ()) -> list[Span]:
    """When the calendar is busy, from `first` to `last`, in whole quarters, merged. Raises Unread.

    `ours` are the events in it that come from this portal: they do not count twice.
    """
    if len(content) > MOST_BYTES:
        raise Unread(Trouble.TOO_LARGE)
    asked = {"first": first.isoformat(), "last": last.isoformat(), "zone": BRUSSELS.key, "ours": sorted(ours)}
    try:
        # Without our environment: the keys of the portal stand in it.
        done = subprocess.run(
            [sys.executable, "-I", str(_PROGRAM)], input=json.dumps(asked).encode() + b"\n" + content, env={},
            capture_output=True, timeout=PATIENCE, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        raise Unread(Trouble.TOO_MUCH) from None
    # Ended by its own bounds: there is no answer.
    answer = json.loads(done.stdout or b"{}") if done.returncode == 0 else {}
    if "taken" not in answer:
        raise Unread(Trouble(answer.get("trouble", Trouble.TOO_MUCH)))
    return [spanning(begins, stop) for begins, stop in answer["taken"]]
