"""One parent supervises the web server and the job worker, and stops everything that it started."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

PATIENCE = 10.0
QUICK = 5.0


@dataclass
class Child:
    """A process of ours: its command, and how often it died young."""

    name: str
    command: Sequence[str]
    process: subprocess.Popen[bytes] | None = None
    began: float = 0.0
    early_deaths: int = 0

    def start(self) -> None:
        # A session of its own: Ctrl-C reaches the parent alone, which then stops the children in order.
        self.process = subprocess.Popen(self.command, start_new_session=True)
        self.began = time.monotonic()

    def died(self) -> bool:
        return self.process is not None and self.process.poll() is not None

    def signal(self, number: int) -> None:
        if self.process is not None and self.process.poll() is None:
            os.killpg(self.process.pid, number)


@dataclass
class Supervisor:
    """Starts its children, starts one again that dies, and gives up on one that dies young five times."""

    children: list[Child]
    stopping: bool = field(default=False, init=False)

    def run(self) -> int:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, lambda *_: self._stop())
        for child in self.children:
            child.start()
        failed = 0
        while not self.stopping and not failed:
            time.sleep(0.2)
            failed = self._look()
        self._end()
        return failed

    def _stop(self) -> None:
        self.stopping = True

    def _look(self) -> int:
        for child in self.children:
            if not child.died():
                continue
            young = time.monotonic() - child.began < QUICK
            child.early_deaths = child.early_deaths + 1 if young else 0
            if child.early_deaths >= 5:
                print(f"{child.name} does not stay up: look at the lines above", file=sys.stderr)
                return 1
            time.sleep(min(child.early_deaths, 3))
            child.start()
        return 0

    def _end(self) -> None:
        for child in self.children:
            child.signal(signal.SIGTERM)
        deadline = time.monotonic() + PATIENCE
        for child in self.children:
            if child.process is None:
                continue
            try:
                child.process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                child.signal(signal.SIGKILL)
                child.process.wait()


def web(host: str, port: int, *, workers: int = 1, threads: int = 8) -> Child:
    """The web server: granian, serving the WSGI app that `portal.create_app` makes."""
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--factory", "portal:create_app"]
    command += ["--host", host, "--port", str(port), "--workers", str(workers), "--blocking-threads", str(threads)]
    return Child("the web server", [*command, "--no-access-log", "--log-level", "warning"])


def worker() -> Child:
    return Child("the worker", [sys.executable, "-m", "flask", "--app", "portal", "worker"])
