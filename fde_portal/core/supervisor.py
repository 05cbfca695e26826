"""Keeps a few programs running in the foreground, and leaves none of them behind."""

import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

FIRST_PAUSE = 1.0
LONGEST_PAUSE = 30.0
# A program that ran this long was well: its next fault is its first.
WELL_AFTER = 60.0
GRACE = 10.0
TICK = 0.1


@dataclass
class Program:
    """One program, in a process group of its own, so that its children can be ended with it."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str] | None = None
    process: subprocess.Popen | None = field(default=None, init=False)
    faults: int = field(default=0, init=False)
    started_at: float = field(default=0.0, init=False)
    start_after: float = field(default=0.0, init=False)

    @property
    def running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def start(self) -> None:
        self.started_at = time.monotonic()
        self.process = subprocess.Popen(self.command, env=self.environment, start_new_session=True)

    def keep_running(self) -> None:
        """Start it when it is due; note its end, and when to try again."""
        if self.running:
            return
        if self.process is not None:
            self._note_end(self.process)
        if time.monotonic() >= self.start_after:
            self.start()

    def _note_end(self, process: subprocess.Popen) -> None:
        self.end_group()
        ran = time.monotonic() - self.started_at
        self.faults = 1 if ran >= WELL_AFTER else self.faults + 1
        pause = min(FIRST_PAUSE * 2 ** (self.faults - 1), LONGEST_PAUSE)
        print(f"{self.name} ended with {process.returncode}; it starts again in {pause:.0f} s", flush=True)
        self.start_after = time.monotonic() + pause
        self.process = None

    def ask_to_end(self) -> None:
        """Send TERM to the program alone: a worker's children must finish their task first."""
        if self.running:
            self.process.terminate()

    def end_group(self) -> None:
        """Kill what is left of the program and its children, at once."""
        if self.process is not None:
            # Nobody left; macOS calls that a lack of permission.
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


class Supervisor:
    """Runs programs until SIGINT, SIGTERM or SIGHUP; a second signal does not wait for them."""

    def __init__(self, programs: Sequence[Program]) -> None:
        self.programs = programs
        self.signals = 0

    def run(self) -> None:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._on_signal)
        try:
            while not self.signals:
                for program in self.programs:
                    program.keep_running()
                time.sleep(TICK)
            self._wait_for_ends()
        finally:
            for program in self.programs:
                program.end_group()

    def _on_signal(self, *_frame: object) -> None:
        self.signals += 1

    def _wait_for_ends(self) -> None:
        print("Ending. This takes a few seconds.", flush=True)
        deadline = time.monotonic() + GRACE
        for program in self.programs:
            program.ask_to_end()
        while self.signals < 2 and time.monotonic() < deadline and any(p.running for p in self.programs):
            time.sleep(TICK)
