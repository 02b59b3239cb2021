"""The menu of a desk: every door of a role on one line, in each language, also beside a long name."""

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser
from werkzeug.serving import make_server

from portal.accounts.roles import Role
from portal.foundation.database import db
from portal.foundation.words import LANGUAGES
from tests.factories import a_person, a_programme

pytestmark = pytest.mark.journey
ROWS = """() => new Set([...document.querySelectorAll('.menu-body .rooms li')].map(one => one.getBoundingClientRect().top)).size"""
DOORS = "() => document.querySelectorAll('.menu-body .rooms li').length"


@pytest.fixture
def here(app: Flask) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, app, threaded=True)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.PROJECT_WORKER])
def test_a_menu_is_one_line_of_a_desk_in_each_language(here: str, chromium: Browser, visitors: Any, role: Role) -> None:
    person = a_person(role=role, programme=a_programme(), first_name="Marie-Hélène", last_name="Vandenbroucke")
    page = chromium.new_context(viewport={"width": 1280, "height": 800}).new_page()
    for code in LANGUAGES:
        person.language = code
        db.session.commit()
        html = visitors(person).open("/").html
        page.goto(f"{here}/contact")
        page.set_content(html, wait_until="load")
        assert page.evaluate(DOORS) == (8 if role is Role.COORDINATOR else 6)
        assert page.evaluate(ROWS) == 1, f"{role} in {code}"
        assert page.evaluate("() => document.documentElement.scrollWidth") <= 1280
