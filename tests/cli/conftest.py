"""The demo year for tests: written once per process and engine, then copied."""

from typing import Any

import pytest
from flask import Flask

from portal.cli import demo
from tests import engines


@pytest.fixture
def year(app: Flask, engine: str, post: Any, tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """A portal with the demo year in it."""
    base = tmp_path_factory.getbasetemp()
    if engines.is_kept(engine, "year"):
        engines.again(engine, base, "year")
    else:
        demo.write(lambda title: None)
        engines.keep(engine, base, "year")
    return app
