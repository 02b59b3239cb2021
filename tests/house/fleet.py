"""Several web processes and several workers on one PostgreSQL, as behind a balancer: started, killed, ended."""

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from portal.cli import serve
from portal.config import ROOT, Settings
from tests.house.test_serving import free_port, wait_for


@dataclass
class Fleet:
    """Processes that share a database, a queue and their keys, and nothing else: each instance folder is its own."""

    settings: Settings
    folder: Path
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def run(self, *command: str) -> None:
        """A command of the portal, to its end."""
        subprocess.run([sys.executable, "-m", "flask", "--app", "portal", *command], env=self._env("command"), cwd=ROOT, check=True, timeout=60)  # fmt: skip

    def web(self) -> str:
        """One more web server; returns its address."""
        port = free_port()
        address = f"http://127.0.0.1:{port}"
        self._start(address, serve.web("127.0.0.1", port, threads=4).command)
        return address

    def worker(self, *options: str) -> str:
        """One more worker; returns its name."""
        name = f"worker-{len(self.running)}"
        self._start(name, [*serve.worker().command, *options])
        return name

    def ready(self, *addresses: str) -> None:
        for address in addresses:
            wait_for(f"{address}/readyz", seconds=45, text="ready")

    def kill(self, name: str) -> None:
        """As a machine that fails: at once, without a word to the others."""
        process = self.running.pop(name)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait(5)

    def end(self) -> None:
        for name in list(self.running):
            self.kill(name)

    def said(self) -> str:
        """What the processes wrote, for a test that fails."""
        return "\n".join(f"{one.name}:\n{one.read_text()[-1500:]}" for one in sorted(self.folder.glob("*.out")))

    def _start(self, name: str, command: Sequence[str]) -> None:
        with (self.folder / f"{len(list(self.folder.glob('*.out')))}.out").open("wb") as output:
            self.running[name] = subprocess.Popen(
                command, env=self._env(name), cwd=ROOT, stdout=output, stderr=subprocess.STDOUT, start_new_session=True
            )

    def _env(self, name: str) -> dict[str, str]:
        own, database = self.folder / name.rpartition("/")[2].replace(":", "-"), self.settings.database_url
        return {
            **os.environ, "DOORSTART_MODE": "demo", "DOORSTART_INSTANCE": str(own), "PYTHONPATH": str(ROOT),
            "DATABASE_URL": database, "QUEUE_URL": database.replace("+psycopg", ""),
            "SECRET_KEY": self.settings.secret_key, "INDEX_KEY": self.settings.index_key,
            "ENCRYPTION_KEYS": ",".join(self.settings.encryption_keys), "PUBLIC_URL": "http://localhost",
        }  # fmt: skip
