"""All processes of a web server tell the same figures, and leave nothing behind."""

import signal
import urllib.error
import urllib.request

import pytest

from tests.conftest import end_group
from tests.core.test_metrics_page import figures
from tests.flows.web import start_web
from tests.servers import free_port

ASKED = 30


def scrape(port: int) -> dict[tuple, float]:
    request = urllib.request.Request(f"http://127.0.0.1:{port}/metrics", headers={"Host": "localhost"})
    with urllib.request.urlopen(request, timeout=10) as answer:
        return figures(answer.read())


def ask_for_nothing(port: int) -> None:
    request = urllib.request.Request(f"http://127.0.0.1:{port}/nothing/", headers={"Host": "localhost"})
    with pytest.raises(urllib.error.HTTPError, match="404"):
        urllib.request.urlopen(request, timeout=30)


@pytest.mark.django_db(transaction=True)
def test_whichever_process_answers_all_requests_are_counted(process_environment, tmp_path):
    process_environment.pop("PROMETHEUS_MULTIPROC_DIR", None)
    server = start_web(port := free_port(), process_environment, tmp_path / "web.log")
    try:
        assert len(list(tmp_path.glob("fde-portal-metrics-*"))) == 1
        for _ in range(ASKED):
            ask_for_nothing(port)
        for _ in range(4):
            assert scrape(port)["fde_portal_requests_total", "GET", "unknown", "404"] == ASKED
        server.send_signal(signal.SIGTERM)
        assert server.wait(timeout=40) == 0
    finally:
        end_group(server)
    assert list(tmp_path.glob("fde-portal-metrics-*")) == []
