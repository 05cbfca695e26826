"""Web servers as an installation runs them: gunicorn with its own configuration, in processes of their own."""

from __future__ import annotations

import subprocess
import sys
import time
import urllib.request
from pathlib import Path

from tests.conftest import PROJECT


def start_web(port: int, environment: dict[str, str], log: Path) -> subprocess.Popen:
    """Start a server and wait until it answers; its lines go to the end of `log`."""
    command = [sys.executable, "-m", "gunicorn", "--bind", f"127.0.0.1:{port}", "--log-level", "warning"]
    # What a killed server leaves behind goes with the test's own folder.
    environment = environment | {"TMPDIR": str(log.parent)}
    with log.open("ab") as lines:
        server = subprocess.Popen(command, cwd=PROJECT, env=environment, stdout=lines, stderr=lines, start_new_session=True)
    wait_for(port, server)
    return server


def wait_for(port: int, server: subprocess.Popen, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not answers(port):
        assert server.poll() is None, f"the server ended with {server.returncode}"
        assert time.monotonic() < deadline, "the server does not answer"
        time.sleep(0.1)


def answers(port: int) -> bool:
    request = urllib.request.Request(f"http://127.0.0.1:{port}/healthz", headers={"Host": "localhost"})
    try:
        with urllib.request.urlopen(request, timeout=2) as response:
            return response.status == 200
    except OSError:
        return False
