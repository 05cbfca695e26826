"""The figures of `/metrics`, in Prometheus' words.

Requests are counted in each process; gunicorn.conf.py names the folder in which its processes share
them. What the database knows is read when asked, so it is the same at every web server.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from datetime import datetime

from django.db import DatabaseError
from prometheus_client import CollectorRegistry, Counter, Histogram, disable_created_metrics, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector

from fde_portal.core import heartbeats
from fde_portal.core.queue import Queue, queues

METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
IN_PROCESS = CollectorRegistry()
# Each doubles a series, and shared counters have none.
disable_created_metrics()

REQUESTS = Counter(
    "fde_portal_requests", "Requests answered, by route.", ["route", "method", "status"], registry=IN_PROCESS
)
SECONDS = Histogram(
    "fde_portal_request_seconds",
    "Time to answer a request, by route.",
    ["route"],
    buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
    registry=IN_PROCESS,
)


def count_request(*, route: str, method: str | None, status: int, seconds: float) -> None:
    # A visitor chooses the method, and each new one would be a series for ever.
    REQUESTS.labels(route, method if method in METHODS else "other", status).inc()
    SECONDS.labels(route).observe(seconds)


def exposition(*, now: datetime) -> bytes:
    """Everything there is to tell, as Prometheus reads it."""
    registry = CollectorRegistry()
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        MultiProcessCollector(registry)
        requests = b""
    else:
        requests = generate_latest(IN_PROCESS)
    registry.register(Background(now))
    return requests + generate_latest(registry)


class Background:
    """Queues and worker, as the database knows them at `now`."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def describe(self) -> list[Metric]:
        """Nothing beforehand: Prometheus' registry would else read the database to learn the names."""
        return []

    def collect(self) -> Iterator[Metric]:
        up = GaugeMetricFamily("fde_portal_database_up", "1 when the database answers.")
        try:
            figures = [*self.queues(), *self.worker()]
        except DatabaseError:
            figures = []
        up.add_metric([], 1 if figures else 0)
        yield up
        yield from figures

    def queues(self) -> list[Metric]:
        return [
            by_queue("waiting", "Rows that wait for the worker.", Queue.length),
            by_queue("oldest_seconds", "How long the oldest row waits; 0 when none does.", self.oldest),
            by_queue("parked", "Rows that gave up and need an operator.", lambda queue: queue.parked().count()),
        ]

    def oldest(self, queue: Queue) -> float:
        since = queue.oldest_waiting()
        return (self.now - since).total_seconds() if since else 0

    def worker(self) -> list[Metric]:
        """The age of the last heartbeat; no figure before the first one."""
        age = heartbeats.age("worker", now=self.now)
        metric = GaugeMetricFamily("fde_portal_worker_heartbeat_age_seconds", "Time since the worker's last sign of life.")
        if age is not None:
            metric.add_metric([], age.total_seconds())
        return [metric]


def by_queue(name: str, text: str, figure: Callable[[Queue], float]) -> Metric:
    metric = GaugeMetricFamily(f"fde_portal_queue_{name}", text, labels=["queue"])
    for queue in queues():
        metric.add_metric([queue.name], figure(queue))
    return metric
