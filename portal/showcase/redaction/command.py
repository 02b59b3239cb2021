"""The check as a filter over JSON, so that anybody can measure it on texts of their own."""

import json
import multiprocessing
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from typing import Any

from portal.showcase.redaction.check import check
from portal.showcase.redaction.finding import Finding
from portal.showcase.redaction.known import Known

_ALONE = re.compile("[\ud800-\udfff]")
_WORTH_SHARING = 200
_AT_ONCE = 25
_MOST_WORKERS = 4


class BrokenLine(ValueError):
    """A line of a batch, or a file, that cannot be read; its message is for a person."""


def _row(finding: Finding) -> dict[str, str | int]:
    return {
        "start": finding.start,
        "end": finding.end,
        "text": finding.text,
        "kind": finding.kind,
        "why": finding.why,
    }


def run_one(known: Mapping[str, Any], lang: str, text: str) -> str:
    """The findings in one text, as a JSON array."""
    findings = check(text, Known.from_json(known), lang.strip().lower()[:2])
    written = json.dumps([_row(finding) for finding in findings], ensure_ascii=False)
    # Half a surrogate pair cannot be written as UTF-8; JSON can spell it out.
    return _ALONE.sub(lambda alone: f"\\u{ord(alone[0]):04x}", written)


def known_from(content: str) -> Mapping[str, Any]:
    """The file with what is known. Raises BrokenLine when it is no JSON object."""
    values = _parsed(content) if content.strip() else {}
    if values is None:
        return {}
    if not isinstance(values, Mapping):
        raise BrokenLine("the file with what is known must hold one JSON object")
    return values


def run_batch(lines: Iterable[str], workers: int | None = None) -> Iterator[str | BrokenLine]:
    """One array a line, in the same order; an empty line gives an empty array, so that lines stay paired.

    A long file is shared out over several processes; what comes out is the same.
    """
    rows = list(lines)
    workers = min(os.cpu_count() or 1, _MOST_WORKERS) if workers is None else workers
    if workers < 2 or len(rows) < _WORTH_SHARING or "fork" not in multiprocessing.get_all_start_methods():
        yield from map(_answer, rows)
        return
    # A forked process has the portal already; started afresh, each would load all of it again.
    with ProcessPoolExecutor(workers, multiprocessing.get_context("fork")) as pool:
        yield from pool.map(_answer, rows, chunksize=_AT_ONCE)


def _answer(line: str) -> str | BrokenLine:
    try:
        return _run_line(line)
    except BrokenLine as broken:
        return broken


def _run_line(line: str) -> str:
    if not line.strip():
        return "[]"
    case = _parsed(line.lstrip("\ufeff"))
    if not isinstance(case, Mapping):
        raise BrokenLine('it must be an object with "known", "lang" and "text"')
    known, lang, text = case.get("known"), case.get("lang"), case.get("text")
    if not isinstance(known, Mapping | None):
        raise BrokenLine('"known" must be an object')
    if not isinstance(lang, str | None):
        raise BrokenLine('"lang" must be a text: nl, fr or en')
    if not isinstance(text, str | None):
        raise BrokenLine('"text" must be a text')
    return run_one(known or {}, lang or "", text or "")


def _parsed(content: str) -> Any:
    try:
        return json.loads(content)
    except RecursionError:
        raise BrokenLine("it is nested too deeply") from None
    except ValueError as error:
        raise BrokenLine(f"it is no JSON: {error}") from None
