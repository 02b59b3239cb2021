"""A demo portal of the journeys' own, served for real, and a browser that looks at every page it opens."""

import logging
import os
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet
from flask import Flask
from playwright.sync_api import Browser, sync_playwright
from werkzeug.serving import make_server

from portal.cli import demo_portal
from portal.foundation.database import db
from tests import engines

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """In CI the journeys are required; elsewhere they are skipped where there is no Chromium, and say so."""
    if CHROMIUM or os.environ.get("CI") == "true":
        return
    for item in items:
        if item.get_closest_marker("journey"):
            item.add_marker(pytest.mark.skip(reason="no Chromium here: apt-get install chromium"))


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    """A folder with a demo portal and its believable year as it was just written, and the settings that open it."""
    folder = tmp_path_factory.mktemp("filled")
    settings = {"public_url": "http://127.0.0.1:0", "encryption_keys": (Fernet.generate_key().decode(),)}
    with demo_portal.build(folder, **settings).app_context():
        db.engine.dispose()
    return folder, settings


@pytest.fixture
def demo_app(filled: tuple[Path, dict[str, Any]], tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """A portal in demo mode with its believable year: a journey's own copy, since writing it takes ten seconds."""
    folder, settings = filled
    own = tmp_path_factory.mktemp("demo")
    shutil.copytree(folder, own, dirs_exist_ok=True)
    app = demo_portal.build(own, **settings)
    app.jinja_env.bytecode_cache = engines.compiled(tmp_path_factory.getbasetemp())
    return app


@pytest.fixture
def address(demo_app: Flask) -> Iterator[str]:
    """Where the demo portal is served, by threads, for as long as the journeys last."""
    server = make_server("127.0.0.1", 0, demo_app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join(5)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    assert CHROMIUM, "the journeys need Chromium"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def shots() -> Path | None:
    """JOURNEY_SHOTS names a folder: each page of a journey is then kept there as a picture."""
    folder = os.environ.get("JOURNEY_SHOTS")
    if not folder:
        return None
    Path(folder).mkdir(parents=True, exist_ok=True)
    return Path(folder)


@pytest.fixture
def post_office(demo_app: Flask) -> Any:
    """Deliver what waits, as the worker does, and read it from the demo's mailbox."""
    from tests.journeys.traveller import PostOffice

    return PostOffice(demo_app)


@pytest.fixture(autouse=True)
def _quiet() -> None:
    """A failing journey shows its page, not each request of its server."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
