"""The drill: two web servers and a worker are restarted one by one under traffic. Nothing fails, nothing is lost."""

import http.client
import json
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from itertools import count

import pytest
from django.test import Client
from django.utils import timezone

from engagements.models import MetricSnapshot, Recompute, UsageBatch
from engagements.services.recomputes import WAITING
from tests.conftest import end_group
from tests.factories.engagements import DeliverableFactory
from tests.factories.people import ManagerFactory
from tests.factories.usage import UsageSourceFactory, UsageTokenFactory
from tests.flows.web import start_web
from tests.servers import free_port

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

VISITORS = 3


class Balancer:
    """A proxy in small: takes turns, tries the next server when one refuses, lets one go when it is empty."""

    def __init__(self, ports: list[int]) -> None:
        self.ports = list(ports)
        self.open: Counter = Counter()
        self.turns = count()
        self.lock = threading.Lock()

    def ask(self, method: str, path: str, body: str = "", **headers: str) -> int:
        """The status of the answer. Raises OSError when a server broke off."""
        while True:
            with self.turn() as port:
                connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
                try:
                    connection.connect()
                except ConnectionRefusedError:
                    continue
                connection.request(method, path, body, {"Host": "localhost", **headers})
                answer = connection.getresponse()
                answer.read()
                connection.close()
                return answer.status

    @contextmanager
    def turn(self) -> Iterator[int]:
        with self.lock:
            port = self.ports[next(self.turns) % len(self.ports)]
            self.open[port] += 1
        try:
            yield port
        finally:
            with self.lock:
                self.open[port] -= 1

    def let_go(self, port: int) -> None:
        """Send nobody there any more and wait until the last one has left."""
        with self.lock:
            self.ports.remove(port)
        while self.open[port]:
            time.sleep(0.01)

    def take_back(self, port: int) -> None:
        with self.lock:
            self.ports.append(port)


class Traffic:
    """People who read pages and machines that deliver usage, until told to stop."""

    def __init__(self, balancer: Balancer, session: str, token: str) -> None:
        self.balancer, self.session, self.token = balancer, session, token
        self.numbers, self.over = count(), threading.Event()
        self.statuses: Counter = Counter()
        self.faults: list[str] = []
        self.threads = [threading.Thread(target=self.visit) for _ in range(VISITORS)]

    def __enter__(self) -> "Traffic":
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.over.set()
        for thread in self.threads:
            thread.join()

    def visit(self) -> None:
        while not self.over.is_set():
            for act in (self.read, self.deliver):
                try:
                    self.statuses[act.__name__, act()] += 1
                except (OSError, http.client.HTTPException) as fault:
                    self.faults.append(f"{act.__name__}: {fault!r}")
            time.sleep(0.05)

    def read(self) -> int:
        return self.balancer.ask("GET", "/customers/", Cookie=f"sessionid={self.session}")

    def deliver(self) -> int:
        number = next(self.numbers)
        day = (timezone.now() - timedelta(days=2)).date()
        rows = [{"actor": f"person-{number}", "date": str(day), "events": 1}]
        headers = {"Authorization": f"Bearer {self.token}", "Idempotency-Key": f"batch-{number}"}
        return self.balancer.ask(
            "POST", "/api/v1/usage/batches", json.dumps({"rows": rows}), **headers, **{"Content-Type": "application/json"}
        )


@pytest.fixture
def source():
    return UsageSourceFactory(deliverable=DeliverableFactory())


@pytest.fixture
def servers(process_environment, tmp_path):
    """Two running servers by their port; what is in there at the end is ended."""
    log = tmp_path / "web.log"
    servers = {(port := free_port()): start_web(port, process_environment, log) for _ in range(2)}
    yield servers
    for server in servers.values():
        end_group(server)


def test_restarts_one_by_one_fail_no_request_and_lose_no_work(source, servers, start_worker, process_environment, tmp_path):
    client = Client()
    client.force_login(ManagerFactory())
    balancer, worker = Balancer(list(servers)), start_worker()

    with Traffic(balancer, client.cookies["sessionid"].value, UsageTokenFactory(source=source).secret) as traffic:
        time.sleep(2)
        for port in list(servers):
            balancer.let_go(port)
            servers[port].terminate()
            assert servers[port].wait(timeout=40) == 0
            servers[port] = start_web(port, process_environment, tmp_path / "web.log")
            balancer.take_back(port)
            time.sleep(1)
        worker.terminate()
        worker.wait(timeout=60)
        worker = start_worker()
        time.sleep(2)
        end_group(worker)
        start_worker()
        time.sleep(2)

    assert traffic.faults == []
    assert set(traffic.statuses) == {("read", 200), ("deliver", 201)}
    delivered = traffic.statuses["deliver", 201]
    assert delivered > 30
    assert UsageBatch.objects.filter(state="accepted").count() == delivered
    wait_for_figures()
    snapshot = MetricSnapshot.objects.filter(deliverable=source.deliverable).latest("day")
    assert snapshot.values["wau"] == delivered


def wait_for_figures(seconds: float = 90) -> None:
    deadline = time.monotonic() + seconds
    while Recompute.objects.filter(WAITING).exists():
        assert time.monotonic() < deadline, "work was left behind"
        time.sleep(0.1)
