"""What bin/test makes of its two runs."""

import pytest

from tests import run, servers


@pytest.fixture
def at_home(monkeypatch):
    monkeypatch.delenv("CI", raising=False)


@pytest.mark.parametrize(
    ("codes", "status"),
    [([0, 0], 0), ([0, 1], 1), ([1, 0], 1), ([0, run.NO_TESTS], 0), ([run.NO_TESTS] * 2, run.NO_TESTS), ([0], 0)],
)
def test_a_fault_in_either_run_is_a_fault_and_an_empty_run_is_not(at_home, codes, status):
    assert run.report(codes, []) == status


def test_what_is_missing_is_named_at_home_and_a_failure_in_ci(at_home, monkeypatch, capsys):
    assert run.report([0], ["browser tests: Chromium is missing"]) == 0
    assert capsys.readouterr().out == "Left out: browser tests: Chromium is missing\n"

    monkeypatch.setenv("CI", "true")

    assert run.report([0], ["browser tests: Chromium is missing"]) == 1
    assert run.report([0], []) == 0


@pytest.mark.parametrize("arguments", [[], ["--all"], ["--all", "--durations=15"]])
def test_the_whole_suite_is_spread_over_processes(arguments):
    assert run.spread(arguments) == ["--numprocesses", str(run.PROCESSES), "--dist", "loadgroup"]


@pytest.mark.parametrize("arguments", [["tests/core"], ["--all", "-k", "survival"], ["--pdb"]])
def test_a_part_of_it_stays_in_one(arguments):
    assert run.spread(arguments) == []


def test_a_named_server_that_does_not_answer_is_not_replaced(monkeypatch):
    monkeypatch.setenv("TEST_REDIS_URL", "redis://127.0.0.1:1/0")
    monkeypatch.setattr(servers, "REDIS_URL", "redis://127.0.0.1:1/0")

    with pytest.raises(servers.ServerMissing, match="TEST_REDIS_URL names a server"), servers.redis():
        pass
