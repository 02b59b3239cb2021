"""What docs/operations.md and docs/import.md say is what the code does."""

import re
from pathlib import Path

from flask import Flask, request

from portal import create_app
from portal.cli import import_ambassadors, import_cases, import_companies
from portal.config import ROOT, Settings, from_environment
from tests import engines


def words(name: str) -> str:
    return (ROOT / "docs" / name).read_text(encoding="utf-8")


def test_every_setting_is_documented() -> None:
    read = set(re.findall(r'env(?:iron)?\.get\("([A-Z_]+)"', (ROOT / "portal" / "config.py").read_text()))
    assert len(read) > 15
    assert not [name for name in read if f"`{name}`" not in words("operations.md")]


def test_every_column_of_an_import_is_documented() -> None:
    for kind in (import_companies.KIND, import_ambassadors.KIND, import_cases.KIND):
        section = words("import.md").split(f"\n## {kind.name}\n")[1].split("\n## ")[0]
        assert not [name for name in kind.columns if f"`{name}`" not in section], kind.name


def test_the_commands_that_are_written_down_exist(app: Flask) -> None:
    text = words("operations.md") + words("import.md")
    written = set(re.findall(r"flask --app portal ([a-z-]+)", text))
    assert written >= {"install", "migrate", "worker", "rotate-keys", "import"}
    assert written <= set(app.cli.commands)


def test_behind_a_proxy_the_readers_own_address_counts(tmp_path: Path) -> None:
    settings = from_environment({"DOORSTART_MODE": "test", "PROXIES": "1"})
    assert settings.proxies == 1
    for proxies, seen in ((0, "10.0.0.1"), (1, "192.0.2.7")):
        app = create_app(
            Settings(
                mode="test",
                instance=tmp_path,
                encryption_keys=(engines.KEY,),
                index_key="index " * 8,
                secret_key="x" * 40,
                proxies=proxies,
            )
        )
        with app.test_request_context(
            "/healthz", environ_base={"REMOTE_ADDR": "10.0.0.1"}, headers={"X-Forwarded-For": "203.0.113.5, 192.0.2.7"}
        ):
            found: list[str | None] = []
            app.wsgi_app(request.environ, lambda *_: lambda _data: None)  # type: ignore[arg-type]
            found.append(request.environ.get("REMOTE_ADDR"))
            assert found == [seen]
