"""The house tests its own building: tables, templates, texts, states."""

import ast
import re
from enum import StrEnum
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from portal import ROOMS
from portal.cli import messages
from portal.config import ROOT
from portal.foundation.database import db
from portal.foundation.states import Stateful, Transitions

TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))


def test_every_template_compiles(app: Flask) -> None:
    for path in TEMPLATES:
        app.jinja_env.get_template(path.relative_to(ROOT / "templates").as_posix())


def test_every_template_is_used() -> None:
    code = "\n".join(p.read_text() for p in (ROOT / "portal").rglob("*.py"))
    pages = "\n".join(p.read_text() for p in TEMPLATES)
    built = tuple(re.findall(r'f"([a-z_]+/[a-z_]*)\{', code))
    for path in TEMPLATES:
        name = path.relative_to(ROOT / "templates").as_posix()
        letter = name.removeprefix("mail/").removesuffix(".html")
        used = name.startswith(built) or f'"{name}"' in code or f'"{name}"' in pages or f"'{name}'" in pages
        assert used or (name.startswith("mail/") and f'"{letter}"' in code), f"nobody uses {name}"


def test_every_text_stands_in_three_languages() -> None:
    assert messages.problems() == []


def test_only_the_shared_tables_lack_a_room() -> None:
    rooms = {model.class_.__module__.split(".")[1] for model in db.Model.registry.mappers}
    assert rooms <= set(ROOMS)


def _tables_of_states() -> list[tuple[str, type[StrEnum], Transitions]]:
    for room in ROOMS:
        for part in ("models", "states"):
            if (ROOT / "portal" / room / f"{part}.py").exists():
                import_module(f"portal.{room}.{part}")
    found = []
    for mapper in db.Model.registry.mappers:
        if issubclass(mapper.class_, Stateful):
            kind = mapper.columns["state"].type.enum_class
            found.append((mapper.class_.__name__, kind, mapper.class_.transitions))
    return sorted(found, key=lambda one: one[0])


@pytest.mark.parametrize(
    ("name", "states", "transitions"), _tables_of_states(), ids=lambda v: v if isinstance(v, str) else ""
)
def test_every_state_is_in_its_table_and_can_be_reached(name: str, states: Any, transitions: Transitions) -> None:
    first = next(iter(states))
    assert set(transitions.table) == set(states), f"{name}: a state without a line in its table"
    starts = {first} | {s for s in states if s.value in {"proposed", "not_needed", "to_request"}}
    reached = set().union(*(transitions.reachable_from(start) for start in starts))
    assert reached == set(states), f"{name}: nothing leads to {set(states) - reached}"


@pytest.mark.engine
def test_migrations_go_up_down_and_up_and_give_the_models(portal: Flask, tmp_path: Path) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext
    from flask_migrate import downgrade, upgrade

    folder = str(ROOT / "migrations")
    with portal.app_context():
        db.drop_all()
        db.session.commit()
        upgrade(folder)
        downgrade(folder, revision="base")
        left = set(sa.inspect(db.engine).get_table_names())
        assert left <= {"alembic_version"}
        upgrade(folder)
        with db.engine.connect() as connection:
            context = MigrationContext.configure(connection, opts={"compare_type": True})
            assert compare_metadata(context, db.metadata) == []
            if db.engine.dialect.name == "sqlite":
                assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1


def _checks() -> dict[str, dict[str, str]]:
    """What the database itself refuses, by table and constraint: Alembic does not compare these."""
    looked = sa.inspect(db.engine)
    return {
        table: {str(one["name"]): re.sub(r"\s+", " ", one["sqltext"]) for one in looked.get_check_constraints(table)}
        for table in looked.get_table_names()
        if table != "alembic_version"
    }


@pytest.mark.engine
def test_a_migrated_database_refuses_what_a_new_one_refuses(portal: Flask) -> None:
    """A state that was added to an enum is refused by every older database until a migration says so."""
    from flask_migrate import upgrade

    with portal.app_context():
        db.drop_all()
        db.session.commit()
        upgrade(str(ROOT / "migrations"))
        migrated = _checks()
        db.drop_all()
        with db.engine.begin() as connection:
            connection.exec_driver_sql("DROP TABLE alembic_version")
        db.create_all()
        made = _checks()
    assert {table: migrated[table] for table in made if migrated.get(table) != made[table]} == {}
    assert made["decision"]


@pytest.mark.engine
def test_there_is_one_migration_head() -> None:
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(ROOT / "migrations"))
    assert len(ScriptDirectory.from_config(config).get_heads()) == 1


def test_every_constraint_has_a_name() -> None:
    for table in db.metadata.tables.values():
        for constraint in table.constraints:
            assert constraint.name, f"{table.name}: {constraint!r}"


def test_no_relationship_loads_lazily() -> None:
    for mapper in db.Model.registry.mappers:
        for relationship in mapper.relationships:
            assert relationship.lazy == "raise", f"{relationship} would load behind our back"


def _sources() -> list[Path]:
    return sorted((ROOT / "portal").rglob("*.py"))


def test_files_stay_small() -> None:
    long = {p.relative_to(ROOT).as_posix(): n for p in _sources() if (n := len(p.read_text().splitlines())) > 320}
    assert not long, f"what wants to leave? {long}"


def test_functions_stay_small() -> None:
    long = []
    for path in _sources():
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef) and (node.end_lineno or 0) - node.lineno + 1 > 40:
                long.append(f"{path.relative_to(ROOT)}:{node.lineno} {node.name}")
    assert not long, f"what wants to leave? {long}"


def test_no_page_says_the_word_anonymous_of_our_profiles() -> None:
    """Never promise "anonymous": being on the portal already says something (product.md, promise 9)."""
    for path in TEMPLATES:
        assert not re.search(r"\banonymous\b", path.read_text(), re.I), path
