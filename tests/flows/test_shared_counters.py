"""All processes of a web server tell the same figures, and leave nothing behind."""

import signal
import urllib.request

import pytest

from tests.conftest import end_group
from tests.core.test_metrics_page import figures
from tests.flows.web import answers, start_web
from tests.servers import free_port

ASKED = 30


def scrape(port: int) -> dict[tuple, float]:
    request = urllib.request.Request(f"http://127.0.0.1:{port}/metrics", headers={"Host": "localhost"})
    with urllib.request.urlopen(request, timeout=10) as answer:
        return figures(answer.read())


@pytest.mark.django_db(transaction=True)
def test_whichever_process_answers_all_requests_are_counted(process_environment, tmp_path):
    # A folder of its own for what the server makes: others run servers on this machine too.
    process_environment["TMPDIR"] = str(tmp_path)
    process_environment.pop("PROMETHEUS_MULTIPROC_DIR", None)
    server = start_web(port := free_port(), process_environment, tmp_path / "web.log")
    try:
        assert len(list(tmp_path.glob("fde-portal-metrics-*"))) == 1
        started = scrape(port)["fde_portal_requests_total", "GET", "healthz", "200"]
        assert all(answers(port) for _ in range(ASKED))
        for _ in range(4):
            assert scrape(port)["fde_portal_requests_total", "GET", "healthz", "200"] == started + ASKED
        server.send_signal(signal.SIGTERM)
        assert server.wait(timeout=40) == 0
    finally:
        end_group(server)
    assert list(tmp_path.glob("fde-portal-metrics-*")) == []
