"""`make run` for real: one parent, a web server, a worker; a letter crosses them; Ctrl-C leaves nothing behind."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from http.cookiejar import CookieJar
from pathlib import Path

import psutil
import pytest

from portal.config import ROOT


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(url: str, *, seconds: float, text: str = "") -> str:
    """The page's text once it answers and says so."""
    end = time.monotonic() + seconds
    seen = ""
    while time.monotonic() < end:
        try:
            with urllib.request.urlopen(url, timeout=5) as answer:
                seen = answer.read().decode()
                if text in seen:
                    return seen
        except OSError:
            pass
        time.sleep(0.3)
    pytest.fail(f"{url} never said {text!r}: {seen[:800]}")


@pytest.mark.journey
def test_make_run_serves_with_its_worker_and_ctrl_c_stops_everything(tmp_path: Path) -> None:
    port = free_port()
    environment = {
        **os.environ, "DOORSTART_MODE": "demo", "DOORSTART_INSTANCE": str(tmp_path), "PORT": str(port),
        "PUBLIC_URL": f"http://127.0.0.1:{port}", "PYTHONPATH": str(ROOT),
    }  # fmt: skip
    output = (tmp_path / "output").open("w")
    parent = subprocess.Popen(
        [sys.executable, "-m", "flask", "--app", "portal", "serve"], cwd=ROOT, env=environment, stdout=output,
        stderr=subprocess.STDOUT, start_new_session=True,
    )  # fmt: skip
    here = f"http://127.0.0.1:{port}"
    try:
        wait_for(f"{here}/readyz", seconds=120, text="ready")
        children = psutil.Process(parent.pid).children(recursive=True)
        commands = [" ".join(child.cmdline()) for child in children]
        assert any("granian" in command for command in commands), commands
        assert any("worker" in command for command in commands), commands
        ask_for_a_password(here)
        wait_for(f"{here}/_mail", seconds=30, text="lien")
    finally:
        parent.send_signal(signal.SIGINT)
        parent.wait(30)
        output.close()
    _gone, alive = psutil.wait_procs(children, timeout=5)
    assert not alive, f"still there: {alive}"
    assert f"http://localhost:{port}" in (tmp_path / "output").read_text()


def ask_for_a_password(here: str) -> None:
    """As a browser does: the form with its token, then the post; the worker delivers the letter."""
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
    people = browser.open(f"{here}/demo", timeout=10).read().decode()
    found = re.search(r'name="email" value="(lien[^"]*)"', people)
    assert found, "Lien is not in the demo"
    form = browser.open(f"{here}/password", timeout=10).read().decode()
    token = re.findall(r'name="csrf_token"[^>]*value="([^"]+)"', form)[-1]
    once = re.findall(r'name="once"[^>]*value="([^"]+)"', form)[-1]
    fields = {"csrf_token": token, "once": once, "email": found.group(1)}
    browser.open(f"{here}/password", data=urllib.parse.urlencode(fields).encode(), timeout=10)
