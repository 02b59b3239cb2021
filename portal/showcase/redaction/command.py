"""The check as a filter over JSON, so that anybody can measure it on texts of their own."""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from portal.showcase.redaction.check import check
from portal.showcase.redaction.finding import Finding
from portal.showcase.redaction.known import Known


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
    findings = check(text, Known.from_json(known), lang)
    return json.dumps([_row(finding) for finding in findings], ensure_ascii=False)


def run_batch(lines: Iterable[str]) -> Iterator[str]:
    """One array a line, in the same order; an empty line gives an empty array, so that lines stay paired."""
    for line in lines:
        if not line.strip():
            yield "[]"
            continue
        case = json.loads(line)
        yield run_one(case.get("known") or {}, str(case.get("lang") or ""), str(case.get("text") or ""))
