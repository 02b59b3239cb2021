"""Structured logs: one line a request, and no personal data: an address may hold a token, so the endpoint is written."""

import logging
import secrets
import sys
import time
import traceback
from collections.abc import MutableMapping
from pathlib import Path
from typing import Any

import structlog
from flask import Flask, g, request
from werkzeug.wrappers import Response

from portal.config import Settings

log = structlog.get_logger("doorstart")
_STEPS = 12


def set_up(settings: Settings) -> None:
    """JSON in production, plain lines elsewhere."""
    last = structlog.processors.JSONRenderer() if settings.mode == "production" else structlog.dev.ConsoleRenderer()
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            # The demo's people are invented: there a developer may read the whole mistake.
            structlog.processors.format_exc_info if settings.demo else _only_where,
            last,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )


def _only_where(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Of a mistake its kind and the lines that led there: its sentence and its values may hold somebody's name."""
    if event.pop("exc_info", None):
        kind, _error, trace = sys.exc_info()
        event.setdefault("kind", kind.__name__ if kind is not None else "")
        steps = traceback.extract_tb(trace)
        event["where"] = [f"{Path(one.filename).name}:{one.lineno} {one.name}" for one in steps[-_STEPS:]]
    return event


def one_line_a_request(app: Flask) -> None:
    @app.before_request
    def begin() -> None:
        g.began = time.perf_counter()
        g.request_id = secrets.token_hex(6)

    @app.after_request
    def end(response: Response) -> Response:
        if request.endpoint and not request.endpoint.endswith("static"):
            log.info(
                "request",
                id=g.get("request_id"),
                method=request.method,
                endpoint=request.endpoint,
                status=response.status_code,
                ms=round((time.perf_counter() - g.get("began", time.perf_counter())) * 1000, 1),
            )
        return response
