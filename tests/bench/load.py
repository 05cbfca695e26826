"""Four clients that ask for one page as fast as it comes, for some seconds."""

from __future__ import annotations

import http.client
import statistics
import threading
import time
from dataclasses import dataclass

from tests.bench.web import WebServer

CLIENTS = 4
WARM_UP_SECONDS = 1.0


@dataclass(frozen=True)
class Target:
    """A page: where it is, what the request carries."""

    name: str
    server: WebServer
    path: str
    headers: dict[str, str]


@dataclass(frozen=True)
class Window:
    """What one window of load measured, milliseconds."""

    requests: int
    cpu: float
    p50: float
    p95: float


def measure(target: Target, seconds: float) -> Window:
    """Ask for `target` for `seconds` after a warm-up. Raises RuntimeError for an answer other than 200."""
    _load(target, WARM_UP_SECONDS)
    before = target.server.cpu_seconds()
    times = _load(target, seconds)
    cpu = target.server.cpu_seconds() - before
    cuts = statistics.quantiles(times, n=20)
    return Window(len(times), cpu / len(times) * 1000, statistics.median(times) * 1000, cuts[18] * 1000)


def _load(target: Target, seconds: float) -> list[float]:
    end, times, faults = time.monotonic() + seconds, [], []

    def ask() -> None:
        while time.monotonic() < end and not faults:
            start = time.monotonic()
            status = status_of(target)
            times.append(time.monotonic() - start)
            if status != 200:
                faults.append(f"{target.name} answered {status}")

    clients = [threading.Thread(target=ask) for _ in range(CLIENTS)]
    for client in clients:
        client.start()
    for client in clients:
        client.join()
    if faults:
        raise RuntimeError(faults[0])
    return times


def status_of(target: Target) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", target.server.port, timeout=30)
    try:
        connection.request("GET", target.path, headers=target.headers)
        answer = connection.getresponse()
        answer.read()
        return answer.status
    finally:
        connection.close()
