import socket

import pytest

from fde_portal.core import demo
from fde_portal.core.environment import read_environment


@pytest.fixture
def data_dir(monkeypatch, tmp_path):
    monkeypatch.setattr(demo, "DATA_DIR", tmp_path / "var" / "demo")
    return demo.DATA_DIR


def test_free_port_is_used_as_wanted():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        wanted = probe.getsockname()[1]

    assert demo.choose_port(wanted) == wanted


def test_taken_port_gives_another_one_and_says_so(capsys):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken = other.getsockname()[1]

        assert demo.choose_port(taken) not in (taken, 0)

    assert capsys.readouterr().out == f"Port {taken} is taken; using a free one.\n"


def test_settings_of_a_real_installation_do_not_reach_the_demo(monkeypatch, data_dir):
    monkeypatch.setenv("DATABASE_URL", "postgresql://portal@db/portal")
    monkeypatch.setenv("REDIS_URL", "redis://redis")
    monkeypatch.setenv("ALLOWED_HOSTS", "portal.example.com")
    for name, value in demo.demo_environment(8123).items():
        monkeypatch.setenv(name, value)
    for name in demo.FOREIGN:
        monkeypatch.delenv(name, raising=False)

    environment = read_environment(data_dir)

    assert demo.FOREIGN.isdisjoint(demo.demo_environment(8123))
    assert environment.demo
    assert environment.embedded
    assert environment.data_dir == data_dir
    assert environment.base_url == "http://localhost:8123"


def test_second_demo_on_the_same_data_is_refused(data_dir):
    with demo.take_lock(), pytest.raises(SystemExit, match="running already"):
        demo.take_lock()

    demo.take_lock().close()


def test_failing_preparation_ends_the_demo_before_anything_is_served(data_dir, monkeypatch):
    monkeypatch.setattr(demo, "manage", lambda *command: ["false"])

    with pytest.raises(SystemExit, match="migrate failed"):
        demo.prepare({})


def test_web_server_listens_on_this_machine_only_and_logs_no_addresses(data_dir):
    web, worker = demo.programs(8123, {})

    assert "127.0.0.1:8123" in web.command
    assert "--access-logfile" not in web.command
    assert "--beat" in worker.command
