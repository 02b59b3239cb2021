"""The house of tests: real databases, one app per process and engine, a fresh copy of the tables for each test."""

import gc
import os
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask

from portal import settle
from tests import engines
from tests.visitor import Visitor

pytest_plugins: list[str] = []


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--all-engines", action="store_true", help="every test on SQLite and on PostgreSQL")
    parser.addoption("--sqlite-only", action="store_true", help="nothing on PostgreSQL")


def pytest_configure(config: pytest.Config) -> None:
    engines.start_once(config)


def pytest_unconfigure(config: pytest.Config) -> None:
    engines.stop(config)


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Iterator[None]:
    """Thousands of tests are read, which all stay: looking for garbage among them takes half as long as reading them."""
    gc.disable()
    try:
        return (yield)
    finally:
        settle()
        gc.enable()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The long journeys begin first (and else the order is random), so that no process walks one while the rest is done."""
    items.sort(key=lambda item: item.get_closest_marker("journey") is None)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "engine" not in metafunc.fixturenames:
        return
    marked = metafunc.definition.get_closest_marker("engine")
    if marked and marked.args:
        _only_on(metafunc, marked.args)
        return
    both = metafunc.config.getoption("--all-engines") or marked
    if metafunc.config.getoption("--sqlite-only") or not both or metafunc.definition.get_closest_marker("journey"):
        both = None
    metafunc.parametrize("engine", ["sqlite", "postgresql"] if both else ["sqlite"], indirect=True, scope="function")


def _only_on(metafunc: pytest.Metafunc, engines_wanted: tuple[str, ...]) -> None:
    """`engine("postgresql")`: what is only promised there."""
    left_out = pytest.mark.skip(reason="only on PostgreSQL") if metafunc.config.getoption("--sqlite-only") else ()
    metafunc.parametrize("engine", [pytest.param(one, marks=left_out) for one in engines_wanted], indirect=True)


@pytest.fixture
def engine(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def portal(engine: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The portal with empty tables, not entered: tests that start processes of their own use this."""
    app = engines.fresh(engine, tmp_path_factory.getbasetemp())
    yield app
    engines.leave(app)


@pytest.fixture
def app(portal: Flask) -> Iterator[Flask]:
    """The portal, entered, with empty tables and the catalogue of competences."""
    with portal.app_context():
        yield portal


@pytest.fixture
def visitor(app: Flask) -> Visitor:
    """Somebody with a browser, who checks every page on opening it."""
    return Visitor(app)


@pytest.fixture
def visitors(app: Flask) -> Any:
    """Several people, each with a browser of their own: `visitors(person)`."""
    return lambda person=None: Visitor(app).become(person) if person is not None else Visitor(app)


@pytest.fixture(autouse=True)
def _no_unexpected_letters(request: pytest.FixtureRequest) -> Iterator[None]:
    """A letter that a test neither expects nor reads fails it: use the `post` fixture to say that letters may leave."""
    app = request.getfixturevalue("app") if "app" in request.fixturenames else None
    yield
    if app is None or "post" in request.fixturenames:
        return
    left = engines.letters(app)
    if left:
        pytest.fail(f"unexpected letters: {left}")


@pytest.fixture
def post(app: Flask) -> Any:
    """The letters of this test: `post.to("a@b.be")` delivers what waits and gives the rendered letters."""
    from tests.postbox import Postbox

    return Postbox(app)


os.environ.setdefault("DOORSTART_MODE", "test")
