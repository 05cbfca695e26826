"""A gunicorn with two workers, and how much CPU its workers used."""

from __future__ import annotations

import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.servers import free_port

WORKERS = 2
TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class WebServer:
    port: int
    pid: int

    def cpu_seconds(self) -> float:
        """User and system time of the workers so far."""
        children = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text().split()
        return sum(_cpu_ticks(int(child)) for child in children) / TICKS_PER_SECOND


def _cpu_ticks(pid: int) -> int:
    # The name of the program may hold spaces, so count from its closing bracket.
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])


@contextmanager
def serve(application: str, environment: dict[str, str], ready: str) -> Iterator[WebServer]:
    """Run `application` until the block ends. `ready` is a path that answers 200 when it is up."""
    port = free_port()
    command = [sys.executable, "-m", "gunicorn", application, "--workers", str(WORKERS), "--worker-class", "sync",
               "--bind", f"127.0.0.1:{port}", "--log-level", "error", "--no-control-socket"]  # fmt: skip
    process = subprocess.Popen(command, env=os.environ | environment)
    try:
        _wait_for(f"http://127.0.0.1:{port}{ready}")
        yield WebServer(port, process.pid)
    finally:
        process.terminate()
        process.wait(timeout=20)


def _wait_for(url: str, seconds: int = 30) -> None:
    end = time.monotonic() + seconds
    while True:
        try:
            urllib.request.urlopen(url, timeout=5).close()
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.2)
        else:
            return
