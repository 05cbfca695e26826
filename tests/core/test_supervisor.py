import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from fde_portal.core import supervisor
from fde_portal.core.supervisor import Program

# Writes the ids of itself and of a child of its own, then waits.
FAMILY = """
import os, pathlib, subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
pathlib.Path(sys.argv[1]).write_text(f"{os.getpid()} {child.pid}")
time.sleep(60)
"""
STUBBORN = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN);" + FAMILY
SUPERVISE = """
import sys
from fde_portal.core.supervisor import Program, Supervisor
commands = [[sys.executable, "-c", sys.argv[1], path] for path in sys.argv[2:]]
Supervisor([Program(f"program {n}", command) for n, command in enumerate(commands)]).run()
"""


def wait_until(condition: Callable[[], object], seconds: float = 15) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.05)


def is_alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def ids(path: Path) -> list[int]:
    return [int(pid) for pid in path.read_text().split()] if path.exists() else []


@pytest.fixture
def supervise(tmp_path: Path):
    """Start a supervisor over two families; returns it and the files with their process ids."""
    started = []

    def start(code: str = FAMILY) -> tuple[subprocess.Popen, list[Path]]:
        notes = [tmp_path / "first", tmp_path / "second"]
        process = subprocess.Popen([sys.executable, "-c", SUPERVISE, code, *map(str, notes)])
        started.append(process)
        wait_until(lambda: all(len(ids(note)) == 2 for note in notes))
        return process, notes

    yield start
    for process in started:
        process.terminate()
        process.wait(15)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_ends_every_program_and_its_children(supervise, number):
    process, notes = supervise()
    pids = [pid for note in notes for pid in ids(note)]
    assert all(map(is_alive, pids))

    process.send_signal(number)

    assert process.wait(15) == 0
    assert not any(map(is_alive, pids))


def test_a_second_signal_does_not_wait_for_a_program_that_ignores_the_first(supervise):
    process, notes = supervise(STUBBORN)
    pids = [pid for note in notes for pid in ids(note)]

    process.terminate()
    time.sleep(0.5)
    assert process.poll() is None
    process.terminate()

    assert process.wait(3) == 0
    assert not any(map(is_alive, pids))


def test_a_killed_program_comes_back_and_its_orphan_does_not_stay(supervise):
    _process, notes = supervise()
    (killed, orphan), untouched = ids(notes[0]), ids(notes[1])

    os.kill(killed, signal.SIGKILL)

    wait_until(lambda: len(ids(notes[0])) == 2 and ids(notes[0])[0] != killed)
    assert not is_alive(orphan)
    assert ids(notes[1]) == untouched


def test_pauses_double_up_to_the_longest(monkeypatch, capsys):
    clock = [1000.0]
    monkeypatch.setattr(supervisor.time, "monotonic", lambda: clock[0])
    program, pauses = Program("web", [sys.executable, "-c", ""]), []
    for _ in range(7):
        program.start()
        program.process.wait()
        program.keep_running()
        pauses.append(program.start_after - clock[0])

    assert pauses == [1, 2, 4, 8, 16, 30, 30]


def test_a_program_that_ran_well_starts_again_at_the_first_pause(monkeypatch, capsys):
    clock = [1000.0]
    monkeypatch.setattr(supervisor.time, "monotonic", lambda: clock[0])
    program = Program("web", [sys.executable, "-c", ""])
    program.faults = 5
    program.start()
    program.process.wait()
    clock[0] += supervisor.WELL_AFTER
    program.keep_running()

    assert program.start_after - clock[0] == supervisor.FIRST_PAUSE
    assert capsys.readouterr().out == "web ended with 0; it starts again in 1 s\n"
